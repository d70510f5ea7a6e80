import { AgentUsageError } from "../core/errors.ts";
import type { AgentTasks } from "./types.ts";

type Pulled = IteratorResult<unknown>;

/** Reads pairs one at a time, from an array, an iterable or an async iterable. */
export class PairSource {
  /** Whether all pairs are in memory, so that reading them ends. */
  readonly finite: boolean;
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>;

  /** Throws an {@link AgentUsageError} for what cannot be iterated. */
  constructor(pairs: AgentTasks) {
    this.finite = Array.isArray(pairs);
    this.#iterator = iteratorOf(pairs);
  }

  /** The next pair, perhaps later. What the source throws is thrown. */
  next(): Pulled | PromiseLike<Pulled> {
    return this.#iterator.next();
  }

  /** Tells the source that no more is wanted; what it answers is of no interest. */
  stop(): void {
    try {
      const answer: unknown = this.#iterator.return?.();
      Promise.resolve(answer).catch(() => undefined);
    } catch {
      // The batch is over.
    }
  }
}

function iteratorOf(pairs: unknown): Iterator<unknown> | AsyncIterator<unknown> {
  if (typeof pairs === "object" && pairs !== null) {
    const both = pairs as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
    if (typeof both[Symbol.asyncIterator] === "function") {
      return (pairs as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    }
    if (typeof both[Symbol.iterator] === "function") return (pairs as Iterable<unknown>)[Symbol.iterator]();
  }
  throw new AgentUsageError(
    "A batch is an array, an iterable or an async iterable of pairs: [[agent, task], …].",
  );
}
