import { redact, redactText } from "../checkpoint/redact.ts";
import { isRecord } from "../core/clone.ts";
import { AgentUsageError } from "../core/errors.ts";
import type { ProposedSolution } from "./types.ts";

const longestFix = 2000;
const mostBytes = 16 * 1024;
/** Not for a proposal to claim. */
const counted = new Set(["successes", "failures", "prior_success_rate", "learned"]);

/** What may be written of a text, and how many secrets were taken out of it. */
export interface CleanFix {
  fix: string;
  count: number;
}

/** The words of a fix, which name it: without secrets, not too long. Throws an {@link AgentUsageError} for none. */
export function cleanFix(fix: unknown): CleanFix {
  if (typeof fix !== "string" || fix.trim() === "") {
    throw new AgentUsageError("A solution needs a fix: say in words what to do.");
  }
  const { text, count } = redactText(fix.slice(0, 2 * longestFix));
  return { fix: text.slice(0, longestFix), count };
}

/**
 * What may be written of a proposed solution: JSON without secrets, of bounded size. Throws an {@link AgentUsageError}
 * where that cannot be.
 */
export function cleanProposal(proposal: ProposedSolution): { solution: ProposedSolution; count: number } {
  const { fix, count } = cleanFix((proposal as ProposedSolution | null)?.fix);
  let json: string;
  try {
    json = JSON.stringify({ ...proposal, fix });
  } catch (cause) {
    throw new AgentUsageError(`The solution "${fix}" cannot be kept: it is not JSON.`, { cause });
  }
  if (json.length > mostBytes) {
    throw new AgentUsageError(`The solution "${fix.slice(0, 80)}" cannot be kept: it is larger than 16 KiB.`);
  }
  const clean = redact(JSON.parse(json));
  const fields = Object.entries(isRecord(clean.value) ? clean.value : {});
  const solution = Object.fromEntries(fields.filter(([key]) => !counted.has(key)));
  return { solution: { ...solution, fix }, count: count + clean.count };
}
