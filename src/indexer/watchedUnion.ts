import type { Memo, Watched } from "./memo.ts";

/** What many files hold together; a file that holds the same list as before costs nothing. */
export class WatchedUnion {
  #lists: ReadonlyMap<string, readonly string[]> = new Map();
  /** In how many lists each stands. */
  readonly #counts = new Map<string, number>();
  readonly #watched: Watched<boolean>;

  constructor(memo: Memo) {
    this.#watched = memo.watched((key) => this.#counts.has(key));
  }

  has = (key: string): boolean => this.#watched.get(key);

  /** Results that asked for what comes or goes are forgotten. */
  become(lists: ReadonlyMap<string, readonly string[]>): void {
    const before = this.#lists;
    this.#lists = lists;
    const gone = [...before].filter(([file, list]) => lists.get(file) !== list).flatMap(([, list]) => list);
    const come = [...lists].filter(([file, list]) => before.get(file) !== list).flatMap(([, list]) => list);
    for (const key of come) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    for (const key of gone) {
      const rest = (this.#counts.get(key) ?? 0) - 1;
      if (rest > 0) this.#counts.set(key, rest);
      else this.#counts.delete(key);
    }
    this.#watched.check(new Set([...come, ...gone]));
  }
}
