/** Calls with one name follow each other. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  next<T>(name: string, call: () => Promise<T>): Promise<T> {
    const last = this.#last.get(name);
    const turn = last === undefined ? call() : last.then(call, call);
    this.#last.set(name, turn);
    const forget = () => {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    };
    turn.then(forget, forget);
    return turn;
  }
}
