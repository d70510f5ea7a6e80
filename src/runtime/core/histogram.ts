/** A {@link Histogram} as plain data: what `toJSON` gives, and `merge` takes. */
export interface HistogramData {
  /** How many values. */
  readonly count: number;
  /** Their average; 0 where there is none. */
  readonly mean: number;
  /** The least value; 0 where there is none. */
  readonly min: number;
  /** The greatest value; 0 where there is none. */
  readonly max: number;
  /** Pairs of a bucket's number and how many values lie in it, in ascending order. */
  readonly buckets: readonly (readonly [number, number])[];
}

/** Each bucket ends this many times where it begins, so that its middle is within 0.97 % of all that lies in it. */
const growth = 1.0195;
const logGrowth = Math.log(growth);
const bucketOf = (value: number): number => Math.ceil(Math.log(value) / logGrowth);
const lowest = 1e-9;
const highestBucket = bucketOf(1e18);
/** Holds what is below the lowest value that is told from 0. */
const zeros = bucketOf(lowest) - 1;

/**
 * Counts of values of at least 0, from which percentiles are read with a relative error of at most 1 %. Its memory is
 * bounded (some 3,200 counts) however many values are added. Values below 1e-9 count as 0, and those over 1e18 are not
 * told apart.
 */
export class Histogram {
  #count = 0;
  #mean = 0;
  #min = Infinity;
  #max = 0;
  readonly #buckets = new Map<number, number>();

  /** How many values were added. */
  get count(): number {
    return this.#count;
  }

  /** The average, exact but for rounding; 0 where there is no value. */
  get mean(): number {
    return this.#mean;
  }

  /** The least value, exact; 0 where there is none. */
  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }

  /** The greatest value, exact; 0 where there is none. */
  get max(): number {
    return this.#max;
  }

  /** Counts a value. A negative one (of a clock that was set back) counts as 0; NaN and infinities are left out. */
  add(value: number): void {
    if (!Number.isFinite(value)) return;
    const kept = Math.max(0, value);
    const bucket = kept < lowest ? zeros : Math.min(highestBucket, bucketOf(kept));
    this.#count += 1;
    this.#mean += (kept - this.#mean) / this.#count;
    this.#min = Math.min(this.#min, kept);
    this.#max = Math.max(this.#max, kept);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  /**
   * The least value that at least `percent` (0 to 100) of all values do not exceed, for example 95; 0 where there is no
   * value. Throws a RangeError for a percent outside 0 to 100.
   */
  percentile(percent: number): number {
    if (!(percent >= 0 && percent <= 100)) throw new RangeError(`A percentile is 0 to 100, not ${percent}.`);
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#count));
    // Known exactly.
    if (rank === 1) return this.min;
    if (rank >= this.#count) return this.#max;
    let reached = zeros;
    let passed = 0;
    for (const [bucket, count] of this.#sorted()) {
      reached = bucket;
      passed += count;
      if (passed >= rank) break;
    }
    return Math.min(this.#max, Math.max(this.#min, middle(reached)));
  }

  /** Adds all values of another histogram, also one that another thread or program sent. */
  merge(other: Histogram | HistogramData): void {
    const data = "toJSON" in other ? other.toJSON() : other;
    if (data.count === 0) return;
    this.#count += data.count;
    this.#mean += (data.mean - this.#mean) * (data.count / this.#count);
    this.#min = Math.min(this.#min, data.min);
    this.#max = Math.max(this.#max, data.max);
    for (const [bucket, count] of data.buckets) {
      this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
    }
  }

  /** Forgets all values. */
  reset(): void {
    this.#count = 0;
    this.#mean = 0;
    this.#min = Infinity;
    this.#max = 0;
    this.#buckets.clear();
  }

  /** All that {@link merge} needs, as plain data. */
  toJSON(): HistogramData {
    const { count, mean, min, max } = this;
    return { count, mean, min, max, buckets: this.#sorted() };
  }

  #sorted(): [number, number][] {
    return [...this.#buckets].sort(([a], [b]) => a - b);
  }
}

/** The value with the least relative error to both ends of a bucket. */
const middle = (bucket: number): number => (bucket === zeros ? 0 : (2 * growth ** bucket) / (growth + 1));
