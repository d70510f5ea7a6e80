import type { AgentRecord } from "../../model/agentRecord.ts";
import { groupings } from "./grouping.ts";
import { countOfNotes, type Tree, type View } from "./nodes.ts";

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
  progress: { done: number; total: number } | null;
  trusted: boolean;
  /** How many things could not be read. */
  notes: number;
}

/** Above the rows; "" where there is nothing to say. */
export function messageOf({ tree, view, failure, progress, trusted, notes }: Situation): string {
  if (failure !== null) return failure;
  if (tree.all === 0) {
    if (progress !== null && progress.total > 0)
      return `Reading ${progress.done} of ${progress.total} files…`;
    return notes === 0 ? "" : `${countOfNotes(notes)}: the log says what could not be read.`;
  }
  return [
    view.filter === null ? "" : `Filtered by “${view.filter.text}” (${tree.found} of ${tree.all}).`,
    trusted ? "" : "Restricted Mode: agents can be browsed, not run or migrated.",
  ]
    .filter(Boolean)
    .join(" ");
}
