import { normaliseOutput } from "../core/output.ts";
import type { FailedResult, Result, SuccessResult } from "../core/types.ts";
import { sendable } from "./plainData.ts";
import { fromPlainThrown, type PlainThrown, toPlainThrown } from "./plainThrown.ts";

/** A result as plain data, without what most results have in common. */
export type SentResult =
  | (Partial<SuccessResult> & { status?: never; warnings: string[] })
  | (Omit<FailedResult, "cause"> & { cause: PlainThrown });

const none = { tokens: 0, cost: 0 };
const usual = { status: "success", reportedFailure: null, checkpointId: null, attempts: 1 } as const;
const usualEntries = new Map<string, unknown>(Object.entries(usual));

/** What is sent of a result. Of a value that is plain data the other side makes the output itself. */
export function toSent(result: Result): SentResult {
  if (result.status === "failed") return { ...result, cause: toPlainThrown(result.cause) };
  const { output, usage, ...rest } = result;
  const sent: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) {
    if (!usualEntries.has(key) || usualEntries.get(key) !== value) sent[key] = value;
  }
  const { value, plain, warning } = sendable(result.value, output);
  sent.value = value;
  // An agent of an older copy of this library reports no usage.
  const { tokens, cost } = { ...none, ...usage };
  if (tokens !== 0 || cost !== 0) sent.usage = usage;
  if (!plain) sent.output = output;
  if (warning !== null) sent.warnings = [...result.warnings, warning];
  return sent as unknown as SentResult;
}

/** The result that was sent. */
export function fromSent(sent: SentResult, added: readonly string[]): Result {
  const warnings = added.length === 0 ? sent.warnings : [...sent.warnings, ...added];
  if (sent.status === "failed") return { ...sent, warnings, cause: fromPlainThrown(sent.cause) };
  return {
    durationMs: 0,
    value: undefined,
    usage: { ...none },
    output: sent.output ?? normaliseOutput(sent.value).output,
    ...usual,
    ...sent,
    warnings,
  };
}
