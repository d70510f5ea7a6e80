import { AgentUsageError, ExecutionAbortedError } from "./errors.ts";

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

/**
 * A signal that can be handed on, for example to `fetch`: an AbortSignal of the environment, and what is used of it where
 * the environment has none.
 */
export type NativeAbortSignal =
  typeof globalThis extends Record<"AbortSignal", Record<"prototype", infer Native>>
    ? Native
    : AbortSignalLike;

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

/** Who listens to each signal, which has one listener for all of them. */
const listening = new WeakMap<AbortSignalLike, { listeners: Set<() => void>; tellAll: () => void }>();

/**
 * Calls the listener when the signal aborts; it is forgotten then, or when the answer is called. However many executions
 * one signal ends, it has a single listener: Node takes more than ten for a leak, and says so.
 */
export function onAbort(signal: AbortSignalLike, listener: () => void): () => void {
  if (signal === neverAborted) return () => undefined;
  const { listeners, tellAll } = listening.get(signal) ?? listenTo(signal);
  // The same function may listen twice.
  const own = () => listener();
  listeners.add(own);
  return () => {
    if (!listeners.delete(own) || listeners.size > 0) return;
    listening.delete(signal);
    signal.removeEventListener("abort", tellAll);
  };
}

function listenTo(signal: AbortSignalLike) {
  const listeners = new Set<() => void>();
  const tellAll = () => {
    listening.delete(signal);
    signal.removeEventListener("abort", tellAll);
    // In turn: one may take another away before it is told.
    for (const listener of listeners) {
      listeners.delete(listener);
      listener();
    }
  };
  const entry = { listeners, tellAll };
  listening.set(signal, entry);
  signal.addEventListener("abort", tellAll);
  return entry;
}

// The core is compiled without DOM and Node types.
declare const AbortController:
  (new () => { readonly signal: NativeAbortSignal; abort(reason: unknown): void }) | undefined;
declare const AbortSignal: (new () => NativeAbortSignal) | undefined;

/** A signal that aborts with another one, or before it. */
export interface LinkedAbort {
  readonly signal: NativeAbortSignal;
  /** Aborts the signal where it has not aborted; it is no longer linked. */
  abort(reason: unknown): void;
}

/**
 * Makes a signal that aborts when the given one does, or when it is told to; where there is nothing but JavaScript, it is
 * the given one.
 */
export function linkAbort(parent: AbortSignalLike): LinkedAbort {
  if (typeof AbortController === "undefined") {
    return { signal: unchanged(parent), abort: () => undefined };
  }
  const controller = new AbortController();
  const abort = (reason: unknown) => {
    forget();
    controller.abort(reason);
  };
  const forget = onAbort(parent, () => abort(parent.reason));
  if (parent.aborted) abort(parent.reason);
  return { signal: controller.signal, abort };
}

/** Where the environment has no signals, the parts of one are what it has. */
const unchanged = (signal: unknown): NativeAbortSignal => signal as NativeAbortSignal;

/** The native signal of each that is none: one, however often it is asked for. */
const natives = new WeakMap<AbortSignalLike, NativeAbortSignal>();

/** The signal itself where it is the environment's own, else one that aborts with it. */
export function nativeSignal(signal: AbortSignalLike): NativeAbortSignal {
  if (typeof AbortController === "undefined" || typeof AbortSignal === "undefined") return unchanged(signal);
  if (signal instanceof AbortSignal) return signal;
  // One for all would keep every listener that is never taken away.
  if (signal === neverAborted) return new AbortController().signal;
  const native = natives.get(signal) ?? linkAbort(signal).signal;
  natives.set(signal, native);
  return native;
}

/** Throws an {@link AgentUsageError} where a value is no signal. */
export function checkSignal(signal: AbortSignalLike): void {
  const given = signal as Partial<AbortSignalLike> | null;
  if (typeof given?.addEventListener === "function") return;
  throw new AgentUsageError("The option signal is an AbortSignal: give the signal of an AbortController.");
}
