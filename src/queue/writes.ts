import { randomUUID } from "node:crypto";
import { Turns } from "./turns.ts";

/** Tells a server which of our writes it is given, so that it does none twice. */
export interface Write {
  /** A UUID of who writes. */
  writer: string;
  /** Greater than those of all writes before. */
  number: number;
}

/**
 * Writes that may be given to a server more than once, as the connection breaks and nobody knows what it got: one at a time for
 * each name, each with a number. The server keeps the greatest number of each writer and name, and leaves out what is not greater. So
 * what lay in an old connection does no harm later, either.
 */
export class Writes {
  readonly #writer = randomUUID();
  readonly #turns = new Turns();
  #count = 0;

  next<T>(name: string, write: (write: Write) => Promise<T>): Promise<T> {
    return this.#turns.next(name, () => write({ writer: this.#writer, number: (this.#count += 1) }));
  }
}
