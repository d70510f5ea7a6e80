import type { Checkpoint, CheckpointDraft, CheckpointStore } from "./checkpointStore.ts";
import { AgentUsageError } from "./errors.ts";
import type { AgentMetadata } from "./metadata.ts";
import type { Moment } from "./moment.ts";
import { wholeState } from "./redacted.ts";
import type { ExecuteOptions } from "./types.ts";

/** What restoring needs of an agent. */
export interface Restorable {
  readonly metadata: AgentMetadata;
  stateVersion(): number;
  migrateState(snapshot: unknown, fromVersion: number): unknown;
  snapshot(): unknown;
  restore(snapshot: unknown): void;
  moment(): Moment;
}

/** A checkpoint and where it is kept. */
export interface Kept {
  store: CheckpointStore;
  checkpoint: Checkpoint;
}

type Versioned = Pick<Restorable, "metadata" | "stateVersion">;

/** The version of an agent's state; throws an {@link AgentUsageError} where it is no whole number from 1. */
function stateVersionOf(agent: Versioned): number {
  const version = agent.stateVersion();
  if (Number.isInteger(version) && version >= 1) return version;
  throw new AgentUsageError(
    `The stateVersion of agent "${agent.metadata.name}" is a whole number from 1, not ${String(version)}.`,
  );
}

/** What a checkpoint says of the version of the state: nothing of the first one. */
export function versionField(agent: Versioned): Pick<CheckpointDraft, "stateVersion"> {
  const version = stateVersionOf(agent);
  return version === 1 ? {} : { stateVersion: version };
}

/**
 * Gives an agent the state that a checkpoint kept, migrated where it is older; on failure the agent's state stays. The
 * fields that lack a removed secret stay too, as the warnings that it answers with say.
 */
export function restoreCheckpoint(agent: Restorable, checkpoint: Checkpoint): string[] {
  const { id, context, stateVersion: kept = 1 } = checkpoint;
  const version = stateVersionOf(agent);
  if (kept > version) {
    throw new AgentUsageError(
      `Checkpoint ${id} keeps state version ${kept} of agent "${agent.metadata.name}", newer than version ${version} ` +
        "of its code: use the newer code, or set restore: false to begin anew.",
    );
  }
  const snapshot = kept === version ? context : agent.migrateState(context, kept);
  const { state, lacking } = wholeState(snapshot, () => agent.snapshot());
  const { undo } = momentOf(agent);
  try {
    agent.restore(state);
  } catch (error) {
    undo();
    throw error;
  }
  if (lacking.length === 0) return [];
  const fields = lacking.map((path) => (path === "" ? "the whole state" : path)).join(", ");
  return [
    `Checkpoint ${id} lacks the secrets that were removed from ${fields}: what the agent itself had there was kept.`,
  ];
}

/** The checkpoint that the options resume, or null; throws an {@link AgentUsageError} where it cannot be resumed. */
export function checkpointToResume(options: ExecuteOptions, { name }: AgentMetadata): Kept | null {
  const { resume, checkpoints: store } = options;
  if (resume === undefined) return null;
  const refused = (why: string) =>
    new AgentUsageError(`Agent "${name}" cannot resume checkpoint ${resume}: ${why}.`);
  if (store === undefined) throw refused("it has no store, set the option checkpoints");
  const checkpoint = store.load(resume);
  if (checkpoint === null) throw refused("the store has none of that id");
  if (checkpoint.agent !== name) throw refused(`it is one of agent "${checkpoint.agent}"`);
  return { store, checkpoint };
}

function momentOf(agent: Restorable): Pick<Moment, "undo"> {
  try {
    return agent.moment();
  } catch {
    return { undo: () => undefined };
  }
}
