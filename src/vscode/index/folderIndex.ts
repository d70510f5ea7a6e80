import { relative } from "node:path";
import * as vscode from "vscode";
import type { IndexerClient } from "../../indexer/client.ts";
import type { FileUpdate, IndexSnapshot } from "../../model/indexerProtocol.ts";
import { indexSettingIds, readIndexSettings } from "../../model/indexSettings.ts";
import type { PlanOptions, PlanRequest, PlanResult } from "../../model/migrationPlan.ts";
import { isCancellation, sentenceFor, type Log } from "../answers.ts";
import { noticed } from "../editorText.ts";
import type { IndexState } from "../contributions.ts";
import { Debouncer } from "./debouncer.ts";

const debounceMs = 250;

/** More than so many files are a branch that is switched: VS Code tells of them in portions, with pauses between. */
const manyFiles = 100;
const manyFilesDebounceMs = 1_000;

/** An update that takes longer shows progress and can be stopped. */
const longUpdateMs = 1_000;

/** The index of one workspace folder: what is known, and what has been touched since. */
export class FolderIndex implements vscode.Disposable {
  readonly folder: vscode.WorkspaceFolder;
  state: IndexState = "idle";
  snapshot: IndexSnapshot | null = null;
  failure: string | null = null;
  progress: { done: number; total: number } | null = null;

  readonly #client: IndexerClient;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<"state" | "progress">();
  readonly onDidChange = this.#changed.event;
  readonly #touched = new Set<string>();
  readonly #flushing = new Debouncer(() => void this.#flush());
  #indexing: { abort: AbortController; done: Promise<void> } | null = null;
  #updating: Promise<void> | null = null;
  #disposed = false;

  constructor(folder: vscode.WorkspaceFolder, client: IndexerClient, log: Log) {
    this.folder = folder;
    this.#client = client;
    this.#log = log;
  }

  get root(): string {
    return this.folder.uri.fsPath;
  }

