import type { Picture, PictureNode } from "../../model/picture.ts";

/** The classes of a picture as trees: each knows its heirs. */
export interface ClassTree {
  node: PictureNode;
  heirs: ClassTree[];
  /** All below it. */
  size: number;
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Largest family first; within it by name. */
export function treesOf({ nodes }: Picture): ClassTree[] {
  const trees = new Map(nodes.map((node): [string, ClassTree] => [node.id, { node, heirs: [], size: 0 }]));
  const roots: ClassTree[] = [];
  for (const tree of trees.values()) {
    const base = trees.get(tree.node.base ?? "");
    (base?.heirs ?? roots).push(tree);
  }
  for (const root of roots) measure(root);
  return roots.sort((a, b) => b.size - a.size || byName(a, b));
}

function measure(tree: ClassTree): number {
  tree.heirs.sort(byName);
  tree.size = tree.heirs.reduce((sum, heir) => sum + 1 + measure(heir), 0);
  return tree.size;
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

/** From so many classes on, large families are folded until they are asked for. */
const CROWD = 150;
const LARGE = 40;

/** Which classes hide their heirs; `turned` are the ids that the user has turned round. */
export function foldRule({ nodes }: Picture, turned: readonly string[]): (tree: ClassTree) => boolean {
  const asked = new Set(turned);
  return ({ node, heirs, size }) =>
    heirs.length > 0 && (nodes.length > CROWD && size > LARGE) !== asked.has(node.id);
}
