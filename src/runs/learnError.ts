import { join } from "node:path";
import { ErrorPatternLearner } from "../runtime/index.ts";
import type { Learn } from "./run.ts";

/** Records the ends that an agent's thread could not record itself, because they were its own: exit, crash, timeout, memory. */
export const learnError: Learn = (error, { root, agent, runId, attempt }) => {
  try {
    const learner = new ErrorPatternLearner(join(root, ".proj-intel"));
    return learner.recordError(error, { agent, agentType: agent, runId, attempt });
  } catch {
    // The run's own record holds the error; a pattern file that cannot be written must not hide it.
    return undefined;
  }
};
