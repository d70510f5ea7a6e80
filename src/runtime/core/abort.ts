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

// The core is compiled without DOM and Node types.
declare const AbortController:
  (new () => { readonly signal: AbortSignalLike; abort(reason: unknown): void }) | undefined;

/** A signal that aborts with another one, or before it. */
export interface LinkedAbort {
  readonly signal: AbortSignalLike;
  /** Aborts the signal where it has not aborted; it is no longer linked. */
  abort(reason: unknown): void;
}

/**
 * Makes a signal that aborts when the given one does, or when it is told to; where there is nothing but JavaScript, it is
 * the given one.
 */
export function linkAbort(parent: AbortSignalLike): LinkedAbort {
  if (typeof AbortController === "undefined") return { signal: parent, abort: () => undefined };
  const controller = new AbortController();
  const follow = () => abort(parent.reason);
  const abort = (reason: unknown) => {
    parent.removeEventListener("abort", follow);
    controller.abort(reason);
  };
  if (parent.aborted) follow();
  else parent.addEventListener("abort", follow);
  return { signal: controller.signal, abort };
}
