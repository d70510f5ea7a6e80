import type { BatchFigures } from "../../model/batch.ts";
import type { RunSummary } from "../../model/runSummary.ts";
import { addUsage, NO_USAGE } from "../../model/usage.ts";
import { figuresOf } from "../batch/row.ts";

/** Runs that were started together, as their records tell of them. */
export interface RecordedBatch {
  id: string;
  /** In the order in which they were queued. */
  runs: RunSummary[];
}

/**
 * Those that count, in the order of their tasks: where one was resumed within the batch, the run that goes on from it
 * counts for both, in its place.
 */
export function countingRuns(runs: readonly RunSummary[]): RunSummary[] {
  const byId = new Map(runs.map((run) => [run.runId, run]));
  const firstOf = (run: RunSummary): string => {
    const before = byId.get(run.resumes ?? "");
    // Whatever records say, a run is older than the one that resumes it.
    return before !== undefined && before.runId < run.runId ? firstOf(before) : run.runId;
  };
  return runs
    .filter(({ resumedBy }) => resumedBy === null || !byId.has(resumedBy))
    .map((run) => ({ run, first: firstOf(run) }))
    .sort((a, b) => (a.first < b.first ? -1 : 1))
    .map(({ run }) => run);
}

/** All that was consumed counts, also by runs that were resumed. */
export function batchFigures(runs: readonly RunSummary[]): BatchFigures {
  const usage = runs.reduce((sum, run) => addUsage(sum, run.usage ?? NO_USAGE), NO_USAGE);
  return { ...figuresOf(countingRuns(runs)), usage };
}

/** Those that did not come to an end of their own, and were not resumed. */
export const unfinishedRuns = (runs: readonly RunSummary[]): RunSummary[] =>
  countingRuns(runs).filter(
    ({ state, resumedBy }) => resumedBy === null && (state === "interrupted" || state === "cancelled"),
  );
