import * as vscode from "vscode";
import { inBackground, registerCommand, type Log } from "../answers.ts";
import { Commands, Contexts, Views, type FilterState } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { IndexService } from "../index/indexService.ts";
import { openTree } from "../openTree.ts";
import { TreeSelection } from "../treeSelection.ts";
import { Arrangement } from "./arrangement.ts";
import { resolveItem, toItem } from "./items.ts";
import { sayTheSame, type FolderAgents } from "./listing.ts";
import type { Node } from "./node.ts";
import { treeOf, type Tree } from "./nodes.ts";
import { registerRowCommands } from "./rowCommands.ts";
import { messageOf } from "./sentences.ts";

/** The Agents view: rows, counts, progress, and the commands in its title. */
export class AgentsView implements vscode.Disposable, vscode.TreeDataProvider<Node> {
  readonly #index: IndexService;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #arrangement: Arrangement;
  readonly #view: vscode.TreeView<Node>;
  readonly #selection: TreeSelection<Node>;
  #tree: Tree = { nodes: [], all: 0, found: 0 };
  /** What the rows are made of; null where they are to be made anew. */
  #shown: readonly FolderAgents[] | null = null;
  #endProgress: (() => void) | null = null;

  constructor(index: IndexService, memory: vscode.Memento, log: Log) {
    this.#index = index;
    this.#log = log;
    this.#arrangement = this.#owned.add(new Arrangement(memory, log));
    this.#view = openTree(this.#owned, Views.agents, this, { showCollapseAll: true, canSelectMany: true });
    this.#selection = new TreeSelection(this.#owned, this.#view, (row) => this.#now(row));
    const show = () => {
      this.#shown = null;
      this.#show();
    };
    for (const subscription of [
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) inBackground(log, index.ready());
      }),
      index.onDidChange(() => this.#show()),
      this.#arrangement.onDidChange(show),
      vscode.workspace.onDidGrantWorkspaceTrust(show),
      registerRowCommands(() => this.selection, log),
      registerCommand(log, Commands.refresh, () => index.refresh()),
      registerCommand(log, Commands.stopIndexing, () => index.stop()),
      registerCommand(log, Commands.showLog, () => log.show()),
    ]) {
      this.#owned.add(subscription);
    }
  }

  get selection(): readonly Node[] {
    return this.#selection.rows;
  }

  getChildren(node?: Node): Node[] {
    if (node !== undefined) return node.children();
    // A view that was in sight when the extension started again does not become visible.
    inBackground(this.#log, this.#index.ready());
    return this.#tree.nodes;
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

  #now({ parent, id }: Node): Node | undefined {
    const beside = parent === null ? this.#tree.nodes : this.#now(parent)?.children();
    return beside?.find((row) => row.id === id);
  }

  #show(): void {
    this.#showProgress();
    const { folders, agents } = this.#index;
    const { view } = this.#arrangement;
    const shown = folders.map(({ folder, root, snapshot }) => ({ name: folder.name, root, snapshot }));
    const isSame = this.#shown !== null && sayTheSame(this.#shown, shown);
    this.#shown = shown;
    if (!isSame) this.#tree = treeOf(shown, view);
    const tree = this.#tree;
    const failures = folders.flatMap(({ failure }) => failure ?? []);
    const [failure = null] = failures;
    this.#view.message = messageOf({
      tree,
      view,
      records: agents.map(({ record }) => record),
      failure,
      stopped: folders.some(({ state }) => state === "stopped"),
      trusted: vscode.workspace.isTrusted,
    });
    // Notes are not counted: many stay for good, such as a fixture that is meant to be broken.
    this.#view.badge = failure === null ? undefined : { value: failures.length, tooltip: failure };
    const state: FilterState =
      view.filter === null ? "off" : tree.found === 0 && tree.all > 0 ? "none" : "some";
    void vscode.commands.executeCommand("setContext", Contexts.filterState, state);
    void vscode.commands.executeCommand("setContext", Contexts.grouping, view.grouping);
    // Until VS Code has asked for rows anew, a click on one is a command without it.
    if (!isSame) this.#changed.fire(undefined);
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
