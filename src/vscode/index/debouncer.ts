/** Calls back once, a while after the last trigger. */
export class Debouncer {
  readonly #run: () => void;
  readonly #mostMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the first trigger came that was not answered yet. */
  #since: number | null = null;

  /** @param mostMs it is not put off for longer, also where triggers do not end */
  constructor(run: () => void, mostMs = Infinity) {
    this.#run = run;
    this.#mostMs = mostMs;
  }

  trigger(delayMs: number): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    this.#since ??= now;
    this.#timer = setTimeout(
      () => {
        this.#since = null;
        this.#run();
      },
      Math.max(0, Math.min(delayMs, this.#since + this.#mostMs - now)),
    );
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#since = null;
  }
}
