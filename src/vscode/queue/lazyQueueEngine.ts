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
    if (this.#disposed) throw new UserError("The run was not started, because everything is closing.");
    return (await this.#opened()).worker(root);
  }

  get pipelines(): PipelineQueue {
    return {
      run: async (...given) => (await this.#opened()).pipelines.run(...given),
      cancel: async (runId) => (await this.#opened()).pipelines.cancel(runId),
      goOn: async (runId) => (await this.#opened()).pipelines.goOn(runId),
    };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const engine = await this.#engine?.catch(() => null);
    await engine?.dispose();
  }

  #opened(): Promise<QueueEngine> {
    if (this.#engine !== null) return this.#engine;
    const opening = this.#open().then((queue) => new QueueEngine(queue, this.#onError));
    this.#engine = opening;
    opening.catch(() => (this.#engine = null));
    return opening;
  }
}
