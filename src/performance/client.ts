import { Worker } from "node:worker_threads";
import type {
  PerformanceAnswer,
  PerformanceFunctions,
  PerformanceQuery,
  PerformanceRoot,
} from "../model/performance.ts";
import { serviceThread, type ServiceThread } from "../model/serviceThread.ts";

/** Nobody looks any more: what was read is read anew when somebody does. */
const IDLE_MS = 120_000;

type Thread = ServiceThread<PerformanceFunctions, Record<string, never>>;

/** Hides the thread that reads records: it starts with the first question and ends when nobody asks any more. */
export class PerformanceClient {
  readonly #workerFile: string;
  #thread: Thread | null = null;
  #idle: NodeJS.Timeout | undefined;

  /** @param workerFile absolute path of the thread's bundle */
  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  async figures(roots: PerformanceRoot[], query: PerformanceQuery): Promise<PerformanceAnswer> {
    clearTimeout(this.#idle);
    this.#thread ??= this.#start();
    try {
      return await this.#thread.rpc.figures(roots, query);
    } finally {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => this.dispose(), IDLE_MS).unref();
    }
  }

  dispose(): void {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    if (thread === null) return;
    thread.end(new Error("The records were closed."));
    void thread.worker.terminate();
  }

  #start(): Thread {
    const worker = new Worker(this.#workerFile, { name: "performance" });
    worker.unref();
    const thread: Thread = serviceThread(worker, {}, "Reading the records", () => {
      if (this.#thread === thread) this.#thread = null;
    });
    return thread;
  }
}
