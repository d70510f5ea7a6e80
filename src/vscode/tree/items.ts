import * as vscode from "vscode";
import type { AgentRecord } from "../../model/agentRecord.ts";
import { canBeMigrated, canBeRewritten, canBeRun, canBeUpdated } from "../abilities.ts";
import { agentText, kindOf, plain } from "../agentText.ts";
import { Commands, RowContexts } from "../contributions.ts";
import type { Grouping } from "./grouping.ts";
import type { Node, Place } from "./node.ts";

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
  const state = node.open ? Expanded : node.children().length > 0 ? Collapsed : None;
  const item = new vscode.TreeItem(node.label, state);
  item.id = node.id;
  item.description = node.description;
  item.iconPath = iconOf(node);
  item.contextValue = contextOf(node);
  if (node.kind === "agent" && node.record !== null) {
    item.accessibilityInformation = { label: `${node.label}, ${kindOf(node.record)}, ${node.description}` };
  }
  if (node.kind === "foreign") {
    item.accessibilityInformation = { label: `${node.label}, ${node.description}. ${node.detail}` };
  }
  if (node.kind === "note") item.command = { command: Commands.showLog, title: "Show Log" };
  if (node.place !== null && node.place.line !== null)
    item.command = openCommand(node.place, node.place.line);
  return item;
}

function contextOf({ kind, record }: Node): string {
  if (kind === "notes") return RowContexts.notes;
  if (kind === "folder") return RowContexts.folder;
  if (kind === "adapter") return RowContexts.adapter;
  return kind === "agent" && record !== null ? contextOfAgent(record) : "";
}

function contextOfAgent(record: AgentRecord): string {
  if (record.adapts !== null) return RowContexts.adapter;
  if (!canBeRun(record)) return RowContexts.browsed;
  if (canBeRewritten(record)) return RowContexts.baseless;
  if (canBeMigrated(record)) return RowContexts.legacy;
  return canBeUpdated(record) ? RowContexts.migrated : RowContexts.made;
}

const stateIcons: Record<string, string> = {
  legacy: "circle-large-outline",
  migrated: "pass",
  abstract: "symbol-interface",
};

function groupIcon({ grouping, key }: { grouping: Grouping; key: string }): vscode.ThemeIcon {
  switch (grouping) {
    case "capability":
      return new vscode.ThemeIcon(capabilityIcons[key] ?? (key === "" ? "circle-slash" : "symbol-method"));
    case "base":
      return new vscode.ThemeIcon(key === "" ? "circle-slash" : "symbol-class");
    case "migration":
      return new vscode.ThemeIcon(stateIcons[key] ?? "circle-slash");
    default:
      return vscode.ThemeIcon.Folder;
  }
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
  return openAt(uriOf(place), line);
}

/** The command that shows a line, counted from 1. */
export function openAt(uri: vscode.Uri, line: number): vscode.Command {
  const at = new vscode.Position(Math.max(line - 1, 0), 0);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(at, at) };
  return { command: "vscode.open", title: "Open", arguments: [uri, options] };
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

function iconOf({ kind, record, capability, group }: Node): vscode.ThemeIcon {
  if (kind === "folder") return new vscode.ThemeIcon("root-folder");
  if (group !== null) return groupIcon(group);
  if (kind === "notes" || kind === "note") return new vscode.ThemeIcon("info");
  if (kind === "languages") return new vscode.ThemeIcon("globe");
  if (kind === "foreign") return new vscode.ThemeIcon("symbol-misc");
  if (kind === "adapter") return new vscode.ThemeIcon("plug");
  if (kind === "base") return new vscode.ThemeIcon("arrow-up");
  if (capability !== null) return new vscode.ThemeIcon(capabilityIcons[capability.name] ?? "symbol-method");
  if (record === null) return vscode.ThemeIcon.File;
  const color = record.migrated ? new vscode.ThemeColor("testing.iconPassed") : undefined;
  if (record.role === "orchestrator") return new vscode.ThemeIcon("type-hierarchy-sub", color);
  if (record.abstract) return new vscode.ThemeIcon("symbol-interface", color);
  if (record.kind === "factory") return new vscode.ThemeIcon("symbol-function");
  if (record.kind === "instance") return new vscode.ThemeIcon("symbol-object");
  if (record.test) return new vscode.ThemeIcon("beaker", color);
  return new vscode.ThemeIcon("robot", color);
}

function tooltipOf({
  kind,
  record,
  label,
  description,
  detail,
  place,
}: Node): vscode.MarkdownString | string {
  if (record !== null && (kind === "agent" || kind === "adapter")) {
    const { file_path: file, lineno: line } = record;
    return new vscode.MarkdownString(`${agentText(record)}\n\n${plain(`${file}, line ${line}`)}`);
  }
  const text = [description === "" ? label : `${label}: ${description}`, detail].filter(Boolean).join("\n");
  return place === null ? text : `${text}\n${place.file}`;
}
