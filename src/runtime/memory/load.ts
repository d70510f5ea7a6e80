import { abortError, type AbortSignalLike, onAbort } from "../core/abort.ts";
import { AgentUsageError } from "../core/errors.ts";
import type { KeptValue } from "./keptValue.ts";

/** A loader under way. */
export class Load {
  readonly key: string;
  /** What it used so far, and what that used. */
  readonly needs = new Set<string>();
  /** Settles when the loader is done, or when nobody waits any more. */
  readonly done: Promise<KeptValue>;
  /** Whether what it makes is out of date, and not to be kept. */
  isStale = false;
  isOver = false;
  readonly #controller = new AbortController();
  /** The loads it waits for, and how many times. */
  readonly #waitsFor = new Map<Load, number>();
  #settle: { resolve: (value: KeptValue) => void; reject: (error: unknown) => void } | null = null;
  #waiting = 0;

  constructor(key: string) {
    this.key = key;
    this.done = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Perhaps nobody waits.
    this.done.catch(() => undefined);
  }

  get signal(): AbortSignalLike {
    return this.#controller.signal;
  }

  succeed(value: KeptValue): void {
    this.isOver = true;
    this.#settle?.resolve(value);
  }

  fail(error: unknown): void {
    this.isOver = true;
    this.#settle?.reject(error);
  }

  /** Notes that it waits for another load until the returned function is called. */
  waitFor(other: Load): () => void {
    this.#waitsFor.set(other, (this.#waitsFor.get(other) ?? 0) + 1);
    return () => {
      const left = (this.#waitsFor.get(other) ?? 1) - 1;
      if (left === 0) this.#waitsFor.delete(other);
      else this.#waitsFor.set(other, left);
    };
  }

  /** Notes what it used. */
  use(key: string, needs: Iterable<string>): void {
    this.needs.add(key);
    for (const need of needs) this.needs.add(need);
  }

  /** What it gives; rejects as soon as one of the signals aborts. The last one who leaves so aborts the load. */
  outcome(signals: readonly AbortSignalLike[]): Promise<KeptValue> {
    this.#waiting += 1;
    return new Promise<KeptValue>((resolve, reject) => {
      const listeners: (() => void)[] = [];
      let isHere = true;
      const leave = (settle: () => void) => {
        if (!isHere) return;
        isHere = false;
        this.#waiting -= 1;
        for (const forget of listeners) forget();
        settle();
      };
      for (const signal of signals) {
        const aborted = () =>
          leave(() => {
            reject(abortError(signal));
            if (this.#waiting === 0) this.#abandon(signal.reason);
          });
        listeners.push(onAbort(signal, aborted));
        // By the loader itself.
        if (signal.aborted) aborted();
      }
      this.done.then(
        (value) => leave(() => resolve(value)),
        () => leave(() => resolve(this.done)),
      );
    });
  }

  #abandon(reason: unknown): void {
    this.isStale = true;
    this.#controller.abort(reason);
  }

  /** Throws an {@link AgentUsageError} where this load waits, through others, for the one that now wants to wait for it. */
  refuseCircle(asking: Load | undefined): void {
    if (asking === undefined) return;
    const path = this.#pathTo(asking, new Set());
    if (path === null) return;
    throw new AgentUsageError(
      `The shared context cannot load "${this.key}": ${[...path, this.key].join(" needs ")}. Break this circle.`,
    );
  }

  #pathTo(wanted: Load, seen: Set<Load>): string[] | null {
    if (this === wanted) return [this.key];
    seen.add(this);
    for (const other of this.#waitsFor.keys()) {
      const path = seen.has(other) ? null : other.#pathTo(wanted, seen);
      if (path !== null) return [this.key, ...path];
    }
    return null;
  }
}
