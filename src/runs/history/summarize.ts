import type { RunEvent } from "../../model/runRecord.ts";
import { openQuestion } from "../control/openQuestion.ts";
import type { RunState, RunSummary } from "../../model/runSummary.ts";
import { addUsage, NO_USAGE, type Usage } from "../../model/usage.ts";
import { stateAfter } from "./stateAfter.ts";

/**
 * What the events of a run come to; null where it does not begin with what was asked for.
 * @param alive whether the process that records it is; a run that has not ended is interrupted otherwise
 */
export function summarize(events: readonly RunEvent[], alive: boolean): RunSummary | null {
  const [queued, ...further] = events;
  if (queued?.type !== "queued") return null;
  const { runId, agent, time: queuedAt, resumes = null, batch = null, tool = null, step = null } = queued;
  const own = further.filter(({ type }) => type !== "resumed");
  const end = own.at(-1);
  const started = Date.parse(queuedAt);
  const resumedBy = further.find((event) => event.type === "resumed")?.by ?? null;
  const base = {
    ...{ runId, agent, queuedAt, attemptsAtMost: queued.retries + 1, resumes, resumedBy },
    ...{ batch, tool, step },
    worker: own.findLast((event) => event.type === "started")?.worker ?? null,
    ...{ nextAttemptAt: null, progress: null, question: null, stopped: null },
  };
  if (end?.type === "finished") {
    const { status, error, attempts, durationMs, checkpointId, time } = end;
    const told = error === undefined ? null : { name: error.name, message: error.message };
    const { usage = null, stopped = null } = end;
    return {
      ...base,
      state: status,
      endedAt: time,
      durationMs,
      attempts,
      error: told,
      checkpointId,
      usage,
      stopped,
    };
  }
  const checkpoint = own.find((event) => event.type === "checkpoint");
  const fix = own.findLast((event) => event.type === "fix");
  const begun = fix === undefined ? own : own.slice(own.indexOf(fix) + 1);
  const retry = begun.findLast((event) => event.type === "retry");
  const failed = retry ?? fix;
  const earlier = fix?.attempts ?? 0;
  const progress = own.findLast((event) => event.type === "progress");
  const question = alive ? openQuestion(own) : null;
  const state = !alive ? "interrupted" : question === null ? stateOf(own) : "waiting";
  return {
    ...base,
    state,
    question,
    endedAt: null,
    durationMs: Date.parse((end ?? queued).time) - started,
    attempts: own.length === 0 ? 0 : earlier + (retry?.attempt ?? 0) + 1,
    attemptsAtMost: base.attemptsAtMost + earlier,
    error: failed?.error === undefined ? null : { name: failed.error.name, message: failed.error.message },
    checkpointId: checkpoint?.id ?? null,
    progress:
      alive && progress !== undefined ? { message: progress.message, fraction: progress.fraction } : null,
    nextAttemptAt:
      state === "retrying" && failed !== undefined
        ? new Date(Date.parse(failed.time) + failed.delayMs).toISOString()
        : null,
    usage: usageIn(further),
  };
}

function usageIn(events: readonly RunEvent[]): Usage | null {
  const reported = events.filter((event) => event.type === "usage");
  return reported.length === 0 ? null : reported.reduce<Usage>(addUsage, NO_USAGE);
}

/** Of a run that goes on. */
const stateOf = (events: readonly RunEvent[]): RunState =>
  events.reduce<RunState>((state, event) => stateAfter(event) ?? state, "queued");
