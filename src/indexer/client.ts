import { Worker } from "node:worker_threads";
import { createBirpc, type BirpcReturn } from "birpc";
import { overPort } from "../model/channel.ts";
import type { FileUpdate, IndexerEvents, IndexerFunctions, IndexSnapshot } from "../model/indexerProtocol.ts";
import type { IndexSettings } from "../model/indexSettings.ts";
import type { PlanResult } from "../model/migrationPlan.ts";
import { UserError } from "../model/userError.ts";

export interface IndexOptions {
  onProgress?: ((done: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

interface Thread {
  worker: Worker;
  rpc: BirpcReturn<IndexerFunctions, IndexerEvents>;
}

/** Hides the indexer's thread: it starts with the first call and again after a crash. Dispose it to let the process end. */
export class IndexerClient {
  readonly #workerFile: string;
  readonly #listeners = new Map<string, Set<IndexOptions["onProgress"]>>();
  /** Unsaved texts by root and path: a thread that starts anew must learn them again. */
  readonly #unsaved = new Map<string, Map<string, string>>();
  /** By root, likewise. */
  readonly #settings = new Map<string, IndexSettings>();
  #thread: Thread | null = null;
  #disposed = false;

  /** @param workerFile absolute path of the indexer's bundle */
  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  /** Rejects with the signal's reason as soon as it aborts; the work stops when nobody else waits for it. */
  async index(root: string, { onProgress, signal }: IndexOptions = {}): Promise<IndexSnapshot> {
    signal?.throwIfAborted();
    const rpc = this.#rpc();
    const waiting = this.#listeners.get(root) ?? new Set();
    this.#listeners.set(root, waiting);
    const listener: IndexOptions["onProgress"] = (done, total) => onProgress?.(done, total);
    waiting.add(listener);
    const leave = () => {
      waiting.delete(listener);
      if (waiting.size === 0 && this.#listeners.get(root) === waiting) this.#listeners.delete(root);
    };
    try {
      return await abortable(rpc.index(root), signal);
    } catch (error) {
      leave();
      if (signal?.aborted === true && waiting.size === 0) ignoreLoss(rpc.cancel(root));
      throw error;
    } finally {
      leave();
    }
  }

  /** Takes the settings of a folder; they count from the next call on. */
  configure(root: string, settings: IndexSettings): Promise<void> {
    const result = this.#call((rpc) => rpc.configure(root, settings));
    this.#settings.set(root, settings);
    return result;
  }

  /** Takes saved, unsaved and deleted files into account; indexes the folder first where that has not happened yet. */
  update(root: string, updates: FileUpdate[]): Promise<IndexSnapshot> {
    const result = this.#call((rpc) => rpc.update(root, updates));
    const unsaved = this.#unsaved.get(root) ?? new Map<string, string>();
    this.#unsaved.set(root, unsaved);
    for (const { path, text } of updates) {
      if (text === null) unsaved.delete(path);
      else unsaved.set(path, text);
    }
    return result;
  }

  /** Writes the index file of a folder and answers with its path. */
  write(root: string): Promise<string> {
    return this.#call((rpc) => rpc.write(root));
  }

  planMigration(root: string, file: string, name: string): Promise<PlanResult> {
    return this.#call((rpc) => rpc.planMigration(root, file, name));
  }

  /** Forgets a folder, its settings and its unsaved texts. */
  async close(root: string): Promise<void> {
    this.#unsaved.delete(root);
    this.#settings.delete(root);
    const thread = this.#thread;
    if (thread !== null) await thread.rpc.close(root);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const thread = this.#thread;
    if (thread === null) return;
    this.#end(thread, new Error("The indexer was closed."));
    await thread.worker.terminate();
  }

  async #call<T>(call: (rpc: Thread["rpc"]) => Promise<T>): Promise<T> {
    return call(this.#rpc());
  }

  #rpc(): Thread["rpc"] {
    if (this.#disposed) throw new Error("The indexer was closed.");
    this.#thread ??= this.#start();
    return this.#thread.rpc;
  }

  #start(): Thread {
    const worker = new Worker(this.#workerFile, {
      name: "indexer",
      execArgv: [],
      workerData: this.#workerFile,
    });
    const events: IndexerEvents = {
      progress: (root, done, total) => {
        for (const listener of this.#listeners.get(root) ?? []) listener?.(done, total);
      },
    };
    const rpc = createBirpc<IndexerFunctions, IndexerEvents>(events, overPort(worker));
    const thread = { worker, rpc };
    const crashed = (reason: string) =>
      this.#end(thread, new UserError(`The indexer stopped (${reason}). Try again: it starts anew.`));
    worker.on("error", (error) => crashed(error instanceof Error ? error.message : String(error)));
    worker.on("messageerror", (error) => crashed(error.message));
    worker.on("exit", (code) => crashed(`exit code ${code}`));
    for (const [root, settings] of this.#settings) ignoreLoss(rpc.configure(root, settings));
    for (const [root, texts] of this.#unsaved) {
      const updates = [...texts].map(([path, text]) => ({ path, text }));
      if (updates.length > 0) ignoreLoss(rpc.update(root, updates));
    }
    return thread;
  }

  #end(thread: Thread, error: Error): void {
    if (this.#thread === thread) this.#thread = null;
    if (!thread.rpc.$closed) thread.rpc.$close(error);
  }
}

async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (abort !== undefined) signal.removeEventListener("abort", abort);
  }
}

/** For calls whose outcome nobody waits for: the thread may end before it answers. */
function ignoreLoss(call: Promise<unknown>): void {
  call.catch(() => undefined);
}
