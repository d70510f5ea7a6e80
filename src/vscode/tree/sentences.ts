import type { AgentRecord } from "../../model/agentRecord.ts";
import { groupings } from "./grouping.ts";
import type { Tree, View } from "./nodes.ts";

/** Beside the title: "18, 2 migrated · by folder". */
export function descriptionOf(records: readonly AgentRecord[], { grouping }: View): string {
  const agents = records.filter(({ adapts }) => adapts === null);
  if (agents.length === 0) return "";
  const migrated = agents.filter((record) => record.migrated).length;
  const counts = migrated === 0 ? `${agents.length}` : `${agents.length}, ${migrated} migrated`;
  return [counts, groupings[grouping].title].filter(Boolean).join(" · ");
}

export interface Situation {
  tree: Tree;
  view: View;
  /** The sentence of a folder that could not be indexed. */
  failure: string | null;
  trusted: boolean;
}

/** Above the rows. Nothing where there are none: VS Code would leave out the text that stands in their place. */
export function messageOf({ tree, view: { filter }, failure, trusted }: Situation): string {
  if (tree.nodes.length === 0) return "";
  return [
    failure ?? "",
    filter === null ? "" : `Filtered by “${filter.text}” (${tree.found} of ${tree.all}).`,
    trusted ? "" : "Restricted Mode: agents can be browsed, not run or migrated.",
  ]
    .filter(Boolean)
    .join(" ");
}
