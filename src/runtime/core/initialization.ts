import { isPromiseLike } from "./collect.ts";
import { settle, type Steps } from "./steps.ts";

/** The one initialisation of an agent: what a caller could not wait for is waited for by the next, not started again. */
export class Initialization {
  #done = false;
  #running: { value: unknown; settled: boolean } | null = null;

  get done(): boolean {
    return this.#done;
  }

  /** Throws what `initialize` throws; the next call tries again. */
  *steps(agent: string, initialize: () => unknown): Steps<void> {
    if (this.#done) return;
    const running = (this.#running ??= started(initialize()));
    try {
      yield* settle(running.value, `initializing agent "${agent}"`);
      this.#done = true;
    } finally {
      if (running.settled) this.#running = null;
    }
  }
}

function started(value: unknown): { value: unknown; settled: boolean } {
  if (!isPromiseLike(value)) return { value, settled: true };
  const promise = Promise.resolve(value);
  const running = { value: promise, settled: false };
  const settled = () => void (running.settled = true);
  promise.then(settled, settled);
  return running;
}
