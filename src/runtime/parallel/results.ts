import type { BatchResult } from "./types.ts";

/** What a {@link ResultIterator} reads from. */
export interface ResultSource {
  /** Begins; called at most once. */
  start(): void;
  /** A result waits to be taken (1) or was taken (-1). */
  hold(change: 1 | -1): void;
  /** Ends what runs; resolves when nothing does. */
  stop(): Promise<void>;
}

interface Waiting {
  resolve(item: IteratorResult<BatchResult>): void;
  reject(error: unknown): void;
}

/** Results as they come. Begins when the first is asked for; leaving it early ends what runs. */
export class ResultIterator implements AsyncIterableIterator<BatchResult> {
  readonly #source: ResultSource;
  #results: BatchResult[] = [];
  /** How many of them were taken. */
  #taken = 0;
  readonly #waiting: Waiting[] = [];
  #started = false;
  #end: { failed: { error: unknown } | null } | null = null;

  constructor(source: ResultSource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<BatchResult>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (this.#started || this.#end !== null) {
        this.#serve();
        return;
      }
      this.#started = true;
      try {
        this.#source.start();
      } catch (error) {
        this.end({ error });
      }
    });
  }

  async return(): Promise<IteratorResult<BatchResult>> {
    const running = this.#started && this.#end === null;
    this.#results = [];
    this.#taken = 0;
    this.end(null);
    if (running) await this.#source.stop();
    return { done: true, value: undefined };
  }

  /** A result came. Nobody wants it after the end. */
  push(result: BatchResult): void {
    if (this.#end !== null) return;
    this.#results.push(result);
    this.#source.hold(1);
    this.#serve();
  }

  /** There will be no more. */
  end(failed: { error: unknown } | null): void {
    this.#end ??= { failed };
    this.#serve();
  }

  /** Gives waiting callers what there is. */
  #serve(): void {
    while (this.#waiting.length > 0) {
      const result = this.#take();
      if (result !== null) {
        this.#waiting.shift()?.resolve({ done: false, value: result });
        this.#source.hold(-1);
      } else if (this.#end !== null) {
        const { failed } = this.#end;
        // Told once; then there simply is no more.
        this.#end = { failed: null };
        if (failed === null) this.#waiting.shift()?.resolve({ done: true, value: undefined });
        else this.#waiting.shift()?.reject(failed.error);
      } else return;
    }
  }

  #take(): BatchResult | null {
    const result = this.#results[this.#taken];
    if (result === undefined) return null;
    this.#taken += 1;
    if (this.#taken === this.#results.length) {
      this.#results = [];
      this.#taken = 0;
    }
    return result;
  }
}
