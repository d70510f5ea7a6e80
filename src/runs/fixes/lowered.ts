import type { Slots } from "../slots.ts";

interface Lowered {
  usual: number;
  /** What each one that lowered it asked for. */
  most: Set<{ concurrency: number }>;
}

const known = new WeakMap<Slots, Lowered>();

/** How many runs may be at work at a time, until the answer is called. */
export function lower(slots: Slots, concurrency: number): () => void {
  const lowered = known.get(slots) ?? { usual: slots.concurrency, most: new Set() };
  known.set(slots, lowered);
  const wish = { concurrency };
  lowered.most.add(wish);
  set(slots, lowered);
  return () => {
    lowered.most.delete(wish);
    set(slots, lowered);
    if (lowered.most.size === 0) known.delete(slots);
  };
}

/** How many may be where nothing lowers it. */
export function setConcurrency(slots: Slots, usual: number): void {
  const lowered = known.get(slots);
  if (lowered === undefined) slots.concurrency = usual;
  else {
    lowered.usual = usual;
    set(slots, lowered);
  }
}

function set(slots: Slots, { usual, most }: Lowered): void {
  slots.concurrency = Math.min(usual, ...[...most].map(({ concurrency }) => concurrency));
}
