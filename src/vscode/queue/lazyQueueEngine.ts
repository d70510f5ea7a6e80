import type { Queue } from "../../queue/queue.ts";
import { QueueEngine } from "../../queue/queueEngine.ts";
import type { Engine, EngineWorker, PipelineQueue } from "../../runs/engine.ts";
import { UserError } from "../../model/userError.ts";

/** A queue that is opened by the first run. One that cannot be opened fails the runs that wait for it, and the next run tries again. */
export class LazyQueueEngine implements Engine {
  readonly #open: () => Promise<Queue>;
  readonly #onError: (error: unknown) => void;
  #engine: Promise<QueueEngine> | null = null;
  #disposed = false;

  /** @param onError as of a QueueEngine */
  constructor(open: () => Promise<Queue>, onError: (error: unknown) => void) {
    this.#open = open;
    this.#onError = onError;
  }

  async worker(root: string): Promise<EngineWorker> {
    return (await this.#opened()).worker(root);
  }

  get pipelines(): PipelineQueue {
    return {
      run: async (...given) => (await this.#opened()).pipelines.run(...given),
      cancel: async (runId) => (await this.#known())?.pipelines.cancel(runId),
      stepCancelled: async (runId, step) => (await this.#known())?.pipelines.stepCancelled(runId, step),
    };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await (await this.#known())?.dispose();
  }

  /** Null where no run has opened it. */
  async #known(): Promise<QueueEngine | null> {
    return (await this.#engine?.catch(() => null)) ?? null;
  }

  async #opened(): Promise<QueueEngine> {
    if (this.#disposed) throw new UserError("The run was not started, because everything is closing.");
    if (this.#engine !== null) return this.#engine;
    const opening = this.#open().then((queue) => new QueueEngine(queue, this.#onError));
    this.#engine = opening;
    opening.catch(() => (this.#engine = null));
    return opening;
  }
}
