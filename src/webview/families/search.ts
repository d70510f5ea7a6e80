import type { Picture } from "../../model/picture.ts";
import type { Box, Layout } from "./layout.ts";

/** The boxes whose name holds the text, or that fold away a class whose name does; null where nothing is sought. */
export function find(layout: Layout, { nodes }: Picture, text: string): ReadonlySet<Box> | null {
  const sought = text.trim().toLowerCase();
  if (sought === "") return null;
  const drawn = new Map(layout.boxes.map((box) => [box.node.id, box]));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Set<Box>();
  for (const node of nodes) {
    if (!node.name.toLowerCase().includes(sought)) continue;
    for (let at: typeof node | undefined = node; at !== undefined; at = byId.get(at.base ?? "")) {
      const box = drawn.get(at.id);
      if (box === undefined) continue;
      found.add(box);
      break;
    }
  }
  return found;
}
