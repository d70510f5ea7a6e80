/** Stands for names that came when there were as many as are told apart. */
export const otherName = "(other)";

/** What is counted for each name; bounded. */
export class Names<T> {
  readonly #most: number;
  readonly #make: () => T;
  readonly #items = new Map<string, T>();

  constructor(most: number, make: () => T) {
    this.#most = most;
    this.#make = make;
  }

  /** The one for a name, or that for all others. */
  get(name: string): T {
    const known = this.#items.get(name);
    if (known !== undefined) return known;
    const key = this.#items.size < this.#most ? name : otherName;
    const item = this.#items.get(key) ?? this.#make();
    this.#items.set(key, item);
    return item;
  }

  /** All, by name. */
  sorted(): [name: string, item: T][] {
    return [...this.#items].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  clear(): void {
    this.#items.clear();
  }
}
