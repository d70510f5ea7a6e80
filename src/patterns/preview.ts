import type { GroupPreview, RegroupPreview } from "../model/patterns.ts";
import { edited } from "../runtime/patterns/edit.ts";
import { Grouping } from "../runtime/patterns/grouping.ts";
import { groupsOf, type PatternGroup } from "../runtime/patterns/groups.ts";
import type { PatternEdit } from "../runtime/patterns/patternEdit.ts";
import { splitSignature } from "../runtime/patterns/split.ts";
import { talliesOf } from "../runtime/patterns/tallies.ts";
import type { ErrorPattern } from "../runtime/index.ts";
import { messageOf, titleOf } from "./rows.ts";

/** What we write is bounded; a file may hold any number. */
const mostShown = 100;
const longestSample = 1000;

/** What an edit makes of the groups that it touches, from all that is recorded; nothing is changed. */
export function regroupPreview(
  patterns: readonly ErrorPattern[],
  edit: PatternEdit,
  now: Date,
): RegroupPreview {
  const touched = touchedBy(patterns, edit);
  const after = edited(patterns, edit, now);
  return {
    title: titleFor(patterns, edit),
    before: groupsWith(patterns, touched),
    after: groupsWith(after, touched),
    notes: notesFor(patterns, after, edit),
  };
}

function touchedBy(patterns: readonly ErrorPattern[], edit: PatternEdit): string[] {
  switch (edit.kind) {
    case "unmerge":
      return [edit.signature, new Grouping(patterns).rootOf(edit.signature)];
    case "merge":
    case "unsplit":
    case "resplit":
      return [edit.signature, edit.into];
    case "split":
      return [edit.signature, splitSignature(edit.signature, edit.rule)];
    default:
      return [edit.signature];
  }
}

function groupsWith(patterns: readonly ErrorPattern[], signatures: readonly string[]): GroupPreview[] {
  const grouping = new Grouping(patterns);
  const roots = new Set(signatures.map((signature) => grouping.rootOf(signature)));
  return groupsOf(patterns)
    .filter(({ pattern }) => roots.has(pattern.error_signature))
    .map(previewOf);
}

function previewOf({ pattern }: PatternGroup): GroupPreview {
  const { agents, samples } = talliesOf(pattern);
  return {
    signature: pattern.error_signature,
    message: titleOf(pattern) ?? messageOf(pattern).slice(0, 300),
    occurrences: Math.max(0, pattern.occurrences),
    agents: agents.slice(-mostShown),
    samples: samples.slice(-mostShown).map((text) => text.slice(0, longestSample)),
  };
}

function titleFor(patterns: readonly ErrorPattern[], edit: PatternEdit): string {
  const name = (signature: string) => {
    const pattern = patterns.find(({ error_signature }) => error_signature === signature);
    return pattern === undefined ? signature : `"${(titleOf(pattern) ?? messageOf(pattern)).slice(0, 80)}"`;
  };
  switch (edit.kind) {
    case "merge":
      return `Merge ${name(edit.signature)} into ${name(edit.into)}`;
    case "unmerge":
      return `Take ${name(edit.signature)} out again`;
    case "split":
      return edit.rule.by === "agent"
        ? `Count errors of ${edit.rule.agent} apart`
        : `Count errors apart whose message contains "${edit.rule.contains}"`;
    case "unsplit":
      return `Count ${name(edit.into)} with ${name(edit.signature)} again`;
    default:
      return `Change ${name(edit.signature)}`;
  }
}

function notesFor(
  patterns: readonly ErrorPattern[],
  after: readonly ErrorPattern[],
  edit: PatternEdit,
): string[] {
  if (edit.kind !== "split") return ["Later errors are counted the same way. It can be undone."];
  const find = (list: readonly ErrorPattern[], signature: string) =>
    list.find(({ error_signature }) => error_signature === signature);
  const before = find(patterns, edit.signature);
  const left = find(after, edit.signature);
  if (before === undefined || left === undefined) return [];
  const samples = talliesOf(before).samples.length > talliesOf(left).samples.length;
  return [
    edit.rule.by === "agent"
      ? agentNote(edit.rule.agent, before, before.occurrences - left.occurrences)
      : `Which of the earlier errors had such a message is not recorded: they stay where they are${samples ? ", and only samples move" : ""}.`,
    "Later errors are counted apart. It can be undone.",
  ];
}

function agentNote(agent: string, pattern: ErrorPattern, moved: number): string {
  const known = Object.values(talliesOf(pattern).agent_counts).reduce((sum, count) => sum + count, 0);
  const unknown = Math.max(0, pattern.occurrences - known);
  const move =
    moved === 0
      ? `Of the earlier errors none is known to be of ${agent}: they stay where they are.`
      : `${moved === 1 ? "One earlier error of the agent moves" : `${moved.toLocaleString("en")} earlier errors of the agent move`}; when that happened stays with the others.`;
  return unknown === 0
    ? move
    : `${move} Who had ${unknown.toLocaleString("en")} of the earlier errors is not recorded: they stay where they are.`;
}
