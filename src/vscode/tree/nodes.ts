import { counted } from "../../model/counted.ts";
import { agentCount } from "../../model/agentCount.ts";
import { agentNode, withLines } from "./agentNode.ts";
import { factsOf } from "./facts.ts";
import type { Filter } from "./filter.ts";
import { foreignFacts, foreignNodes } from "./foreignNodes.ts";
import type { ForeignAgent } from "../../model/indexerProtocol.ts";
import { groupsOf, type Grouping } from "./grouping.ts";
import { listedOf, type FolderAgents, type Listed } from "./listing.ts";
import { once, row, type Node } from "./node.ts";

/** How the user wants to see the agents. */
export interface View {
  grouping: Grouping;
  filter: Filter | null;
}

export interface Tree {
  nodes: Node[];
  /** How many agents there are, and how many of them the filter finds. */
  all: number;
  found: number;
}

interface Shown {
  agents: FolderAgents;
  all: Listed[];
  found: Listed[];
  foreign: ForeignAgent[];
}

/** The log has them all. */
const MOST_NOTES = 100;

/** More agents than so many, and groups are first shown folded. */
const MANY_AGENTS = 100;

/** Folder rows only where there is more than one folder; with a filter, only what it finds. */
export function treeOf(folders: readonly FolderAgents[], view: View): Tree {
  const { filter } = view;
  const shown = folders.map((agents): Shown => {
    const all = listedOf(agents);
    const foreign = agents.snapshot?.foreign ?? [];
    if (filter === null) return { agents, all, found: all, foreign };
    return {
      agents,
      all,
      found: all.filter(({ record }) => filter.matches(factsOf(record))),
      foreign: foreign.filter((agent) => filter.matches(foreignFacts(agent))),
    };
  });
  const sum = (key: "all" | "found") => shown.reduce((count, folder) => count + folder[key].length, 0);
  const [first] = shown;
  const alone = shown.length === 1 && first !== undefined;
  const all = sum("all");
  // Without agents the view says what to do.
  const foreign = folders.some(({ snapshot }) => (snapshot?.foreign.length ?? 0) > 0);
  if (all === 0 && !foreign) return { nodes: [], all: 0, found: 0 };
  return {
    nodes: alone
      ? rowsOf(first, view, null)
      : shown
          .filter(({ found, foreign: others }) => filter === null || found.length + others.length > 0)
          .map((folder) => folderNode(folder, view)),
    all,
    found: sum("found"),
  };
}

function folderNode(folder: Shown, view: View): Node {
  const { agents, all, found } = folder;
  const description =
    agents.snapshot === null
      ? ""
      : found === all
        ? agentCount(all.length)
        : `${found.length} of ${agentCount(all.length)}`;
  const node = row({ kind: "folder", id: agents.root, label: agents.name, description, open: true });
  node.children = once(() => rowsOf(folder, view, node));
  return node;
}

function rowsOf({ agents, found, foreign }: Shown, { grouping, filter }: View, parent: Node | null): Node[] {
  const folder = withLines(agents);
  const rows =
    grouping === "none"
      ? found.map((item) => agentNode(folder, item, item.key, parent))
      : groupsOf(found, ({ record }) => factsOf(record), grouping).map(({ key, label, origin, items }) => {
          const node = row({
            kind: "group",
            id: `${folder.root}|${grouping}|${key}`,
            label,
            description: [agentCount(items.length), origin].filter(Boolean).join(" · "),
            group: { grouping, key },
            open: filter !== null || found.length <= MANY_AGENTS,
            parent,
          });
          node.children = once(() =>
            items.map((item) => agentNode(folder, item, `${node.id}|${item.key}`, node)),
          );
          return node;
        });
  const others = foreignNodes(folder.root, foreign, parent);
  return [...rows, ...others, ...(filter === null ? notesOf(agents, parent) : [])];
}

/** What could not be read, below the agents. */
function notesOf({ root, snapshot }: FolderAgents, parent: Node | null): Node[] {
  const notes = snapshot?.notes ?? [];
  if (notes.length === 0) return [];
  const node = row({
    kind: "notes",
    id: `${root}|notes`,
    label: counted(notes.length, "note"),
    description: "what could not be read",
    parent,
  });
  node.children = once(() =>
    notes
      .slice(0, MOST_NOTES)
      .map((note, index) =>
        row({ kind: "note", id: `${node.id}|${index}`, label: note, description: "", parent: node }),
      ),
  );
  return [node];
}
