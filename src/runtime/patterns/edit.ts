import { hash } from "node:crypto";
import type * as z from "zod";
import { redactText } from "../checkpoint/redact.ts";
import { AgentUsageError } from "../core/errors.ts";
import { fits, Grouping, splitsOf } from "./grouping.ts";
import { type PatternEdit, SplitBy } from "./patternEdit.ts";
import { cleanProposal } from "./proposal.ts";
import type { Solution } from "./schema.ts";
import { withoutSolution, withSolution } from "./solutions.ts";
import { talliesOf, united } from "./tallies.ts";
import type { ErrorPattern, SplitRule, Tallies } from "./types.ts";
import { without } from "./without.ts";

/** The patterns after an edit; those given stay as they are. Throws an {@link AgentUsageError} where it cannot be. */
export function edited(patterns: readonly ErrorPattern[], edit: PatternEdit, now: Date): ErrorPattern[] {
  const pattern = find(patterns, edit.signature);
  const stamp = now.toISOString();
  const change = (fields: Partial<ErrorPattern>, of = pattern) =>
    replaced(patterns, of, { ...of, ...fields, edited: stamp });
  switch (edit.kind) {
    case "merge":
      return merged(patterns, pattern, find(patterns, edit.into), stamp);
    case "unmerge":
      return replaced(patterns, pattern, {
        ...(without(pattern, "merged_into") as ErrorPattern),
        edited: stamp,
      });
    case "split":
      return split(patterns, pattern, edit.rule, stamp);
    case "unsplit":
      return unsplit(patterns, pattern, edit.into, stamp);
    case "mute":
      return change({ muted: edit.muted });
    case "rename": {
      const title = edit.title === null ? null : redactText(edit.title).text;
      return title === null
        ? replaced(patterns, pattern, { ...(without(pattern, "title") as ErrorPattern), edited: stamp })
        : change({ title });
    }
    case "solution": {
      const { fix, solution } = edit;
      const others = fix === null ? pattern.solutions : withoutSolution(pattern.solutions, fix);
      return change({ solutions: solution === null ? others : withSolution(others, clean(solution)) });
    }
    case "dismiss": {
      const others = dismissedOf(pattern).filter((fix) => fix !== edit.fix);
      return change({ dismissed: edit.dismissed ? [...others, edit.fix].slice(-50) : others });
    }
  }
}

/** The edit that takes an edit back, asked before it is done. */
export function inverseOf(patterns: readonly ErrorPattern[], edit: PatternEdit): PatternEdit {
  const pattern = find(patterns, edit.signature);
  const { error_signature: of } = pattern;
  switch (edit.kind) {
    case "merge":
      return { kind: "unmerge", signature: of };
    case "unmerge":
      return { kind: "merge", signature: of, into: String(pattern.merged_into) };
    case "split":
      return { kind: "unsplit", signature: of, into: splitSignature(of, edit.rule) };
    case "unsplit": {
      const rule = splitsOf(pattern).find(({ into }) => into === edit.into);
      if (rule === undefined) throw new AgentUsageError(`Nothing was split off ${of} that way.`);
      return { kind: "split", signature: of, rule: SplitBy.parse(rule) };
    }
    case "mute": {
      const { muted } = pattern;
      return { kind: "mute", signature: of, muted: typeof muted === "string" ? muted : muted === true };
    }
    case "rename":
      return {
        kind: "rename",
        signature: of,
        title: typeof pattern.title === "string" ? pattern.title : null,
      };
    case "solution": {
      const before = pattern.solutions.find(({ fix }) => fix === (edit.fix ?? edit.solution?.fix));
      return { kind: "solution", signature: of, fix: edit.solution?.fix ?? null, solution: before ?? null };
    }
    case "dismiss":
      return { ...edit, dismissed: !edit.dismissed };
  }
}

/** The fixes whose proposal a person does not want to see again. */
export const dismissedOf = ({ dismissed }: ErrorPattern): string[] =>
  Array.isArray(dismissed) ? dismissed.filter((fix): fix is string => typeof fix === "string") : [];

