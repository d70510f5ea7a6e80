import type { Memo, Watched } from "./memo.ts";

/** A set that results are worked out from: those that asked for what comes or goes are forgotten. */
export class WatchedSet {
  #members: ReadonlySet<string> = new Set();
  readonly #watched: Watched<boolean>;

  constructor(memo: Memo) {
    this.#watched = memo.watched((key) => this.#members.has(key));
  }

  has = (key: string): boolean => this.#watched.get(key);

  become(members: ReadonlySet<string>): void {
    this.#members = members;
    this.#watched.check();
  }
}
