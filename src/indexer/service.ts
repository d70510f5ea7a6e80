import type { FileUpdate, IndexerFunctions, IndexSnapshot } from "../model/indexerProtocol.ts";
import type { IndexSettings } from "../model/indexSettings.ts";
import type { PlanResult } from "../model/migrationPlan.ts";
import { writeIndex } from "./indexFile.ts";
import { findLibrary, type Library } from "./library.ts";
import { relativePath } from "./paths.ts";
import { Readers } from "./readers.ts";
import { WorkspaceIndex } from "./workspaceIndex.ts";

interface Folder {
  index: WorkspaceIndex;
  controller: AbortController;
  /** Calls for one folder run one after another. */
  last: Promise<unknown>;
}

/** What the indexer's thread is started with. */
export interface ServiceOptions {
  /** The file this code runs from. */
  bundle: string;
}

type OnProgress = (root: string, done: number, total: number) => void;

/** What the indexer's thread offers; it knows any number of folders. */
export class IndexerService implements IndexerFunctions {
  readonly #folders = new Map<string, Folder>();
  readonly #onProgress: OnProgress;
  readonly #options: ServiceOptions;
  #found: Library | null = null;

  constructor(options: ServiceOptions, onProgress: OnProgress) {
    this.#options = options;
    this.#onProgress = onProgress;
  }

  configure = (root: string, settings: IndexSettings): Promise<void> =>
    this.#inTurn(root, ({ index }) => {
      index.configure(settings);
      return Promise.resolve();
    });

  index = (root: string): Promise<IndexSnapshot> =>
    this.#inTurn(root, (folder, signal) => folder.index.snapshot(signal));

  update = (root: string, updates: FileUpdate[]): Promise<IndexSnapshot> =>
    this.#inTurn(root, (folder, signal) => folder.index.update(updates, signal));

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
    this.#folders.delete(root);
  };

  planMigration = (root: string, file: string, name: string): Promise<PlanResult> =>
    this.#inTurn(root, async ({ index }, signal) => {
      const { agents, rejected } = await index.snapshot(signal);
      const path = relativePath(root, file);
      const record = [...agents, ...rejected].find(
        (known) => known.file_path === path && known.name === name,
      );
      const { planMigration } = await import("./migrationPlanner.ts");
      const readText = (wanted: string) => index.textOf(wanted);
      return planMigration({ root, file, name, readText, record, ...this.#library() });
    });

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
    const readers = new Readers(this.#options.bundle);
    const index = new WorkspaceIndex(root, (done, total) => this.#onProgress(root, done, total), readers);
    const folder: Folder = { index, controller: new AbortController(), last: Promise.resolve() };
    this.#folders.set(root, folder);
    return folder;
  }
}
