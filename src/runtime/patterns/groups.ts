import { Grouping } from "./grouping.ts";
import { withBetterOutcomes } from "./solutions.ts";
import { talliesOf, united } from "./tallies.ts";
import type { ErrorPattern } from "./types.ts";

/** A pattern with all that people merged into it. */
export interface PatternGroup {
  /** Counts and solutions of all together. */
  pattern: ErrorPattern;
  /** The patterns as they are kept, the one that the others are merged into first. */
  members: ErrorPattern[];
}

/** The groups as people see them: what is merged counts as one. The file keeps it apart, so that it can be taken back. */
export function groupsOf(patterns: readonly ErrorPattern[]): PatternGroup[] {
  const grouping = new Grouping(patterns);
  const groups = new Map<string, ErrorPattern[]>();
  for (const pattern of patterns) {
    const root = grouping.rootOf(pattern.error_signature);
    const members = groups.get(root);
    if (members === undefined) groups.set(root, [pattern]);
    else if (pattern.error_signature === root) members.unshift(pattern);
    else members.push(pattern);
  }
  return [...groups.values()].map((members) => ({ pattern: together(members), members }));
}

function together([root, ...others]: ErrorPattern[]): ErrorPattern {
  const whole = others.reduce<ErrorPattern | undefined>(
    (sum, pattern) => sum && withMerged(sum, pattern),
    root,
  );
  if (whole === undefined) throw new Error("A group has at least one pattern.");
  return others.length === 0
    ? whole
    : { ...whole, merged: others.map(({ error_signature }) => error_signature) };
}

function withMerged(sum: ErrorPattern, pattern: ErrorPattern): ErrorPattern {
  return {
    ...sum,
    occurrences: sum.occurrences + pattern.occurrences,
    first_seen: pattern.first_seen < sum.first_seen ? pattern.first_seen : sum.first_seen,
    last_seen: pattern.last_seen > sum.last_seen ? pattern.last_seen : sum.last_seen,
    solutions: pattern.solutions.reduce(withBetterOutcomes, sum.solutions),
    ...united(talliesOf(sum), talliesOf(pattern), (a, b) => a + b),
  };
}
