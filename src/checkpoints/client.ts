import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { BirpcReturn } from "birpc";
import type {
  CheckpointEvents,
  CheckpointFolder,
  CheckpointFunctions,
  CheckpointKey,
} from "../model/checkpoints.ts";
import { serviceThread, type ServiceThread } from "../model/serviceThread.ts";

type Thread = ServiceThread<CheckpointFunctions, CheckpointEvents>;

/** What is told while something long is under way. */
export interface JobOptions {
  onProgress?: ((done: number, total: number) => void) | undefined;
  onFound?: ((keys: CheckpointKey[]) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Hides the thread that reads checkpoints: it starts with the first call and again after a crash. Dispose it to let the process end. */
export class CheckpointClient {
  readonly #workerFile: string;
  readonly #changed: () => void;
  readonly #jobs = new Map<string, JobOptions>();
  #folders: CheckpointFolder[] = [];
  #thread: Thread | null = null;
  #disposed = false;

  /**
   * @param workerFile absolute path of the bundle
   * @param changed called when there is more to list, or something else
   */
  constructor(workerFile: string, changed: () => void) {
    this.#workerFile = workerFile;
    this.#changed = changed;
  }

  /** The functions of the thread; of those that take a job, see {@link run}. */
  get call(): BirpcReturn<CheckpointFunctions, CheckpointEvents> {
    return this.#started().rpc;
  }

  open(folders: CheckpointFolder[]): Promise<void> {
    // A thread that starts now is told of them once.
    const { call } = this;
    this.#folders = folders;
    return call.open(folders);
  }

  /** Calls what takes a job; the signal ends it, and it rejects with an AbortError then. */
  async run<T>(
    work: (functions: CheckpointFunctions, job: string) => Promise<T>,
    options: JobOptions = {},
    job: string = randomUUID(),
  ): Promise<T> {
    const { signal } = options;
    signal?.throwIfAborted();
    const { rpc } = this.#started();
    const cancel = () => void rpc.cancel(job).catch(() => undefined);
    this.#jobs.set(job, options);
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await work(rpc, job);
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.#jobs.delete(job);
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const thread = this.#thread;
    if (thread === null) return;
    thread.end(new Error("The checkpoints were closed."));
    await thread.worker.terminate();
  }

  #started(): Thread {
    if (this.#disposed) throw new Error("The checkpoints were closed.");
    return (this.#thread ??= this.#start());
  }

  #start(): Thread {
    const worker = new Worker(this.#workerFile, { name: "checkpoints", execArgv: [] });
    const events: CheckpointEvents = {
      changed: () => this.#changed(),
      progress: (job, done, total) => this.#jobs.get(job)?.onProgress?.(done, total),
      found: (job, keys) => this.#jobs.get(job)?.onFound?.(keys),
    };
    const thread: Thread = serviceThread(worker, events, "Reading checkpoints", () => {
      if (this.#thread === thread) this.#thread = null;
    });
    if (this.#folders.length > 0) void thread.rpc.open(this.#folders).catch(() => undefined);
    return thread;
  }
}
