import { resolve } from "node:path";
import { formatAgentRef } from "../../model/agentRef.ts";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import { problemOfFile } from "../agentFile.ts";
import type { StartRequest } from "../runService.ts";
import { readAgentTaskLines, readTaskLines, type BadLine, type Lines } from "./taskLines.ts";

/** What a line asks for. */
export type AskedRun = Pick<
  StartRequest,
  "root" | "file" | "name" | "task" | "args" | "priority" | "delayMs"
> & { line: number };
export type Agent = Pick<StartRequest, "root" | "file" | "name">;

/**
 * The runs that the text of a file asks for, whose lines name agents: `{"agent": "FILE#Class", "task": …}`,
 * maybe with `args`, `priority` and `delayMs`.
 * @param root the workspace folder, which the files are relative to
 * @param source what the text is called; rejects with a UserError that names every bad line of it
 */
export async function readAgentTasks(root: string, text: string, source: string): Promise<AskedRun[]> {
  return checked(await agentTasks(root, text), source);
}

/** As `readAgentTasks`, with what is wrong line by line. */
export async function agentTasks(root: string, text: string): Promise<Lines<AskedRun>> {
  const { good, bad } = readAgentTaskLines(text);
  const problems = new Map<string, Promise<string | null>>();
  const asked: AskedRun[] = [];
  for (const { line, agent, ...given } of good) {
    const file = resolve(root, agent.file);
    const asking = problems.get(formatAgentRef(agent)) ?? problemOfFile(root, agent);
    problems.set(formatAgentRef(agent), asking);
    const problem = await asking;
    if (problem === null) asked.push({ root, file, name: agent.name, ...given, line });
    else bad.push({ line, problem });
  }
  return { good: asked, bad };
}

/**
 * As `readAgentTasks`, where each line is a task and all are for one agent.
 * @param args of the constructor, for the lines without their own
 */
export function readTasksFor(agent: Agent, args: unknown[], text: string, source: string): AskedRun[] {
  return checked(tasksFor(agent, args, text), source);
}

/** As `readTasksFor`, with what is wrong line by line. */
export function tasksFor(agent: Agent, args: unknown[], text: string): Lines<AskedRun> {
  const { good, bad } = readTaskLines(text);
  return {
    good: good.map((given) => ({ ...agent, ...given, args: given.args ?? args })),
    bad,
  };
}

function checked({ good, bad }: Lines<AskedRun>, source: string): AskedRun[] {
  if (bad.length > 0) throw new UserError(badLines(bad, source));
  if (good.length === 0) throw noTask(source);
  return good;
}

export const noTask = (source: string): UserError =>
  new UserError(`${source} holds no task: write one JSON a line.`);

function badLines(bad: readonly BadLine[], source: string): string {
  const sorted = bad.toSorted((a, b) => a.line - b.line);
  const lines = sorted.map(({ line, problem }) => `${source}:${line} ${problem}.`);
  return [
    ...lines,
    `Nothing was started, because ${counted(bad.length, "line is", "lines are")} wrong.`,
  ].join("\n");
}
