/** Work that takes long: it can be cancelled and lets other calls in between. */
export class Jobs {
  readonly #running = new Map<string, AbortController>();

  async run<T>(job: string, work: (pace: Pace) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.#running.get(job)?.abort();
    this.#running.set(job, abort);
    try {
      return await work(new Pace(abort.signal));
    } finally {
      if (this.#running.get(job) === abort) this.#running.delete(job);
    }
  }

  cancel(job: string): void {
    this.#running.get(job)?.abort();
  }

  cancelAll(): void {
    for (const abort of this.#running.values()) abort.abort();
  }
}

const sliceMs = 15;

/** When to let others in. */
export class Pace {
  readonly signal: AbortSignal;
  #since = performance.now();

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** Answers whether it waited. Throws an AbortError where the job was cancelled. */
  async step(): Promise<boolean> {
    if (performance.now() - this.#since < sliceMs) return false;
    await new Promise((resolve) => setImmediate(resolve));
    this.signal.throwIfAborted();
    this.#since = performance.now();
    return true;
  }
}
