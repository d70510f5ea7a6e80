import { type AbortSignalLike, abortError, onAbort } from "./abort.ts";
import type { Clock } from "./clock.ts";
import { collect, collectAsync, discard, isAsyncIterable, isGenerator, isPromiseLike } from "./collect.ts";
import { AgentUsageError } from "./errors.ts";

/**
 * What the logic that `execute` and `executeAsync` share asks of whoever drives it: to wait, or to turn what user code
 * returned into a value.
 */
export type Step =
  | { readonly kind: "sleep"; readonly ms: number }
  | {
      readonly kind: "settle";
      readonly value: unknown;
      readonly what: string;
      readonly onChunk?: (chunk: unknown) => void;
    };

/** Logic that is written once and driven synchronously or asynchronously. */
export type Steps<T> = Generator<Step, T, unknown>;

/** Turns what user code returned into a value: awaits promises, collects async iterables and generators. */
export function* settle(value: unknown, what: string, onChunk?: (chunk: unknown) => void): Steps<unknown> {
  return yield { kind: "settle", value, what, ...(onChunk === undefined ? {} : { onChunk }) };
}

/** Waits; for 0 too, so that asynchronous attempts without a delay let timers and aborts happen. */
export function* sleep(ms: number): Steps<void> {
  yield { kind: "sleep", ms };
}

/** Drives to the end without ever yielding the thread. */
export function runSync<T>(steps: Steps<T>, clock: Clock): T {
  let turn = steps.next();
  while (turn.done !== true) {
    const step = turn.value;
    let answer: unknown;
    try {
      if (step.kind === "sleep") {
        if (step.ms > 0) clock.sleepSync(step.ms);
      } else {
        answer = valueNow(step);
      }
    } catch (error) {
      turn = steps.throw(error);
      continue;
    }
    turn = steps.next(answer);
  }
  return turn.value;
}

/** How {@link runAsync} is driven. */
export interface AsyncDrive {
  clock: Clock;
  signal: AbortSignalLike;
  /** Called with what is still running when the signal aborted while user code was awaited. */
  onAbandoned?: (running: Promise<unknown>) => void;
}

/** Drives to the end, awaiting where needed; an abort ends the waiting at once. */
export async function runAsync<T>(steps: Steps<T>, drive: AsyncDrive): Promise<T> {
  let turn = steps.next();
  while (turn.done !== true) {
    const step = turn.value;
    let answer: unknown;
    try {
      if (step.kind === "sleep") await drive.clock.sleep(step.ms, drive.signal);
      else answer = await unlessAborted(valueLater(step, drive.signal), drive);
    } catch (error) {
      turn = steps.throw(error);
      continue;
    }
    turn = steps.next(answer);
  }
  return turn.value;
}

type Settle = Extract<Step, { kind: "settle" }>;

function valueNow({ value, what, onChunk }: Settle): unknown {
  if (isPromiseLike(value)) {
    // Nobody will ever look at this promise: its rejection must not end the process.
    Promise.resolve(value).catch(() => undefined);
    throw new AgentUsageError(`${what} returned a promise: use ${asyncVariant(what)}.`);
  }
  if (isAsyncIterable(value)) {
    discard(value);
    throw new AgentUsageError(`${what} returned an async iterable: use ${asyncVariant(what)}.`);
  }
  return isGenerator(value) ? collect(value, onChunk) : value;
}

async function valueLater(step: Settle, signal: AbortSignalLike): Promise<unknown> {
  const value = await step.value;
  return isAsyncIterable(value) ? collectAsync(value, signal, step.onChunk) : valueNow({ ...step, value });
}

const asyncVariant = (what: string): string =>
  what.startsWith("initializing")
    ? "initializeAsync() or executeAsync()"
    : what.startsWith("shutting down")
      ? "shutdownAsync()"
      : "executeAsync()";

/** Settles like `running`, or rejects as soon as the signal aborts. */
export function unlessAborted(
  running: Promise<unknown>,
  { signal, onAbandoned }: Omit<AsyncDrive, "clock">,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      forget();
      onAbandoned?.(running);
      reject(abortError(signal));
    };
    const forget = onAbort(signal, aborted);
    if (signal.aborted) aborted();
    running.then(
      (value) => {
        forget();
        resolve(value);
      },
      (error: unknown) => {
        forget();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what was thrown stays as it is
        reject(error);
      },
    );
  });
}
