import type {
  Checkpoint,
  CheckpointDraft,
  CheckpointSummary,
  LatestOptions,
} from "../core/checkpointStore.ts";
import { emitWarning, StoreError } from "../storeError.ts";
import { lineageOf } from "./lineage.ts";
import { isCompleted, newestFirst, summaryOf } from "./listing.ts";
import type {
  ForkOptions,
  Lineage,
  ManagedCheckpointStore,
  PruneOptions,
  PrunePolicy,
  PruneResult,
  RetentionOptions,
} from "./managedStore.ts";
import { checkPruning } from "./policy.ts";
import { planPruning, resultOf } from "./pruning.ts";
import { toCheckpoint } from "./record.ts";
import { Recorder, type Sealed } from "./recorder.ts";
import { Retention } from "./retention.ts";
import type { Checkpoint as CheckpointFile } from "./schema.ts";

interface Kept {
  summary: CheckpointSummary;
  content: Buffer;
}

const fileOf = ({ content }: Kept): CheckpointFile => JSON.parse(content.toString("utf8")) as CheckpointFile;

/** Keeps checkpoints as long as the process lives; encoded and redacted as on disk, so that stores are interchangeable. */
export class MemoryCheckpointStore implements ManagedCheckpointStore {
  readonly #kept = new Map<string, Kept>();
  readonly #pins = new Set<string>();
  readonly #recorder = new Recorder();
  readonly #retention: Retention;

  /** Throws an `AgentUsageError` for a retention policy that is none. */
  constructor(options: RetentionOptions = {}) {
    this.#retention = new Retention(options.retention);
  }

  /** Stores a checkpoint; throws a `StoreError` where it is larger than 256 MiB. */
  save(draft: CheckpointDraft): CheckpointSummary {
    return this.#keep(this.#recorder.save(draft));
  }

  #keep({ summary, bytes }: Sealed): CheckpointSummary {
    this.#kept.set(summary.id, { summary, content: Buffer.from(bytes) });
    this.#retention.saved(summary.agent, (policy, options) => this.prune(policy, options), emitWarning);
    return summaryOf(summary);
  }

  /** The checkpoint with this id, or null. */
  load(id: string): Checkpoint | null {
    const kept = this.#kept.get(id);
    return kept === undefined ? null : toCheckpoint(fileOf(kept));
  }

  /** The newest checkpoint of the named agent, or null. */
  latest(agent: string, options: LatestOptions = {}): Checkpoint | null {
    const found = this.list(agent).find((summary) => isCompleted(summary, options));
    return found === undefined ? null : this.load(found.id);
  }

  /** Checkpoints, newest first, of one agent or of all. */
  list(agent?: string): CheckpointSummary[] {
    return [...this.#kept.values()]
      .filter(({ summary }) => agent === undefined || summary.agent === agent)
      .map(({ summary }) => summaryOf(summary))
      .sort(newestFirst);
  }

  /** The names of the agents that have checkpoints, sorted. */
  agents(): string[] {
    return [...new Set([...this.#kept.values()].map(({ summary }) => summary.agent))].sort();
  }

  /** A checkpoint and its ancestors, newest to root; stops with a note at one that is missing. */
  lineage(id: string): Lineage {
    return lineageOf(id, this.list());
  }

  /** Saves a checkpoint with the content of another one, its parent; throws a `StoreError` where there is none. */
  fork(id: string, options: ForkOptions = {}): CheckpointSummary {
    const file = fileOf(this.#existing(id));
    const { agent = file.agent, runId = null, label = "fork" } = options;
    return this.#keep(this.#recorder.fork(file, { agent, runId, label }));
  }

  /** Keeps a checkpoint from being pruned, and its ancestors; throws a `StoreError` where there is none. */
  pin(id: string): void {
    this.#existing(id);
    this.#pins.add(id);
  }

  /** Takes a pin away; nothing happens where there is none. */
  unpin(id: string): void {
    this.#pins.delete(id);
  }

  /** The ids of the pinned checkpoints, oldest first. */
  pins(): string[] {
    return [...this.#pins].sort();
  }

  /** Removes checkpoints that a policy does not keep; throws an `AgentUsageError` for a limit or option that is none. */
  prune(policy: PrunePolicy, options: PruneOptions = {}): PruneResult {
    checkPruning(policy, options);
    const all = [...this.#kept.values()].map(({ summary, content }) => ({ summary, bytes: content.length }));
    const { agent } = options;
    const isReadable = (): boolean => true;
    const plan = planPruning(all, policy, { agent, pinned: this.#pins, isReadable, now: Date.now() });
    if (options.dryRun !== true) for (const { summary } of plan.removed) this.#kept.delete(summary.id);
    return resultOf(plan, []);
  }

  #existing(id: string): Kept {
    const kept = this.#kept.get(id);
    if (kept === undefined) throw new StoreError(`There is no checkpoint ${id}.`);
    return kept;
  }
}