/** Whoever splits a pattern by the same rule gets the same pattern: it merges in git. */
export function splitSignature(of: string, rule: SplitBy): string {
  const value = rule.by === "agent" ? rule.agent : rule.contains;
  return hash("sha256", ["split", of, rule.by, value].join("\0"), "hex").slice(0, 12);
}

function merged(
  patterns: readonly ErrorPattern[],
  pattern: ErrorPattern,
  target: ErrorPattern,
  stamp: string,
): ErrorPattern[] {
  const grouping = new Grouping(patterns);
  const into = grouping.rootOf(target.error_signature);
  if (into === pattern.error_signature)
    throw new AgentUsageError("A pattern cannot be merged into itself, nor into what is merged into it.");
  const root = find(patterns, into);
  const linked = replaced(patterns, pattern, { ...pattern, merged_into: into, edited: stamp });
  return replaced(linked, root, { ...root, edited: stamp });
}

/** What is known by agent moves to the new pattern; by message, the samples that fit; the rest counts from now on. */
function split(
  patterns: readonly ErrorPattern[],
  pattern: ErrorPattern,
  by: SplitBy,
  stamp: string,
): ErrorPattern[] {
  const rule: SplitRule = { ...by, into: splitSignature(pattern.error_signature, by) };
  const rules = splitsOf(pattern);
  if (rules.some(({ into }) => into === rule.into)) throw new AgentUsageError("That is split off already.");
  const [left, moved] = partedBy(rule, talliesOf(pattern));
  const count = Math.min(moved.count, Math.max(0, pattern.occurrences));
  const part = {
    ...(without(pattern, "merged_into", "split", "title", "muted", "dismissed") as ErrorPattern),
    error_signature: rule.into,
    solutions: [],
    occurrences: count,
    ...moved.tallies,
    split_from: pattern.error_signature,
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
  return known === undefined ? [...all, part] : all;
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
  const count = Object.values(moved).reduce((sum, each) => sum + each, 0);
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

function unsplit(
  patterns: readonly ErrorPattern[],
  pattern: ErrorPattern,
  into: string,
  stamp: string,
): ErrorPattern[] {
  const rules = splitsOf(pattern);
  if (!rules.some((rule) => rule.into === into))
    throw new AgentUsageError(`Nothing was split off ${pattern.error_signature} that way.`);
  const rest = rules.filter((rule) => rule.into !== into);
  const base = {
    ...(without(pattern, "split") as ErrorPattern),
    ...(rest.length === 0 ? {} : { split: rest }),
    edited: stamp,
  };
  const part = patterns.find(({ error_signature }) => error_signature === into);
  if (part === undefined) return replaced(patterns, pattern, base);
  const solutions = part.solutions.reduce(withSolution, pattern.solutions);
  const whole: ErrorPattern = {
    ...base,
    ...united(talliesOf(pattern), talliesOf(part), (a, b) => a + b),
    solutions,
    occurrences: pattern.occurrences + part.occurrences,
    last_seen: part.last_seen > pattern.last_seen ? part.last_seen : pattern.last_seen,
  };
  return replaced(patterns, pattern, whole).filter((each) => each !== part);
}

function clean(solution: z.infer<typeof Solution>): z.infer<typeof Solution> {
  const { successes, failures, prior_success_rate, ...told } = solution;
  const { solution: written } = cleanProposal(told);
  const counts = { successes, failures, prior_success_rate };
  const known = Object.entries(counts).filter(([, value]) => value !== undefined);
  return { success_rate: solution.success_rate, ...written, ...Object.fromEntries(known) } as typeof solution;
}

function find(patterns: readonly ErrorPattern[], wanted: string): ErrorPattern {
  const pattern = patterns.find(({ error_signature }) => error_signature === wanted);
  if (pattern === undefined) throw new AgentUsageError(`There is no pattern ${wanted.slice(0, 60)}.`);
  return pattern;
}

const replaced = (patterns: readonly ErrorPattern[], old: ErrorPattern, by: ErrorPattern): ErrorPattern[] =>
  patterns.map((pattern) => (pattern === old ? by : pattern));
