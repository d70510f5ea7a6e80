import { availableParallelism } from "node:os";
import type {
  PerformanceAnswer,
  PerformanceQuery,
  PerformanceRoot,
  RunMeasure,
} from "../model/performance.ts";
import { MeasuredRecords } from "./measuredRecords.ts";
import { endOf } from "./parallel.ts";
import { beginOf, performanceOf } from "./performance.ts";

/** A run that ended in a span was queued within it, or so long before it at most. */
const LONGEST_RUN_MS = 86_400_000;

/** Figures of workspace folders; of the records only what is new is read each time. */
export class PerformanceReader {
  readonly #folders = new Map<string, MeasuredRecords>();

  /** @param deadline see `MeasuredRecords.read`; what is not read by then is read by the next call */
  async figures(
    roots: readonly PerformanceRoot[],
    query: PerformanceQuery,
    deadline = Infinity,
  ): Promise<PerformanceAnswer> {
    const now = Date.now();
    const begin = beginOf(query.span, now);
    const runs: RunMeasure[] = [];
    let unread = 0;
    let recorded = false;
    for (const { root, prefix } of roots) {
      const records = this.#folders.get(root) ?? new MeasuredRecords(root);
      this.#folders.set(root, records);
      unread += await records.read(begin - LONGEST_RUN_MS, deadline);
      recorded ||= !records.isEmpty;
      for (const run of records.measures)
        runs.push(prefix === "" ? run : { ...run, agent: `${prefix}${run.agent}` });
    }
    const within = runs.filter((run) => !run.alone && endOf(run, now) >= begin);
    return {
      performance: performanceOf(runs, query, { now, processors: availableParallelism() }),
      agentsWithRuns: [...new Set(within.map(({ agent }) => agent))].sort(),
      ...{ unread, recorded },
    };
  }
}
