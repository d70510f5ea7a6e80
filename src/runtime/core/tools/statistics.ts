import { Histogram } from "../histogram.ts";
import type { ToolStats } from "./types.ts";

/** Counts calls of one tool, or of all. */
export class CallStatistics {
  calls = 0;
  failures = 0;
  refusals = 0;
  running = 0;
  readonly durations = new Histogram();

  /** A copy. */
  get stats(): ToolStats {
    const { calls, failures, refusals, running, durations } = this;
    return {
      calls,
      failures,
      refusals,
      running,
      meanMs: durations.mean,
      p50Ms: durations.percentile(50),
      p95Ms: durations.percentile(95),
      p99Ms: durations.percentile(99),
      maxMs: durations.max,
    };
  }
}
