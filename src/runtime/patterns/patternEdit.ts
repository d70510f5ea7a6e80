import * as z from "zod";
import { ErrorPattern } from "./schema.ts";

const signature = z.string().min(1).max(200);
const text = z.string().trim().min(1).max(2000);

/** By what errors are told apart. */
export const SplitBy = z.discriminatedUnion("by", [
  z.object({ by: z.literal("agent"), agent: text }),
  z.object({ by: z.literal("message"), contains: text }),
]);
export type SplitBy = z.infer<typeof SplitBy>;

/**
 * What a person writes of a solution. Of a known one, what is left out stays and null takes it away; what else there is,
 * such as counts, is taken of a new one only.
 */
export const SolutionFields = z.looseObject({
  fix: text.optional(),
  code_snippet: z.string().nullable().optional(),
  language: z.string().nullable().optional(),
  unconfirmed: z.boolean().nullable().optional(),
  learned: z.boolean().nullable().optional(),
  action: z.record(z.string(), z.unknown()).nullable().optional(),
});
export type SolutionFields = z.infer<typeof SolutionFields>;

/** Adds a solution (`fix` is null), changes the one with the very words `fix`, or takes that out (`solution` is null). */
export const SolutionChange = z.object({
  signature,
  fix: z.string().nullable(),
  solution: SolutionFields.nullable(),
});
export type SolutionChange = z.infer<typeof SolutionChange>;

/** Something that a person changes about patterns; each can be taken back by another one. */
export const PatternEdit = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("merge"), signature, into: signature }),
  z.object({ kind: z.literal("unmerge"), signature }),
  z.object({ kind: z.literal("split"), signature, rule: SplitBy }),
  /** Takes a split back: the errors that counted to `into` count to the pattern again. */
  z.object({ kind: z.literal("unsplit"), signature, into: signature }),
  /** For good, until a time (ISO 8601), or no more. */
  z.object({ kind: z.literal("mute"), signature, muted: z.union([z.boolean(), z.iso.datetime()]) }),
  z.object({ kind: z.literal("rename"), signature, title: text.max(200).nullable() }),
  /** Takes an `unsplit` back: both as they were, and what was recorded since stays with the pattern. */
  z.object({
    ...{ kind: z.literal("resplit"), signature, into: signature },
    ...{ parent: ErrorPattern, part: ErrorPattern.nullable() },
  }),
  /** Of a group: a solution that several patterns of it hold is changed in each. */
  SolutionChange.extend({ kind: z.literal("solution") }),
  /** Takes a `solution` back, pattern by pattern. */
  z.object({ kind: z.literal("solutions"), signature, changes: z.array(SolutionChange) }),
  /** A proposal that a person does not want to see again, or does. */
  z.object({ kind: z.literal("dismiss"), signature, fix: text, dismissed: z.boolean() }),
]);
export type PatternEdit = z.infer<typeof PatternEdit>;
