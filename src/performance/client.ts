import { Worker } from "node:worker_threads";
import { createBirpc, type BirpcReturn } from "birpc";
import { overPort } from "../model/channel.ts";
import type {
  PerformanceAnswer,
  PerformanceFunctions,
  PerformanceQuery,
  PerformanceRoot,
} from "../model/performance.ts";

/** Nobody looks any more: what was read is read anew when somebody does. */
const IDLE_MS = 120_000;

interface Thread {
  worker: Worker;
  rpc: BirpcReturn<PerformanceFunctions>;
}

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
    this.#thread = null;
    if (thread === null) return;
    thread.rpc.$close();
    void thread.worker.terminate();
  }

  #start(): Thread {
    const worker = new Worker(this.#workerFile, { name: "performance" });
    const rpc = createBirpc<PerformanceFunctions>({}, overPort(worker));
    const thread = { worker, rpc };
    worker.on("error", (error) => this.#lost(thread, error));
    worker.on("exit", () => this.#lost(thread, new Error("The thread that reads the records has ended.")));
    worker.unref();
    return thread;
  }

  #lost(thread: Thread, error: Error): void {
    if (this.#thread === thread) this.#thread = null;
    thread.rpc.$close(error);
  }
}
