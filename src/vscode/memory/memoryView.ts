import * as vscode from "vscode";
import { sentenceFor, type Log } from "../answers.ts";
import { Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { openTree } from "../openTree.ts";
import { StoreWatcher } from "../storeWatcher.ts";
import { toItem, type MemoryNode, type MemoryNodeOf } from "./memoryNode.ts";
import { FolderMemory, isStoreError, type MemoryNote, type NamespaceRef } from "./readMemory.ts";
import { fileFolders } from "../fileFolders.ts";

const PAGE = 500;
/** Times to live run down meanwhile. */
const TICK_MS = 10_000;

type Parts = MemoryNode extends infer N
  ? N extends MemoryNode
    ? Omit<N, "folder" | "parent">
    : never
  : never;

/** The Memory view: what agents remember, by agent, namespace and key, and who else may use it. */
export class MemoryView implements vscode.Disposable, vscode.TreeDataProvider<MemoryNode> {
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<MemoryNode | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<MemoryNode>;
  /** By id: VS Code knows rows by their objects. */
  readonly #nodes = new Map<string, MemoryNode>();
  /** As it was at the last change, by folder. */
  #memories = new Map<string, FolderMemory>();
  /** How many keys are shown, by the id of the namespace's row. */
  readonly #shown = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
    this.#view = openTree(this.#owned, Views.memory, this, { showCollapseAll: true });
    this.#owned.add(new StoreWatcher("memory/*.json", () => this.refresh()));
    const ticking = setInterval(() => {
      const expires = (node: MemoryNode) =>
        node.kind === "entry" && node.read.entry !== null && node.read.entry.expiresAt !== null;
      if (this.#view.visible && [...this.#nodes.values()].some(expires)) this.refresh();
    }, TICK_MS);
    this.#owned.add({ dispose: () => clearInterval(ticking) });
  }

  get selection(): readonly MemoryNode[] {
    return this.#view.selection;
  }

  refresh(): void {
    this.#memories = new Map();
    this.#changed.fire(undefined);
  }

  showMore({ parent }: MemoryNodeOf<"more">): void {
    if (parent === null) return;
    this.#shown.set(parent.id, (this.#shown.get(parent.id) ?? PAGE) + PAGE);
    this.#changed.fire(parent);
  }

  getChildren(node?: MemoryNode): MemoryNode[] {
    if (node === undefined) return this.#roots();
    switch (node.kind) {
      case "folder":
        return this.#agentsOf(node.folder, node);
      case "agent":
        return this.#namespacesOf(node);
      case "namespace":
        return this.#contentOf(node);
      default:
        return [];
    }
  }

  getParent(node: MemoryNode): MemoryNode | null {
    return node.parent;
  }

  getTreeItem(node: MemoryNode): vscode.TreeItem {
    return toItem(node);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #roots(): MemoryNode[] {
    const folders = fileFolders();
    if (folders.length < 2) return folders.flatMap((folder) => this.#agentsOf(folder, null));
    return folders
      .filter((folder) => this.#agentsOf(folder, null).length > 0)
      .map((folder) => this.#node(folder, null, { kind: "folder", id: folder.uri.toString() }));
  }

  #agentsOf(folder: vscode.WorkspaceFolder, parent: MemoryNode | null): MemoryNode[] {
    const key = folder.uri.toString();
    const memory = this.#memoryOf(folder);
    try {
      const agents = memory.agents.map((agent) =>
        this.#node(folder, parent, { kind: "agent", id: JSON.stringify([key, agent]), agent }),
      );
      return [...memory.notes.map((note, at) => this.#noteNode(folder, parent, note, at)), ...agents];
    } catch (error) {
      return [this.#failure(folder, parent, error)];
    }
  }

  #namespacesOf(parent: MemoryNodeOf<"agent">): MemoryNode[] {
    const { folder, agent } = parent;
    const memory = this.#memoryOf(folder);
    try {
      return memory.namespacesOf(agent).map((namespace) => {
        const of = { agent, namespace };
        const id = JSON.stringify([folder.uri.toString(), agent, namespace]);
        const counts = { count: memory.entriesOf(of).length, grants: memory.grantsOf(of).length };
        return this.#node(folder, parent, { kind: "namespace", id, of, ...counts });
      });
    } catch (error) {
      return [this.#failure(folder, parent, error)];
    }
  }

  #contentOf(parent: MemoryNodeOf<"namespace">): MemoryNode[] {
    const { folder, of, id } = parent;
    const memory = this.#memoryOf(folder);
    try {
      const entries = memory.entriesOf(of);
      const shown = this.#shown.get(id) ?? PAGE;
      const left = entries.length - shown;
      return [
        ...memory.grantsOf(of).map((grant) => {
          const grantId = JSON.stringify([id, grant.to, grant.key, grant.keyPrefix]);
          return this.#node(folder, parent, { kind: "grant", id: grantId, grant });
        }),
        ...entries
          .slice(0, shown)
          .map((read) =>
            this.#node(folder, parent, { kind: "entry", id: entryId(folder, of, read.key), of, read }),
          ),
        ...(left > 0 ? [this.#node(folder, parent, { kind: "more", id: `${id}|more`, of, left })] : []),
      ];
    } catch (error) {
      return [this.#failure(folder, parent, error)];
    }
  }

  #memoryOf(folder: vscode.WorkspaceFolder): FolderMemory {
    const key = folder.uri.toString();
    const known = this.#memories.get(key) ?? new FolderMemory(folder.uri.fsPath);
    this.#memories.set(key, known);
    return known;
  }

  /** A folder or file that cannot be read, in one row. */
  #failure(folder: vscode.WorkspaceFolder, parent: MemoryNode | null, error: unknown): MemoryNode {
    const sentence = isStoreError(error) ? error.message : sentenceFor(error, this.#log);
    return this.#noteNode(folder, parent, { sentence, file: null }, "failure");
  }

  #noteNode(
    folder: vscode.WorkspaceFolder,
    parent: MemoryNode | null,
    note: MemoryNote,
    at: number | string,
  ): MemoryNode {
    const id = JSON.stringify([folder.uri.toString(), parent?.id ?? "", "note", at]);
    return this.#node(folder, parent, { kind: "note", id, note });
  }

  #node(folder: vscode.WorkspaceFolder, parent: MemoryNode | null, parts: Parts): MemoryNode {
    const node: MemoryNode = { ...parts, folder, parent };
    const known = this.#nodes.get(node.id);
    if (known?.kind === node.kind) return Object.assign(known, node);
    this.#nodes.set(node.id, node);
    return node;
  }
}

const entryId = (folder: vscode.WorkspaceFolder, { agent, namespace }: NamespaceRef, key: string): string =>
  JSON.stringify([folder.uri.toString(), agent, namespace, "key", key]);
