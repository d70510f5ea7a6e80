import { Histogram } from "../core/histogram.ts";
import type { Outcome } from "./run.ts";
import { now } from "./threadProtocol.ts";
import type { ExecutorMetrics, Percentiles } from "./types.ts";

/** Counts what an executor does. */
export class Metrics {
  readonly #queueWait = new Histogram();
  readonly #dispatch = new Histogram();
  #executed = 0;
  #failures = 0;
  #timeouts = 0;
  #notStarted = 0;
  #executionMs = 0;
  #wallMs = 0;
  #workersUsed = 0;
  #running = 0;
  /** Since when tasks are under way. */
  #since = 0;

  /** As many tasks are under way now. */
  running(count: number): void {
    const at = now();
    if (this.#running > 0) this.#wallMs += at - this.#since;
    this.#since = at;
    this.#running = count;
    this.#workersUsed = Math.max(this.#workersUsed, count);
  }

  /** A task was not started. */
  skipped(): void {
    this.#notStarted += 1;
  }

  /** A task has its result; it was read and got its slot at these times. */
  executed({ result, begun, ended }: Outcome, timedOut: boolean, readAt: number, startedAt: number): void {
    this.#executed += 1;
    if (result.status === "failed") this.#failures += 1;
    if (timedOut) this.#timeouts += 1;
    this.#queueWait.add(startedAt - readAt);
    if (begun === undefined) return;
    this.#dispatch.add(begun - startedAt);
    this.#executionMs += (ended ?? now()) - begun;
  }

  /** All of it, as it is now. */
  snapshot(): ExecutorMetrics {
    this.running(this.#running);
    const capacity = this.#wallMs * this.#workersUsed;
    return {
      totalTasksExecuted: this.#executed,
      failures: this.#failures,
      timeouts: this.#timeouts,
      notStarted: this.#notStarted,
      totalExecutionTimeMs: this.#executionMs,
      averageTimePerTaskMs: this.#executed === 0 ? 0 : this.#executionMs / this.#executed,
      wallTimeMs: this.#wallMs,
      workersUsed: this.#workersUsed,
      parallelEfficiency: capacity === 0 ? 0 : Math.min(1, this.#executionMs / capacity),
      queueWaitMs: percentiles(this.#queueWait),
      dispatchMs: percentiles(this.#dispatch),
    };
  }

  /** Begins anew; what runs counts from now on. */
  reset(): void {
    this.#queueWait.reset();
    this.#dispatch.reset();
    this.#executed = this.#failures = this.#timeouts = this.#notStarted = 0;
    this.#executionMs = this.#wallMs = 0;
    this.#workersUsed = this.#running;
    this.#since = now();
  }
}

const percentiles = (histogram: Histogram): Percentiles => ({
  p50: histogram.percentile(50),
  p99: histogram.percentile(99),
});
