import type { ErrorPattern } from "./types.ts";

/** A pattern that does not occur loses half its weight in this time. */
const halfLifeMs = 30 * 24 * 3600 * 1000;

/** Fields by which people change how patterns group. */
const edits = ["muted", "edited", "merged", "merged_into", "split", "note", "title"];

/**
 * Which patterns stay where there are more than `most`. Those that a person edited, or that another program wrote,
 * always do. Of the others those without a solution go first, and the old and rare ones of them before all: each 30
 * days without an occurrence halve what the occurrences of a pattern count for. The order stays.
 */
export function retained(patterns: readonly ErrorPattern[], most: number, now: Date): ErrorPattern[] {
  const surplus = patterns.length - most;
  if (surplus <= 0) return [...patterns];
  const weights = patterns
    .filter((pattern) => !isProtected(pattern))
    .map((pattern) => ({
      pattern,
      solved: pattern.solutions.length > 0,
      weight: weightOf(pattern, now.getTime()),
    }))
    .sort((a, b) => Number(a.solved) - Number(b.solved) || a.weight - b.weight);
  const dropped = new Set(weights.slice(0, surplus).map(({ pattern }) => pattern));
  return patterns.filter((pattern) => !dropped.has(pattern));
}

/** What other programs and older files hold has no version of the algorithm. */
function isProtected(pattern: ErrorPattern): boolean {
  return typeof pattern.algorithm !== "number" || edits.some((field) => Boolean(pattern[field]));
}

/** How much a pattern's occurrences count for, by their age. */
export function weightOf({ occurrences, last_seen }: ErrorPattern, nowMs: number): number {
  const age = Math.max(0, nowMs - (Date.parse(last_seen) || 0));
  return Math.max(0, occurrences) * 0.5 ** (age / halfLifeMs);
}
