import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import type { MemoryGrant } from "../../runtime/index.ts";
import { Commands, RowContexts } from "../contributions.ts";
import { entryDescription, entryTooltip, grantText } from "./memoryText.ts";
import { noteLabel, type MemoryNote, type NamespaceRef, type ReadEntry } from "./readMemory.ts";

interface InFolder {
  /** Tells rows apart. */
  id: string;
  folder: vscode.WorkspaceFolder;
  parent: MemoryNode | null;
}

/** A row of the Memory view. */
export type MemoryNode = InFolder &
  (
    | { kind: "folder" }
    | { kind: "agent"; agent: string }
    | { kind: "namespace"; of: NamespaceRef; count: number; grants: number }
    | { kind: "entry"; of: NamespaceRef; read: ReadEntry }
    | { kind: "grant"; grant: MemoryGrant }
    | { kind: "more"; of: NamespaceRef; left: number }
    | { kind: "note"; note: MemoryNote }
  );
export type MemoryNodeOf<Kind extends MemoryNode["kind"]> = Extract<MemoryNode, { kind: Kind }>;

export function toItem(node: MemoryNode): vscode.TreeItem {
  const item = itemOf(node);
  item.id = node.id;
  return item;
}

function itemOf(node: MemoryNode): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  switch (node.kind) {
    case "folder":
      return made(node.folder.name, "root-folder", { collapsibleState: Expanded });
    case "agent":
      return made(node.agent, "robot", {
        ...{ collapsibleState: Expanded, contextValue: RowContexts.memoryAgent },
      });
    case "namespace":
      return made(node.of.namespace, "archive", {
        collapsibleState: Collapsed,
        description: [counted(node.count, "value"), node.grants === 0 ? "" : counted(node.grants, "grant")]
          .filter(Boolean)
          .join(", "),
        contextValue: node.count > 0 ? RowContexts.namespace : RowContexts.emptyNamespace,
      });
    case "entry":
      return entryItem(node);
    case "grant":
      return made(node.grant.to, "key", {
        description: grantText(node.grant),
        contextValue: RowContexts.grant,
        tooltip: `${node.grant.to} ${grantText(node.grant)} of ${node.grant.from}`,
      });
    case "more":
      return made("Show More Keys", "ellipsis", {
        description: `${node.left} left`,
        command: { command: Commands.showMoreMemory, title: "Show More Keys", arguments: [node] },
      });
    case "note":
      return made(noteLabel(node.note), "warning", {
        tooltip: node.note.sentence,
        description: node.note.sentence,
        command: { command: Commands.openMemory, title: "Open File", arguments: [node] },
      });
  }
}

function entryItem(node: MemoryNodeOf<"entry">): vscode.TreeItem {
  const { read } = node;
  const command = { command: Commands.openMemory, title: "Open Value", arguments: [node] };
  if (read.entry === null)
    return made(read.key, "warning", {
      ...{ description: "damaged", tooltip: read.damage, contextValue: RowContexts.damaged },
    });
  return made(read.key, "symbol-key", {
    ...{ command, contextValue: RowContexts.entry },
    description: entryDescription(read.entry, Date.now()),
    tooltip: entryTooltip(read.entry).join("\n"),
  });
}

function made(label: string, icon: string, parts: Partial<vscode.TreeItem>): vscode.TreeItem {
  return Object.assign(new vscode.TreeItem(label), { iconPath: new vscode.ThemeIcon(icon), ...parts });
}