  /** Resolves when the folder is indexed, was stopped, or failed; indexes at most once unless `again`. */
  start(again = false): Promise<void> {
    if (this.#indexing !== null) return this.#indexing.done;
    if (this.state !== "idle" && !again) return Promise.resolve();
    const abort = new AbortController();
    const done = this.#index(abort.signal, again).finally(() => (this.#indexing = null));
    this.#indexing = { abort, done };
    return done;
  }

  stop(): void {
    if (this.#indexing !== null) this.#indexing.abort.abort();
    else if (this.state === "indexing") this.#client.cancel(this.root);
  }

  /** A path changed on disk or in an editor; it is read (or taken from the editor) with the next batch. */
  touch(path: string): void {
    if (this.state === "idle" || this.#disposed) return;
    this.#touched.add(path);
    this.#flushSoon();
  }

  /** Takes changed settings: what they decide is in the next snapshot, which follows at once. */
  async reconfigure(event: vscode.ConfigurationChangeEvent): Promise<void> {
    const ids = Object.values(indexSettingIds);
    if (this.state === "idle" || !ids.some((id) => event.affectsConfiguration(id, this.folder.uri))) return;
    await this.#configure();
    await this.#indexing?.done;
    await this.#update([]);
  }

  /** Whether classes are known in a folder, given by its absolute path. */
  knowsInside(path: string): boolean {
    const folder = `${relative(this.root, path).replaceAll("\\", "/")}/`;
    const { agents = [], rejected = [] } = this.snapshot ?? {};
    return [agents, rejected].some((known) => known.some(({ file_path }) => file_path.startsWith(folder)));
  }

  /** Resolves when everything touched so far is in the snapshot. */
  async settle(): Promise<void> {
    await this.start();
    this.#flushing.cancel();
    await this.#flush();
  }

  /** Plans with the text the user sees, saved or not. */
  async planMigration(
    document: vscode.TextDocument,
    agent: Omit<PlanRequest, "file">,
    options: PlanOptions,
  ): Promise<PlanResult> {
    await noticed(document);
    await this.#update([{ path: document.uri.fsPath, text: document.getText() }]);
    try {
      return await this.#client.planMigration(this.root, { ...agent, file: document.uri.fsPath }, options);
    } finally {
      this.touch(document.uri.fsPath);
    }
  }

  /** Plans many, as `planAll` asks for them; `settle` first. */
  planMigrations(requests: PlanRequest[], options: PlanOptions): Promise<PlanResult[]> {
    return this.#client.planMigrations(this.root, requests, options);
  }

  dispose(): void {
    this.#disposed = true;
    this.stop();
    this.#flushing.cancel();
    this.#changed.dispose();
    this.#client.close(this.root).catch((error: unknown) => {
      this.#log.debug(`Closing ${this.folder.name}: ${String(error)}`);
    });
  }

  async #index(signal: AbortSignal, again: boolean): Promise<void> {
    this.#become("indexing");
    this.progress = null;
    this.failure = null;
    try {
      if (again) await this.#client.close(this.root);
      await this.#configure();
      const snapshot = await this.#client.index(this.root, {
        signal,
        onProgress: this.#onProgress,
      });
      this.#accept(snapshot);
      this.#log.info(
        `${this.folder.name}: ${snapshot.agents.length} agent classes in ${snapshot.files} files, ` +
          `${Math.round(snapshot.durationMs)} ms.`,
      );
      for (const document of vscode.workspace.textDocuments) {
        if (document.isDirty && this.#holds(document.uri)) this.touch(document.uri.fsPath);
      }
    } catch (error) {
      this.progress = null;
      const stopped = isCancellation(error) || signal.aborted;
      this.failure = stopped ? null : sentenceFor(error, this.#log);
      if (this.failure !== null) this.#log.error(`${this.folder.name}: ${this.failure}`);
      this.#become(stopped ? "stopped" : "failed");
    }
  }

  async #configure(): Promise<void> {
    const written = vscode.workspace.getConfiguration(undefined, this.folder.uri);
    const { settings, problems } = readIndexSettings((id) => written.get(id));
    for (const problem of problems) {
      this.#log.warn(`${this.folder.name}: ${problem}`);
      void vscode.window.showWarningMessage(problem);
    }
    await this.#client.configure(this.root, settings);
  }

  #flushSoon(): void {
    this.#flushing.trigger(this.#touched.size > manyFiles ? manyFilesDebounceMs : debounceMs);
  }

  async #flush(): Promise<void> {
    if (this.#indexing !== null) await this.#indexing.done;
    // After a failure the next change tries again.
    const known = this.state === "ready" || this.state === "failed";
    if (!known || this.#touched.size === 0) return this.#updating ?? undefined;
    const open = new Map(
      vscode.workspace.textDocuments
        .filter((document) => document.isDirty && document.uri.scheme === "file")
        .map((document) => [document.uri.fsPath, document] as const),
    );
    const updates = [...this.#touched].map((path) => ({ path, text: open.get(path)?.getText() ?? null }));
    this.#touched.clear();
    await this.#update(updates);
  }

  /** One update at a time, in the order they were asked for. */
  #update(updates: FileUpdate[]): Promise<void> {
    const previous = this.#updating ?? Promise.resolve();
    const next = previous.then(async () => {
      if (this.#disposed) return;
      const late = setTimeout(() => this.#become("indexing"), longUpdateMs);
      try {
        this.#accept(await this.#client.update(this.root, updates, this.#onProgress));
      } catch (error) {
        // Refresh forgets the folder, and with it what was under way.
        if (this.#indexing !== null) return;
        const stopped = isCancellation(error);
        this.progress = null;
        this.failure = stopped ? null : sentenceFor(error, this.#log);
        this.#become(stopped ? "stopped" : "failed");
      } finally {
        clearTimeout(late);
      }
      // What was touched while it took so long.
      if (this.#touched.size > 0) this.#flushSoon();
    });
    this.#updating = next;
    return next;
  }

  readonly #onProgress = (done: number, total: number): void => {
    if (this.state !== "indexing") return;
    this.progress = { done, total };
    this.#fire("progress");
  };

  #accept(snapshot: IndexSnapshot): void {
    const known = new Set(this.snapshot?.notes);
    for (const note of snapshot.notes) {
      if (!known.has(note)) this.#log.warn(`${this.folder.name}: ${note}`);
    }
    this.snapshot = snapshot;
    this.progress = null;
    this.failure = null;
    this.#become("ready");
  }

  #become(state: IndexState): void {
    this.state = state;
    this.#fire("state");
  }

  #fire(what: "state" | "progress"): void {
    if (!this.#disposed) this.#changed.fire(what);
  }

  #holds(uri: vscode.Uri): boolean {
    return uri.scheme === "file" && vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath === this.root;
  }
}
