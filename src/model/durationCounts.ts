import * as z from "zod";
import { nearestRank } from "./nearestRank.ts";

/** Each bucket ends a tenth above where it begins, so that its middle is at most 5 % from what is in it. */
const GROWTH = 1.1;
const LOG = Math.log(GROWTH);
/** 0 for less than a millisecond, which durations are rounded to; then 1 to GROWTH, and so on. */
const bucketOf = (ms: number): number => (ms < 1 ? 0 : 1 + Math.floor(Math.log(ms) / LOG + 1e-9));

/**
 * How many durations there were of about the same length: pairs of a bucket and its count, the shortest first. Few
 * numbers tell of any number of durations, and counts of several runs add up.
 */
export const DurationCounts = z.array(z.tuple([z.int().min(0), z.int().min(1)]));
export type DurationCounts = z.infer<typeof DurationCounts>;

export const countOf = (ms: number): DurationCounts => [[bucketOf(ms), 1]];

export function addCounts(...all: readonly DurationCounts[]): DurationCounts {
  const sums = new Map<number, number>();
  for (const [bucket, count] of all.flat()) sums.set(bucket, (sums.get(bucket) ?? 0) + count);
  return [...sums].sort(([one], [other]) => one - other);
}

/** The duration, but for 5 %, that so great a part of them does not exceed; null where there are none. */
export function percentileOf(counts: DurationCounts, share: number): number | null {
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const rank = nearestRank(share, total);
  let seen = 0;
  for (const [bucket, count] of counts) {
    seen += count;
    if (seen >= rank) return middleOf(bucket);
  }
  return null;
}

/** Of the bucket's two ends the geometric mean: as far from the one as from the other, in parts of either. */
const middleOf = (bucket: number): number => (bucket === 0 ? 0 : GROWTH ** (bucket - 0.5));
