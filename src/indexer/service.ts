import type { FileUpdate, IndexerFunctions, SnapshotDelta } from "../model/indexerProtocol.ts";
import type { IndexSettings } from "../model/indexSettings.ts";
import type { PlanOptions, PlanRequest, PlanResult } from "../model/migrationPlan.ts";
import { codeVersion, IndexCache } from "./indexCache.ts";
import { writeIndex } from "./indexFile.ts";
import { findLibrary, type Library } from "./library.ts";
import { relativePath } from "./paths.ts";
import { Readers } from "./readers.ts";
import { SnapshotSender } from "./snapshotDelta.ts";
import { WorkspaceIndex } from "./workspaceIndex.ts";

interface Folder {
  index: WorkspaceIndex;
  controller: AbortController;
  /** Calls for one folder run one after another. */
  last: Promise<unknown>;
  sender: SnapshotSender;
  remembering?: NodeJS.Timeout;
}

/** What the indexer's thread is started with. */
export interface ServiceOptions {
  /** The file this code runs from. */
  bundle: string;
  /** Where to remember what was read, for the next start; null: nowhere. */
  cacheFolder: string | null;
}

/** After so long without a call, what is new is written to the cache. */
const REMEMBER_MS = 4_000;

type OnProgress = (root: string, done: number, total: number) => void;

/** What the indexer's thread offers; it knows any number of folders. */
export class IndexerService implements IndexerFunctions {
  readonly #folders = new Map<string, Folder>();
  readonly #onProgress: OnProgress;
  readonly #options: ServiceOptions;
  readonly #cache: IndexCache | null;
  #found: Library | null = null;

  constructor(options: ServiceOptions, onProgress: OnProgress) {
    this.#options = options;
    const { cacheFolder, bundle } = options;
    this.#cache =
      cacheFolder === null ? null : new IndexCache(cacheFolder, codeVersion(bundle, this.#library().version));
    this.#onProgress = onProgress;
  }

  configure = (root: string, settings: IndexSettings): Promise<void> =>
    this.#inTurn(root, ({ index }) => {
      index.configure(settings);
      return Promise.resolve();
    });

  index = (root: string): Promise<SnapshotDelta> =>
    this.#inTurn(root, async (folder, signal) => {
      const snapshot = await folder.index.snapshot(signal);
      // The answer goes out first.
      setImmediate(() => void this.#prepare(root));
      this.#rememberLater(root, folder);
      return folder.sender.next(snapshot);
    });

  update = (root: string, updates: FileUpdate[]): Promise<SnapshotDelta> =>
    this.#inTurn(root, async (folder, signal) => {
      const snapshot = await folder.index.update(updates, signal);
      this.#rememberLater(root, folder);
      return folder.sender.next(snapshot);
    });

  remember = (root: string): Promise<void> =>
    this.#inTurn(root, ({ index }) => {
      try {
        index.remember();
      } catch {
        // A disk that is full or read-only makes the next start slower, and nothing else.
      }
      return Promise.resolve();
    });

  write = (root: string): Promise<string> =>
    this.#inTurn(root, async (folder, signal) => {
      const { agents } = await folder.index.snapshot(signal);
      return writeIndex(root, agents);
    });

  cancel = (root: string): Promise<void> => {
    const folder = this.#folders.get(root);
    if (folder === undefined) return Promise.resolve();
    folder.controller.abort();
    folder.controller = new AbortController();
    return Promise.resolve();
  };

  close = async (root: string): Promise<void> => {
    await this.cancel(root);
    clearTimeout(this.#folders.get(root)?.remembering);
    this.#folders.delete(root);
  };

  planMigrations = (root: string, requests: PlanRequest[], options: PlanOptions): Promise<PlanResult[]> =>
    this.#inTurn(root, async ({ index }, signal) => {
      const { agents, rejected } = await index.snapshot(signal);
      const records = new Map([...agents, ...rejected].map((r) => [`${r.file_path}#${r.name}`, r]));
      const { planMigrations } = await import("./withCompiler.ts");
      return planMigrations({
        root,
        requests,
        options,
        signal,
        readText: (path) => index.textOf(path),
        recordOf: ({ file, name }) => records.get(`${relativePath(root, file)}#${name}`),
        ...this.#library(),
      });
    });

  /** An index that came from the cache gets ready for updates while nobody waits. */
  async #prepare(root: string): Promise<void> {
    if (!this.#folders.has(root)) return;
    await this.#inTurn(root, ({ index }, signal) => index.prepare(signal)).catch(() => undefined);
  }

  #rememberLater(root: string, folder: Folder): void {
    clearTimeout(folder.remembering);
    if (this.#cache === null) return;
    // One that is cancelled along with the call before it is made up for after the next call.
    const remember = () => void this.remember(root).catch(() => undefined);
    folder.remembering = setTimeout(remember, REMEMBER_MS).unref();
  }

  #library(): Library {
    this.#found ??= findLibrary(this.#options.bundle);
    return this.#found;
  }

  async #inTurn<T>(root: string, work: (folder: Folder, signal: AbortSignal) => Promise<T>): Promise<T> {
    const folder = this.#folders.get(root) ?? this.#open(root);
    const { signal } = folder.controller;
    const turn = folder.last.then(() => {
      signal.throwIfAborted();
      return work(folder, signal);
    });
    folder.last = turn.catch(() => undefined);
    return turn;
  }

  #open(root: string): Folder {
    const index = new WorkspaceIndex(root, (done, total) => this.#onProgress(root, done, total), {
      readers: new Readers(this.#options.bundle),
      cache: this.#cache,
    });
    const folder: Folder = {
      index,
      controller: new AbortController(),
      last: Promise.resolve(),
      sender: new SnapshotSender(),
    };
    this.#folders.set(root, folder);
    return folder;
  }
}
