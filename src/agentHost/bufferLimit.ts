const LOOK_MS = 250;

/** Watches what the buffers of this thread hold, which V8 does not count to its heap. Nothing is seen while synchronous code runs. */
export class BufferLimit {
  readonly #timer: NodeJS.Timeout;

  constructor(mebibytes: number, onBeyond: () => void) {
    this.#timer = setInterval(() => {
      if (process.memoryUsage().arrayBuffers <= mebibytes * 2 ** 20) return;
      this.stop();
      onBeyond();
    }, LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
