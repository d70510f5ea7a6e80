import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { Disposables } from "./disposables.ts";
import { Debouncer } from "./index/debouncer.ts";
import { fileFolders } from "./fileFolders.ts";

const debounceMs = 300;
/** Where runs follow each other without a pause. */
const mostMs = 600;
/** How often is looked for what no event told: they get lost where a folder is new and the system busy. */
const lookMs = 5_000;

/** Calls back, not too often, with the files under `.proj-intel` of any workspace folder that changed; none where folders did. */
export class StoreWatcher implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #pending: Debouncer;
  #files = new Map<string, vscode.Uri>();
  #watchers = new Disposables();
  /** When the watched folders changed last, as far as it was looked at. */
  #stamps: Map<string, number> | null = null;
  /** Since it was looked the last time. */
  #told = false;

  constructor(pattern: string, changed: (files: vscode.Uri[]) => void) {
    this.#pending = new Debouncer(() => {
      const files = [...this.#files.values()];
      this.#files = new Map();
      changed(files);
    }, mostMs);
    this.#owned.add(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#watch(pattern);
        this.#pending.trigger(debounceMs);
      }),
    );
    this.#watch(pattern);
    const fixed = pattern.slice(0, pattern.search(/[*{]/));
    const name = fixed.slice(0, fixed.lastIndexOf("/") + 1);
    void this.#look(name);
    const looking = setInterval(() => void this.#look(name), lookMs);
    this.#owned.add({ dispose: () => clearInterval(looking) });
  }

  dispose(): void {
    this.#pending.cancel();
    this.#owned.dispose();
    this.#watchers.dispose();
  }

  async #look(name: string): Promise<void> {
    const told = this.#told;
    this.#told = false;
    const before = this.#stamps;
    const stamps = new Map<string, number>();
    for (const { uri } of fileFolders()) {
      const folder = vscode.Uri.joinPath(uri, ".proj-intel", name).fsPath;
      const found = await stat(folder).catch(() => null);
      if (found !== null) stamps.set(folder, found.mtimeMs);
    }
    this.#stamps = stamps;
    const changed = before !== null && [...stamps].some(([folder, stamp]) => before.get(folder) !== stamp);
    if (changed && !told) this.#pending.trigger(debounceMs);
  }

  #watch(pattern: string): void {
    this.#watchers.dispose();
    this.#watchers = new Disposables();
    for (const folder of fileFolders()) {
      const watcher = this.#watchers.add(
        vscode.workspace.createFileSystemWatcher(
          new vscode.RelativePattern(folder, `.proj-intel/${pattern}`),
        ),
      );
      const trigger = (file: vscode.Uri) => {
        this.#told = true;
        this.#files.set(file.toString(), file);
        this.#pending.trigger(debounceMs);
      };
      watcher.onDidCreate(trigger);
      watcher.onDidChange(trigger);
      watcher.onDidDelete(trigger);
    }
  }
}
