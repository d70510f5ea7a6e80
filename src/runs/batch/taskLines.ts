import * as z from "zod";
import { parseAgentRef, type AgentRef } from "../../model/agentRef.ts";
import { DelayMs, delayRule, Priority, priorityRule } from "../../model/turn.ts";
import { UserError } from "../../model/userError.ts";

/** A line of a file of tasks for one agent. */
export interface TaskLine {
  /** From 1. */
  line: number;
  task: unknown;
  /** Of the constructor, where the line has its own. */
  args?: unknown[] | undefined;
  priority?: number | undefined;
  delayMs?: number | undefined;
}

/** A line of a file that names agents and gives each a task. */
export interface AgentTaskLine extends TaskLine {
  agent: AgentRef;
  args: unknown[];
}

export interface BadLine {
  /** From 1. */
  line: number;
  /** Continues "tasks.jsonl:3 …". */
  problem: string;
}

export interface Lines<T> {
  good: T[];
  bad: BadLine[];
}

/**
 * Each line is a task as it stands, or `{"task": …}`, maybe with the `args` of the constructor, `priority` and `delayMs`, and
 * nothing else. Empty lines are left out.
 */
export function readTaskLines(text: string): Lines<TaskLine> {
  return readLines(text, (value) => {
    const wrapped = WrappedTask.safeParse(value);
    return wrapped.success ? wrapped.data : { task: value };
  });
}

/** Whether lines name agents, by the first that tells. */
export function nameAgents(text: string): boolean {
  const [first] = readLines(text, (value) => ({ value })).good;
  return z.object({ agent: z.string() }).safeParse(first?.value).success;
}

/** Each line is `{"agent": "FILE#Class", "task": …, "args": […]}`; `args` are the constructor's. They, `priority` and `delayMs` may be left out. */
export function readAgentTaskLines(text: string): Lines<AgentTaskLine> {
  return readLines(text, (value) => {
    const parsed = AgentTask.safeParse(value);
    if (!parsed.success)
      throw new UserError(parsed.error.issues.map(({ message }) => message).join(", and "));
    const { agent, args = [], ...further } = parsed.data;
    return { agent: refOf(agent), args, ...further };
  });
}

function refOf(text: string): AgentRef {
  try {
    return parseAgentRef(text);
  } catch {
    throw new UserError(`has the "agent" ${JSON.stringify(text)}, which names no class: ${keys}`);
  }
}

const keys = 'write {"agent": "FILE#Class", "task": …}';

const given = z.unknown().refine((task) => task !== undefined);
const WrappedTask = z.strictObject({
  task: given,
  args: z.array(z.unknown()).optional(),
  priority: Priority.optional(),
  delayMs: DelayMs.optional(),
});
const numberOf = (key: string, schema: z.ZodNumber, rule: string) =>
  z.custom<number>((value) => schema.safeParse(value).success, {
    error: `has a "${key}" that ${rule}`,
  });

const AgentTask = z.strictObject(
  {
    agent: z.string({
      error: ({ input }) =>
        input === undefined ? `has no "agent": ${keys}` : `has an "agent" that is no text: ${keys}`,
    }),
    task: z.unknown().refine((task) => task !== undefined, { error: `has no "task": ${keys}` }),
    args: z
      .array(z.unknown(), { error: `has "args" that are no array of the constructor's arguments` })
      .optional(),
    priority: numberOf("priority", Priority, priorityRule).optional(),
    delayMs: numberOf("delayMs", DelayMs, delayRule).optional(),
  },
  {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `has ${issue.keys.map((key) => `"${key}"`).join(", ")}, where only "agent", "task", "args", "priority" and "delayMs" are known`
        : `is no object: ${keys}`,
  },
);

function readLines<T extends object>(text: string, read: (value: unknown) => T): Lines<T & { line: number }> {
  const lines: Lines<T & { line: number }> = { good: [], bad: [] };
  for (const [index, one] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (one.trim() === "") continue;
    const line = index + 1;
    try {
      lines.good.push({ ...read(parse(one)), line });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      lines.bad.push({ line, problem: error.message });
    }
  }
  return lines;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/ \(line 1 .*\)$/, "");
    throw new UserError(`is not JSON (${reason}): write one JSON a line`);
  }
}
