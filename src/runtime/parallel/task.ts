import { isAgent } from "../core/agent.ts";
import { AgentUsageError } from "../core/errors.ts";
import { runInstance } from "./instanceRun.ts";
import { referenceToSend, isReference, labelOf } from "./reference.ts";
import type { Run, RunListener } from "./run.ts";
import type { ThreadPool } from "./threadPool.ts";

/** A valid pair. */
export interface Task {
  readonly index: number;
  /** The agent's name, as far as it is known. */
  readonly agent: string;
  readonly task: unknown;
  /** Tasks of one lane take turns. */
  readonly lane: object;
  start(listener: RunListener): Run;
}

/** Where tasks are executed. */
export interface Places {
  readonly threads: ThreadPool;
  readonly graceMs: number;
}

/** Checks a pair; throws an {@link AgentUsageError} that names its index. */
export function toTask(pair: unknown, index: number, { threads, graceMs }: Places): Task {
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new AgentUsageError(
      `The pair at index ${index} is not valid: it is an array of an agent and its task.`,
    );
  }
  const [agent, task] = pair as [unknown, unknown];
  if (isReference(agent)) {
    try {
      const checked = referenceToSend(agent);
      const start = (listener: RunListener) => threads.run(checked, task, listener);
      return { index, agent: labelOf(agent), task, lane: threads, start };
    } catch (error) {
      if (!(error instanceof AgentUsageError)) throw error;
      throw new AgentUsageError(`The pair at index ${index} is not valid. ${error.message}`, {
        cause: error,
      });
    }
  }
  if (!isAgent(agent)) throw new AgentUsageError(notAnAgent(agent, index));
  const start = (listener: RunListener) => runInstance(agent, task, listener, graceMs);
  return { index, agent: agent.metadata.name, task, lane: agent, start };
}

/** What can be told of a pair that is not valid. */
export function describePair(pair: unknown): { agent: string; task: unknown } {
  const [agent, task] = Array.isArray(pair) ? (pair as unknown[]) : [];
  const name = isAgent(agent) ? agent.metadata.name : isReference(agent) ? labelOf(agent) : "";
  return { agent: name, task };
}

function notAnAgent(agent: unknown, index: number): string {
  const start = `The pair at index ${index} is not valid: `;
  if (typeof agent === "function") {
    return `${start}a class is constructed in a thread where a module reference names it ({module, export}), or is given as an instance.`;
  }
  if (typeof agent === "object" && agent !== null) {
    return `${start}its first item is neither an agent nor a module reference: wrap a legacy agent in UniversalAgentAdapter.`;
  }
  return `${start}its first item is ${agent === null ? "null" : typeof agent}, not an agent or a module reference.`;
}
