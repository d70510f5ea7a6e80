/** Tells once of what goes wrong again and again, until it is something else or all is well again. */
export class Faults {
  readonly #tell: (message: string) => void;
  #last = "";

  constructor(tell: (message: string) => void) {
    this.#tell = tell;
  }

  add(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#last) return;
    this.#last = message;
    this.#tell(message);
  }

  wellAgain(): void {
    this.#last = "";
  }
}
