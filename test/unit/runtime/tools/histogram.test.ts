import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Histogram } from "../../../../src/runtime/core/histogram.ts";

const filled = (values: readonly number[]): Histogram => {
  const histogram = new Histogram();
  values.forEach((value) => histogram.add(value));
  return histogram;
};

/** Nearest rank. */
const exact = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1] ?? 0;
};

/** Evenly spread over the magnitudes, with ties. */
const value = fc.oneof(
  fc.double({ min: -9, max: 18, noNaN: true }).map((exponent) => 10 ** exponent),
  fc.nat(1000),
);
const values = fc.array(value, { minLength: 1, maxLength: 300 });
const percent = fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.constantFrom(0, 50, 95, 99, 100));

describe("a histogram", () => {
  it("reads percentiles with a relative error of at most 1 %", () => {
    fc.assert(
      fc.property(values, percent, (all, p) => {
        const expected = exact(all, p);
        expect(Math.abs(filled(all).percentile(p) - expected)).toBeLessThanOrEqual(expected * 0.01);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps each single value within 1 % between others", () => {
    fc.assert(
      fc.property(value, (one) => {
        const histogram = filled([0, one, 1e18]);
        expect(Math.abs(histogram.percentile(50) - one)).toBeLessThanOrEqual(one * 0.01);
      }),
      { numRuns: 2000 },
    );
  });

  it("knows count, extremes and average exactly", () => {
    fc.assert(
      fc.property(values, (all) => {
        const histogram = filled(all);
        expect(histogram.count).toBe(all.length);
        expect(histogram.min).toBe(Math.min(...all));
        expect(histogram.max).toBe(Math.max(...all));
        const mean = all.reduce((sum, each) => sum + each, 0) / all.length;
        expect(Math.abs(histogram.mean - mean)).toBeLessThanOrEqual(mean * 1e-9);
      }),
    );
  });

  it("merged is as if all values had been added to one", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 50 }), fc.array(value, { maxLength: 50 }), (left, right) => {
        const merged = filled(left);
        merged.merge(filled(right));
        const { mean, ...rest } = merged.toJSON();
        const { mean: expected, ...same } = filled([...left, ...right]).toJSON();
        expect(rest).toEqual(same);
        expect(Math.abs(mean - expected)).toBeLessThanOrEqual(expected * 1e-9);
      }),
    );
  });

  it("merges plain data, and itself", () => {
    const histogram = filled([1, 2, 3]);
    const sent = JSON.parse(JSON.stringify(histogram)) as ReturnType<Histogram["toJSON"]>;
    const received = new Histogram();
    received.merge(sent);
    expect(received.toJSON()).toEqual(histogram.toJSON());
    received.merge(received);
    expect(received).toMatchObject({ count: 6, mean: 2, min: 1, max: 3 });
  });

  it("is bounded however many magnitudes are added", () => {
    const histogram = new Histogram();
    for (let exponent = -324; exponent <= 308; exponent += 0.005) histogram.add(10 ** exponent);
    expect(histogram.count).toBeGreaterThan(126_000);
    expect(histogram.toJSON().buckets.length).toBeLessThan(3300);
    expect(histogram.percentile(1)).toBe(0);
    expect(histogram.percentile(100)).toBe(histogram.max);
  });

  it("leaves out what is no number and takes negative ones as 0", () => {
    const histogram = filled([NaN, Infinity, -Infinity, -5, -0, 7]);
    expect(histogram).toMatchObject({ count: 3, min: 0, max: 7 });
    expect(histogram.percentile(50)).toBe(0);
  });

  it("is all zeros without values, and again after a reset", () => {
    const nothing = { count: 0, mean: 0, min: 0, max: 0, buckets: [] };
    const histogram = new Histogram();
    expect(histogram.toJSON()).toEqual(nothing);
    expect(histogram.percentile(95)).toBe(0);
    histogram.add(3);
    histogram.reset();
    expect(histogram.toJSON()).toEqual(nothing);
    histogram.merge(new Histogram());
    expect(histogram.min).toBe(0);
    histogram.add(4);
    expect(histogram).toMatchObject({ mean: 4, min: 4, max: 4 });
  });

  it.each([-1, 100.5, NaN])("refuses percentile %s", (p) => {
    expect(() => filled([1]).percentile(p)).toThrow(new RangeError(`A percentile is 0 to 100, not ${p}.`));
  });
});
