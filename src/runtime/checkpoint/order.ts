/** Objects in the order in which they begin; most of them come once, so that places are counted only where one comes again. */
export class Order {
  readonly #objects = new Set<object>();
  readonly #places = new Map<object, number>();
  #uncounted: SetIterator<object> | null = null;

  /** Adds an object; the place, from 0, where it was added before, else null. */
  add(object: object): number | null {
    const before = this.#objects.size;
    this.#objects.add(object);
    return this.#objects.size === before ? this.#placeOf(object) : null;
  }

  /** Takes back the object that was added last. */
  takeBack(object: object): void {
    this.#objects.delete(object);
  }

  #placeOf(object: object): number | null {
    // Never read to its end: it goes on where objects are added later.
    this.#uncounted ??= this.#objects.values();
    while (!this.#places.has(object))
      this.#places.set(this.#uncounted.next().value as object, this.#places.size);
    return this.#places.get(object) ?? null;
  }
}
