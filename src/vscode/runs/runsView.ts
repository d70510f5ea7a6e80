import * as vscode from "vscode";
import { Contexts, Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { toItem, type RunNode } from "./items.ts";
import { isActive } from "./row.ts";
import type { RunHistory } from "./runHistory.ts";

/** The Runs view: what agents do now, and what they did. */
export class RunsView implements vscode.Disposable, vscode.TreeDataProvider<RunNode> {
  readonly #history: RunHistory;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<RunNode[] | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<RunNode>;
  /** By the id of the run: VS Code knows rows by their objects. */
  #nodes = new Map<string, RunNode & { kind: "run" }>();
  readonly #older: RunNode = { kind: "more" };
  #ticking: NodeJS.Timeout | undefined;

  constructor(history: RunHistory) {
    this.#history = history;
    this.#view = this.#owned.add(vscode.window.createTreeView(Views.runs, { treeDataProvider: this }));
    this.#owned.add(history.onDidChange((ids) => this.#show(ids)));
    this.#owned.add({ dispose: () => clearInterval(this.#ticking) });
  }

  /** Whether the user can see what runs do. */
  get watched(): boolean {
    return this.#view.visible && vscode.window.state.focused;
  }

  get selection(): readonly RunNode[] {
    return this.#view.selection;
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (node !== undefined) return [];
    await this.#history.list();
    this.#arrange();
    return [...this.#nodes.values(), ...(this.#history.more ? [this.#older] : [])];
  }

  getParent(): null {
    return null;
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return toItem(node);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #arrange(): void {
    const known = this.#nodes;
    this.#nodes = new Map();
    for (const row of this.#history.rows) {
      const node = known.get(row.summary.runId) ?? { kind: "run", row };
      node.row = row;
      this.#nodes.set(row.summary.runId, node);
    }
  }

  #show(ids: ReadonlySet<string>): void {
    const before = [...this.#nodes.keys()];
    this.#arrange();
    const order = [...this.#nodes.keys()];
    const same = !ids.has("") && order.length === before.length && order.every((id, at) => id === before[at]);
    this.#changed.fire(
      same ? order.filter((id) => ids.has(id)).flatMap((id) => this.#nodes.get(id) ?? []) : undefined,
    );
    const active = this.#history.rows.filter(isActive);
    this.#view.badge =
      active.length === 0 ? undefined : { value: active.length, tooltip: `${active.length} at work` };
    void vscode.commands.executeCommand(
      "setContext",
      Contexts.runsAtWork,
      active.some(({ mine }) => mine),
    );
    this.#tick(active.length > 0);
  }

  /** Times go on while something is at work. */
  #tick(active: boolean): void {
    if (!active) {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
      return;
    }
    this.#ticking ??= setInterval(() => {
      if (this.#view.visible)
        this.#changed.fire([...this.#nodes.values()].filter(({ row }) => isActive(row)));
    }, 1_000);
  }
}
