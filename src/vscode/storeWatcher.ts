import * as vscode from "vscode";
import { Disposables } from "./disposables.ts";
import { Debouncer } from "./index/debouncer.ts";

const debounceMs = 300;

/** Calls back, not too often, with the files under `.proj-intel` of any workspace folder that changed; none where folders did. */
export class StoreWatcher implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #pending: Debouncer;
  #files = new Map<string, vscode.Uri>();
  #watchers = new Disposables();

  constructor(pattern: string, changed: (files: vscode.Uri[]) => void) {
    this.#pending = new Debouncer(() => {
      const files = [...this.#files.values()];
      this.#files = new Map();
      changed(files);
    });
    this.#owned.add(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#watch(pattern);
        this.#pending.trigger(debounceMs);
      }),
    );
    this.#watch(pattern);
  }

  dispose(): void {
    this.#pending.cancel();
    this.#owned.dispose();
    this.#watchers.dispose();
  }

  #watch(pattern: string): void {
    this.#watchers.dispose();
    this.#watchers = new Disposables();
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const watcher = this.#watchers.add(
        vscode.workspace.createFileSystemWatcher(
          new vscode.RelativePattern(folder, `.proj-intel/${pattern}`),
        ),
      );
      const trigger = (file: vscode.Uri) => {
        this.#files.set(file.toString(), file);
        this.#pending.trigger(debounceMs);
      };
      watcher.onDidCreate(trigger);
      watcher.onDidChange(trigger);
      watcher.onDidDelete(trigger);
    }
  }
}
