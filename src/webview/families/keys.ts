import type { Box, Layout } from "./layout.ts";

/** Where an arrow key leads from a box, as in a tree: left to the base, right to the first heir, up and down to what is next. */
export function neighbour(layout: Layout, from: Box | null, key: string): Box | null {
  const { boxes, bases } = layout;
  if (from === null) return boxes[0] ?? null;
  switch (key) {
    case "ArrowLeft":
      return bases.find((line) => line.from === from)?.to ?? null;
    case "ArrowRight":
      return bases.find((line) => line.to === from)?.from ?? null;
    case "ArrowUp":
      return boxes[boxes.indexOf(from) - 1] ?? null;
    case "ArrowDown":
      return boxes[boxes.indexOf(from) + 1] ?? null;
    case "Home":
      return boxes[0] ?? null;
    case "End":
      return boxes.at(-1) ?? null;
    default:
      return null;
  }
}
