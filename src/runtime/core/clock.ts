import { type AbortSignalLike, abortError, onAbort, throwIfAborted } from "./abort.ts";
import { AgentUsageError } from "./errors.ts";

// The core is compiled without DOM and Node types; these exist in every environment that has timers.
declare const setTimeout: (callback: () => void, ms: number) => unknown;
declare const clearTimeout: (handle: unknown) => void;

/** Time and chance, replaceable in tests. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignalLike): Promise<void>;
  /** Blocks this thread for `ms` without using the processor; throws where the environment cannot block. */
  sleepSync(ms: number): void;
  /** At least 0, less than 1. */
  random(): number;
}

/** The longest time that a timer keeps, in milliseconds. */
export const longestTimer = 2 ** 31 - 1;

/** The environment's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise<void>((resolve, reject) => {
      throwIfAborted(signal);
      const aborted = () => {
        clearTimeout(timer);
        reject(abortError(signal));
      };
      const timer = setTimeout(
        () => {
          forget();
          resolve();
        },
        Math.min(ms, longestTimer),
      );
      const forget = onAbort(signal, aborted);
    }),
  sleepSync: (ms) => {
    if (ms <= 0) return;
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    } catch (cause) {
      throw new AgentUsageError(
        "This environment cannot block its thread between attempts: use executeAsync(), or set retry.baseMs to 0.",
        { cause },
      );
    }
  },
};
