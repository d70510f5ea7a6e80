import { type AbortSignalLike, type NativeAbortSignal, nativeSignal } from "./abort.ts";
import type { AnswerTo, Question } from "./question.ts";
import type { Asking } from "./questions.ts";
import type { Report } from "./report.ts";
import type { SharedValues } from "./sharedValues.ts";
import type { Toolbox, ToolUse } from "./toolbox.ts";
import type { Trail } from "./trail.ts";
import type { ExecutionContext } from "./types.ts";
import type { UsageTotals } from "./usage.ts";

/** What the context of one attempt is made of. */
export interface ContextParts {
  attempt: number;
  runId: string | null;
  shared: SharedValues;
  signal: AbortSignalLike;
  trail: Trail;
  asking: Asking;
  usage: UsageTotals;
  report: Report;
  toolbox: Toolbox;
  toolUse: ToolUse;
}

/** What the agent's code gets in one attempt. */
export function contextOf(parts: ContextParts): ExecutionContext {
  const { attempt, runId, shared, signal, trail, asking, usage, report, toolbox, toolUse } = parts;
  let native: NativeAbortSignal | null = null;
  return {
    get signal() {
      return (native ??= nativeSignal(signal));
    },
    attempt,
    runId,
    shared,
    checkpoint: (label) => trail.save(label ?? null),
    progress: (message, fraction) =>
      report.emit({
        type: "progress",
        ...(message === undefined ? {} : { message }),
        ...(fraction === undefined || Number.isNaN(fraction)
          ? {}
          : { fraction: Math.min(1, Math.max(0, fraction)) }),
      }),
    // What an answer is depends on the question: it was checked.
    ask: <Q extends Question>(question: Q) => asking.ask(question) as Promise<AnswerTo<Q>>,
    askSync: <Q extends Question>(question: Q) => asking.askSync(question) as AnswerTo<Q>,
    usage: (consumed) => report.emit({ type: "usage", ...usage.add(consumed) }),
    tool: (name, params) => toolbox.call(name, params, toolUse),
    toolAsync: (name, params) => toolbox.callAsync(name, params, toolUse),
  };
}
