import type { Node } from "./node.ts";

/**
 * The agents a command of the view is called for. VS Code gives the row it was called on and, where that is among several
 * selected ones, all of these.
 */
export function agentRows(row: unknown, selected: unknown): Node[] {
  const rows: unknown[] = Array.isArray(selected) && selected.length > 0 ? selected : [row];
  return rows.filter(isAgentRow);
}

export function isAgentRow(value: unknown): value is Node {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    (value.kind === "agent" || value.kind === "adapter") &&
    "place" in value
  );
}
