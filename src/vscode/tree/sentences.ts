import { agentCount } from "../../model/agentCount.ts";
import type { AgentRecord } from "../../model/agentRecord.ts";
import type { Tree, View } from "./nodes.ts";

export interface Situation {
  tree: Tree;
  view: View;
  records: readonly AgentRecord[];
  /** The sentence of a folder that could not be indexed. */
  failure: string | null;
  /** The user stopped the indexing of a folder. */
  stopped: boolean;
  trusted: boolean;
}

/** Above the rows. Nothing where there are none: VS Code would leave out the text that stands in their place. */
export function messageOf({ tree, view, records, failure, stopped, trusted }: Situation): string {
  const { filter } = view;
  if (tree.nodes.length === 0) return "";
  return [
    failure ?? "",
    stopped ? "Indexing was stopped, so not everything may be shown: Refresh looks again." : "",
    filter === null ? countsOf(records) : `Filtered by “${filter.text}” (${tree.found} of ${tree.all}).`,
    trusted ? "" : "Restricted Mode: agents can be browsed, not run or migrated.",
  ]
    .filter(Boolean)
    .join(" ");
}

/** "18 agents, 2 migrated." */
function countsOf(records: readonly AgentRecord[]): string {
  const agents = records.filter(({ adapts }) => adapts === null);
  if (agents.length === 0) return "";
  const migrated = agents.filter((record) => record.migrated).length;
  const count = agentCount(agents.length);
  return migrated === 0 ? `${count}.` : `${count}, ${migrated} migrated.`;
}
