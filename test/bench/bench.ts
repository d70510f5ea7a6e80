/** One line of the report. */
export interface Figure {
  /** What was measured, for example "durable checkpoint, 10 KB". */
  name: string;
  /** Ours, in `unit`. */
  ours: number;
  /** The named yardstick, measured in the same run, in `unit`; null where the goal is an absolute figure. */
  yardstick: number | null;
  /** For example "bare write + fsync + rename". */
  yardstickName: string | null;
  /** Of both, for example "ms", "messages/s", "MB". */
  unit: string;
  /** What the ratio ours / yardstick should be; without a yardstick, what `ours` should be. */
  goal: { atMost: number } | { atLeast: number } | null;
}

/** A file `NAME.bench.ts` exports one of these as `bench`. Each runs in a process of its own. */
export interface Bench {
  /** Measures, and answers with a line for each thing measured; what cannot be measured here is a string that says why. */
  run(): Promise<(Figure | string)[]> | (Figure | string)[];
}

/** Runs both in turns, so that a noisy machine disturbs them alike; answers with the durations in milliseconds, in order. */
export async function inTurns(
  rounds: number,
  ours: () => unknown,
  yardstick: () => unknown,
): Promise<{ ours: number[]; yardstick: number[] }> {
  const times: { ours: number[]; yardstick: number[] } = { ours: [], yardstick: [] };
  for (let round = 0; round < rounds; round += 1) {
    // Whoever goes first may pay for the other: take turns at that too.
    const order = round % 2 === 0 ? (["ours", "yardstick"] as const) : (["yardstick", "ours"] as const);
    for (const which of order) {
      const started = performance.now();
      await (which === "ours" ? ours() : yardstick());
      times[which].push(performance.now() - started);
    }
  }
  return times;
}

/** The value below which the given share (0 to 1) of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle value. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);
