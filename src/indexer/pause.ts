import { setImmediate } from "node:timers/promises";

const SLICE_MS = 12;

/** Keeps long synchronous work polite: gives messages (a cancel) a turn every few milliseconds and stops when aborted. */
export class Pause {
  readonly #signal: AbortSignal;
  #since = performance.now();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get aborted(): boolean {
    return this.#signal.aborted;
  }

  async here(): Promise<void> {
    this.#signal.throwIfAborted();
    if (performance.now() - this.#since < SLICE_MS) return;
    await setImmediate();
    this.#since = performance.now();
    this.#signal.throwIfAborted();
  }
}
