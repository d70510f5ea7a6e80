import {
  parseCheckpoint,
  type Checkpoint,
  type CheckpointDraft,
  type CheckpointStore,
  type CheckpointSummary,
  type LatestOptions,
} from "../../runtime/index.ts";
import { isCompleted, summaryOf } from "../../runtime/checkpoint/listing.ts";
import { continueAfter } from "../../runtime/checkpoint/newId.ts";
import { Recorder } from "../../runtime/checkpoint/recorder.ts";
import { emitWarning, StoreError, type Warn } from "../../runtime/storeError.ts";
import type { QueueAddress } from "../address.ts";
import { BlockingCalls } from "./blockingCalls.ts";

export interface SharedStoreOptions {
  /** The built `queueThread.cjs`. */
  threadFile: string;
  /** Told once about each checkpoint that is skipped; by default a warning of the process. */
  onWarning?: Warn | undefined;
}

/**
 * Checkpoints on Redis or PostgreSQL, in the files that the workers of a queue share: what runs left is what it lists, and what it
 * saves, runs can go on from. They are gone after thirty days. The calls wait while the server is away, for a minute at most, and throw
 * a StoreError then.
 */
export class SharedCheckpointStore implements CheckpointStore {
  readonly #recorder = new Recorder();
  readonly #warn: Warn;
  readonly #warned = new Set<string>();
  /** Agents whose newest id is known. */
  readonly #begun = new Set<string>();
  #calls: BlockingCalls | null;

  constructor(address: QueueAddress, { threadFile, onWarning = emitWarning }: SharedStoreOptions) {
    this.#warn = onWarning;
    this.#calls = new BlockingCalls(threadFile, address);
  }

  /** Throws a StoreError where it is larger than 64 MiB. */
  save(draft: CheckpointDraft): CheckpointSummary {
    this.#continue(draft.agent);
    const { summary, bytes } = this.#recorder.save(draft);
    const copy = new Uint8Array(bytes);
    this.#call("put", [summary, copy], [copy.buffer]);
    return summaryOf(summary);
  }

  load(id: string): Checkpoint | null {
    const bytes = this.#call("read", [id]) as Uint8Array | null;
    if (bytes === null) return null;
    try {
      const checkpoint = parseCheckpoint(Buffer.from(bytes).toString("utf8"));
      if (checkpoint.id !== id) throw new StoreError(`The shared store has another one under the id ${id}.`);
      return checkpoint;
    } catch (error) {
      if (!this.#warned.has(id)) this.#warn(`The checkpoint ${id} is skipped: ${(error as Error).message}`);
      this.#warned.add(id);
      return null;
    }
  }

  latest(agent: string, options: LatestOptions = {}): Checkpoint | null {
    for (const id of this.#call("ids", [agent]) as string[]) {
      const summary = this.#call("summary", [agent, id]) as CheckpointSummary | null;
      if (summary === null || !isCompleted(summary, options)) continue;
      const checkpoint = this.load(id);
      if (checkpoint !== null) return checkpoint;
    }
    return null;
  }

  list(agent?: string): CheckpointSummary[] {
    return this.#call("list", [agent]) as CheckpointSummary[];
  }

  agents(): string[] {
    return this.#call("agents", []) as string[];
  }

  /** Ends the connection; the store cannot be used any more. Again: nothing happens. */
  close(): void {
    if (this.#calls === null) return;
    try {
      this.#call("close", []);
    } finally {
      this.#calls.close();
      this.#calls = null;
    }
  }

  /** The clock of another machine may be ahead. */
  #continue(agent: string): void {
    if (this.#begun.has(agent)) return;
    const [newest] = this.#call("ids", [agent]) as string[];
    if (newest !== undefined) continueAfter(newest);
    this.#begun.add(agent);
  }

  #call(method: string, args: unknown[], transferred: ArrayBuffer[] = []): unknown {
    if (this.#calls !== null) return this.#calls.call(method, args, transferred);
    throw new StoreError("The shared checkpoint store is closed; open another one.");
  }
}
