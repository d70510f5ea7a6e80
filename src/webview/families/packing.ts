/** Things that stand together; their coordinates are relative to the block. */
export interface Block<Item> {
  items: Item[];
  width: number;
  height: number;
}

const GAP = { x: 64, y: 30 };
/** Wider than high, as windows are. */
export const ASPECT = 1.7;

interface Column<Item> {
  blocks: Block<Item>[];
  width: number;
  height: number;
}

/** Puts blocks into columns, the highest first, so that the whole fits best into a window; moves their items. */
export function pack<Item extends { x: number; y: number }>(blocks: readonly Block<Item>[]): Block<Item> {
  const tallest = Math.max(0, ...blocks.map(({ height }) => height));
  const tries = [1, 1.2, 1.5, 2, 2.5, 3, 4, 6, 8, 12].map((times) => columnsOf(blocks, tallest * times));
  const [columns = []] = tries.sort((a, b) => needed(a) - needed(b));
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

/** Each block goes into the first column that has room for it. */
function columnsOf<Item>(blocks: readonly Block<Item>[], limit: number): Column<Item>[] {
  const columns: Column<Item>[] = [];
  for (const block of [...blocks].sort((a, b) => b.height - a.height || b.width - a.width)) {
    const free = columns.find(({ height }) => height + GAP.y + block.height <= limit);
    if (free === undefined) columns.push({ blocks: [block], width: block.width, height: block.height });
    else {
      free.blocks.push(block);
      free.width = Math.max(free.width, block.width);
      free.height += GAP.y + block.height;
    }
  }
  return columns;
}

/** The width of the window that shows all of it. */
function needed<Item>(columns: readonly Column<Item>[]): number {
  const width = columns.reduce((sum, column) => sum + column.width + GAP.x, 0);
  return Math.max(width, ASPECT * Math.max(0, ...columns.map(({ height }) => height)));
}
