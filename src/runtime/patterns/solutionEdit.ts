import { AgentUsageError } from "../core/errors.ts";
import { membersOf } from "./grouping.ts";
import type { SolutionChange, SolutionFields } from "./patternEdit.ts";
import { cleanFix, cleanProposal } from "./proposal.ts";
import { Solution as SolutionSchema } from "./schema.ts";
import { mostSolutions, ranked, withBetterOutcomes, withoutSolution } from "./solutions.ts";
import type { ErrorPattern, Solution } from "./types.ts";

/** What a person writes of a known solution; all else is counted. */
const written = ["fix", "code_snippet", "language", "unconfirmed", "learned", "action"] as const;
const counts = ["success_rate", "successes", "failures", "prior_success_rate"] as const;

const holds = ({ solutions }: ErrorPattern, words: string | null): boolean =>
  solutions.some(({ fix }) => fix === words);

/** What a change of a solution is in each pattern of the group. Throws an {@link AgentUsageError} where it cannot be. */
export function changesFor(patterns: readonly ErrorPattern[], change: SolutionChange): SolutionChange[] {
  const { signature, fix, solution } = change;
  const group = membersOf(patterns, signature);
  if (solution?.fix !== undefined || fix === null) {
    const words = cleanFix(solution?.fix).fix;
    if (words !== fix && group.some((pattern) => holds(pattern, words))) throw known(words);
  }
  if (fix === null) return [{ signature, fix, solution }];
  const holders = group.filter((pattern) => holds(pattern, fix)).map((pattern) => pattern.error_signature);
  if (holders.length === 0) throw unknown(fix);
  return [...new Set(holders)].map((holder) => ({ signature: holder, fix, solution }));
}

/** Without secrets, and without what is not for a person to write. */
export function cleanChange({ signature, fix, solution }: SolutionChange): SolutionChange {
  if (solution === null) return { signature, fix, solution };
  if (fix === null) {
    const given = SolutionSchema.parse(dropNulls(solution));
    const kept = counts.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]] as const]));
    return { signature, fix, solution: { ...cleanProposal(given).solution, ...Object.fromEntries(kept) } };
  }
  const given = pick(solution, (key) => solution[key] !== undefined);
  const { fix: words, ...clean } = cleanProposal({
    ...dropNulls(given),
    fix: solution.fix ?? (fix || "-"),
  }).solution;
  const removed = pick(given, (key) => given[key] === null);
  const renamed = solution.fix === undefined ? {} : { fix: words };
  return { signature, fix, solution: { ...clean, ...removed, ...renamed, learned: null } };
}

/** The changes that take changes back, of the patterns as they are before. */
export function inverseChanges(
  patterns: readonly ErrorPattern[],
  changes: readonly SolutionChange[],
): SolutionChange[] {
  return changes.map(({ signature, fix, solution }) => {
    if (fix === null) return { signature, fix: cleanFix(solution?.fix).fix, solution: null };
    const stored = solutionOf(patterns, signature, fix);
    if (solution === null) return { signature, fix: null, solution: stored };
    const before = written.filter((key) => solution[key] !== undefined);
    const fields = Object.fromEntries(before.map((key) => [key, stored[key] ?? null]));
    return { signature, fix: solution.fix ?? fix, solution: fields };
  });
}

/** The patterns after changes. Throws an {@link AgentUsageError} where one cannot be. */
export function withChanges(
  patterns: readonly ErrorPattern[],
  changes: readonly SolutionChange[],
  edited: string,
): ErrorPattern[] {
  const all = [...patterns];
  for (const { signature, fix, solution } of changes) {
    const isOf = (pattern: ErrorPattern) =>
      pattern.error_signature === signature && (fix === null || holds(pattern, fix));
    const places = [...all.keys()].filter((place) => all[place] !== undefined && isOf(all[place]));
    if (places.length === 0) throw unknown(fix ?? "");
    for (const place of fix === null ? places.slice(0, 1) : places) {
      const pattern = all[place];
      if (pattern === undefined) continue;
      all[place] = { ...pattern, solutions: changed(pattern, fix, solution), edited };
    }
  }
  return all;
}

function changed(pattern: ErrorPattern, fix: string | null, solution: SolutionFields | null): Solution[] {
  const { solutions } = pattern;
  if (fix === null && solutions.length >= mostSolutions && !holds(pattern, cleanFix(solution?.fix).fix))
    throw full();
  // Where it was counted since it was taken out, the words are there again.
  if (fix === null) return withBetterOutcomes(solutions, { success_rate: 1, ...solution } as Solution);
  if (solution === null) return withoutSolution(solutions, fix);
  const { fix: words = fix } = solution;
  if (words !== fix && holds(pattern, words)) throw known(words);
  return ranked(solutions.map((each) => (each.fix === fix ? merged(each, solution) : each)));
}

function merged(stored: Solution, fields: SolutionFields): Solution {
  const changes = pick(fields, (key) => fields[key] !== undefined);
  return dropNulls({ ...stored, ...changes }, written) as Solution;
}

function solutionOf(patterns: readonly ErrorPattern[], signature: string, fix: string): Solution {
  const found = patterns
    .filter(({ error_signature }) => error_signature === signature)
    .flatMap(({ solutions }) => solutions)
    .find((solution) => solution.fix === fix);
  if (found === undefined) throw unknown(fix);
  return found;
}

type Fields = Record<string, unknown>;

const pick = (fields: SolutionFields, isWanted: (key: (typeof written)[number]) => boolean): SolutionFields =>
  Object.fromEntries(written.filter(isWanted).map((key) => [key, fields[key]]));

const dropNulls = (fields: Fields, keys?: readonly string[]): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(([key, value]) => value !== null || keys?.includes(key) === false),
  );

const quoted = (words: string): string => `"${words.length > 80 ? `${words.slice(0, 79)}…` : words}"`;

const known = (words: string): AgentUsageError =>
  new AgentUsageError(`There is a solution ${quoted(words)} already: change that one, or use other words.`);

const full = (): AgentUsageError =>
  new AgentUsageError(
    `The pattern has ${mostSolutions} solutions already: remove one that does not help first.`,
  );

const unknown = (words: string): AgentUsageError =>
  new AgentUsageError(`There is no solution ${quoted(words)} any more; nothing is changed.`);
