import type { GroupPreview, RegroupPreview } from "../model/patterns.ts";
import { edited, splitSignature } from "../runtime/patterns/edit.ts";
import { Grouping } from "../runtime/patterns/grouping.ts";
import { groupsOf, type PatternGroup } from "../runtime/patterns/groups.ts";
import type { PatternEdit } from "../runtime/patterns/patternEdit.ts";
import { talliesOf } from "../runtime/patterns/tallies.ts";
import type { ErrorPattern } from "../runtime/index.ts";
import { messageOf, titleOf } from "./rows.ts";

/** What an edit makes of the groups that it touches, from all that is recorded; nothing is changed. */
export function regroupPreview(
  patterns: readonly ErrorPattern[],
  edit: PatternEdit,
  now: Date,
): RegroupPreview {
  const touched = touchedBy(edit);
  const after = edited(patterns, edit, now);
  return {
    title: titleFor(patterns, edit),
    before: groupsWith(patterns, touched),
    after: groupsWith(after, touched),
    notes: notesFor(patterns, edit),
  };
}

function touchedBy(edit: PatternEdit): string[] {
  switch (edit.kind) {
    case "merge":
    case "unsplit":
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
    ...{ occurrences: pattern.occurrences, agents, samples },
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

function notesFor(patterns: readonly ErrorPattern[], edit: PatternEdit): string[] {
  if (edit.kind !== "split") return ["Later errors are counted the same way. It can be undone."];
  const pattern = patterns.find(({ error_signature }) => error_signature === edit.signature);
  const counted = Object.values(pattern === undefined ? {} : talliesOf(pattern).agent_counts);
  const known = counted.reduce((sum, count) => sum + count, 0);
  const unknown = Math.max(0, (pattern?.occurrences ?? 0) - known);
  const earlier =
    edit.rule.by === "message"
      ? "Which of the earlier errors had such a message is not recorded: they stay where they are, and only samples move."
      : unknown > 0
        ? `Of ${unknown} earlier errors it is not recorded who had them: they stay where they are.`
        : "Earlier errors of the agent move; when they happened stays with the others.";
  return [earlier, "Later errors are counted apart. It can be undone."];
}
