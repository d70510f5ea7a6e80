import * as vscode from "vscode";
import type { AgentTool } from "../../model/agentTools.ts";
import { displayName } from "../../model/displayName.ts";
import type { ToolCalls } from "../../model/toolCalls.ts";
import { targetOf } from "../agentTarget.ts";
import { Commands, RowContexts } from "../contributions.ts";
import type { Agent } from "../index/indexService.ts";
import { toolDescription, toolTooltip, usesText } from "./toolText.ts";

/** A row of the Tools view. */
export type ToolNode = AgentRow | ToolRow | NoteRow;

export interface AgentRow {
  kind: "agent";
  agent: Agent;
  uses: readonly ToolCalls[];
}

export interface ToolRow {
  kind: "tool";
  parent: AgentRow;
  name: string;
  /** Null for one that only the records of runs know. */
  tool: AgentTool | null;
}

/** Says why there are no tools, or none more. */
export interface NoteRow {
  kind: "note";
  parent: AgentRow;
  text: string;
  /** The agent needs constructor arguments. */
  needsArguments: boolean;
}

export function keyOf({ folder, record }: Agent): string {
  return `${folder.uri.toString()}|${record.file_path}#${record.name}`;
}

export function toItem(node: ToolNode, folders: boolean): vscode.TreeItem {
  if (node.kind === "agent") return agentItem(node, folders);
  return node.kind === "tool" ? toolItem(node) : noteItem(node);
}

function agentItem({ agent, uses }: AgentRow, folders: boolean): vscode.TreeItem {
  const { folder, record } = agent;
  const item = new vscode.TreeItem(displayName(record.name), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = keyOf(agent);
  item.description = [folders ? folder.name : "", record.file_path, usesText(uses)]
    .filter(Boolean)
    .join(" · ");
  item.iconPath = new vscode.ThemeIcon("robot");
  item.contextValue = RowContexts.toolAgent;
  item.tooltip = `${record.file_path}, line ${record.lineno}`;
  return item;
}

function toolItem({ parent, name, tool }: ToolRow): vscode.TreeItem {
  const calls = parent.uses.find((use) => use.name === name);
  const item = new vscode.TreeItem(name);
  item.id = `${keyOf(parent.agent)}|${name}`;
  item.description = toolDescription(tool, calls);
  item.tooltip = toolTooltip(name, tool, calls).join("\n");
  item.contextValue = tool !== null && tool.refusal === null ? RowContexts.callable : "";
  item.iconPath = iconOf(tool, calls);
  return item;
}

function iconOf(tool: AgentTool | null, calls: ToolCalls | undefined): vscode.ThemeIcon {
  if (tool === null) return new vscode.ThemeIcon("question");
  if (tool.refusal !== null) return new vscode.ThemeIcon("lock");
  const failing = calls !== undefined && calls.failures > 0;
  return new vscode.ThemeIcon("tools", failing ? new vscode.ThemeColor("list.warningForeground") : undefined);
}

function noteItem({ parent, text, needsArguments }: NoteRow): vscode.TreeItem {
  const [line = ""] = text.split("\n", 1);
  const item = new vscode.TreeItem(line);
  item.id = `${keyOf(parent.agent)}|note|${text}`;
  item.tooltip = text;
  item.iconPath = new vscode.ThemeIcon(needsArguments ? "edit" : "info");
  if (needsArguments)
    item.command = {
      ...{ command: Commands.giveToolArguments, title: "Give Constructor Arguments…" },
      arguments: [targetOf(parent.agent)],
    };
  return item;
}
