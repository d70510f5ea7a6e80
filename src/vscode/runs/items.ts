import * as vscode from "vscode";
import { isPipelineFile } from "../../model/pipeline.ts";
import type { RunState } from "../../model/runSummary.ts";
import { Commands } from "../contributions.ts";
import type { BatchGroup } from "../batches/batchGroup.ts";
import { batchText } from "../batches/batchText.ts";
import { isActive, type RunRow } from "./row.ts";
import { rowText, stateWords, type Surroundings } from "./rowText.ts";
import { severalFolders } from "../severalFolders.ts";

/** What the Runs view shows: a run, alone or below its batch or pipeline, or the row that asks for older ones. */
export type RunNode = SingleNode | BatchNode | { kind: "more" };
export interface SingleNode {
  kind: "run";
  row: RunRow;
  parent: BatchNode | SingleNode | null;
  /** Of a pipeline. */
  steps: readonly RunRow[];
}
export interface BatchNode {
  kind: "batch";
  group: BatchGroup;
}

const icons: Record<RunState, [icon: string, color?: string]> = {
  queued: ["watch", "testing.iconQueued"],
  running: ["loading~spin"],
  retrying: ["history"],
  waiting: ["question", "list.warningForeground"],
  success: ["pass", "testing.iconPassed"],
  failed: ["error", "testing.iconFailed"],
  cancelled: ["circle-slash", "testing.iconSkipped"],
  interrupted: ["debug-disconnect", "list.warningForeground"],
  unreadable: ["warning", "list.warningForeground"],
};

export function toItem(node: RunNode): vscode.TreeItem {
  if (node.kind === "more") {
    const more = new vscode.TreeItem("Show Older Runs");
    more.id = "more";
    more.iconPath = new vscode.ThemeIcon("ellipsis");
    more.command = { command: Commands.showOlderRuns, title: "Show Older Runs" };
    return more;
  }
  if (node.kind === "batch") return batchItem(node);
  const text = rowText(node.row, { ...surroundings(), steps: node.steps });
  const item = new vscode.TreeItem(text.label, openness(node));
  item.id = node.row.summary.runId;
  item.description = text.description;
  item.tooltip = text.tooltip.join("\n");
  item.contextValue = text.context;
  item.iconPath = iconOf(text.state);
  item.accessibilityInformation = {
    label: `${text.label}, ${stateWords[text.state]}, ${text.description}`,
  };
  if (text.state !== "unreadable")
    item.command = { command: Commands.openRunLog, title: "Open Log", arguments: [node] };
  return item;
}

/** A pipeline at work shows what its steps do. */
function openness({ row, steps }: SingleNode): vscode.TreeItemCollapsibleState {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  if (isPipelineFile(row.summary.agent.file_path) && isActive(row)) return Expanded;
  return steps.length === 0 ? None : Collapsed;
}

function batchItem({ group }: BatchNode): vscode.TreeItem {
  const text = batchText(group, surroundings());
  const item = new vscode.TreeItem(text.label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `batch ${group.id}`;
  item.description = text.description;
  item.tooltip = text.tooltip.join("\n");
  item.contextValue = text.context;
  item.iconPath = iconOf(text.state);
  item.accessibilityInformation = {
    label: `Batch: ${text.label}, ${stateWords[text.state]}, ${text.description}`,
  };
  return item;
}

export const surroundings = (): Surroundings => ({
  now: Date.now(),
  folders: severalFolders(),
});

function iconOf(state: RunState): vscode.ThemeIcon {
  const [icon, color] = icons[state];
  return new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
}
