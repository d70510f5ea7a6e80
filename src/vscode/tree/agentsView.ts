import * as vscode from "vscode";
import { inBackground, registerCommand, type Log } from "../answers.ts";
import { Commands, Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { IndexService } from "../index/indexService.ts";
import { resolveItem, toItem } from "./items.ts";
import { rootNodes, type Node } from "./nodes.ts";

/** The Agents view: rows, counts, progress, and the commands in its title. */
export class AgentsView implements vscode.Disposable, vscode.TreeDataProvider<Node> {
  readonly #index: IndexService;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Node>;
  #endProgress: (() => void) | null = null;

  constructor(index: IndexService, log: Log) {
    this.#index = index;
    this.#log = log;
    this.#view = this.#owned.add(
      vscode.window.createTreeView(Views.agents, { treeDataProvider: this, showCollapseAll: true }),
    );
    const show = () => this.#show();
    for (const subscription of [
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) inBackground(log, index.ready());
      }),
      index.onDidChange(show),
      vscode.workspace.onDidGrantWorkspaceTrust(show),
      registerCommand(log, Commands.refresh, () => index.refresh()),
      registerCommand(log, Commands.stopIndexing, () => index.stop()),
      registerCommand(log, Commands.showLog, () => log.show()),
    ]) {
      this.#owned.add(subscription);
    }
  }

  getChildren(node?: Node): Node[] {
    if (node !== undefined) return node.children();
    const folders = this.#index.folders.map(({ folder, root, snapshot }) => ({
      name: folder.name,
      root,
      snapshot,
    }));
    if (folders.every(({ snapshot }) => snapshot === null || snapshot.agents.length === 0)) return [];
    return rootNodes(folders);
  }

  getParent(node: Node): Node | null {
    return node.parent;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return toItem(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    return resolveItem(item, node);
  }

  dispose(): void {
    this.#endProgress?.();
    this.#owned.dispose();
  }

  #show(): void {
    this.#showProgress();
    const { agents, folders } = this.#index;
    const classes = agents.filter(({ record }) => record.adapts === null);
    const migrated = classes.filter(({ record }) => record.migrated).length;
    this.#view.description =
      classes.length === 0
        ? ""
        : migrated === 0
          ? `${classes.length}`
          : `${classes.length}, ${migrated} migrated`;
    const failed = folders.find(({ failure }) => failure !== null);
    const progress = folders.find((folder) => folder.progress !== null)?.progress;
    this.#view.message = failed?.failure
      ? failed.failure
      : progress && agents.length === 0 && progress.total > 0
        ? `Reading ${progress.done} of ${progress.total} files…`
        : agents.length > 0 && !vscode.workspace.isTrusted
          ? "Restricted Mode: agents can be browsed, not run or migrated."
          : "";
    this.#changed.fire(undefined);
  }

  #showProgress(): void {
    if (this.#index.state !== "indexing") {
      this.#endProgress?.();
      this.#endProgress = null;
      return;
    }
    if (this.#endProgress !== null) return;
    const done = new Promise<void>((resolve) => (this.#endProgress = resolve));
    inBackground(
      this.#log,
      Promise.resolve(vscode.window.withProgress({ location: { viewId: Views.agents } }, () => done)),
    );
  }
}
