import type { BatchPerformance, ParallelFigures, RunMeasure } from "../model/performance.ts";
import { grouped } from "./grouped.ts";

interface Change {
  at: number;
  atWork: number;
  waiting: number;
}

/** @param now where the runs end that are at work */
export function parallelOf(runs: readonly RunMeasure[], now: number): ParallelFigures {
  const { wallMs, workMs, peak, placesMs } = swept(runs, now);
  return { wallMs, workMs, peak, efficiency: placesMs === 0 ? 0 : workMs / placesMs };
}

/** A batch is taken for one stretch of work, whatever pauses it made. */
export function batchesOf(runs: readonly RunMeasure[], now: number): BatchPerformance[] {
  return [...grouped(runs, ({ batch }) => batch)]
    .map(([batch, members]) => {
      const { workMs, peak, tailMs } = swept(members, now);
      const startedAt = members.reduce((first, { queuedAt }) => Math.min(first, queuedAt), Infinity);
      const wallMs =
        members.reduce((last, run) => Math.max(last, workEndOf(run, now)), startedAt) - startedAt;
      const efficiency = wallMs * peak === 0 ? 0 : workMs / (wallMs * peak);
      return { batch, startedAt, runs: members.length, wallMs, workMs, peak, efficiency, tailMs };
    })
    .sort((a, b) => b.startedAt - a.startedAt);
}

/** When a run ended; one that was interrupted is not known to have done anything. */
export function endOf({ state, queuedAt, startedAt, endedAt }: RunMeasure, now: number): number {
  if (endedAt !== null) return endedAt;
  return state === "atWork" ? Math.max(now, startedAt ?? queuedAt) : (startedAt ?? queuedAt);
}

/** When its place was free again: what follows is the writing of its record. */
export function workEndOf(run: RunMeasure, now: number): number {
  const end = endOf(run, now);
  const { startedAt, durationMs } = run;
  return startedAt === null || durationMs === null ? end : Math.min(end, startedAt + durationMs);
}

/** Goes through the changes in the order of their time; those of one moment count together. */
function swept(runs: readonly RunMeasure[], now: number) {
  const total = { wallMs: 0, workMs: 0, peak: 0, placesMs: 0, tailMs: 0 };
  const stretch = { wallMs: 0, peak: 0 };
  let atWork = 0;
  let waiting = 0;
  let before = 0;
  const moment = (at: number) => {
    const ms = at - before;
    before = at;
    if (atWork + waiting === 0) {
      total.placesMs += stretch.wallMs * stretch.peak;
      Object.assign(stretch, { wallMs: 0, peak: 0 });
      return;
    }
    total.wallMs += ms;
    total.workMs += ms * atWork;
    stretch.wallMs += ms;
    stretch.peak = Math.max(stretch.peak, atWork);
    total.peak = Math.max(total.peak, atWork);
    total.tailMs = atWork === 1 && waiting === 0 ? total.tailMs + ms : 0;
  };
  for (const change of changesOf(runs, now)) {
    if (change.at !== before) moment(change.at);
    atWork += change.atWork;
    waiting += change.waiting;
  }
  moment(before);
  return total;
}

function changesOf(runs: readonly RunMeasure[], now: number): Change[] {
  const changes: Change[] = [];
  for (const run of runs) {
    const end = workEndOf(run, now);
    const start = Math.min(run.startedAt ?? end, end);
    changes.push({ at: run.queuedAt, atWork: 0, waiting: 1 }, { at: start, atWork: 1, waiting: -1 });
    changes.push({ at: end, atWork: -1, waiting: 0 });
  }
  return changes.sort((a, b) => a.at - b.at);
}
