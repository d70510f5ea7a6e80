import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addCounts, countOf, DurationCounts, percentileOf } from "../../../src/model/durationCounts.ts";
import { distributionOf } from "../../../src/performance/distribution.ts";

/** From a millisecond to a day; short ones are as frequent as long ones. */
const durations = fc.array(
  fc.double({ min: 0, max: Math.log(86_400_000), noNaN: true }).map((log) => Math.round(Math.exp(log))),
  { minLength: 1, maxLength: 300 },
);
const counted = (all: readonly number[]) => addCounts(...all.map(countOf));

describe("Counts of durations", () => {
  it("give percentiles that are at most 5 % from those of the durations themselves", () => {
    fc.assert(
      fc.property(durations, (all) => {
        const exact = distributionOf(all);
        const counts = counted(all);
        const pairs = [
          [percentileOf(counts, 0.5), exact?.p50Ms],
          [percentileOf(counts, 0.95), exact?.p95Ms],
          [percentileOf(counts, 0.99), exact?.p99Ms],
          [percentileOf(counts, 1), exact?.maxMs],
        ] as const;
        for (const [about = null, ms = Number.NaN] of pairs)
          expect(Math.abs((about ?? Number.NaN) / ms - 1)).toBeLessThanOrEqual(0.05);
      }),
      { numRuns: 1000 },
    );
  });

  it("add up to those of all durations, however they are parted, and are read back as they were", () => {
    fc.assert(
      fc.property(durations, durations, (one, other) => {
        const all = counted([...other, ...one]);
        expect(addCounts(counted(one), counted(other))).toEqual(all);
        expect(DurationCounts.parse(JSON.parse(JSON.stringify(all)))).toEqual(all);
      }),
    );
  });

  it("are few, however many durations there are, and know nothing of none", () => {
    const many = counted(Array.from({ length: 100_000 }, (_, ms) => ms));
    expect(many.length).toBeLessThan(130);
    expect(many.reduce((sum, [, count]) => sum + count, 0)).toBe(100_000);
    expect(percentileOf(counted([0, 0, 0.4]), 0.99)).toBe(0);
    expect(percentileOf([], 0.5)).toBeNull();
  });
});
