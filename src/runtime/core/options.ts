import { checkSignal } from "./abort.ts";
import { AgentUsageError, fieldOf } from "./errors.ts";
import type { ExecuteOptions } from "./types.ts";

interface Kind {
  readonly fits: (value: unknown) => boolean;
  readonly what: string;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFunction = (value: unknown): boolean => typeof value === "function";
const having =
  (...methods: string[]) =>
  (value: unknown): boolean =>
    isObject(value) && methods.every((method) => isFunction(fieldOf(value, method)));

const kinds: { readonly [Name in keyof ExecuteOptions]?: Kind } = {
  retry: { fits: isObject, what: "a policy such as {attempts: 3}" },
  checkpoints: {
    fits: having("save", "load", "latest"),
    what: "a CheckpointStore such as a FileCheckpointStore",
  },
  errors: { fits: having("recordError"), what: "an ErrorRecorder such as an ErrorPatternLearner" },
  failedWhen: { fits: isFunction, what: "a function that answers with a boolean or a text" },
  tools: { fits: having("getToolsForAgent", "execute", "executeAsync"), what: "a ToolRegistry" },
  shared: { fits: having("get", "has", "keys"), what: "an agent's view of a SharedContext" },
  answerer: { fits: isFunction, what: "a function that answers questions" },
  observers: { fits: Array.isArray, what: "a list of observers" },
  clock: { fits: having("now", "sleep", "sleepSync", "random"), what: "a Clock" },
  onEvent: { fits: isFunction, what: "a function that is told events" },
  resume: { fits: (value) => typeof value === "string", what: "the id of a checkpoint" },
  switchedTools: { fits: isObject, what: "an object of tool names" },
};
/** Options may have names that objects inherit. */
const kindOf = new Map<string, Kind>(Object.entries(kinds));

/** Throws an {@link AgentUsageError} for options that are none, and for one that cannot be used. */
export function checkOptions(options: ExecuteOptions): void {
  if (!isObject(options)) {
    throw new AgentUsageError(
      `Options are an object such as {retry: {attempts: 3}}, and not ${shown(options)}: leave them out where there are none.`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (name === "signal") checkSignal(value as NonNullable<ExecuteOptions["signal"]>);
    const kind = kindOf.get(name);
    if (kind === undefined || kind.fits(value)) continue;
    throw new AgentUsageError(
      `The option ${name} is ${kind.what}, and not ${shown(value)}: leave it out where there is none.`,
    );
  }
}

/** What was given instead of what was expected, for messages. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? "a list" : "such an object";
}
