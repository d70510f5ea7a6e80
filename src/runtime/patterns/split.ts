import { hash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { AgentUsageError } from "../core/errors.ts";
import { fits, Grouping, membersOf, splitsOf } from "./grouping.ts";
import type { SplitBy } from "./patternEdit.ts";
import { replaced } from "./replaced.ts";
import { ranked, withBetterOutcomes } from "./solutions.ts";
import { countedSince, talliesOf, united } from "./tallies.ts";
import type { ErrorPattern, Solution, SplitRule, Tallies } from "./types.ts";
import { unite } from "./unite.ts";
import { without } from "./without.ts";

const sum = (a: number, b: number): number => a + b;

/** Whoever splits a pattern by the same rule gets the same pattern: it merges in git. */
export function splitSignature(of: string, rule: SplitBy): string {
  const value = rule.by === "agent" ? rule.agent : rule.contains;
  return hash("sha256", ["split", of, rule.by, value].join("\0"), "hex").slice(0, 12);
}

/** What is known by agent moves to the new pattern; by message, the samples that fit; the rest counts from now on. */
export function splitOff(
  patterns: readonly ErrorPattern[],
  pattern: ErrorPattern,
  by: SplitBy,
  stamp: string,
): ErrorPattern[] {
  const { error_signature: of } = pattern;
  const rule: SplitRule = { ...by, into: splitSignature(of, by) };
  const rules = splitsOf(pattern);
  if (rules.some(({ into }) => into === rule.into)) throw new AgentUsageError("That is split off already.");
  // Their errors count to them first, so that the rule would tell none of these apart.
  if (new Grouping(patterns).rootOf(of) === of && membersOf(patterns, of).length > 1)
    throw new AgentUsageError(
      `Others are merged into ${of}, and a rule is of one pattern: take them out, split what is to count apart, and merge them again.`,
    );
  const [left, moved] = partedBy(rule, talliesOf(pattern));
  const count = Math.min(moved.count, Math.max(0, pattern.occurrences));
  const part = {
    ...(without(pattern, "merged_into", "split", "title", "muted", "dismissed") as ErrorPattern),
    error_signature: rule.into,
    solutions: [],
    occurrences: count,
    ...moved.tallies,
    split_from: of,
    edited: stamp,
  };
  const known = patterns.find(({ error_signature }) => error_signature === rule.into);
  const parent = {
    ...pattern,
    ...left,
    occurrences: pattern.occurrences - count,
    split: [...rules, rule],
    edited: stamp,
  };
  const all = replaced(patterns, pattern, parent);
  return known === undefined
    ? [...all, part]
    : replaced(all, known, { ...joined(known, part), edited: stamp });
}

/** The tallies of what stays and of what counts apart. */
function partedBy(
  rule: SplitRule,
  tallies: Tallies,
): [left: Tallies, moved: { count: number; tallies: Tallies }] {
  const isOf = (agent: string) => rule.by === "agent" && agent === rule.agent;
  const agents = (of: boolean) => tallies.agents.filter((agent) => isOf(agent) === of);
  const counts = (of: boolean) =>
    Object.fromEntries(Object.entries(tallies.agent_counts).filter(([agent]) => isOf(agent) === of));
  const samples = (of: boolean) =>
    rule.by === "agent"
      ? tallies.samples
      : tallies.samples.filter((message) => fits(rule, { agent: null, message }) === of);
  const moved = counts(true);
  const count = Object.values(moved).reduce(sum, 0);
  return [
    { ...tallies, agents: agents(false), agent_counts: counts(false), samples: samples(false) },
    {
      count,
      tallies: {
        ...{ days: {}, runs: [], run_count: 0 },
        ...{ agents: agents(true), agent_counts: moved, samples: samples(true) },
      },
    },
  ];
}

/** The pattern of a group that has the rule by which a part was split off. */
export function holderOf(
  patterns: readonly ErrorPattern[],
  pattern: ErrorPattern,
  into: string,
): ErrorPattern {
  const holder = [pattern, ...membersOf(patterns, pattern.error_signature)].find((each) =>
    splitsOf(each).some((rule) => rule.into === into),
  );
  if (holder === undefined)
    throw new AgentUsageError(`Nothing was split off ${pattern.error_signature} that way.`);
  return holder;
}

/** A part counts to its pattern again, with all that it has. */
export function rejoined(
  patterns: readonly ErrorPattern[],
  pattern: ErrorPattern,
  into: string,
  stamp: string,
): ErrorPattern[] {
  const holder = holderOf(patterns, pattern, into);
  const part = patterns.find(({ error_signature }) => error_signature === into);
  if (part !== undefined && splitsOf(part).length > 0)
    throw new AgentUsageError(`Something was split off ${into} as well: count that there again first.`);
  const whole = part === undefined ? holder : joined(holder, part);
  const rules = splitsOf(holder).filter((rule) => rule.into !== into);
  return replaced(patterns, holder, withRules(whole, rules, stamp)).filter((each) => each !== part);
}

/** Takes {@link rejoined} back: both as they were before; what was recorded since stays with the pattern. */
export function apartAgain(
  patterns: readonly ErrorPattern[],
  pattern: ErrorPattern,
  { into, parent, part }: { into: string; parent: ErrorPattern; part: ErrorPattern | null },
  stamp: string,
): ErrorPattern[] {
  const rules = splitsOf(pattern);
  if (rules.some((rule) => rule.into === into)) throw new AgentUsageError("That is split off already.");
  const before = splitsOf(parent);
  const place = before.findIndex((rule) => rule.into === into);
  const split = rules.toSpliced(place, 0, ...before.slice(place, place + 1));
  if (part === null) return replaced(patterns, pattern, withRules(pattern, split, stamp));
  const whole = joined(parent, part);
  const recorded = pattern.occurrences - whole.occurrences;
  const solutions = solutionsApart(pattern.solutions, whole.solutions, { parent, part });
  const left: ErrorPattern = {
    ...pattern,
    ...united(talliesOf(parent), countedSince(talliesOf(whole), talliesOf(pattern)), sum),
    solutions: solutions.parent,
    occurrences: parent.occurrences + Math.max(0, recorded),
    last_seen: recorded > 0 ? pattern.last_seen : parent.last_seen,
  };
  const all = replaced(patterns, pattern, withRules(left, split, stamp));
  const back: ErrorPattern = { ...part, solutions: solutions.part, edited: stamp };
  const known = patterns.find(({ error_signature }) => error_signature === into);
  return known === undefined ? [...all, back] : replaced(all, known, unite(known, back));
}

/** Of both: each as it was where nothing became of it since; what is no longer there was taken out. */
function solutionsApart(
  now: readonly Solution[],
  joint: readonly Solution[],
  { parent, part }: { parent: ErrorPattern; part: ErrorPattern },
): { parent: Solution[]; part: Solution[] } {
  const named = (list: readonly Solution[], { fix }: Solution) => list.find((each) => each.fix === fix);
  const isSame = (a: Solution, b: Solution | undefined) => isDeepStrictEqual(json(a), json(b));
  const changed = now.filter((each) => !isSame(each, named(joint, each)));
  const isTheirs = (each: Solution) =>
    named(parent.solutions, each) === undefined && named(part.solutions, each) !== undefined;
  const back = ({ solutions }: ErrorPattern, changes: readonly Solution[]) => {
    const isKept = (each: Solution) => named(joint, each) === undefined || named(now, each) !== undefined;
    return ranked([
      ...solutions.filter((each) => isKept(each) && named(changes, each) === undefined),
      ...changes,
    ]);
  };
  return {
    parent: back(
      parent,
      changed.filter((each) => !isTheirs(each)),
    ),
    part: back(part, changed.filter(isTheirs)),
  };
}

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** A pattern with the counts and solutions of another one. */
function joined(pattern: ErrorPattern, other: ErrorPattern): ErrorPattern {
  return {
    ...pattern,
    ...united(talliesOf(pattern), talliesOf(other), sum),
    solutions: other.solutions.reduce(withBetterOutcomes, pattern.solutions),
    occurrences: pattern.occurrences + other.occurrences,
    last_seen: other.last_seen > pattern.last_seen ? other.last_seen : pattern.last_seen,
  };
}

const withRules = (pattern: ErrorPattern, split: SplitRule[], edited: string): ErrorPattern => ({
  ...(without(pattern, "split") as ErrorPattern),
  ...(split.length === 0 ? {} : { split }),
  edited,
});
