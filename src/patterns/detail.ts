import type { PatternDetail, PatternRun, ProposedFix, SolutionRow } from "../model/patterns.ts";
import { dismissedOf } from "../runtime/patterns/edit.ts";
import { splitsOf } from "../runtime/patterns/grouping.ts";
import type { PatternGroup } from "../runtime/patterns/groups.ts";
import { lowerBound } from "../runtime/patterns/solutions.ts";
import { talliesOf } from "../runtime/patterns/tallies.ts";
import type { ErrorPattern, Solution } from "../runtime/index.ts";
import { messageOf, rowOf } from "./rows.ts";
import { shownAction } from "./solutionAction.ts";
import { piecesOf } from "./template.ts";
import { whyGrouped } from "./whyGrouped.ts";

const mostText = 4000;
/** Of one kind: what we write is bounded, and a file may hold any number. */
const mostShown = 200;

/** What is known of a group beside the patterns file. */
export interface Surroundings {
  runs: PatternRun[];
  proposals: readonly ProposedFix[];
  /** Where a frame's source is, as file:line. */
  placeOf: (frame: string) => string | null;
  now: Date;
}

/** All that is known of a group. */
export function detailOf(
  folder: string,
  group: PatternGroup,
  { runs, proposals, placeOf, now }: Surroundings,
): PatternDetail {
  const { pattern, members } = group;
  const { agents, agent_counts, run_count, samples } = talliesOf(pattern);
  const { split_from } = pattern;
  return {
    ...rowOf(folder, group, now),
    message: messageOf(pattern).slice(0, mostText),
    template: piecesOf(messageOf(pattern).slice(0, mostText)),
    samples:
      samples.length > 0
        ? samples.slice(-mostShown).map((text) => text.slice(0, mostText))
        : lastMessage(pattern),
    frames: textsOf(pattern.frames).map((text) => ({ text, place: placeOf(text) })),
    counts: agents.slice(0, mostShown).map((agent) => ({
      agent,
      count: Object.hasOwn(agent_counts, agent) ? (agent_counts[agent] ?? null) : null,
    })),
    runs,
    runCount: run_count,
    why: whyGrouped(group).slice(0, mostShown),
    members: members.slice(1, 1 + mostShown).map((member) => ({
      signature: member.error_signature,
      type: member.error_type,
      message: messageOf(member).slice(0, 300),
      occurrences: member.occurrences,
    })),
    splits: members
      .flatMap(splitsOf)
      .slice(0, mostShown)
      .map((rule) => ({
        into: rule.into,
        text: rule.by === "agent" ? `errors of ${rule.agent}` : `messages that contain "${rule.contains}"`,
      })),
    splitFrom: typeof split_from === "string" ? split_from : null,
    solutionRows: solutionRows(group, proposals),
  };
}

function solutionRows({ pattern, members }: PatternGroup, proposals: readonly ProposedFix[]): SolutionRow[] {
  const signatures = members.map(({ error_signature }) => error_signature);
  const dismissed = new Set(members.flatMap(dismissedOf));
  const known = new Set(pattern.solutions.map(({ fix }) => fix));
  const kept = pattern.solutions.slice(0, mostShown).map((solution) => {
    const holder = members.find(({ solutions }) => solutions.some(({ fix }) => fix === solution.fix));
    const own = holder?.solutions.find(({ fix }) => fix === solution.fix) ?? solution;
    return { ...rowOfSolution(solution, holder?.error_signature ?? pattern.error_signature), solution: own };
  });
  const proposed = proposals
    .filter(({ signature, fix }) => signatures.includes(signature) && !known.has(fix) && !dismissed.has(fix))
    .map((proposal) => proposedRow(proposal));
  return [...kept, ...proposed.sort((a, b) => b.lowerBound - a.lowerBound)];
}

function rowOfSolution(solution: Solution, signature: string): SolutionRow {
  const { fix, code_snippet, language, successes = 0, failures = 0, last_used, unconfirmed } = solution;
  return {
    fix,
    snippet: code_snippet?.slice(0, mostText) ?? null,
    language: typeof language === "string" ? language.slice(0, 40) : null,
    action: shownAction(solution.action),
    ...{ successes, failures, signature, solution },
    lowerBound: lowerBound(solution),
    lastUsed: typeof last_used === "string" ? last_used : null,
    unconfirmed: unconfirmed === true,
    proposed: false,
    evidence: null,
  };
}

function proposedRow({ fix, action, signature, tried, passed, lastUsed }: ProposedFix): SolutionRow {
  const solution: SolutionRow["solution"] = {
    fix,
    success_rate: Math.round((passed / tried) * 1e4) / 1e4,
    ...{ successes: passed, failures: tried - passed, last_used: lastUsed },
    ...(action === undefined ? {} : { action }),
  };
  return {
    ...rowOfSolution(solution, signature),
    unconfirmed: true,
    proposed: true,
    evidence: `After this error it was tried ${tried === 1 ? "once" : `${tried} times`}, and ${passed === tried ? "passed" : `passed ${passed} times`}.`,
  };
}

const lastMessage = ({ last_message }: ErrorPattern): string[] =>
  typeof last_message === "string" ? [last_message.slice(0, mostText)] : [];

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string").slice(0, 20) : [];
