/** Calls back once, a while after the last trigger. */
export class Debouncer {
  readonly #run: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(run: () => void) {
    this.#run = run;
  }

  trigger(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#run, delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
