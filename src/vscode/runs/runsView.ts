import * as vscode from "vscode";
import { Contexts, Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { openTree } from "../openTree.ts";
import { TreeSelection } from "../treeSelection.ts";
import { grouped, isAtWork, isGroup, nested } from "../batches/batchGroup.ts";
import { toItem, type BatchNode, type RunNode, type SingleNode } from "./items.ts";
import { isActive, type RunRow } from "./row.ts";
import type { RunHistory } from "./runHistory.ts";

/** Runs of a batch. */
const LARGE = 100;

/** The Runs view: what agents do now, and what they did. */
export class RunsView implements vscode.Disposable, vscode.TreeDataProvider<RunNode> {
  readonly #history: RunHistory;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<RunNode[] | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<RunNode>;
  readonly #selection: TreeSelection<RunNode>;
  /** By the ids of runs and batches: VS Code knows rows by their objects. */
  #runs = new Map<string, SingleNode>();
  #batches = new Map<string, BatchNode>();
  #top: (SingleNode | BatchNode)[] = [];
  readonly #older: RunNode = { kind: "more" };
  #ticking: NodeJS.Timeout | undefined;

  constructor(history: RunHistory) {
    this.#history = history;
    this.#view = openTree(this.#owned, Views.runs, this);
    this.#selection = new TreeSelection(this.#owned, this.#view, (node) => this.#now(node));
    this.#owned.add(history.onDidChange((ids) => this.#show(ids)));
    this.#owned.add({ dispose: () => clearInterval(this.#ticking) });
  }

  /** Whether the user can see what runs do. */
  get watched(): boolean {
    return this.#view.visible && vscode.window.state.focused;
  }

  get selection(): readonly RunNode[] {
    return this.#selection.rows;
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (node?.kind === "more") return [];
    if (node !== undefined) {
      const below = node.kind === "batch" ? node.group.rows : node.steps;
      return below.flatMap(({ summary }) => this.#runs.get(summary.runId) ?? []);
    }
    await this.#history.list();
    this.#arrange();
    return [...this.#top, ...(this.#history.more ? [this.#older] : [])];
  }

  getParent(node: RunNode): RunNode | null {
    return node.kind === "run" ? node.parent : null;
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return toItem(node);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #now(node: RunNode): RunNode | undefined {
    if (node.kind === "more") return node;
    return node.kind === "run" ? this.#runs.get(node.row.summary.runId) : this.#batches.get(node.group.id);
  }

  #arrange(): void {
    const { runs, batches } = { runs: this.#runs, batches: this.#batches };
    this.#runs = new Map();
    this.#batches = new Map();
    const run = (row: RunRow, parent: SingleNode["parent"], steps: readonly RunRow[] = []) => {
      const id = row.summary.runId;
      const node = runs.get(id) ?? { kind: "run" as const, row, parent, steps };
      this.#runs.set(id, Object.assign(node, { row, parent, steps }));
      return node;
    };
    this.#top = nested(grouped(this.#history.rows)).map(({ entry, steps }) => {
      if (!isGroup(entry)) {
        const node = run(entry, null, steps);
        for (const step of steps) run(step, node);
        return node;
      }
      const batch = batches.get(entry.id) ?? { kind: "batch", group: entry };
      this.#batches.set(entry.id, Object.assign(batch, { group: entry }));
      for (const row of entry.rows) run(row, batch);
      return batch;
    });
  }

  #show(ids: ReadonlySet<string>): void {
    const [before, known] = [this.#top, this.#runs];
    this.#arrange();
    const same =
      !ids.has("") &&
      before.length === this.#top.length &&
      before.every((node, at) => node === this.#top[at]);
    this.#changed.fire(same ? this.#otherThanBefore(ids, known) : undefined);
    const active = [...this.#runs.values()].map(({ row }) => row).filter(isActive);
    this.#view.badge =
      active.length === 0 ? undefined : { value: active.length, tooltip: `${active.length} at work` };
    void vscode.commands.executeCommand(
      "setContext",
      Contexts.runsAtWork,
      active.some(({ mine }) => mine),
    );
    this.#tick(active.length > 0);
  }

  /** With a batch or pipeline, all below it is drawn anew: a large batch follows once a second while it is at work. */
  #otherThanBefore(ids: ReadonlySet<string>, known: ReadonlyMap<string, SingleNode>): RunNode[] {
    const nodes = new Set<RunNode>();
    for (const id of ids) {
      const node = this.#runs.get(id);
      const parent = (node ?? known.get(id))?.parent ?? null;
      if (parent === null || isLargeAtWork(parent)) {
        if (node !== undefined) nodes.add(node);
      } else nodes.add(parent);
    }
    return [...nodes];
  }

  /** Times go on while something is at work. */
  #tick(active: boolean): void {
    if (!active) {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
      return;
    }
    this.#ticking ??= setInterval(() => {
      if (this.#view.visible) this.#changed.fire(this.#top.filter((node) => isAtWork(entryOf(node))));
    }, 1_000);
  }
}

const isLargeAtWork = (node: SingleNode | BatchNode): boolean =>
  node.kind === "batch" && node.group.rows.length > LARGE && isAtWork(node.group);

const entryOf = (node: SingleNode | BatchNode) => (node.kind === "run" ? node.row : node.group);
