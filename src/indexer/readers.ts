import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { createBirpc, type BirpcReturn } from "birpc";
import { overPort } from "../model/channel.ts";
import type { Reader } from "./reader.ts";
import type { Pause } from "./pause.ts";

/** Fewer files are done before a thread has started. */
const WORTH_A_THREAD = 400;
const MOST_HELPERS = 3;
/** So many portions a helper has at a time: the next one is there while this thread is busy. */
const AHEAD = 4;

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

  share<T>(work: Shared<T>, pause: Pause, onDone: (done: number) => void): Promise<void> {
    return this.sharing(work, pause, onDone).finish();
  }

  /** For work whose paths are still being found. */
  sharing<T>(work: Shared<T>, pause: Pause, onDone: (done: number) => void): Sharing<T> {
    return new Sharing(work, pause, onDone, (files) => this.#start(files));
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

/** One piece of work that is shared; its paths may grow until it is finished. */
export class Sharing<T> {
  readonly #work: Shared<T>;
  readonly #pause: Pause;
  readonly #onDone: (done: number) => void;
  readonly #start: (files: number) => readonly Helper[];
  /** What helpers have not answered yet. */
  readonly #open = new Set<string[]>();
  #next = 0;
  #done = 0;
  #helped = false;
  /** All paths are there. */
  #complete = false;

  constructor(
    work: Shared<T>,
    pause: Pause,
    onDone: (done: number) => void,
    start: (files: number) => readonly Helper[],
  ) {
    this.#work = work;
    this.#pause = pause;
    this.#onDone = onDone;
    this.#start = start;
  }

  /** More paths are there: helpers begin where these are many. */
  grow(): void {
    if (this.#helped) return;
    for (const helper of this.#start(this.#work.paths.length)) {
      this.#helped = true;
      for (let ahead = 0; ahead < AHEAD; ahead += 1) void this.#help(helper);
    }
  }

  /** No more paths come, and nobody waits for the work. */
  end(): void {
    this.#complete = true;
  }

  /** No more paths come: does here what no helper has taken, and ends when everything is done. */
  async finish(): Promise<void> {
    this.end();
    this.grow();
    const { here } = this.#work;
    for (let part = this.#nextPart(); part.length > 0; part = this.#nextPart()) {
      for (const path of part) {
        here(path);
        this.#onDone((this.#done += 1));
        await this.#pause.here();
      }
    }
    // Nobody waits for a helper: what it has not answered by now is done here, unless the answer comes first.
    for (const part of [...this.#open].reverse()) {
      for (const path of part) {
        if (!this.#open.has(part)) break;
        here(path);
        await this.#pause.here();
      }
      if (this.#open.delete(part)) this.#onDone((this.#done += part.length));
    }
  }

  async #help({ rpc }: Helper): Promise<void> {
    const { ask, take } = this.#work;
    for (;;) {
      const part = this.#nextPart();
      if (part.length === 0) {
        if (this.#complete || this.#pause.aborted) return;
        await setImmediate();
        continue;
      }
      this.#open.add(part);
      const results = await ask(rpc, part).catch(() => null);
      if (results === null || this.#pause.aborted || !this.#open.delete(part)) return;
      for (const [at, path] of part.entries()) take(path, results[at] as T);
      this.#onDone((this.#done += part.length));
    }
  }

  /** Whole portions for as long as more may come. */
  #nextPart(): string[] {
    const { paths, portion } = this.#work;
    if (!this.#complete && paths.length < this.#next + portion) return [];
    return paths.slice(this.#next, (this.#next = Math.min(paths.length, this.#next + portion)));
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
