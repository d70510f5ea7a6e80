import { ErrorPattern as ErrorPatternSchema, type ErrorPatterns } from "./schema.ts";
import { solutionsOf } from "./solutions.ts";
import type { ErrorPattern } from "./types.ts";
import { without } from "./without.ts";

/** Git takes changes that are at most three lines apart for one. */
const apart = "\n".repeat(5);

/**
 * The file's text: its own fields kept, statistics counted anew. `dropped` patterns had no room.
 *
 * It is laid out for git. Patterns stand in the order of their signatures, each in a line of its own with an empty one
 * between, so that changes of two of them meet nowhere; and all lines before end with a comma, so that git may keep
 * both versions of one (`merge=union`): of two equal keys readers take the last one.
 */
export function toText(
  file: ErrorPatterns,
  patterns: readonly ErrorPattern[],
  { now, dropped }: { now: Date; dropped: number },
): string {
  const { version, statistics } = file;
  const head = {
    version,
    ...without(file, "version", "patterns", "statistics", "last_updated"),
    last_updated: now.toISOString(),
    statistics: {
      ...statistics,
      ...statisticsOf(patterns, now),
      ...droppedOf(statistics?.dropped_patterns, dropped),
    },
  };
  const lines = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`,
  );
  const blocks = bySignature(patterns).map((pattern) => `    ${JSON.stringify(inOrder(pattern))}`);
  return `{\n${lines.join("")}  "patterns": [${apart}${blocks.join(",\n\n")}\n  ]\n}\n`;
}

/** Whether a file's text was laid out here. */
export const isLaidOut = (text: string): boolean => text.includes(`\n  "patterns": [${apart}`);

const firstFields = Object.keys(ErrorPatternSchema.shape);

/** Whoever writes a pattern writes its fields in the same order. */
function inOrder(pattern: ErrorPattern): Record<string, unknown> {
  const further = Object.keys(pattern).filter((field) => !firstFields.includes(field));
  return Object.fromEntries([...firstFields, ...further.sort()].map((field) => [field, pattern[field]]));
}

/** The order of a file; of equal signatures the first one stays first. */
const bySignature = (patterns: readonly ErrorPattern[]): ErrorPattern[] =>
  patterns.toSorted(({ error_signature: a }, { error_signature: b }) => (a < b ? -1 : a > b ? 1 : 0));

function droppedOf(before: unknown, dropped: number): { dropped_patterns?: number } {
  return dropped === 0 ? {} : { dropped_patterns: (typeof before === "number" ? before : 0) + dropped };
}

const weekMs = 7 * 24 * 3600 * 1000;

function statisticsOf(patterns: readonly ErrorPattern[], now: Date) {
  const solutions = solutionsOf(patterns);
  const byType = new Map<string, number>();
  for (const { error_type, occurrences } of patterns) {
    byType.set(error_type, (byType.get(error_type) ?? 0) + occurrences);
  }
  const [mostCommon] = [...byType].sort(([, a], [, b]) => b - a);
  const weekAgo = new Date(now.getTime() - weekMs).toISOString();
  const sum = solutions.reduce((total, { success_rate }) => total + success_rate, 0);
  return {
    total_patterns: patterns.length,
    total_solutions: solutions.length,
    avg_success_rate: solutions.length === 0 ? 0 : Math.round((sum / solutions.length) * 100) / 100,
    most_common_error: mostCommon?.[0] ?? null,
    patterns_added_this_week: patterns.filter(({ first_seen }) => first_seen >= weekAgo).length,
  };
}
