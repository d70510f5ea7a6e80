import { isPromiseLike } from "./collect.ts";
import { settle, type Steps } from "./steps.ts";

interface Running {
  readonly value: unknown;
  settled: boolean;
  /** Its promise is fulfilled. */
  fulfilled: boolean;
}

/** The one initialisation of an agent: what a caller could not wait for is waited for by the next, not started again. */
export class Initialization {
  #done = false;
  #running: Running | null = null;

  get done(): boolean {
    return this.#done || this.#running?.fulfilled === true;
  }

  /** Whether it goes on. */
  get running(): boolean {
    return this.#running?.settled === false;
  }

  /** Throws what `initialize` throws; the next call tries again. */
  *steps(agent: string, initialize: () => unknown): Steps<void> {
    if (this.done) return;
    const running = (this.#running ??= started(initialize()));
    try {
      yield* settle(running.value, what(agent));
      this.#done = true;
    } finally {
      if (running.settled) this.#running = null;
    }
  }

  /** Waits until it no longer goes on; whether it failed is told by {@link done} alone. */
  *ended(agent: string): Steps<void> {
    if (this.#running === null || !this.running) return;
    try {
      yield* settle(this.#running.value, what(agent));
    } catch {
      // There is nothing to shut down.
    }
  }
}

const what = (agent: string): string => `initializing agent "${agent}"`;

function started(value: unknown): Running {
  if (!isPromiseLike(value)) return { value, settled: true, fulfilled: false };
  const promise = Promise.resolve(value);
  const running = { value: promise, settled: false, fulfilled: false };
  promise.then(
    () => void (running.settled = running.fulfilled = true),
    () => void (running.settled = true),
  );
  return running;
}
