import { Grouping } from "./grouping.ts";
import type { PatternMatcher } from "./match.ts";
import type { Signed } from "./signature.ts";
import { isDisproved, lowerBound } from "./solutions.ts";
import type { ErrorPattern, FoundSolution, Solution } from "./types.ts";

const mostMatches = 50;

interface Candidate {
  pattern: ErrorPattern;
  /** How near the pattern is to the error: 0 is its own group, 1 errors of the same name, 2 all others. */
  distance: number;
}

/**
 * The solutions for an error, best first: those of its own group, then of patterns of the same error name that match
 * its message, then of other programs' patterns that do. Among these the lower confidence bound decides. Those that
 * failed more often than they helped come last of all. What is merged counts as one group, and what is muted not at all.
 */
export function suggest(
  patterns: readonly ErrorPattern[],
  { signature, type, message }: Signed,
  { matcher, now }: { matcher: PatternMatcher; now: Date },
): FoundSolution[] {
  const grouping = new Grouping(patterns);
  const root = grouping.rootOf(grouping.placeOf(signature, { agent: null, message }));
  if (grouping.isMuted(root, now)) return [];
  const candidates = patterns
    .flatMap((pattern): Candidate[] => {
      if (pattern.solutions.length === 0) return [];
      if (grouping.rootOf(pattern.error_signature) === root) return [{ pattern, distance: 0 }];
      if (grouping.isMuted(pattern.error_signature, now)) return [];
      if (pattern.error_type === type) return [{ pattern, distance: 1 }];
      // What was learned from a message of another error says nothing about this one.
      return typeof pattern.algorithm === "number" ? [] : [{ pattern, distance: 2 }];
    })
    .sort((a, b) => a.distance - b.distance);
  const sources = candidates.map(({ pattern }) => pattern.pattern);
  const matches = matcher.all(sources, message, mostMatches);
  const groups = new Map(matches.map((match) => [match.index, match.groups]));
  const found = candidates.flatMap(({ pattern, distance }, index) => {
    const matched = groups.get(index);
    if (matched === undefined && distance > 0) return [];
    return pattern.solutions.map((solution) => ({
      distance,
      solution: asFound(solution, pattern, { groups: matched ?? [], own: distance === 0 }),
    }));
  });
  found.sort(
    (a, b) =>
      Number(isDisproved(a.solution)) - Number(isDisproved(b.solution)) ||
      a.distance - b.distance ||
      b.solution.evidence.lowerBound - a.solution.evidence.lowerBound,
  );
  const fixes = new Map<string, FoundSolution>();
  for (const { solution } of found) if (!fixes.has(solution.fix)) fixes.set(solution.fix, solution);
  return [...fixes.values()];
}

function asFound(
  solution: Solution,
  { error_signature }: ErrorPattern,
  { groups, own }: { groups: string[]; own: boolean },
): FoundSolution {
  const { successes = 0, failures = 0 } = solution;
  return {
    ...solution,
    error_signature,
    groups,
    evidence: {
      successes,
      failures,
      lowerBound: lowerBound(solution),
      matchedBy: own ? "signature" : "pattern",
    },
  };
}
