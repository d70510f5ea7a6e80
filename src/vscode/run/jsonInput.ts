import { parse, type ParseError } from "jsonc-parser/lib/esm/main.js";
import type { Parameter } from "../../model/agentRecord.ts";
import { taskProblems } from "../../model/task/taskProblems.ts";
import type { TaskShape } from "../../model/task/taskShape.ts";

export type Parsed = { ok: true; value: unknown } | { ok: false; problem: string };

/** JSON as the user types it; the problem is one short sentence with the place. */
export function parseJson(text: string): Parsed {
  if (text.trim() === "")
    return { ok: false, problem: 'Nothing entered yet: write JSON, for example {"query": "…"}.' };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, problem: `Not JSON: ${whereWrong(text) ?? String(error)}.` };
  }
}

/** A task as JSON that has to fit a shape, where one is known; one sentence for each problem. */
export function parseTask(text: string, shape: TaskShape | null): Parsed {
  const parsed = parseJson(text);
  if (!parsed.ok || shape === null) return parsed;
  const problems = taskProblems(shape, parsed.value).map(({ message }) => message);
  return problems.length === 0 ? parsed : { ok: false, problem: problems.join(" ") };
}

function whereWrong(text: string): string | null {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const offset = errors[0]?.offset;
  if (offset === undefined) return null;
  if (offset >= text.trimEnd().length) return `it ends too early, at column ${text.length + 1}`;
  return `unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0))} at column ${offset + 1}`;
}

/** "(model: string, options?: Options)" */
export function signature(params: readonly Parameter[]): string {
  const list = params.map(
    ({ name, type, optional }) => `${name}${optional ? "?" : ""}${type === "" ? "" : `: ${type}`}`,
  );
  return `(${list.join(", ")})`;
}

/**
 * What the box for a task starts with: a method of several parameters takes them from fields of their names, but one
 * like `execute(task, options?)` takes the task whole.
 */
export function taskTemplate(params: readonly Parameter[]): string {
  const required = params.filter(({ name, optional }) => !optional && !name.startsWith("..."));
  const takesText = required[0]?.type === "string";
  if (required.length < 2 && !(takesText && params.length > 1)) return takesText ? '""' : "{}";
  return JSON.stringify(
    Object.fromEntries(required.map(({ name, type }) => [name, type === "string" ? "" : null])),
  );
}

/** Parses constructor arguments, which must be an array with at least the required ones. */
export function parseArguments(text: string, params: readonly Parameter[]): Parsed {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  if (!Array.isArray(parsed.value))
    return { ok: false, problem: 'Not a list: write the arguments as ["first", "second"].' };
  const required = requiredCount(params);
  const given = parsed.value.length;
  if (given >= required) return parsed;
  const missing = params[given]?.name ?? "";
  return {
    ok: false,
    problem: `${given} of ${required} arguments given: "${missing}" is missing in ${signature(params)}.`,
  };
}

export function requiredCount(params: readonly Parameter[]): number {
  return params.filter(({ name, optional }) => !optional && !name.startsWith("...")).length;
}
