import * as z from "zod";
import { Solution } from "./schema.ts";

const signature = z.string().min(1).max(200);
const text = z.string().trim().min(1).max(2000);

/** By what errors are told apart. */
export const SplitBy = z.discriminatedUnion("by", [
  z.object({ by: z.literal("agent"), agent: text }),
  z.object({ by: z.literal("message"), contains: text }),
]);
export type SplitBy = z.infer<typeof SplitBy>;

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
  /** Adds a solution, changes the one with the words `fix`, or takes that out. */
  z.object({
    kind: z.literal("solution"),
    signature,
    fix: text.nullable(),
    solution: Solution.extend({ fix: text }).nullable(),
  }),
  /** A proposal that a person does not want to see again, or does. */
  z.object({ kind: z.literal("dismiss"), signature, fix: text, dismissed: z.boolean() }),
]);
export type PatternEdit = z.infer<typeof PatternEdit>;
