import { redactText } from "../checkpoint/redact.ts";
import { AgentUsageError } from "../core/errors.ts";
import { Grouping } from "./grouping.ts";
import type { PatternEdit } from "./patternEdit.ts";
import { replaced } from "./replaced.ts";
import { changesFor, cleanChange, inverseChanges, withChanges } from "./solutionEdit.ts";
import { apartAgain, holderOf, rejoined, splitOff, splitSignature } from "./split.ts";
import type { ErrorPattern } from "./types.ts";
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
      return splitOff(patterns, pattern, edit.rule, stamp);
    case "unsplit":
      return rejoined(patterns, pattern, edit.into, stamp);
    case "resplit":
      return apartAgain(patterns, pattern, edit, stamp);
    case "mute":
      return change({ muted: edit.muted });
    case "rename": {
      const title = edit.title === null ? null : redactText(edit.title).text;
      return title === null
        ? replaced(patterns, pattern, { ...(without(pattern, "title") as ErrorPattern), edited: stamp })
        : change({ title });
    }
    case "solution":
      return withChanges(patterns, changesFor(patterns, edit).map(cleanChange), stamp);
    case "solutions":
      return withChanges(patterns, edit.changes, stamp);
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
      const parent = holderOf(patterns, pattern, edit.into);
      const part = patterns.find(({ error_signature }) => error_signature === edit.into) ?? null;
      return { kind: "resplit", signature: parent.error_signature, into: edit.into, parent, part };
    }
    case "resplit":
      return { kind: "unsplit", signature: of, into: edit.into };
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
      const changes = changesFor(patterns, edit).map(cleanChange);
      return { kind: "solutions", signature: of, changes: inverseChanges(patterns, changes) };
    }
    case "solutions":
      return { ...edit, changes: inverseChanges(patterns, edit.changes) };
    case "dismiss":
      return { ...edit, dismissed: !edit.dismissed };
  }
}

/** The fixes whose proposal a person does not want to see again. */
export const dismissedOf = ({ dismissed }: ErrorPattern): string[] =>
  Array.isArray(dismissed) ? dismissed.filter((fix): fix is string => typeof fix === "string") : [];

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

function find(patterns: readonly ErrorPattern[], wanted: string): ErrorPattern {
  const pattern = patterns.find(({ error_signature }) => error_signature === wanted);
  if (pattern === undefined) throw new AgentUsageError(`There is no pattern ${wanted.slice(0, 60)}.`);
  return pattern;
}
