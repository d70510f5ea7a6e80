import type { BatchNode, RunNode, SingleNode } from "./items.ts";

/** What keybindings pass, for the selected row. */
export const SELECTED_ROW = "row";

/**
 * The row that a command is called for: that of a menu or button, or the selected one where a key asks for it. Never the
 * selected one instead of one that is gone.
 */
export function meantRow(
  argument: unknown,
  selection: readonly RunNode[],
): SingleNode | BatchNode | undefined {
  const node = argument === SELECTED_ROW ? selection[0] : argument;
  return isRow(node) ? node : undefined;
}

export function isRow(value: unknown): value is SingleNode | BatchNode {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    ((value.kind === "run" && "row" in value) || (value.kind === "batch" && "group" in value))
  );
}
