import * as vscode from "vscode";
import { inBackground, showFailure, type Log } from "../../answers.ts";
import { Contexts, Views } from "../../contributions.ts";
import { Disposables } from "../../disposables.ts";
import { openTree } from "../../openTree.ts";
import { ChangePreviews } from "./changes.ts";
import { toItem } from "./items.ts";
import { checklistMessage, checklistNodes, type ChecklistNode } from "./nodes.ts";
import type { PreparedClass, PreparedFolder } from "./prepared.ts";

/** The view in which users choose what is migrated; in sight only while they do. */
export class ChecklistView implements vscode.Disposable, vscode.TreeDataProvider<ChecklistNode> {
  readonly #owned = new Disposables();
  readonly #log: Log;
  readonly #changed = this.#owned.add(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ChecklistNode>;
  readonly previews = this.#owned.add(new ChangePreviews());
  #folders: readonly PreparedFolder[] = [];
  #nodes: ChecklistNode[] = [];
  #toggling = Number.NEGATIVE_INFINITY;
  /** Plans are made one after the other, in the order in which boxes were ticked. */
  #planning: Promise<void> = Promise.resolve();

  constructor(log: Log) {
    this.#log = log;
    this.#view = openTree(this.#owned, Views.migration, this, { manageCheckboxStateManually: true });
    this.#owned.add(
      this.#view.onDidChangeCheckboxState(({ items }) => {
        for (const [node, state] of items) {
          this.check(node, state === vscode.TreeItemCheckboxState.Checked);
        }
      }),
    );
  }

  get folders(): readonly PreparedFolder[] {
    return this.#folders;
  }

  /** The row that has the keyboard. VS Code tells extensions of it only by selecting it, which would open it too. */
  async focused(): Promise<ChecklistNode | undefined> {
    this.#toggling = performance.now();
    await vscode.commands.executeCommand("list.selectAndPreserveFocus");
    return this.#view.selection[0];
  }

  /** Whether a row is "clicked" only because its box is ticked by a key: once for each such key. */
  isToggling(): boolean {
    const since = performance.now() - this.#toggling;
    this.#toggling = Number.NEGATIVE_INFINITY;
    return since < 1_000;
  }

  async show(folders: readonly PreparedFolder[]): Promise<void> {
    this.#folders = folders;
    this.refresh();
    await vscode.commands.executeCommand("setContext", Contexts.migrationPrepared, true);
    await vscode.commands.executeCommand(`${Views.migration}.focus`);
    const first = this.#first();
    if (first !== undefined) await this.#view.reveal(first, { focus: true, select: false });
    // A view that came into sight between two refreshes may show a row open without the rows below it.
    this.#changed.fire(undefined);
  }

  async close(): Promise<void> {
    this.#folders = [];
    this.#nodes = [];
    await vscode.commands.executeCommand("setContext", Contexts.migrationPrepared, false);
    this.#changed.fire(undefined);
    await this.previews.close();
    this.previews.set([]);
  }

  check(node: ChecklistNode, checked: boolean): void {
    const classes = classesOf(node);
    // The box is drawn at once, the plans follow.
    for (const each of classes) each.checked = checked;
    this.refresh();
    this.plan(() => node.folder.check(classes, checked));
  }

  /** Resolves when the plans are as the boxes say. */
  settled(): Promise<void> {
    return this.#planning;
  }

  plan(act: () => Promise<void>): void {
    this.#planning = this.#planning
      .then(act)
      .then(() => this.refresh())
      .catch((error: unknown) => void showFailure(error, this.#log));
    inBackground(
      this.#log,
      Promise.resolve(
        vscode.window.withProgress({ location: { viewId: Views.migration } }, () => this.#planning),
      ),
    );
  }

  refresh(): void {
    this.#nodes = checklistNodes(this.#folders);
    this.#view.message = this.#folders.length === 0 ? "" : checklistMessage(this.#folders);
    this.previews.set(this.#folders.flatMap(({ steps }) => steps));
    this.#changed.fire(undefined);
  }

  getChildren(node?: ChecklistNode): ChecklistNode[] {
    return node === undefined ? this.#nodes : node.children;
  }

  getParent(node: ChecklistNode): ChecklistNode | null {
    return node.parent;
  }

  getTreeItem(node: ChecklistNode): vscode.TreeItem {
    return toItem(node);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #first(): ChecklistNode | undefined {
    const groups = this.#nodes.flatMap((node) => (node.kind === "folder" ? node.children : [node]));
    return groups[0]?.children[0] ?? groups[0];
  }
}

function classesOf(node: ChecklistNode): PreparedClass[] {
  return node.kind === "class" ? [node.prepared] : node.children.flatMap(classesOf);
}
