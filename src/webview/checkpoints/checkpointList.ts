import type { BirpcReturn } from "birpc";
import { useEffect, useReducer, useRef } from "preact/hooks";
import type { CheckpointList, CheckpointListRow, CheckpointQuery } from "../../model/checkpoints.ts";
import type { CheckpointsHost, CheckpointsPage } from "../../model/checkpointsPanel.ts";

export type Host = BirpcReturn<CheckpointsHost, CheckpointsPage>;

const BLOCK = 100;

interface Shown {
  list: CheckpointList;
  rows: Map<number, CheckpointListRow>;
}

/** What a query lists, of which only the rows near those in sight are here. */
export interface ListState {
  /** Null until the first answer. */
  list: CheckpointList | null;
  rowAt: (index: number) => CheckpointListRow | undefined;
  onRange: (first: number, last: number) => void;
}

/** @param tick what is on disk may be another one whenever it changes */
export function useCheckpointList(host: Host, query: CheckpointQuery, tick: string): ListState {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const shown = useRef<Shown | null>(null);
  const range = useRef({ first: 0, last: BLOCK - 1 });
  const asked = useRef({ query: 0, blocks: new Set<string>() });

  const fetchBlock = async ({ list, rows }: Shown, block: number): Promise<boolean> => {
    const key = `${list.version}:${block}`;
    if (asked.current.blocks.has(key)) return true;
    asked.current.blocks.add(key);
    const answer = await host.rows(list.version, block * BLOCK, BLOCK);
    for (const [i, row] of answer?.entries() ?? []) rows.set(block * BLOCK + i, row);
    return answer !== null;
  };
  const fetchRange = async (to: Shown): Promise<boolean> => {
    const { first, last } = range.current;
    const blocks: number[] = [];
    for (let block = Math.floor(first / BLOCK); block * BLOCK <= last; block += 1) blocks.push(block);
    return (await Promise.all(blocks.map((block) => fetchBlock(to, block)))).every(Boolean);
  };
  const ask = async (): Promise<void> => {
    const mine = (asked.current.query += 1);
    const next: Shown = { list: await host.query(query), rows: new Map() };
    if (mine !== asked.current.query) return;
    asked.current.blocks.clear();
    // What is in sight stays until there is something to put in its place.
    const current = await fetchRange(next);
    if (mine !== asked.current.query) return;
    if (!current) return ask();
    shown.current = next;
    redraw(undefined);
  };
  const text = JSON.stringify(query);
  useEffect(() => void ask(), [text, tick]);
  return {
    list: shown.current?.list ?? null,
    rowAt: (index) => shown.current?.rows.get(index),
    onRange: (first, last) => {
      range.current = { first, last };
      const now = shown.current;
      if (now === null) return;
      void fetchRange(now).then((current) => {
        if (!current) return ask();
        if (now === shown.current) redraw(undefined);
        return undefined;
      });
    },
  };
}
