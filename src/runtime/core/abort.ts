import { ExecutionAbortedError } from "./errors.ts";

/** The part of an AbortSignal that is used; a real AbortSignal is one. */
export interface AbortSignalLike {
  /** Whether it has aborted. */
  readonly aborted: boolean;
  /** Why it has aborted. */
  readonly reason?: unknown;
  /** Calls the listener when it aborts. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Forgets the listener. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A signal that never aborts. */
export const neverAborted: AbortSignalLike = Object.freeze({
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
});

/** The error that stands for an aborted signal. */
export function abortError(signal: AbortSignalLike): ExecutionAbortedError {
  const { reason } = signal;
  const why =
    reason instanceof Error && reason.name !== "AbortError"
      ? `: ${reason.message}`
      : typeof reason === "string"
        ? `: ${reason}`
        : ".";
  return new ExecutionAbortedError(`The execution was aborted${why}`, { cause: reason });
}

/** Throws where the signal is aborted. */
export function throwIfAborted(signal: AbortSignalLike): void {
  if (signal.aborted) throw abortError(signal);
}
