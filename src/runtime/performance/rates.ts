import { Histogram } from "../core/histogram.ts";
import type { DurationFigures, RateFigures } from "./types.ts";
import { SlidingWindow } from "./window.ts";

/** Rates over less than this tell nothing. */
const shortestMs = 1000;

/** When to look, and since when it was counted. */
export interface Moment {
  now: number;
  since: number;
  windowMs: number;
}

/** Counts what ended, how it ended, and how long it took. */
export class Rates {
  readonly durations = new Histogram();
  readonly #window: SlidingWindow;
  count = 0;
  failures = 0;

  constructor(windowMs: number) {
    this.#window = new SlidingWindow(windowMs);
  }

  add(now: number, durationMs: number, failed: boolean): void {
    this.count += 1;
    if (failed) this.failures += 1;
    this.durations.add(durationMs);
    this.#window.add(now, failed);
  }

  figures({ now, since, windowMs }: Moment): DurationFigures & RateFigures {
    const recent = this.#window.totals(now);
    const spanMs = Math.max(shortestMs, Math.min(windowMs, now - since));
    const { durations } = this;
    return {
      errorRate: share(this.failures, this.count),
      perSecond: recent.count / (spanMs / 1000),
      recentErrorRate: share(recent.failures, recent.count),
      meanMs: durations.mean,
      p50Ms: durations.percentile(50),
      p95Ms: durations.percentile(95),
      p99Ms: durations.percentile(99),
      maxMs: durations.max,
    };
  }
}

const share = (part: number, all: number): number => (all === 0 ? 0 : part / all);
