import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { Disposables } from "./disposables.ts";
import { Debouncer } from "./index/debouncer.ts";
import { fileFolders } from "./fileFolders.ts";

const debounceMs = 300;
/** Where runs follow each other without a pause. */
const mostMs = 600;
/** How often it is looked for what no event told: those of files get lost where their folder is new. */
const lookMs = 5_000;

/** Calls back, not too often, with the files under `.proj-intel` of any workspace folder that changed; none where whole folders did. */
export class StoreWatcher implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #pending: Debouncer;
  readonly #pattern: string;
  /** Below `.proj-intel`, the folder of the pattern's files; the file itself where the pattern names one. */
  readonly #lookedAt: string;
  #files = new Map<string, vscode.Uri>();
  #folders = false;
  #watchers = new Disposables();
  /** When what is looked at changed last. */
  #stamps: Map<string, number> | null = null;
  /** Since it was looked the last time. */
  #told = false;

  /** @param pattern below `.proj-intel` */
  constructor(pattern: string, changed: (files: vscode.Uri[]) => void) {
    this.#pattern = pattern;
    const [fixed = ""] = pattern.split(/[*{]/, 1);
    this.#lookedAt = fixed === pattern ? pattern : fixed.slice(0, fixed.lastIndexOf("/") + 1);
    this.#pending = new Debouncer(() => {
      const files = this.#folders ? [] : [...this.#files.values()];
      this.#files = new Map();
      this.#folders = false;
      changed(files);
    }, mostMs);
    this.#owned.add(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#watch();
        this.#foldersChanged();
      }),
    );
    this.#watch();
    void this.#look();
    const looking = setInterval(() => void this.#look(), lookMs);
    this.#owned.add({ dispose: () => clearInterval(looking) });
  }

  dispose(): void {
    this.#pending.cancel();
    this.#owned.dispose();
    this.#watchers.dispose();
  }

  async #look(): Promise<void> {
    const stamps = new Map<string, number>();
    for (const { uri } of fileFolders()) {
      const path = vscode.Uri.joinPath(uri, ".proj-intel", this.#lookedAt).fsPath;
      const found = await stat(path).catch(() => null);
      if (found !== null) stamps.set(path, found.mtimeMs);
    }
    const told = this.#told;
    this.#told = false;
    const before = this.#stamps;
    this.#stamps = stamps;
    if (before === null || told || this.#owned.disposed) return;
    const changed = [...stamps].some(([path, stamp]) => before.get(path) !== stamp);
    if (changed || stamps.size !== before.size) this.#foldersChanged();
  }

  #foldersChanged(): void {
    this.#folders = true;
    this.#pending.trigger(debounceMs);
  }

  #watch(): void {
    this.#watchers.dispose();
    this.#watchers = new Disposables();
    const [above = ""] = this.#lookedAt.split("/").slice(0, -1);
    const folderPattern = above === "" ? ".proj-intel" : `.proj-intel{,/${above}}`;
    for (const folder of fileFolders()) {
      const files = this.#watcher(folder, `.proj-intel/${this.#pattern}`);
      const changed = (file: vscode.Uri) => {
        this.#told = true;
        this.#files.set(file.toString(), file);
        this.#pending.trigger(debounceMs);
      };
      files.onDidCreate(changed);
      files.onDidChange(changed);
      files.onDidDelete(changed);
      // A folder that is made may be all that is told of its files, and one that is removed always is.
      const folders = this.#watcher(folder, folderPattern);
      folders.onDidCreate(() => this.#foldersChanged());
      folders.onDidDelete(() => this.#foldersChanged());
    }
  }

  #watcher(folder: vscode.WorkspaceFolder, pattern: string): vscode.FileSystemWatcher {
    const watched = new vscode.RelativePattern(folder, pattern);
    return this.#watchers.add(vscode.workspace.createFileSystemWatcher(watched));
  }
}
