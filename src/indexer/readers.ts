import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { createBirpc, type BirpcReturn } from "birpc";
import { overPort } from "../model/channel.ts";
import type { Reader } from "./reader.ts";
import type { Pause } from "./pause.ts";

/** Fewer files are done before a thread has started. */
const WORTH_A_THREAD = 400;
const MOST_HELPERS = 3;

interface Helper {
  worker: Worker;
  rpc: BirpcReturn<Reader>;
}

/** Work on many files. */
export interface Shared<T> {
  paths: readonly string[];
  /** How many paths a helper is given at a time. */
  portion: number;
  ask: (helper: BirpcReturn<Reader>, paths: string[]) => Promise<T[]>;
  /** Gets what a helper answered. */
  take: (path: string, result: T) => void;
  /** Does one path in this thread. */
  here: (path: string) => void;
}

/**
 * Shares work on files between this thread and helpers, one for each further core. A helper that fails changes
 * nothing but the time it takes: what it did not answer is done here.
 */
export class Readers {
  readonly #bundle: string | null;
  #helpers: Helper[] | null = null;

  /** @param bundle the file that the helpers run; null: there are none */
  constructor(bundle: string | null) {
    this.#bundle = bundle;
  }

  /** So many files will come: the helpers start meanwhile. */
  expect(files: number): void {
    this.#start(files);
  }

  async share<T>(
    { paths, portion, ask, take, here }: Shared<T>,
    pause: Pause,
    onDone: (done: number) => void,
  ): Promise<void> {
    let next = 0;
    let done = 0;
    /** What helpers have not answered yet. */
    const open = new Set<string[]>();
    const nextPart = (): string[] => paths.slice(next, (next = Math.min(paths.length, next + portion)));
    const help = async ({ rpc }: Helper): Promise<void> => {
      for (let part = nextPart(); part.length > 0; part = nextPart()) {
        open.add(part);
        const results = await ask(rpc, part).catch(() => null);
        if (results === null || pause.aborted || !open.delete(part)) return;
        for (const [at, path] of part.entries()) take(path, results[at] as T);
        onDone((done += part.length));
      }
    };
    // Two portions at a time: the next one is there before the answer to the last one is read.
    for (const helper of this.#start(paths.length)) void Promise.all([help(helper), help(helper)]);
    for (let part = nextPart(); part.length > 0; part = nextPart()) {
      for (const path of part) {
        here(path);
        onDone((done += 1));
        await pause.here();
      }
    }
    // Nobody waits for a helper: what it has not answered by now is done here, unless the answer comes first.
    for (const part of open) {
      for (const path of part) {
        if (!open.has(part)) break;
        here(path);
        await pause.here();
      }
      if (open.delete(part)) onDone((done += part.length));
    }
  }

  /** Ends the helpers; they start again when there is enough to do. */
  rest(): void {
    for (const { worker, rpc } of this.#helpers ?? []) {
      rpc.$close(new Error("The work is done."));
      void worker.terminate();
    }
    this.#helpers = null;
  }

  #start(files: number): readonly Helper[] {
    if (this.#bundle === null || files < WORTH_A_THREAD) return [];
    const bundle = this.#bundle;
    const count = Math.min(MOST_HELPERS, availableParallelism() - 1);
    this.#helpers ??= Array.from({ length: count }, () => startHelper(bundle));
    return this.#helpers;
  }
}

function startHelper(bundle: string): Helper {
  const worker = new Worker(bundle, { name: "indexer helper", execArgv: [], workerData: "helper" });
  worker.unref();
  const rpc = createBirpc<Reader>({}, overPort(worker));
  const lost = (error: Error): void => {
    if (!rpc.$closed) rpc.$close(error);
  };
  worker.on("error", (error) => lost(error instanceof Error ? error : new Error(String(error))));
  worker.on("messageerror", lost);
  worker.on("exit", () => lost(new Error("The helper ended.")));
  return { worker, rpc };
}
