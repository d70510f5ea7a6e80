import { Worker } from "node:worker_threads";
import type { KnownFix, SolutionRef } from "../../model/fix.ts";
import type { RunError } from "../../model/runRecord.ts";
import type { FixBook } from "./knownFixes.ts";

const longestMs = 20_000;

export type BookRequest =
  { root: string; error: RunError } | { root: string; solution: SolutionRef; passed: boolean };
export type BookAnswer = { fixes: KnownFix[] } | { problem: string };

/** Reads and writes in threads: error patterns may be many, and this thread have others to serve. */
export class ThreadBook implements FixBook {
  readonly #file: string;

  /** @param file the bundle of the thread */
  constructor(file: string) {
    this.#file = file;
  }

  find(root: string, { name, message, stack, signature }: RunError): Promise<KnownFix[]> {
    return this.#ask({ root, error: { name, message, stack, signature } });
  }

  async count(root: string, solution: SolutionRef, passed: boolean): Promise<void> {
    await this.#ask({ root, solution, passed });
  }

  async #ask(request: BookRequest): Promise<KnownFix[]> {
    const worker = new Worker(this.#file, { workerData: request });
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<KnownFix[]>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error("The error patterns take too long to read.")), longestMs);
        worker
          .once("message", (answer: BookAnswer) => {
            if ("fixes" in answer) resolve(answer.fixes);
            else reject(new Error(answer.problem));
          })
          .once("error", reject)
          .once("exit", () => reject(new Error("The thread that reads error patterns ended.")));
      });
    } finally {
      clearTimeout(timer);
      await worker.terminate();
    }
  }
}
