import { hierarchy, tree } from "d3-hierarchy";
import type { Picture, PictureLink, PictureNode } from "../../model/picture.ts";
import { ASPECT, pack, type Block } from "./packing.ts";
import { drawn, treesOf, type ClassTree, type Fold } from "./tree.ts";

/** A class where it is drawn. */
export interface Box {
  node: PictureNode;
  /** The name, shortened where it is very long. */
  label: string;
  x: number;
  y: number;
  width: number;
  height: number;
  heirs: number;
  /** How many of them are not drawn, but for what other classes hide. */
  hidden: number;
}

export interface Line {
  from: Box;
  to: Box;
  path: string;
}

export interface Layout {
  boxes: Box[];
  /** From a class to the one it extends. */
  bases: Line[];
  links: (Line & Pick<PictureLink, "how">)[];
  width: number;
  height: number;
}

const ROW = 34;
const HEIGHT = 26;
const COLUMN_GAP = 46;
const LETTER = 7.1;
const LONGEST = 32;
/** Room for the button that folds. */
const FOLD = 34;

/** The families side by side, each a tree from left to right; below them, in rows, what has neither base nor heir. */
export function layOut(picture: Picture, foldOf: (tree: ClassTree) => Fold): Layout {
  const trees = treesOf(picture);
  const families = trees.filter(({ heirs }) => heirs.length > 0).map((root) => familyBlock(root, foldOf));
  const alone = trees.filter(({ heirs }) => heirs.length === 0);
  const { items, width, height } = below(pack(families), alone);
  const byId = new Map(items.map((box) => [box.node.id, box]));
  return {
    boxes: items,
    bases: items.flatMap((from) => {
      const to = byId.get(from.node.base ?? "");
      return to === undefined ? [] : { from, to, path: between(from, to) };
    }),
    links: linksOf(picture, byId),
    width,
    height,
  };
}

function familyBlock(root: ClassTree, foldOf: (tree: ClassTree) => Fold): Block<Box> {
  const top = hierarchy(root, (part) => drawn(part, foldOf(part)));
  const laid = tree<ClassTree>()
    .nodeSize([ROW, 1])
    .separation((a, b) => (a.parent === b.parent ? 1 : 1.3))(top);
  const nodes = laid.descendants();
  const boxes = nodes.map((part) => boxOf(part.data, foldOf(part.data)));
  const widths: number[] = [];
  nodes.forEach(({ depth }, i) => {
    widths[depth] = Math.max(widths[depth] ?? 0, boxes[i]?.width ?? 0);
  });
  const lefts = widths.map((_, depth) =>
    widths.slice(0, depth).reduce((sum, width) => sum + width + COLUMN_GAP, 0),
  );
  const highest = Math.min(...nodes.map(({ x }) => x));
  nodes.forEach(({ x, depth }, i) => {
    Object.assign(boxes[i] ?? {}, { x: lefts[depth], y: x - highest, width: widths[depth] });
  });
  return blockOf(boxes);
}

/** Rows as wide as what is above them, or wider where the whole would be higher than a window. */
function below(families: Block<Box>, alone: readonly ClassTree[]): Block<Box> {
  if (alone.length === 0) return families;
  const boxes = alone.map((part) => boxOf(part, "open"));
  const widest = Math.max(...boxes.map((box) => box.width));
  const column = widest + ROW - HEIGHT;
  const area = families.width * families.height + alone.length * column * ROW;
  const width = Math.max(families.width, Math.sqrt(area * ASPECT));
  const columns = Math.max(1, Math.floor((width + ROW - HEIGHT) / column));
  const top = families.items.length === 0 ? 0 : families.height + 2 * ROW;
  boxes.forEach((box, i) => {
    box.x = (i % columns) * column;
    box.y = top + Math.floor(i / columns) * ROW;
    box.width = widest;
  });
  return blockOf([...families.items, ...boxes]);
}

function blockOf(boxes: Box[]): Block<Box> {
  return {
    items: boxes,
    width: Math.max(...boxes.map(({ x, width }) => x + width)),
    height: Math.max(...boxes.map(({ y, height }) => y + height)),
  };
}

function boxOf(tree: ClassTree, fold: Fold): Box {
  const { node, heirs, size } = tree;
  const told = node.kind === "outside" ? `${node.name} · ${node.origin}` : node.name;
  const label = told.length > LONGEST ? `${told.slice(0, LONGEST - 1)}…` : told;
  const width = Math.round(label.length * LETTER) + 24 + (heirs.length > 0 ? FOLD : 0);
  const hidden = fold === "closed" ? size : heirs.length - drawn(tree, fold).length;
  return { node, label, x: 0, y: 0, width, height: HEIGHT, heirs: size, hidden };
}

/** What is folded away is represented by the class that folds it. */
function linksOf({ nodes, links }: Picture, drawn: ReadonlyMap<string, Box>): Layout["links"] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const shown = (id: string): Box | undefined => {
    for (let node = byId.get(id); node !== undefined; node = byId.get(node.base ?? "")) {
      const box = drawn.get(node.id);
      if (box !== undefined) return box;
    }
    return undefined;
  };
  const lines = new Map<string, Layout["links"][number]>();
  for (const link of links) {
    const [from, to] = [shown(link.from), shown(link.to)];
    if (from === undefined || to === undefined || from === to) continue;
    const key = `${from.node.id} ${to.node.id}`;
    const how = [...new Set([...(lines.get(key)?.how ?? []), ...link.how])];
    lines.set(key, { from, to, how, path: around(from, to) });
  }
  return [...lines.values()];
}

/** From the left side of an heir to the right side of its base. */
function between(heir: Box, base: Box): string {
  const [x1, y1] = [heir.x, heir.y + HEIGHT / 2];
  const [x2, y2] = [base.x + base.width, base.y + HEIGHT / 2];
  const middle = heir.x - COLUMN_GAP / 2;
  return `M${x1},${y1}C${middle},${y1} ${middle},${y2} ${middle - 6},${y2}L${x2},${y2}`;
}

/** From one box to another wherever they stand, a little bent. */
function around(from: Box, to: Box): string {
  const rightwards = to.x + to.width / 2 >= from.x + from.width / 2;
  const x1 = rightwards ? from.x + from.width : from.x;
  const x2 = to.x + to.width < x1 ? to.x + to.width : to.x > x1 ? to.x : rightwards ? to.x + to.width : to.x;
  const [y1, y2] = [from.y + HEIGHT / 2, to.y + HEIGHT / 2];
  const bend = Math.max(40, Math.min(160, Math.abs(x2 - x1) / 2 + Math.abs(y2 - y1) / 8));
  const out = rightwards ? bend : -bend;
  const into = x2 === to.x ? -bend : bend;
  return `M${x1},${y1}C${x1 + out},${y1} ${x2 + into},${y2} ${x2},${y2}`;
}
