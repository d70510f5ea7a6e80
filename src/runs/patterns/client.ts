import { Worker } from "node:worker_threads";
import type { KnownFix, SolutionRef } from "../../model/fix.ts";
import type { PatternFunctions } from "../../model/patterns.ts";
import type { RunError } from "../../model/runRecord.ts";
import { serviceThread, type ServiceThread } from "../../model/serviceThread.ts";
import type { FixBook } from "../fixes/knownFixes.ts";

type Thread = ServiceThread<PatternFunctions, Record<string, never>>;

/** Hides the thread that reads error patterns: it starts with the first call, and again after a crash. */
export class PatternClient implements FixBook {
  readonly #workerFile: string;
  #thread: Thread | null = null;

  /** @param workerFile absolute path of the bundle */
  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  get call(): Thread["rpc"] {
    return (this.#thread ??= this.#start()).rpc;
  }

  find(root: string, { name, message, stack, signature }: RunError): Promise<KnownFix[]> {
    return this.call.knownFixes(root, { name, message, stack, signature });
  }

  count(root: string, solution: SolutionRef, passed: boolean): Promise<void> {
    return this.call.countOutcome(root, solution, passed);
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
