import { setTimeout } from "node:timers/promises";

/** What a timer can wait for at most. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Resolves at a time, or as soon as the signal aborts.
 * @param time as `performance.now()` tells it
 */
export async function sleepUntil(time: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const left = time - performance.now();
    if (left <= 0 || signal.aborted) return;
    await setTimeout(Math.min(left, LONGEST_MS), undefined, { signal }).catch(() => undefined);
  }
}
