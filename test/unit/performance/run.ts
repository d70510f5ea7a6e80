import type { RunMeasure } from "../../../src/model/performance.ts";

export const START = Date.parse("2026-03-01T10:00:00.000Z");
let made = 0;

/** A run that was queued at 0 s, started at once, and succeeded after a second; times in ms after START. */
export function run(given: Partial<RunMeasure> & { ms?: number } = {}): RunMeasure {
  const { ms = 1000, ...rest } = given;
  const queuedAt = (given.queuedAt ?? 0) + START;
  const startedAt = given.startedAt === null ? null : (given.startedAt ?? given.queuedAt ?? 0) + START;
  made += 1;
  return {
    ...{ runId: `run-${made}`, agent: "src/a.ts#A", state: "success", attempts: 1, error: null },
    ...{ timeoutMs: null, memoryLimitMb: null, memoryBytes: null, busy: null, batch: null },
    ...{ alone: false, tools: [], durationMs: ms },
    ...rest,
    ...{ queuedAt, startedAt },
    endedAt:
      given.endedAt === undefined
        ? startedAt === null
          ? queuedAt
          : startedAt + ms
        : given.endedAt === null
          ? null
          : given.endedAt + START,
  };
}
