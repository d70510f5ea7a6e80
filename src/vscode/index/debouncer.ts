/** Calls back once, `delayMs` after the last trigger. */
export class Debouncer {
  readonly #delayMs: number;
  readonly #run: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(delayMs: number, run: () => void) {
    this.#delayMs = delayMs;
    this.#run = run;
  }

  trigger(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#run, this.#delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
