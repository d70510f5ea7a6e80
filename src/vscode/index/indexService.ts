import { lstat } from "node:fs/promises";
import * as vscode from "vscode";
import { IndexerClient } from "../../indexer/client.ts";
import type { AgentRecord } from "../../model/agentRecord.ts";
import { isComponent } from "../../model/componentFile.ts";
import { canBeUpdated } from "../abilities.ts";
import { inBackground, type Log } from "../answers.ts";
import { Contexts, type IndexState } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { FolderIndex } from "./folderIndex.ts";
import { isRelevant, mayBeFolder } from "./relevance.ts";
import { fileFolders } from "../fileFolders.ts";

/** One agent class of one workspace folder. */
export interface Agent {
  folder: vscode.WorkspaceFolder;
  record: AgentRecord;
  uri: vscode.Uri;
}

/** The agents of all workspace folders, kept up to date from the first request on. */
export class IndexService implements vscode.Disposable {
  readonly #client: IndexerClient;
  readonly #log: Log;
  readonly #folders = new Map<string, FolderIndex>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #watching = new Disposables();
  #byPath = new Map<string, Agent[]>();
  #agents: Agent[] = [];
  #started = false;

  /** @param cacheFolder where the indexer remembers what it read */
  constructor(workerFile: string, cacheFolder: string, log: Log) {
    this.#client = new IndexerClient(workerFile, cacheFolder);
    this.#log = log;
  }

  get started(): boolean {
    return this.#started;
  }

  /** In workspace order. */
  get folders(): FolderIndex[] {
    return [...this.#folders.values()].sort((a, b) => a.folder.index - b.folder.index);
  }

  get state(): IndexState {
    const states = this.folders.map((folder) => folder.state);
    const found = (["indexing", "failed", "stopped", "idle"] as const).find((state) =>
      states.includes(state),
    );
    return found ?? (this.#started ? "ready" : "idle");
  }

  get agents(): readonly Agent[] {
    return this.#agents;
  }

  /** Resolves when every folder is indexed (or stopped, or failed). The first call starts the indexer. */
  async ready(): Promise<void> {
    this.#watch();
    await Promise.all(this.folders.map((folder) => folder.start()));
  }

  /** Like `ready`, with everything typed and saved so far. */
  async settled(): Promise<void> {
    this.#watch();
    await Promise.all(this.folders.map((folder) => folder.settle()));
  }

  async refresh(): Promise<void> {
    this.#watch();
    await Promise.all(this.folders.map((folder) => folder.start(true)));
  }

  stop(): void {
    for (const folder of this.folders) folder.stop();
  }

  folderOf(uri: vscode.Uri): FolderIndex | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder && this.#folders.get(folder.uri.toString());
  }

  agentsIn(uri: vscode.Uri): readonly Agent[] {
    return uri.scheme === "file" ? (this.#byPath.get(uri.fsPath) ?? []) : [];
  }

  dispose(): void {
    this.#watching.dispose();
    for (const folder of this.#folders.values()) folder.dispose();
    this.#changed.dispose();
    inBackground(this.#log, this.#client.dispose());
  }

  #watch(): void {
    if (this.#started) return;
    this.#started = true;
    this.#synchronise();
    const watcher = this.#watching.add(vscode.workspace.createFileSystemWatcher("**/*"));
    const touch = (uri: vscode.Uri) => this.#touch(uri);
    for (const subscription of [
      watcher.onDidCreate((uri) => {
        touch(uri);
        inBackground(this.#log, this.#touchNewFolder(uri));
      }),
      watcher.onDidChange(touch),
      watcher.onDidDelete((uri) => {
        touch(uri);
        this.#touchGoneFolder(uri);
      }),
      // Also without changes of content: a file that is no longer dirty counts as it is on disk.
      vscode.workspace.onDidChangeTextDocument(({ document }) => touch(document.uri)),
      vscode.workspace.onDidSaveTextDocument((document) => touch(document.uri)),
      vscode.workspace.onDidCloseTextDocument((document) => touch(document.uri)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#synchronise()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        for (const folder of this.folders) inBackground(this.#log, folder.reconfigure(event));
      }),
    ]) {
      this.#watching.add(subscription);
    }
  }

  #touch(uri: vscode.Uri): void {
    if (uri.scheme === "file" && isRelevant(uri.fsPath)) this.folderOf(uri)?.touch(uri.fsPath);
  }

  /** A folder that comes or goes as a whole is one event, without any of its files. */
  async #touchNewFolder(uri: vscode.Uri): Promise<void> {
    if (!mayBeFolder(uri.fsPath)) return;
    const stats = await lstat(uri.fsPath).catch(() => null);
    if (stats?.isDirectory() === true) this.folderOf(uri)?.touch(uri.fsPath);
  }

  #touchGoneFolder(uri: vscode.Uri): void {
    if (!mayBeFolder(uri.fsPath)) return;
    const index = this.folderOf(uri);
    if (index?.knowsInside(uri.fsPath) === true) index.touch(uri.fsPath);
  }

  #synchronise(): void {
    const wanted = new Map(fileFolders().map((folder) => [folder.uri.toString(), folder] as const));
    for (const [key, index] of this.#folders) {
      if (wanted.has(key)) continue;
      this.#folders.delete(key);
      index.dispose();
    }
    for (const [key, folder] of wanted) {
      if (this.#folders.has(key)) continue;
      const index = new FolderIndex(folder, this.#client, this.#log);
      index.onDidChange((what) => (what === "progress" ? this.#changed.fire() : this.#fire()));
      this.#folders.set(key, index);
      void index.start();
    }
    this.#fire();
  }

  #fire(): void {
    this.#agents = this.folders.flatMap(({ folder, snapshot }) =>
      (snapshot?.agents ?? []).map((record) => ({
        folder,
        record,
        uri: vscode.Uri.joinPath(folder.uri, record.file_path),
      })),
    );
    this.#byPath = new Map();
    for (const agent of this.#agents) {
      this.#byPath.set(agent.uri.fsPath, [...(this.#byPath.get(agent.uri.fsPath) ?? []), agent]);
    }
    const paths = [...this.#byPath.keys()].filter((path) => !isComponent(path));
    const migrated = paths.filter((path) =>
      this.#byPath.get(path)?.some(({ record }) => canBeUpdated(record)),
    );
    void vscode.commands.executeCommand("setContext", Contexts.agentPaths, paths);
    void vscode.commands.executeCommand("setContext", Contexts.migratedPaths, migrated);
    void vscode.commands.executeCommand("setContext", Contexts.indexState, this.state);
    this.#changed.fire();
  }
}
