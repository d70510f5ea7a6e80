import { join } from "node:path";
import { ErrorPatternLearner } from "../runtime/index.ts";
import type { RunError } from "../model/runRecord.ts";

/** What was added to the message for people: it made no part of the signature. */
const CAUSES = " (cause: ";

/** Counts an error in a folder under the signature that it was counted under in another one. */
export function learnTold(
  error: RunError & { signature: string },
  { root, agent, runId }: { root: string; agent: string; runId: string },
): void {
  try {
    const learner = new ErrorPatternLearner(join(root, ".proj-intel"));
    const context = { agent, agentType: agent, runId };
    const { name, message, stack, signature } = error;
    const own = message.endsWith(")") ? (message.split(CAUSES, 1)[0] ?? message) : message;
    learner.recordTold({ name, message: own, signature, ...(stack !== undefined && { stack }) }, context);
  } catch {
    // The run's own record holds the error; a pattern file that cannot be written must not hide it.
  }
}
