import { Worker } from "node:worker_threads";
import { createBirpc, type BirpcReturn } from "birpc";
import { overPort } from "../../model/channel.ts";
import type { PatternFunctions } from "../../model/patterns.ts";
import { UserError } from "../../model/userError.ts";

interface Thread {
  worker: Worker;
  rpc: BirpcReturn<PatternFunctions>;
}

/** Hides the thread that reads error patterns: it starts with the first call, and again after a crash. */
export class PatternClient {
  readonly #workerFile: string;
  #thread: Thread | null = null;

  /** @param workerFile absolute path of the bundle */
  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  get call(): BirpcReturn<PatternFunctions> {
    return (this.#thread ??= this.#start()).rpc;
  }

  dispose(): void {
    const thread = this.#thread;
    if (thread === null) return;
    this.#end(thread, new Error("The error patterns were closed."));
    void thread.worker.terminate();
  }

  #start(): Thread {
    const worker = new Worker(this.#workerFile, { name: "patterns", execArgv: [] });
    worker.unref();
    const rpc = createBirpc<PatternFunctions>({}, overPort(worker));
    const thread: Thread = { worker, rpc };
    const crashed = (reason: string) =>
      this.#end(
        thread,
        new UserError(`Reading error patterns stopped (${reason}). Try again: it starts anew.`),
      );
    worker.on("error", (error) => crashed(error instanceof Error ? error.message : String(error)));
    worker.on("messageerror", (error) => crashed(error.message));
    worker.on("exit", (code) => crashed(`exit code ${code}`));
    return thread;
  }

  #end(thread: Thread, error: Error): void {
    if (this.#thread === thread) this.#thread = null;
    if (!thread.rpc.$closed) thread.rpc.$close(error);
  }
}
