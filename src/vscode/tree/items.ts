import * as vscode from "vscode";
import type { AgentRecord } from "../../model/agentRecord.ts";
import { RowContexts } from "../contributions.ts";
import type { Node, Place } from "./nodes.ts";

/** Icons by capability; an unknown one gets the last. */
const capabilityIcons: Record<string, string> = {
  task_execution: "zap",
  tool_usage: "tools",
  memory_access: "database",
  messaging: "comment-discussion",
  lifecycle: "sync",
  orchestration: "type-hierarchy-sub",
  planning: "checklist",
  streaming: "pulse",
};

export function toItem(node: Node): vscode.TreeItem {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const parent = node.kind === "folder" ? Expanded : node.children().length > 0 ? Collapsed : None;
  const item = new vscode.TreeItem(node.label, parent);
  item.id = node.id;
  item.description = node.description;
  item.iconPath = iconOf(node);
  if (node.kind === "agent" && node.record !== null) {
    item.contextValue = contextOf(node.record);
    item.accessibilityInformation = { label: `${node.label}, ${kindOf(node.record)}, ${node.description}` };
  }
  if (node.place !== null && node.place.line !== null)
    item.command = openCommand(node.place, node.place.line);
  return item;
}

function contextOf({ abstract, migrated }: AgentRecord): string {
  if (abstract) return RowContexts.abstract;
  return migrated ? RowContexts.migrated : RowContexts.legacy;
}

/** What is only needed on hover or click. */
export async function resolveItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
  item.tooltip = tooltipOf(node);
  if (node.place !== null && item.command === undefined) {
    item.command = openCommand(node.place, (await findClass(node.place)) ?? 1);
  }
  return item;
}

function openCommand(place: Place, line: number): vscode.Command {
  const at = new vscode.Position(Math.max(line - 1, 0), 0);
  return {
    command: "vscode.open",
    title: "Open",
    arguments: [
      uriOf(place),
      { selection: new vscode.Range(at, at) } satisfies vscode.TextDocumentShowOptions,
    ],
  };
}

export function uriOf(place: Place): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.file(place.root), place.file);
}

export async function findClass(place: Place): Promise<number | null> {
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uriOf(place)));
  const name = place.name.replace(/[^\w$]/g, "").replaceAll("$", "\\$");
  const line = text
    .split("\n")
    .findIndex((candidate) =>
      new RegExp(`\\b${name}\\b.*\\bclass\\b|\\bclass\\s+${name}\\b`).test(candidate),
    );
  return line === -1 ? null : line + 1;
}

function iconOf({ kind, record, capability }: Node): vscode.ThemeIcon {
  if (kind === "folder") return vscode.ThemeIcon.Folder;
  if (kind === "adapter") return new vscode.ThemeIcon("plug");
  if (kind === "base") return new vscode.ThemeIcon("arrow-up");
  if (capability !== null) return new vscode.ThemeIcon(capabilityIcons[capability.name] ?? "symbol-method");
  if (record === null) return vscode.ThemeIcon.File;
  const color = record.migrated ? new vscode.ThemeColor("testing.iconPassed") : undefined;
  if (record.role === "orchestrator") return new vscode.ThemeIcon("type-hierarchy-sub", color);
  if (record.abstract) return new vscode.ThemeIcon("symbol-interface", color);
  if (record.test) return new vscode.ThemeIcon("beaker", color);
  return new vscode.ThemeIcon("robot", color);
}

/** "abstract test agent, migrated" */
export function kindOf(record: AgentRecord): string {
  const words = [record.abstract ? "abstract" : "", record.test ? "test" : "", record.role];
  return words.filter(Boolean).join(" ") + (record.migrated ? ", migrated" : "");
}

function tooltipOf({ kind, record, label, description, place }: Node): vscode.MarkdownString | string {
  if (record === null || (kind !== "agent" && kind !== "adapter")) {
    return place === null ? `${label}: ${description}` : `${label}: ${description}\n${place.file}`;
  }
  const text = new vscode.MarkdownString();
  const code = (value: string) => text.appendMarkdown(`\`${value.replaceAll("`", "'")}\``);
  const line = (title: string) => text.appendMarkdown(`\n\n**${title}** `);
  text.appendMarkdown("**").appendText(record.name).appendMarkdown("** · ").appendText(kindOf(record));
  if (record.docstring) text.appendMarkdown("\n\n").appendText(record.docstring.slice(0, 300));
  line("Capabilities");
  if (record.capabilities.length === 0) text.appendText("none found");
  record.capabilities.forEach(({ name, method }, index) => {
    if (index > 0) text.appendMarkdown(", ");
    text.appendText(`${name} `).appendMarkdown("(");
    code(`${method}()`);
    text.appendMarkdown(")");
  });
  if (record.base_chain.length > 0) {
    line("Extends");
    text.appendText(record.base_chain.map((base) => base.name).join(" → "));
  }
  line("Evidence");
  text.appendText(`${Math.round(record.confidence * 100)} %`);
  for (const reason of record.evidence) text.appendMarkdown("\n- ").appendText(reason);
  return text;
}
