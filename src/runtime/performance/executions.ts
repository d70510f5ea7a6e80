import { type Moment, Rates } from "./rates.ts";
import type { ExecutionFigures, ExecutionRecord } from "./types.ts";

/** Counts executions. */
export class Executions {
  readonly #rates: Rates;
  readonly #measuresHeap: boolean;
  /** How many are under way; outlives a reset. */
  running = 0;
  #aborted = 0;
  #reportedFailures = 0;
  #attempts = 0;
  #retries = 0;
  #tokens = 0;
  #cost = 0;
  #heapSamples = 0;
  #heapMean = 0;
  #heapMax = 0;

  constructor(windowMs: number, measuresHeap: boolean) {
    this.#rates = new Rates(windowMs);
    this.#measuresHeap = measuresHeap;
  }

  get count(): number {
    return this.#rates.count;
  }

  add(now: number, record: ExecutionRecord): void {
    this.#rates.add(now, record.durationMs, record.status === "failed");
    if (record.aborted) this.#aborted += 1;
    if (record.reportedFailure) this.#reportedFailures += 1;
    this.#attempts += record.attempts;
    this.#retries += Math.max(0, record.attempts - 1);
    this.#tokens += record.tokens;
    this.#cost += record.cost;
    if (record.heapDeltaBytes === null) return;
    this.#heapSamples += 1;
    this.#heapMean += (record.heapDeltaBytes - this.#heapMean) / this.#heapSamples;
    this.#heapMax = Math.max(this.#heapMax, record.heapDeltaBytes);
  }

  figures(moment: Moment): ExecutionFigures {
    return {
      executions: this.#rates.count,
      failures: this.#rates.failures,
      aborted: this.#aborted,
      reportedFailures: this.#reportedFailures,
      running: this.running,
      attempts: this.#attempts,
      retries: this.#retries,
      tokens: this.#tokens,
      cost: this.#cost,
      ...this.#rates.figures(moment),
      heap: this.#measuresHeap
        ? { samples: this.#heapSamples, meanDeltaBytes: this.#heapMean, maxDeltaBytes: this.#heapMax }
        : null,
    };
  }
}
