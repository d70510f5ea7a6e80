interface Asker {
  /** Null once it is answered, or nobody waits any more. */
  readonly question: object | null;
}

/** Which questions of a batch are told together: a notification for each would cover the screen. */
export class BatchQuestions<T extends Asker> {
  readonly #askers = new Map<string, readonly T[]>();
  /** The batches of which the user knows that several ask. */
  readonly #told = new Set<string>();

  add(batch: string, asker: T): void {
    this.#askers.set(batch, [...this.#open(batch), asker]);
  }

  /** Of whom is to be told for an asker a moment after it was added: of itself, of all that ask now, or of nobody. */
  toTell(batch: string, asker: T): readonly T[] {
    const open = this.#open(batch);
    if (open.length < 2) this.#told.delete(batch);
    if (open.length < 2 || !open.includes(asker)) return open.filter((each) => each === asker);
    if (this.#told.has(batch)) return [];
    this.#told.add(batch);
    return open;
  }

  #open(batch: string): readonly T[] {
    return (this.#askers.get(batch) ?? []).filter(({ question }) => question !== null);
  }
}
