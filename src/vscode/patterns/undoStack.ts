/** What can be taken back, the last first; nothing is lost because it could not be taken back just now. */
export class UndoStack<T> {
  readonly #most: number;
  readonly #items: T[] = [];
  #work = Promise.resolve();

  constructor(most: number) {
    this.#most = most;
  }

  get last(): T | undefined {
    return this.#items.at(-1);
  }

  push(item: T): void {
    this.#items.push(item);
    this.#items.splice(0, this.#items.length - this.#most);
  }

  /**
   * Takes the last one back, after those that are being taken back. Rejects with what `apply` rejects with.
   * @param isPossible asked after a failure: what can never be taken back must not stand before what can
   */
  takeBack(apply: (item: T) => Promise<unknown>, isPossible: (item: T) => Promise<boolean>): Promise<void> {
    const done = this.#work.then(() => this.#takeBack(apply, isPossible));
    this.#work = done.catch(() => undefined);
    return done;
  }

  async #takeBack(
    apply: (item: T) => Promise<unknown>,
    isPossible: (item: T) => Promise<boolean>,
  ): Promise<void> {
    const item = this.last;
    if (item === undefined) return;
    try {
      await apply(item);
    } catch (error) {
      if (!(await isPossible(item))) this.#remove(item);
      throw error;
    }
    this.#remove(item);
  }

  #remove(item: T): void {
    const index = this.#items.lastIndexOf(item);
    if (index !== -1) this.#items.splice(index, 1);
  }
}
