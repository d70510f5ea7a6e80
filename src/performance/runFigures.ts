import type { RunFigures, RunMeasure } from "../model/performance.ts";
import { distributionOf } from "./distribution.ts";

export const timeoutError = "TimeoutError";

/** How long the agent was at work; where the run was cut off, until then. */
export function workOf({ durationMs, startedAt, endedAt }: RunMeasure): number {
  if (durationMs !== null) return durationMs;
  return startedAt === null || endedAt === null ? 0 : endedAt - startedAt;
}

/** What runs come to; tools that were called alone are left out before. */
export function figuresOf(runs: readonly RunMeasure[]): RunFigures {
  const by = (state: RunMeasure["state"]) => runs.filter((run) => run.state === state).length;
  const succeeded = by("success");
  const failed = by("failed");
  const interrupted = by("interrupted");
  const atWork = by("atWork");
  const tried = succeeded + failed + interrupted;
  const retried = runs.filter(({ attempts }) => attempts > 1);
  const memory = runs.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  return {
    ...{ runs: runs.length - atWork, succeeded, failed, cancelled: by("cancelled"), interrupted, atWork },
    errorRate: tried === 0 ? 0 : (failed + interrupted) / tried,
    retries: retried.reduce((sum, { attempts }) => sum + attempts - 1, 0),
    retried: retried.length,
    rescued: retried.filter(({ state }) => state === "success").length,
    timeouts: runs.filter(({ error }) => error === timeoutError).length,
    duration: distributionOf(runs.flatMap(({ durationMs }) => durationMs ?? [])),
    queue: distributionOf(
      runs.flatMap(({ queuedAt, startedAt }) => (startedAt === null ? [] : startedAt - queuedAt)),
    ),
    memory:
      memory.length === 0
        ? null
        : {
            meanBytes: Math.round(memory.reduce((sum, bytes) => sum + bytes, 0) / memory.length),
            maxBytes: memory.reduce((most, bytes) => Math.max(most, bytes), 0),
          },
    busy: busyOf(runs),
    workMs: runs.reduce((sum, run) => sum + workOf(run), 0),
  };
}

/** Long runs count more. */
function busyOf(runs: readonly RunMeasure[]): number | null {
  const told = runs.flatMap((run) => (run.busy === null ? [] : [{ busy: run.busy, ms: workOf(run) }]));
  const total = told.reduce((sum, { ms }) => sum + ms, 0);
  return total === 0 ? null : told.reduce((sum, { busy, ms }) => sum + busy * ms, 0) / total;
}
