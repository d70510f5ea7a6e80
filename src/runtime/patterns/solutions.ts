import type { ErrorPattern, ProposedSolution, Solution } from "./types.ts";
import { without } from "./without.ts";

/** A rate that was known before outcomes were counted weighs as much as so many of them. */
export const priorWeight = 4;
/** Of one pattern; what the learner adds to so many takes the place of the worst that no person added or confirmed. */
export const mostSolutions = 50;
/** 95 % confidence, both sides. */
const z = 1.96;

interface Tally {
  /** Outcomes, those included that the prior rate stands for. */
  outcomes: number;
  helped: number;
}

const counted = ({ successes = 0, failures = 0 }: Solution): number => successes + failures;

/** The rate known before outcomes were counted. */
function priorOf(solution: Solution): number | undefined {
  return solution.prior_success_rate ?? (counted(solution) === 0 ? solution.success_rate : undefined);
}

function tally(solution: Solution): Tally {
  const prior = priorOf(solution);
  const weight = prior === undefined ? 0 : priorWeight;
  return {
    outcomes: counted(solution) + weight,
    helped: (solution.successes ?? 0) + weight * Math.min(1, Math.max(0, prior ?? 0)),
  };
}

/**
 * With 95 % confidence a solution helps at least this often, 0 to 1: Wilson's lower bound, so that 9 of 10 ranks
 * before 1 of 1.
 */
export function lowerBound(solution: Solution): number {
  const { outcomes, helped } = tally(solution);
  // Rounding would leave a trace above it.
  if (helped === 0) return 0;
  const rate = helped / outcomes;
  const spread = z * Math.sqrt((rate * (1 - rate) + z ** 2 / (4 * outcomes)) / outcomes);
  return Math.max(0, (rate + z ** 2 / (2 * outcomes) - spread) / (1 + z ** 2 / outcomes));
}

/** Whether it failed more often than it helped. */
export const isDisproved = ({ successes = 0, failures = 0 }: Solution): boolean => failures > successes;

/** Best first, those that failed more often than they helped last; equals in the order given. */
export function ranked<T extends Solution>(solutions: readonly T[]): T[] {
  return solutions.toSorted(
    (a, b) => Number(isDisproved(a)) - Number(isDisproved(b)) || lowerBound(b) - lowerBound(a),
  );
}

/** Adds a proposal, or to the known solution with the same words what the proposal says anew. */
export function withProposal(solutions: readonly Solution[], proposal: ProposedSolution): Solution[] {
  const known = solutions.find(({ fix }) => fix === proposal.fix);
  const { success_rate: rate, ...rest } = proposal;
  let solution: Solution;
  if (known === undefined) solution = { ...rest, success_rate: rate ?? 1, learned: true };
  else if (rate === undefined) solution = { ...known, ...rest };
  else if (counted(known) === 0) solution = { ...known, ...rest, success_rate: rate };
  else solution = rated({ ...known, ...rest, prior_success_rate: rate });
  return bounded(solutions, solution);
}

/** Adds a solution of another file; to the known one with the same words the more outcomes of the two. */
export function withBetterOutcomes(solutions: readonly Solution[], other: Solution): Solution[] {
  const known = solutions.find(({ fix }) => fix === other.fix);
  if (known === undefined) return bounded(solutions, other);
  const more = counted(other) > counted(known) ? other : known;
  const last = [known.last_used, other.last_used]
    .filter((time) => typeof time === "string")
    .sort()
    .at(-1);
  return bounded(solutions, {
    ...without({ ...other, ...known }, "unconfirmed", "learned"),
    fix: known.fix,
    success_rate: more.success_rate,
    ...(more.prior_success_rate === undefined ? {} : { prior_success_rate: more.prior_success_rate }),
    ...(counted(more) === 0 ? {} : { successes: more.successes ?? 0, failures: more.failures ?? 0 }),
    ...(last === undefined ? {} : { last_used: last }),
    ...(known.unconfirmed === true && other.unconfirmed === true ? { unconfirmed: true } : {}),
    ...(known.learned === true && other.learned === true ? { learned: true } : {}),
  });
}

/** Takes one out. */
export const withoutSolution = (solutions: readonly Solution[], fix: string): Solution[] =>
  solutions.filter((solution) => solution.fix !== fix);

/** Counts what became of a solution; that it has one confirms it. */
export function withOutcome(
  solutions: readonly Solution[],
  fix: string,
  succeeded: boolean,
  time?: string,
): Solution[] {
  const known = solutions.find((solution) => solution.fix === fix);
  const prior = known === undefined ? undefined : priorOf(known);
  const { successes = 0, failures = 0 } = known ?? {};
  return bounded(
    solutions,
    rated({
      ...(without(known ?? { fix, success_rate: 0, learned: true }, "unconfirmed") as Solution),
      ...(time === undefined ? {} : { last_used: time }),
      ...(prior === undefined ? {} : { prior_success_rate: prior }),
      successes: successes + (succeeded ? 1 : 0),
      failures: failures + (succeeded ? 0 : 1),
    }),
  );
}

function rated(solution: Solution): Solution {
  const { outcomes, helped } = tally(solution);
  return { ...solution, success_rate: Math.round((helped / outcomes) * 1e4) / 1e4 };
}

function bounded(solutions: readonly Solution[], changed: Solution): Solution[] {
  const all = ranked([...solutions.filter(({ fix }) => fix !== changed.fix), changed]);
  if (all.length <= Math.max(mostSolutions, solutions.length)) return all;
  const worst = all.findLastIndex((solution) => solution.learned === true || solution.unconfirmed === true);
  return worst < 0 ? all : all.toSpliced(worst, 1);
}

/** All solutions of patterns. */
export const solutionsOf = (patterns: readonly ErrorPattern[]): Solution[] =>
  patterns.flatMap(({ solutions }) => solutions);
