import type { Bucket, RunMeasure, Span } from "../model/performance.ts";
import { endOf, parallelOf, workEndOf } from "./parallel.ts";
import { figuresOf } from "./runFigures.ts";

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
    ...{ from: (first + index) * width, within: [] as RunMeasure[], ended: [] as RunMeasure[] },
  }));
  for (const run of runs) {
    const [begin, end] = [run.queuedAt, endOf(run, now)];
    for (let index = Math.max(0, Math.floor(begin / width) - first); index < slices.length; index += 1) {
      const slice = slices[index];
      if (slice === undefined || slice.from >= end) break;
      slice.within.push(clipped(run, slice.from, slice.from + width, now));
    }
    if (run.state !== "atWork") slices[Math.floor(end / width) - first]?.ended.push(run);
  }
  return slices.map(({ from: begin, within, ended }) => {
    const length = Math.max(1, Math.min(begin + width, to) - Math.max(begin, from));
    const { wallMs, workMs, efficiency } = parallelOf(within, now);
    const waitMs = within.reduce(
      (sum, { queuedAt, startedAt }) => sum + (startedAt ?? queuedAt) - queuedAt,
      0,
    );
    const { succeeded, errorRate, retries, duration, queue, memory, ...figures } = figuresOf(ended);
    const failed = figures.failed + figures.interrupted;
    return {
      ...{ from: begin, succeeded, failed, retries },
      errorRate: succeeded + failed === 0 ? null : errorRate,
      ...{ p50Ms: duration?.p50Ms ?? null, p95Ms: duration?.p95Ms ?? null, p99Ms: duration?.p99Ms ?? null },
      ...{ queueP50Ms: queue?.p50Ms ?? null, queueP95Ms: queue?.p95Ms ?? null },
      memoryBytes: memory?.maxBytes ?? null,
      ...{ atWork: workMs / length, waiting: waitMs / length, efficiency: wallMs === 0 ? null : efficiency },
    };
  });
}

/** What of a run lies between two times. */
function clipped(run: RunMeasure, from: number, to: number, now: number): RunMeasure {
  const within = (time: number) => Math.min(Math.max(time, from), to);
  const end = endOf(run, now);
  return {
    ...run,
    queuedAt: within(run.queuedAt),
    startedAt: within(Math.min(run.startedAt ?? end, end)),
    endedAt: within(workEndOf(run, now)),
    durationMs: null,
  };
}
