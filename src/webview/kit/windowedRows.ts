import { useEffect, useReducer, useRef } from "preact/hooks";

const BLOCK = 100;

/** A list that another process has; only the rows near those in sight are here. */
export interface RowSource<Row, List extends { version: number }> {
  /** What is to be listed, and how many rows that has. */
  query(): Promise<List>;
  /** Rows of an answer of `query`; null where that is too old. */
  rows(version: number, from: number, count: number): Promise<Row[] | null>;
}

interface Shown<Row, List> {
  list: List;
  rows: Map<number, Row>;
}

export interface WindowedRows<Row, List> {
  /** Null until the first answer. */
  list: List | null;
  rowAt: (index: number) => Row | undefined;
  onRange: (first: number, last: number) => void;
}

/** @param key the source is asked anew whenever it changes */
export function useWindowedRows<Row, List extends { version: number }>(
  source: RowSource<Row, List>,
  key: string,
): WindowedRows<Row, List> {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const shown = useRef<Shown<Row, List> | null>(null);
  const range = useRef({ first: 0, last: BLOCK - 1 });
  const asked = useRef({ isRunning: false, again: false, blocks: new Set<string>() });
  const latest = useRef(source);
  latest.current = source;

  const fetchBlock = async ({ list, rows }: Shown<Row, List>, block: number): Promise<boolean> => {
    const name = `${list.version}:${block}`;
    if (asked.current.blocks.has(name)) return true;
    asked.current.blocks.add(name);
    const answer = await latest.current.rows(list.version, block * BLOCK, BLOCK);
    for (const [i, row] of answer?.entries() ?? []) rows.set(block * BLOCK + i, row);
    return answer !== null;
  };
  const fetchRange = async (to: Shown<Row, List>): Promise<boolean> => {
    const { first, last } = range.current;
    const blocks: number[] = [];
    for (let block = Math.floor(first / BLOCK); block * BLOCK <= last; block += 1) blocks.push(block);
    return (await Promise.all(blocks.map((block) => fetchBlock(to, block)))).every(Boolean);
  };
  /** One after the other: where changes come faster than answers, each answer is shown all the same. */
  const ask = async (): Promise<void> => {
    const asking = asked.current;
    asking.again = true;
    if (asking.isRunning) return;
    asking.isRunning = true;
    try {
      while (asking.again) {
        asking.again = false;
        const next: Shown<Row, List> = { list: await latest.current.query(), rows: new Map() };
        asking.blocks.clear();
        // What is in sight stays until there is something to put in its place.
        if (await fetchRange(next)) {
          shown.current = next;
          redraw(undefined);
        } else asking.again = true;
      }
    } finally {
      asking.isRunning = false;
    }
  };
  useEffect(() => void ask(), [key]);
  return {
    list: shown.current?.list ?? null,
    rowAt: (index) => shown.current?.rows.get(index),
    onRange: (first, last) => {
      range.current = { first, last };
      const now = shown.current;
      if (now === null) return;
      void fetchRange(now).then((isKept) => {
        if (!isKept) return ask();
        if (now === shown.current) redraw(undefined);
        return undefined;
      });
    },
  };
}
