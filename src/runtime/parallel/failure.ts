import { abortError, neverAborted } from "../core/abort.ts";
import { describeError } from "../core/errors.ts";
import type { FailedResult } from "../core/types.ts";

/** The result of a task that no agent answered. `cause` is what was thrown. */
export function failure(cause: unknown, aborted = false, durationMs = 0): FailedResult {
  return {
    status: "failed",
    error: describeError(cause),
    cause,
    aborted,
    warnings: [],
    checkpointId: null,
    attempts: 0,
    durationMs,
    usage: { tokens: 0, cost: 0 },
  };
}

/** The error of an execution that was aborted for a reason. */
export const abortedBy = (reason: Error): Error => abortError({ ...neverAborted, aborted: true, reason });

/** An error with a name that tells what happened. */
export function named(name: string, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  Object.defineProperty(error, "name", {
    value: name,
    configurable: true,
    writable: true,
    enumerable: false,
  });
  return error;
}
