/** A queue that stays fast when it is long: removing the first item of a long array moves all others. */
export class Fifo<Item> {
  readonly #items: (Item | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  add(item: Item): void {
    this.#items.push(item);
  }

  /** The item `place` behind the first, without taking it. */
  at(place: number): Item | undefined {
    return place < 0 ? undefined : this.#items[this.#head + place];
  }

  take(): Item | undefined {
    const item = this.#items[this.#head];
    if (this.#head === this.#items.length) return undefined;
    // What is taken must not be kept alive.
    this.#items[this.#head] = undefined;
    this.#head += 1;
    // Fewer are moved than were taken.
    if (this.#head === this.#items.length || (this.#head >= 1024 && this.#head * 2 >= this.#items.length)) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }

  *[Symbol.iterator](): Generator<Item> {
    for (let place = this.#head; place < this.#items.length; place += 1) yield this.#items[place] as Item;
  }

  takeAll(): Item[] {
    const all = [...this];
    this.#items.length = 0;
    this.#head = 0;
    return all;
  }
}
