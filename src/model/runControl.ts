import * as z from "zod";
import { Answer } from "./runRecord.ts";

/** An answer; where an option holds a secret, which no record tells, its place among the options, from 0. */
export const Given = z.union([Answer, z.object({ option: z.number().int().nonnegative() })]);
export type Given = z.infer<typeof Given>;

/** What another process may want of the one that records a run. */
export const ControlRequest = z.discriminatedUnion("type", [
  z.object({ type: z.literal("answer"), runId: z.string(), answer: Given, askedAt: z.string() }),
  z.object({ type: z.literal("cancel"), runId: z.string() }),
]);
export type ControlRequest = z.infer<typeof ControlRequest>;

/** Comes when it is done, or why it is not, in a sentence. */
export const ControlReply = z.object({ refusal: z.string().nullable() });
export type ControlReply = z.infer<typeof ControlReply>;
