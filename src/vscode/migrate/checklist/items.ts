import * as vscode from "vscode";
import { Commands, RowContexts } from "../../contributions.ts";
import type { ChecklistNode, Readiness } from "./nodes.ts";

const icons: Record<Readiness, vscode.ThemeIcon> = {
  ready: new vscode.ThemeIcon("robot"),
  choice: new vscode.ThemeIcon("question"),
  cannot: new vscode.ThemeIcon("circle-slash"),
};

export function toItem(node: ChecklistNode): vscode.TreeItem {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const open = node.kind === "group" && node.readiness === "cannot" ? Collapsed : Expanded;
  const item = new vscode.TreeItem(node.label, node.kind === "class" ? None : open);
  item.id = node.id;
  item.description = node.description;
  item.tooltip = node.tooltip;
  if (node.checked !== null) item.checkboxState = checkbox(node, node.checked);
  if (node.kind === "folder") item.iconPath = new vscode.ThemeIcon("root-folder");
  if (node.kind !== "class") return item;
  item.iconPath = icons[node.readiness];
  if (node.readiness === "ready") item.contextValue = RowContexts.ready;
  item.command = { command: Commands.openMigrationChange, title: "Open Changes", arguments: [node, true] };
  item.accessibilityInformation = { label: `${node.label}, ${node.description}` };
  return item;
}

function checkbox(
  { label, kind }: ChecklistNode,
  checked: boolean,
): NonNullable<vscode.TreeItem["checkboxState"]> {
  const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
  const what = kind === "group" ? "all that is ready" : label;
  return {
    state: checked ? Checked : Unchecked,
    tooltip: checked ? `Leave out ${what}` : `Migrate ${what}`,
    accessibilityInformation: { label: `Migrate ${what}`, role: "checkbox" },
  };
}
