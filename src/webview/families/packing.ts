/** Things that stand together; their coordinates are relative to the block. */
export interface Block<Item> {
  items: Item[];
  width: number;
  height: number;
}

const GAP = { x: 64, y: 30 };
/** Wider than high, as windows are. */
const ASPECT = 1.7;

/** Puts blocks into columns, the highest first, so that the whole is about as wide as a window; moves their items. */
export function pack<Item extends { x: number; y: number }>(blocks: readonly Block<Item>[]): Block<Item> {
  const area = blocks.reduce((sum, { width, height }) => sum + (width + GAP.x) * (height + GAP.y), 0);
  const limit = Math.max(Math.sqrt(area / ASPECT), ...blocks.map(({ height }) => height));
  const columns: { blocks: Block<Item>[]; width: number; height: number }[] = [];
  const byHeight = [...blocks].sort((a, b) => b.height - a.height || b.width - a.width);
  for (const block of byHeight) {
    const free = columns.find(({ height }) => height + GAP.y + block.height <= limit);
    if (free === undefined) columns.push({ blocks: [block], width: block.width, height: block.height });
    else {
      free.blocks.push(block);
      free.width = Math.max(free.width, block.width);
      free.height += GAP.y + block.height;
    }
  }
  let left = 0;
  for (const column of columns) {
    let top = 0;
    for (const block of column.blocks) {
      for (const item of block.items) {
        item.x += left;
        item.y += top;
      }
      top += block.height + GAP.y;
    }
    left += column.width + GAP.x;
  }
  return {
    items: columns.flatMap((column) => column.blocks.flatMap(({ items }) => items)),
    width: Math.max(0, left - GAP.x),
    height: Math.max(0, ...columns.map(({ height }) => height)),
  };
}
