import * as vscode from "vscode";
import type { WorkerTold } from "../../model/workerTold.ts";
import { inBackground, sentenceFor, type Log } from "../answers.ts";
import { Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { openTree } from "../openTree.ts";
import type { QueueOfUser } from "./queueOfUser.ts";
import { QueueWatch, type QueueState } from "./queueWatch.ts";
import { workerText } from "./workerText.ts";

/** A row: VS Code knows rows by their objects. */
interface WorkerNode {
  worker: WorkerTold;
}

/** The Workers view: who takes runs of the queue. It asks while it is in sight, and is connected no longer. */
export class WorkersView implements vscode.Disposable, vscode.TreeDataProvider<WorkerNode> {
  readonly #queue: QueueOfUser;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<WorkerNode | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<WorkerNode>;
  #nodes: WorkerNode[] = [];
  #watch: QueueWatch | null = null;

  constructor(queue: QueueOfUser, log: Log) {
    this.#queue = queue;
    this.#log = log;
    this.#view = openTree(this.#owned, Views.workers, this);
    this.#owned.add(this.#view.onDidChangeVisibility(() => this.#begin()));
    this.#owned.add(queue.onDidChange(() => this.#begin()));
    this.#begin();
  }

  getChildren(node?: WorkerNode): WorkerNode[] {
    return node === undefined ? this.#nodes : [];
  }

  getParent(): null {
    return null;
  }

  getTreeItem({ worker }: WorkerNode): vscode.TreeItem {
    const { label, description, tooltip } = workerText(worker, Date.now());
    const item = new vscode.TreeItem(label);
    item.id = worker.id;
    item.description = description;
    item.tooltip = tooltip.join("\n");
    item.iconPath = new vscode.ThemeIcon(worker.draining ? "debug-pause" : "server-process");
    item.accessibilityInformation = { label: `Worker ${label}, ${description}` };
    return item;
  }

  dispose(): void {
    this.#owned.dispose();
    this.#end();
  }

  #begin(): void {
    this.#end();
    if (!this.#view.visible || !this.#queue.isUsed) return;
    // Where it says something, the text for a queue without workers is not there.
    this.#say("Looking for workers…");
    this.#watch = new QueueWatch(this.#queue.opener(), {
      onState: (state) => this.#show(state),
      onProblem: (error) => this.#say(sentenceFor(error, this.#log)),
    });
  }

  #end(): void {
    const watch = this.#watch;
    this.#watch = null;
    if (watch !== null) inBackground(this.#log, watch.close());
  }

  #show({ workers, counts }: QueueState): void {
    const known = new Map(this.#nodes.map((node) => [node.worker.id, node]));
    this.#nodes = workers.map((worker) => Object.assign(known.get(worker.id) ?? { worker }, { worker }));
    this.#view.message = "";
    const { waiting, delayed, active } = counts;
    this.#view.description = [
      `${waiting} waiting`,
      delayed === 0 ? "" : `${delayed} delayed`,
      `${active} at work`,
    ]
      .filter(Boolean)
      .join(" · ");
    this.#changed.fire(undefined);
  }

  /** In place of rows. */
  #say(sentence: string): void {
    this.#nodes = [];
    this.#view.message = sentence;
    this.#view.description = "";
    this.#changed.fire(undefined);
  }
}
