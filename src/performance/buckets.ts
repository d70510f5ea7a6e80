import type { Bucket, RunMeasure, Span } from "../model/performance.ts";
import { distributionOf } from "./distribution.ts";
import { endOf, workEndOf } from "./parallel.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
export const spanMs: Record<Exclude<Span, "all">, number> = {
  ...{ hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY },
};
const widths = [
  ...[1000, 5000, 15_000, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY],
];
/** More are too narrow to be told apart in a panel. */
const MOST = 60;

/** The narrowest of the usual widths with which a stretch of time falls into no more slices than can be told apart. */
export function bucketWidth(ms: number): number {
  return widths.find((width) => ms / width <= MOST) ?? Math.ceil(ms / MOST);
}

/** What happened from one time to the other, in slices whose bounds are whole multiples of their width. */
export function bucketsOf(
  runs: readonly RunMeasure[],
  { from, to, now }: { from: number; to: number; now: number },
  width: number,
): Bucket[] {
  const first = Math.floor(from / width);
  const slices = Array.from({ length: Math.max(1, Math.ceil(to / width) - first) }, (_, index) => ({
    ...{ from: (first + index) * width, durations: [] as number[] },
    ...{ succeeded: 0, failed: 0, workMs: 0, waitMs: 0 },
  }));
  /** Adds a stretch of time to the slices that it lies in. */
  const spread = (key: "workMs" | "waitMs", begin: number, end: number) => {
    for (let index = Math.max(0, Math.floor(begin / width) - first); index < slices.length; index += 1) {
      const slice = slices[index];
      if (slice === undefined || slice.from >= end) break;
      slice[key] += Math.min(end, slice.from + width) - Math.max(begin, slice.from);
    }
  };
  for (const run of runs) {
    const end = endOf(run, now);
    const start = Math.min(run.startedAt ?? end, end);
    spread("waitMs", run.queuedAt, start);
    spread("workMs", start, workEndOf(run, now));
    const slice = run.state === "atWork" ? undefined : slices[Math.floor(end / width) - first];
    if (slice === undefined) continue;
    if (run.state === "success") slice.succeeded += 1;
    if (run.state === "failed" || run.state === "interrupted") slice.failed += 1;
    if (run.durationMs !== null) slice.durations.push(run.durationMs);
  }
  return slices.map(({ from: begin, durations, succeeded, failed, workMs, waitMs }) => {
    const duration = distributionOf(durations);
    const length = Math.max(1, Math.min(begin + width, to) - Math.max(begin, from));
    const tried = succeeded + failed;
    return {
      ...{ from: begin, succeeded, failed, errorRate: tried === 0 ? null : failed / tried },
      ...{ p50Ms: duration?.p50Ms ?? null, p95Ms: duration?.p95Ms ?? null, p99Ms: duration?.p99Ms ?? null },
      ...{ atWork: workMs / length, waiting: waitMs / length },
    };
  });
}
