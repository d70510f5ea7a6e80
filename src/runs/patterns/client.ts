import { Worker } from "node:worker_threads";
import type { PatternFunctions } from "../../model/patterns.ts";
import { serviceThread, type ServiceThread } from "../../model/serviceThread.ts";

type Thread = ServiceThread<PatternFunctions, Record<string, never>>;

/** Hides the thread that reads error patterns: it starts with the first call, and again after a crash. */
export class PatternClient {
  readonly #workerFile: string;
  #thread: Thread | null = null;

  /** @param workerFile absolute path of the bundle */
  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  get call(): Thread["rpc"] {
    return (this.#thread ??= this.#start()).rpc;
  }

  dispose(): void {
    const thread = this.#thread;
    if (thread === null) return;
    thread.end(new Error("The error patterns were closed."));
    void thread.worker.terminate();
  }

  #start(): Thread {
    const worker = new Worker(this.#workerFile, { name: "patterns", execArgv: [] });
    worker.unref();
    const thread: Thread = serviceThread(worker, {}, "Reading error patterns", () => {
      if (this.#thread === thread) this.#thread = null;
    });
    return thread;
  }
}
