import type { Picture, PictureNode } from "../../model/picture.ts";

/** The classes of a picture as trees: each knows its heirs. */
export interface ClassTree {
  node: PictureNode;
  heirs: ClassTree[];
  /** All below it. */
  size: number;
  /** All below the root of its family. */
  family: number;
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Largest family first; within it by name. */
export function treesOf({ nodes }: Picture): ClassTree[] {
  const trees = new Map(
    nodes.map((node): [string, ClassTree] => [node.id, { node, heirs: [], size: 0, family: 0 }]),
  );
  const roots: ClassTree[] = [];
  for (const tree of trees.values()) {
    const base = trees.get(tree.node.base ?? "");
    (base?.heirs ?? roots).push(tree);
  }
  for (const root of roots) inFamily(root, measure(root));
  return roots.sort((a, b) => b.size - a.size || byName(a, b));
}

function measure(tree: ClassTree): number {
  tree.heirs.sort(byName);
  tree.size = tree.heirs.reduce((sum, heir) => sum + 1 + measure(heir), 0);
  return tree.size;
}

function inFamily(tree: ClassTree, size: number): void {
  tree.family = size;
  for (const heir of tree.heirs) inFamily(heir, size);
}

const byName = (a: ClassTree, b: ClassTree): number => compare(a.node.name, b.node.name);

/** Without test files; a base class that only they have goes with them. */
export function withoutTests({ nodes, links }: Picture): Picture {
  const kept = new Set<string>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) {
    if (node.test || node.kind === "other" || node.kind === "outside") continue;
    for (
      let at: PictureNode | undefined = node;
      at !== undefined && !kept.has(at.id);
      at = byId.get(at.base ?? "")
    )
      kept.add(at.id);
  }
  return {
    nodes: nodes.filter(({ id }) => kept.has(id)),
    links: links.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
}

/** From so many classes on, large families show only their bases until more is asked for. */
const CROWD = 150;
const LARGE = 40;

/** All heirs of a class are drawn, those that have heirs themselves, or none. */
export type Fold = "open" | "inner" | "closed";

/** What is drawn below each class; `turned` are the ids that the user has turned round. */
export function foldRule({ nodes }: Picture, turned: readonly string[]): (tree: ClassTree) => Fold {
  const asked = new Set(turned);
  const crowd = nodes.length > CROWD;
  return ({ node, family }) => {
    const large = crowd && family > LARGE;
    if (asked.has(node.id)) return large ? "open" : "closed";
    return large ? "inner" : "open";
  };
}

/** The heirs that are drawn. */
export function drawn({ heirs }: ClassTree, fold: Fold): ClassTree[] {
  if (fold === "open") return heirs;
  return fold === "closed" ? [] : heirs.filter((heir) => heir.heirs.length > 0);
}
