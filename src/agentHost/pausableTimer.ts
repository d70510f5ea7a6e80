/** Calls back once it has run for so long; time in which it is paused does not count. */
export class PausableTimer {
  readonly #then: () => void;
  #leftMs: number;
  #runningSince = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(ms: number, then: () => void) {
    this.#leftMs = ms;
    this.#then = then;
    this.resume();
  }

  pause(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#leftMs -= performance.now() - this.#runningSince;
  }

  resume(): void {
    if (this.#timer !== null) return;
    this.#runningSince = performance.now();
    this.#timer = setTimeout(this.#then, Math.max(this.#leftMs, 0));
  }
}
