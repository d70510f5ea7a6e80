const buckets = 60;

interface Bucket {
  /** Which slice of time it counts. */
  slice: number;
  count: number;
  failures: number;
}

/** Counts what happened lately, in slices of a sixtieth of the window; its memory does not grow. */
export class SlidingWindow {
  readonly #sliceMs: number;
  readonly #ring = new Map<number, Bucket>();

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / buckets;
  }

  /** Counts one. Times that go back count as the latest slice they fall into, or not at all. */
  add(now: number, failed: boolean): void {
    const slice = Math.floor(now / this.#sliceMs);
    const index = ((slice % buckets) + buckets) % buckets;
    let bucket = this.#ring.get(index);
    if (bucket === undefined || bucket.slice < slice) {
      bucket = { slice, count: 0, failures: 0 };
      this.#ring.set(index, bucket);
    }
    bucket.count += 1;
    if (failed) bucket.failures += 1;
  }

  /** What happened within the window up to now. */
  totals(now: number): { count: number; failures: number } {
    const newest = Math.floor(now / this.#sliceMs);
    const totals = { count: 0, failures: 0 };
    for (const bucket of this.#ring.values()) {
      if (bucket.slice <= newest - buckets) continue;
      totals.count += bucket.count;
      totals.failures += bucket.failures;
    }
    return totals;
  }
}
