import type { ManagedCheckpointStore } from "../checkpoint/managedStore.ts";
import type { CheckpointDraft, CheckpointStore } from "../core/checkpointStore.ts";

/** A kind of checkpoint store, as the conformance suite needs it. */
export interface ConformanceSubject {
  /** What the names of the cases begin with. */
  name: string;
  /** Gives a store without checkpoints; called once a case. */
  create: () => CheckpointStore | Promise<CheckpointStore>;
  /** Gives another store over the same content, as another process would have it; without it the same one is asked. */
  reopen?: ((store: CheckpointStore) => CheckpointStore | Promise<CheckpointStore>) | undefined;
  /** Called after each case with all stores that were opened, the created one first. */
  dispose?: ((stores: readonly CheckpointStore[]) => void | Promise<void>) | undefined;
  /** Whether the stores are `ManagedCheckpointStore`s. */
  managed?: boolean | undefined;
}

/** One thing that a checkpoint store must do. */
export interface ConformanceCase {
  /** For the report. */
  name: string;
  /** Rejects where the store does otherwise. */
  run: () => Promise<void>;
}

/** A case before it knows its store. */
export interface Check<Store = CheckpointStore> {
  name: string;
  check: (store: Store, reopen: () => Promise<Store>) => void | Promise<void>;
}

/** A case of a store that follows, forks, pins and prunes. */
export type ManagedCheck = Check<ManagedCheckpointStore>;

/** A draft of agent "worker". */
export const draft = (changes: Partial<CheckpointDraft> = {}): CheckpointDraft => ({
  agent: "worker",
  agentType: "conformance",
  label: "started",
  state: "busy",
  context: { step: 1 },
  task: { q: "x" },
  parentId: null,
  runId: "run-1",
  ...changes,
});

/** An id that no checkpoint has. */
export const nobody = "01970000-0000-7000-8000-000000000000";
