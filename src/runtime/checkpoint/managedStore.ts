import type { CheckpointStore, CheckpointSummary } from "../core/checkpointStore.ts";

/** A checkpoint and what it came from. */
export interface Lineage {
  /** From the checkpoint asked for to the oldest ancestor that is there; empty where it is not there itself. */
  checkpoints: CheckpointSummary[];
  /** Why it does not reach a checkpoint without parent; null where it does. */
  note: string | null;
}

/** What a fork has of its own; the rest is as in the checkpoint it is made of. */
export interface ForkOptions {
  /** The agent that goes on from there; by default the same. */
  agent?: string | undefined;
  /** The run that goes on from there; by default null. */
  runId?: string | null | undefined;
  /** By default "fork". */
  label?: string | null | undefined;
}

/**
 * Which checkpoints stay. The limits hold for each agent by itself, newest first; what is over any of them goes, except
 * the agent's newest and newest completed checkpoint, pinned ones, and the ancestors that `maxAncestors` speaks of: by
 * default the execution that a checkpoint was made in stays whole. Without limits everything stays.
 */
export interface PrunePolicy {
  /** At most this many; an integer from 0. */
  maxCount?: number | undefined;
  /** None older than this, in milliseconds, from 0. */
  maxAgeMs?: number | undefined;
  /** At most this many bytes together, as stored; from 0. */
  maxBytes?: number | undefined;
  /**
   * How many ancestors of each checkpoint that the limits keep stay too; an integer from 0, or Infinity for all of them,
   * so that an agent whose executions follow one another keeps every checkpoint. By default those of the same execution
   * (back to the one it began with), what a fork was made of, and what another agent went on from. A checkpoint is
   * complete in itself: an ancestor that is gone is history, and `lineage()` says where it ends. Pinned checkpoints
   * always keep all their ancestors.
   */
  maxAncestors?: number | undefined;
}

/** How to prune. */
export interface PruneOptions {
  /** Only this agent's; by default all agents'. */
  agent?: string | undefined;
  /** Tells what would be removed, and removes nothing. */
  dryRun?: boolean | undefined;
}

/** What pruning did, or would do. */
export interface PruneResult {
  /** Newest first. */
  removed: CheckpointSummary[];
  /** How many are left, of the agent or of all. */
  kept: number;
  /** The size of what was removed, in bytes. */
  bytes: number;
  /** What was left alone for a reason, and what stays over the limits, one sentence each. */
  notes: string[];
}

/** A store that also follows, forks, pins and prunes checkpoints. Every store of this library is one. */
export interface ManagedCheckpointStore extends CheckpointStore {
  /** A checkpoint and its ancestors, newest to root; stops with a note at one that is missing. */
  lineage(id: string): Lineage;
  /**
   * Saves a checkpoint with the content of another one, which is its parent, to go on from there another way. What is
   * stored stays as it is. Throws a `StoreError` where there is no such checkpoint.
   */
  fork(id: string, options?: ForkOptions): CheckpointSummary;
  /** Keeps a checkpoint from being pruned, and its ancestors; throws a `StoreError` where there is none. */
  pin(id: string): void;
  /** Takes a pin away; nothing happens where there is none. */
  unpin(id: string): void;
  /** The ids of the pinned checkpoints, oldest first. */
  pins(): string[];
  /** Removes checkpoints that a policy does not keep. Throws an `AgentUsageError` for a limit or option that is none. */
  prune(policy: PrunePolicy, options?: PruneOptions): PruneResult;
}

/** Settings that all stores have. */
export interface RetentionOptions {
  /**
   * Prunes an agent's checkpoints by itself: after the first save of the agent in this store and after every 64th, less
   * often where more than 64 stay. A failure is a warning.
   */
  retention?: PrunePolicy | undefined;
}
