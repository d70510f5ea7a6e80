import { abortError, type AbortSignalLike, neverAborted, onAbort, throwIfAborted } from "../abort.ts";
import { longestTimer } from "../clock.ts";
import { AgentUsageError } from "../errors.ts";
import { ToolTimeoutError } from "./errors.ts";
import type { ToolCallOptions } from "./types.ts";

// As in clock.ts: these exist in every environment.
declare const setTimeout: (callback: () => void, ms: number) => unknown;
declare const clearTimeout: (handle: unknown) => void;
declare const AbortController: new () => { readonly signal: AbortSignalLike; abort(reason: unknown): void };

/** A time limit that can be kept; null for none. */
export function checkTimeout(timeoutMs: number | undefined, name = "timeoutMs"): number | null {
  if (timeoutMs === undefined || timeoutMs === Infinity) return null;
  if (typeof timeoutMs === "number" && timeoutMs > 0) return timeoutMs;
  throw new AgentUsageError(`${name} is a number of milliseconds over 0, not ${String(timeoutMs)}.`);
}

/**
 * Settles like what `run` returns, or rejects as soon as the signal aborts or the time is over; the signal that `run`
 * is given aborts then.
 */
export function runWithin(
  tool: string,
  { signal = neverAborted, timeoutMs }: ToolCallOptions,
  run: (signal: AbortSignalLike) => Promise<unknown>,
): Promise<unknown> {
  const limit = checkTimeout(timeoutMs);
  throwIfAborted(signal);
  if (limit === null && signal === neverAborted) return run(signal);
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const stop = (error: Error) => {
      release();
      reject(error);
      controller.abort(error);
    };
    const aborted = () => stop(abortError(signal));
    const timer =
      limit === null
        ? null
        : setTimeout(() => stop(new ToolTimeoutError(tool, limit)), Math.min(limit, longestTimer));
    const release = () => {
      if (timer !== null) clearTimeout(timer);
      forget();
    };
    const forget = onAbort(signal, aborted);
    run(controller.signal).finally(release).then(resolve, reject);
  });
}
