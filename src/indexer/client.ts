import { Worker } from "node:worker_threads";
import type {
  FileUpdate,
  IndexerEvents,
  IndexerFunctions,
  IndexSnapshot,
  SnapshotDelta,
} from "../model/indexerProtocol.ts";
import type { IndexSettings } from "../model/indexSettings.ts";
import type { PlanOptions, PlanRequest, PlanResult } from "../model/migrationPlan.ts";
import { serviceThread, type ServiceThread } from "../model/serviceThread.ts";
import { SnapshotReceiver } from "./snapshotDelta.ts";

export interface IndexOptions {
  onProgress?: ((done: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

interface Thread extends ServiceThread<IndexerFunctions, IndexerEvents> {
  /** By root: the snapshots come as what differs from the one before. */
  receivers: Map<string, SnapshotReceiver>;
}

/** Hides the indexer's thread: it starts with the first call and again after a crash. Dispose it to let the process end. */
export class IndexerClient {
  readonly #workerFile: string;
  readonly #cacheFolder: string | null;
  readonly #listeners = new Map<string, Set<IndexOptions["onProgress"]>>();
  /** Unsaved texts by root and path: a thread that starts anew must learn them again. */
  readonly #unsaved = new Map<string, Map<string, string>>();
  /** By root, likewise. */
  readonly #settings = new Map<string, IndexSettings>();
  #thread: Thread | null = null;
  #disposed = false;

  /**
   * @param workerFile absolute path of the indexer's bundle
   * @param cacheFolder where to remember what was read, for the next start; null: nowhere
   */
  constructor(workerFile: string, cacheFolder: string | null = null) {
    this.#workerFile = workerFile;
    this.#cacheFolder = cacheFolder;
  }

  /** Rejects with the signal's reason as soon as it aborts; the work stops when nobody else waits for it. */
  async index(root: string, { onProgress, signal }: IndexOptions = {}): Promise<IndexSnapshot> {
    signal?.throwIfAborted();
    const thread = this.#started();
    const { rpc } = thread;
    const leave = this.#listen(root, onProgress);
    try {
      return await abortable(received(thread, root, rpc.index(root)), signal);
    } catch (error) {
      leave();
      if (signal?.aborted === true && !this.#listeners.has(root)) ignoreLoss(rpc.cancel(root));
      throw error;
    } finally {
      leave();
    }
  }

  /** Tells of progress until the answer is called. */
  #listen(root: string, onProgress: IndexOptions["onProgress"]): () => void {
    const waiting = this.#listeners.get(root) ?? new Set();
    this.#listeners.set(root, waiting);
    const listener: IndexOptions["onProgress"] = (done, total) => onProgress?.(done, total);
    waiting.add(listener);
    return () => {
      waiting.delete(listener);
      if (waiting.size === 0 && this.#listeners.get(root) === waiting) this.#listeners.delete(root);
    };
  }

  /** Takes the settings of a folder; they count from the next call on. */
  configure(root: string, settings: IndexSettings): Promise<void> {
    const result = this.#call((rpc) => rpc.configure(root, settings));
    this.#settings.set(root, settings);
    return result;
  }

  /** Takes saved, unsaved and deleted files into account; indexes the folder first where that has not happened yet. */
  update(
    root: string,
    updates: FileUpdate[],
    onProgress?: IndexOptions["onProgress"],
  ): Promise<IndexSnapshot> {
    const leave = this.#listen(root, onProgress);
    const result = this.#call((rpc, thread) => received(thread, root, rpc.update(root, updates))).finally(
      leave,
    );
    const unsaved = this.#unsaved.get(root) ?? new Map<string, string>();
    this.#unsaved.set(root, unsaved);
    for (const { path, text } of updates) {
      if (text === null) unsaved.delete(path);
      else unsaved.set(path, text);
    }
    return result;
  }

  /** Stops what is under way for a folder: it rejects with an AbortError. */
  cancel(root: string): void {
    if (this.#thread !== null) ignoreLoss(this.#thread.rpc.cancel(root));
  }

  /** Writes what is known to the cache at once; the indexer also does so by itself after a while. */
  remember(root: string): Promise<void> {
    return this.#call((rpc) => rpc.remember(root));
  }

  /** Writes the index file of a folder and answers with its path. */
  write(root: string): Promise<string> {
    return this.#call((rpc) => rpc.write(root));
  }

  /** Classes of one file belong into one call: the later plans build on the earlier ones. */
  planMigrations(root: string, requests: PlanRequest[], options: PlanOptions): Promise<PlanResult[]> {
    return this.#call((rpc) => rpc.planMigrations(root, requests, options));
  }

  /** The plan of one class. */
  async planMigration(root: string, request: PlanRequest, options: PlanOptions): Promise<PlanResult> {
    const [result] = await this.planMigrations(root, [request], options);
    if (result === undefined) throw new Error("The indexer gave no answer.");
    return result;
  }

  /** Forgets a folder, its settings and its unsaved texts. */
  async close(root: string): Promise<void> {
    this.#unsaved.delete(root);
    this.#settings.delete(root);
    const thread = this.#thread;
    if (thread === null) return;
    await thread.rpc.close(root);
    thread.receivers.delete(root);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const thread = this.#thread;
    if (thread === null) return;
    thread.end(new Error("The indexer was closed."));
    await thread.worker.terminate();
  }

  async #call<T>(call: (rpc: Thread["rpc"], thread: Thread) => Promise<T>): Promise<T> {
    const thread = this.#started();
    return call(thread.rpc, thread);
  }

  #started(): Thread {
    if (this.#disposed) throw new Error("The indexer was closed.");
    return (this.#thread ??= this.#start());
  }

  #start(): Thread {
    const worker = new Worker(this.#workerFile, {
      name: "indexer",
      execArgv: [],
      workerData: { bundle: this.#workerFile, cacheFolder: this.#cacheFolder },
    });
    const events: IndexerEvents = {
      progress: (root, done, total) => {
        for (const listener of this.#listeners.get(root) ?? []) listener?.(done, total);
      },
    };
    const thread: Thread = {
      ...serviceThread<IndexerFunctions, IndexerEvents>(worker, events, "The indexer", () => {
        if (this.#thread === thread) this.#thread = null;
      }),
      receivers: new Map(),
    };
    const { rpc } = thread;
    for (const [root, settings] of this.#settings) ignoreLoss(rpc.configure(root, settings));
    for (const [root, texts] of this.#unsaved) {
      const updates = [...texts].map(([path, text]) => ({ path, text }));
      if (updates.length > 0) ignoreLoss(received(thread, root, rpc.update(root, updates)));
    }
    return thread;
  }
}

/** Every answer is taken, whoever still waits for it: the next one builds on it. */
async function received(
  { receivers }: Thread,
  root: string,
  answer: Promise<SnapshotDelta>,
): Promise<IndexSnapshot> {
  const delta = await answer;
  const receiver = receivers.get(root) ?? new SnapshotReceiver();
  receivers.set(root, receiver);
  return receiver.next(delta);
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
