import type {
  Checkpoint,
  CheckpointDraft,
  CheckpointStore,
  CheckpointSummary,
  LatestOptions,
} from "../core/checkpointStore.ts";
import { isCompleted, newestFirst, summaryOf } from "./listing.ts";
import { toCheckpoint, toFile } from "./record.ts";
import type { Checkpoint as CheckpointFile } from "./schema.ts";

/** Keeps checkpoints as long as the process lives; encoded and redacted as on disk, so that stores are interchangeable. */
export class MemoryCheckpointStore implements CheckpointStore {
  readonly #files = new Map<string, CheckpointFile>();

  /** Stores a checkpoint. */
  save(draft: CheckpointDraft): CheckpointSummary {
    const { file } = toFile(draft, Date.now());
    this.#files.set(file.id, file);
    return summaryOf(file);
  }

  /** The checkpoint with this id, or null. */
  load(id: string): Checkpoint | null {
    const file = this.#files.get(id);
    return file === undefined ? null : toCheckpoint(file);
  }

  /** The newest checkpoint of the named agent, or null. */
  latest(agent: string, options: LatestOptions = {}): Checkpoint | null {
    const found = this.list(agent).find((summary) => isCompleted(summary, options));
    return found === undefined ? null : this.load(found.id);
  }

  /** Checkpoints, newest first, of one agent or of all. */
  list(agent?: string): CheckpointSummary[] {
    return [...this.#files.values()]
      .filter((file) => agent === undefined || file.agent === agent)
      .map(summaryOf)
      .sort(newestFirst);
  }

  /** The names of the agents that have checkpoints, sorted. */
  agents(): string[] {
    return [...new Set([...this.#files.values()].map((file) => file.agent))].sort();
  }
}
