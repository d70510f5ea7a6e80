import { copyData, isRecord } from "../clone.ts";
import { isPromiseLike } from "../collect.ts";
import { AgentUsageError, TaskValidationError } from "../errors.ts";
import { reportedFailure } from "../output.ts";
import type { ExecutionContext } from "../types.ts";
import type { ArgumentSource, FailedWhenMapping } from "./mapping.ts";

const argumentPattern = /^(?:task(?:\.[^.?]+)*\??|signal|context|callback)$/;

/** What is wrong with an argument of a mapping, or null. */
export function argumentProblem(source: unknown): string | null {
  if (typeof source === "string") {
    if (argumentPattern.test(source)) return null;
    return `"${source}" is no argument: write "task", "task.FIELD", "task.FIELD?", "signal", "context", "callback" or {"value": …}`;
  }
  const constant = isRecord(source) && Object.hasOwn(source, "value") && Object.keys(source).length === 1;
  return constant ? null : 'an argument is a text such as "task.query", or a constant such as {"value": 5}';
}

/** Calls with the arguments that a mapping names; with a "callback" among them, a promise of what that is called with. */
export function callMapped(
  what: string,
  call: (args: unknown[]) => unknown,
  sources: readonly ArgumentSource[],
  task: unknown,
  context: ExecutionContext,
): unknown {
  const missing: string[] = [];
  const valueOf = (source: ArgumentSource, callback?: Callback): unknown => {
    const problem = argumentProblem(source);
    if (problem !== null) throw new AgentUsageError(`The arguments of ${what} are wrong: ${problem}.`);
    if (typeof source !== "string") return constant(source.value);
    if (source === "signal") return context.signal;
    if (source === "context") return context;
    if (source === "callback") return callback;
    const optional = source.endsWith("?");
    const value = fieldAt(task, source.replace(/\?$/, "").split(".").slice(1));
    if (value === absent && !optional) missing.push(source);
    return value === absent ? undefined : value;
  };
  const args = (callback?: Callback): unknown[] => {
    const values = sources.map((source) => valueOf(source, callback));
    if (missing.length === 0) return values;
    throw new TaskValidationError(
      `The task lacks ${missing.map((path) => path.slice(5)).join(", ")}: the mapping of ${what} takes ${missing.join(", ")}.`,
      missing.map((path) => `${path.slice(5)} is missing`),
    );
  };
  if (!sources.includes("callback")) return call(args());
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what it failed with stays as it is
      reject(error);
    };
    const returned = call(args((error, value) => (error == null ? resolve(value) : fail(error))));
    if (isPromiseLike(returned)) returned.then(undefined, fail);
  });
}

/** Fresh for each call; what cannot be copied, such as an agent that the method is to run, is passed as it is. */
function constant(value: unknown): unknown {
  const copy = copyData(value);
  return copy.lost.length === 0 ? copy.value : value;
}

type Callback = (error: unknown, value?: unknown) => void;

const absent = Symbol("absent");

/** Follows a path through properties that are objects' own: nothing inherited is reachable. */
function fieldAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  try {
    for (const key of path) {
      if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return absent;
      at = Reflect.get(at, key) as unknown;
    }
    return at;
  } catch {
    // A proxy or a getter that throws has nothing to give.
    return absent;
  }
}

/** Whether an option says which values count as failure, or leaves that to the mapping; a function decides itself. */
export function isFailedWhenMapping(option: unknown): option is FailedWhenMapping | null | undefined {
  if (option === undefined || option === null || option === "reported") return true;
  return isRecord(option) && typeof option.field === "string" && Object.hasOwn(option, "equals");
}

/** Why a returned value counts as failure, or false. */
export function failedBy(mapping: FailedWhenMapping | null | undefined, value: unknown): string | false {
  if (mapping === null || mapping === undefined) return false;
  const reported = reportedFailure(value);
  if (mapping === "reported") return reported ?? false;
  const { field, equals } = mapping;
  if (fieldAt(value, field.split(".")) !== equals) return false;
  return reported ?? `The agent returned ${field}: ${JSON.stringify(equals)}.`;
}
