import type { CheckpointSummary, LatestOptions } from "../core/checkpointStore.ts";

/** Ids sort by time. */
export const newestFirst = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? 1 : -1);

/** Whether a checkpoint is one that {@link LatestOptions} asks for. */
export const isCompleted = ({ state }: Pick<CheckpointSummary, "state">, options: LatestOptions): boolean =>
  options.completed !== true || state === "ready" || state === "stopped";

/** A file or an index line, without content and size. */
export function summaryOf(stored: CheckpointSummary): CheckpointSummary {
  const { schemaVersion, id, parentId, runId, agent, agentType, label, state } = stored;
  const { timestamp, createdAt, hash, redactions, lost, stateVersion } = stored;
  return {
    schemaVersion,
    id,
    parentId,
    runId,
    agent,
    agentType,
    label,
    state,
    timestamp,
    createdAt,
    hash,
    redactions,
    lost: [...lost],
    ...(stateVersion === undefined ? {} : { stateVersion }),
  };
}
