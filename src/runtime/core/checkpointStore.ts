import type { RecordedAnswer } from "./question.ts";
import type { AgentState } from "./state.ts";

/** What an agent hands to a store; the store adds id, time and hash. */
export interface CheckpointDraft {
  /** The agent's name. */
  agent: string;
  /** The agent's type. */
  agentType: string;
  /** "started", "completed", "answer", "rollback", "shutdown", or the label the agent gave. */
  label: string | null;
  /** The agent's state when the checkpoint was made. */
  state: AgentState;
  /** The agent's own state, as its snapshot hook gave it. */
  context: unknown;
  /** What the agent was asked to do; null outside executions. */
  task: unknown;
  /** The checkpoint this one follows or returns to. */
  parentId: string | null;
  /** The run it belongs to, or null. */
  runId: string | null;
  /** The version of the agent's own state, from 1; absent means 1. */
  stateVersion?: number | undefined;
  /** What was answered so far in the execution, in order; absent means nothing. */
  answers?: RecordedAnswer[] | undefined;
}

/** A stored checkpoint. */
export interface Checkpoint extends CheckpointDraft {
  /** Of the format. */
  schemaVersion: 1;
  /** Sortable by time (UUIDv7). */
  id: string;
  /** Unix time in seconds, with fraction. */
  timestamp: number;
  /** ISO 8601. */
  createdAt: string;
  /** SHA-256 (hex) of all other fields as compact JSON. */
  hash: string;
  /** How many secret-looking values were replaced by "[redacted]" before writing. */
  redactions: number;
  /** Paths of values that could not be kept, for example "task.callback (function)". */
  lost: string[];
}

/** A checkpoint without its content. */
export type CheckpointSummary = Omit<Checkpoint, "context" | "task" | "answers">;

/** Which checkpoint {@link CheckpointStore.latest} looks for. */
export interface LatestOptions {
  /** Only checkpoints at which no execution was under way or had failed (state "ready" or "stopped"). */
  completed?: boolean | undefined;
}

/**
 * Where checkpoints live. Synchronous, because agents are. Append-only: nothing that was saved is ever edited.
 * What is loaded is a copy that the caller may change.
 */
export interface CheckpointStore {
  /** Stores a checkpoint durably and answers with its id and the like; throws a clear error where it cannot. */
  save(draft: CheckpointDraft): CheckpointSummary;
  /** The checkpoint with this id, or null. */
  load(id: string): Checkpoint | null;
  /** The newest readable checkpoint of the named agent, or null. */
  latest(agent: string, options?: LatestOptions): Checkpoint | null;
  /** Checkpoints, newest first, of one agent or of all. */
  list(agent?: string): CheckpointSummary[];
  /** The names of the agents that have checkpoints, sorted. */
  agents(): string[];
}
