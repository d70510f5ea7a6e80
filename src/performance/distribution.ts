import { nearestRank } from "../model/nearestRank.ts";
import type { Distribution } from "../model/performance.ts";

/** Null where there are no values. */
export function distributionOf(values: readonly number[]): Distribution | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    count: sorted.length,
    meanMs: Math.round(sum / sorted.length),
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    p99Ms: percentile(sorted, 0.99),
    maxMs: percentile(sorted, 1),
  };
}

/** The smallest of the values that so great a part of them does not exceed: the nearest rank. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[nearestRank(share, sorted.length) - 1] ?? Number.NaN;
}
