import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../model/userError.ts";
import type { WorkerTold } from "../../model/workerTold.ts";
import type { JobCounts } from "../../queue/jobs.ts";
import type { Queue } from "../../queue/queue.ts";
import { Workers } from "../../queue/workers.ts";

/** How it stands with a queue. */
export interface QueueState {
  /** The oldest first. */
  workers: WorkerTold[];
  counts: JobCounts;
}

export interface QueueListener {
  onState(state: QueueState): void;
  /** Told each time that it cannot be asked; it is tried again. */
  onProblem(error: unknown): void;
}

const EVERY_MS = 5_000;

/** Asks a queue every few seconds for its workers, from now until it is closed. */
export class QueueWatch {
  readonly #open: () => Promise<Queue>;
  readonly #listener: QueueListener;
  readonly #everyMs: number;
  readonly #closed = new AbortController();
  #queue: Queue | null = null;

  constructor(open: () => Promise<Queue>, listener: QueueListener, everyMs = EVERY_MS) {
    this.#open = open;
    this.#listener = listener;
    this.#everyMs = everyMs;
    void this.#go();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    // What waits for a server that is away ends with it.
    await this.#queue?.close();
  }

  async #go(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await this.#look().then(
        (state) => this.#tell((listener) => listener.onState(state)),
        (error: unknown) => this.#tell((listener) => listener.onProblem(error)),
      );
      await pause(this.#everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #tell(tell: (listener: QueueListener) => void): void {
    if (!this.#closed.signal.aborted) tell(this.#listener);
  }

  async #look(): Promise<QueueState> {
    const queue = (this.#queue ??= await this.#opened());
    const asked = Promise.all([new Workers(queue.shared.files).list(), queue.jobs.counts()]);
    // Those calls wait for a minute, if need be.
    const silent = new UserError(`The queue ${queue.shown} does not answer.`);
    const late = setTimeout(() => this.#tell((listener) => listener.onProblem(silent)), this.#everyMs);
    try {
      const [workers, counts] = await asked;
      return { workers, counts };
    } finally {
      clearTimeout(late);
    }
  }

  async #opened(): Promise<Queue> {
    const queue = await this.#open();
    if (!this.#closed.signal.aborted) return queue;
    await queue.close();
    throw new Error("The watch was closed meanwhile.");
  }
}
