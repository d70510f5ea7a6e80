import { performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { ThreadUse } from "../model/runRecord.ts";

const LOOK_MS = 250;

/** What this thread holds now: its heap and its buffers. */
export function heldBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** Watches what this thread holds while a run is at work in it. Nothing is seen while synchronous code runs. */
export class ThreadUseMeter {
  readonly #timer: NodeJS.Timeout;
  readonly #begun = performance.eventLoopUtilization();
  #memoryBytes = 0;

  /**
   * @param bufferMb what its buffers may hold, in MiB: V8 does not count them to the heap that it limits
   * @param onBeyond called once where they hold more
   */
  constructor(bufferMb: number, onBeyond: () => void) {
    this.#timer = setInterval(() => {
      this.#look();
      if (process.memoryUsage().arrayBuffers <= bufferMb * 2 ** 20) return;
      this.stop();
      onBeyond();
    }, LOOK_MS).unref();
  }

  /** From the beginning until now. */
  measure(): ThreadUse {
    this.#look();
    const { utilization } = performance.eventLoopUtilization(this.#begun);
    return { memoryBytes: this.#memoryBytes, busy: Math.round(utilization * 1000) / 1000 };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    this.#memoryBytes = Math.max(this.#memoryBytes, heldBytes());
  }
}
