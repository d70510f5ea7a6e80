import { type AbortSignalLike, onAbort } from "../core/abort.ts";
import { longestTimer } from "../core/clock.ts";
import { describeError } from "../core/errors.ts";
import type { Made } from "./makeAdapter.ts";

/** Why what is left is skipped. */
export const aborted = "The migration was aborted.";

/** What is made, or that it took too long, or that the signal aborted; whichever comes first. */
export function within(making: Promise<Made>, timeoutMs: number, signal: AbortSignalLike): Promise<Made> {
  return new Promise((resolve) => {
    const end = (made: Made) => {
      clearTimeout(timer);
      forget();
      resolve(made);
    };
    const stop = () => end({ skipped: aborted });
    const late = () =>
      end({ failed: `Loading and making it took longer than ${timeoutMs} ms (the option "timeoutMs").` });
    const timer = setTimeout(late, Math.min(timeoutMs, longestTimer));
    const forget = onAbort(signal, stop);
    if (signal.aborted) stop();
    making.then(end, (error: unknown) => end({ failed: describeError(error).message }));
  });
}
