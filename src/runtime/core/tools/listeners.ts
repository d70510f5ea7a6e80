import { isPromiseLike } from "../collect.ts";

/** Those who are told something. What they throw, or reject with, never reaches whoever tells. */
export class Listeners<T extends readonly unknown[]> {
  readonly #listeners = new Set<{ readonly tell: (...values: T) => unknown }>();

  /** Whether anybody listens. */
  get any(): boolean {
    return this.#listeners.size > 0;
  }

  /** Adds one, also one that listens already; the answer takes just this one away and may be called again. */
  add(tell: (...values: T) => unknown): () => void {
    const listener = { tell };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells all who listen now; one that is taken away meanwhile is told no more. */
  tell(...values: T): void {
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      try {
        const answer = listener.tell(...values);
        if (isPromiseLike(answer)) answer.then(undefined, () => undefined);
      } catch {
        // A listener's own affair.
      }
    }
  }
}
