import type { CallStatistics } from "./statistics.ts";

// Finer than Date where the environment has it: most tools take less than a millisecond.
const now = (): number => {
  const { performance } = globalThis as { performance?: { now(): number } };
  return performance?.now() ?? Date.now();
};

/** Takes what became of a call; `failure` holds what was thrown. */
export type Report = (durationMs: number, failure: { readonly error: unknown } | null) => void;

/** One call that was let through, from there to its record. */
export class Call {
  readonly #counted: readonly CallStatistics[];
  readonly #report: Report;
  #began: number | null = null;

  constructor(counted: readonly CallStatistics[], report: Report) {
    this.#counted = counted;
    this.#report = report;
  }

  /** Runs the tool's code and answers with what it returns; a promise is counted when it settles. */
  runNow(code: () => unknown): unknown {
    this.#begin();
    let value: unknown;
    try {
      value = code();
    } catch (error) {
      this.#end();
      throw error;
    }
    const settled = (failure: { error: unknown } | null) => {
      this.#end();
      this.answer(failure);
    };
    // Another thenable may do its work at each `then`, as query builders do: it belongs to the caller alone.
    if (value instanceof Promise) {
      value.then(
        () => settled(null),
        (error: unknown) => settled({ error }),
      );
    } else {
      settled(null);
    }
    return value;
  }

  /** Runs the tool's code to the end of its promise. */
  async runLater(code: () => unknown): Promise<unknown> {
    this.#begin();
    try {
      return await code();
    } finally {
      this.#end();
    }
  }

  /** The caller gets its answer: counts and reports the call. Called once. */
  answer(failure: { readonly error: unknown } | null): void {
    const durationMs = this.#began === null ? null : Math.max(0, now() - this.#began);
    for (const each of this.#counted) {
      each.calls += 1;
      if (failure !== null) each.failures += 1;
      if (durationMs !== null) each.durations.add(durationMs);
    }
    this.#report(durationMs ?? 0, failure);
  }

  #begin(): void {
    this.#began = now();
    for (const each of this.#counted) each.running += 1;
  }

  #end(): void {
    for (const each of this.#counted) each.running -= 1;
  }
}
