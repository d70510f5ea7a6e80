import { longestTimer } from "./clock.ts";
import { isPromiseLike } from "./collect.ts";
import { AgentUsageError, fieldOf } from "./errors.ts";

/** How failing attempts are repeated. */
export interface RetryPolicy {
  /** Attempts in total, the first included; 1 means no retry. Default 1. */
  attempts?: number | undefined;
  /** Delay before the second attempt, in milliseconds. Default 1000. */
  baseMs?: number | undefined;
  /** Each further delay is this many times the one before. Default 2. */
  factor?: number | undefined;
  /** No delay is longer, in milliseconds. Default 30000. */
  maxMs?: number | undefined;
  /** 0 to 1: the share of each delay that is random. Default 0. */
  jitter?: number | undefined;
  /** Narrows which errors are retried. Validation, permission, abort and usage errors never are. */
  retryable?: ((error: unknown) => boolean) | undefined;
}

/** A retry policy with every number present and sane. */
export interface RetryPlan {
  readonly attempts: number;
  /** The delay after the given attempt (from 1), in milliseconds. */
  delayMs(attempt: number, random: () => number): number;
  retryable(error: unknown): boolean;
}

/** Of an environment variable, numbers are texts; compared with what is none, attempts would never end. */
function atLeast(least: number, value: unknown, fallback: number): number {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number !== "number" || Number.isNaN(number) ? fallback : Math.max(least, number);
}

/** Fills in the defaults. */
export function retryPlan(policy: RetryPolicy = {}): RetryPlan {
  const attempts = Math.max(1, Math.floor(atLeast(1, policy.attempts, 1)));
  const baseMs = atLeast(0, policy.baseMs, 1000);
  const factor = atLeast(1, policy.factor, 2);
  const maxMs = Math.min(longestTimer, atLeast(0, policy.maxMs, 30_000));
  const jitter = Math.min(1, atLeast(0, policy.jitter, 0));
  return {
    attempts,
    delayMs: (attempt, random) => {
      const full = baseMs === 0 ? 0 : Math.min(maxMs, baseMs * factor ** (attempt - 1));
      return Math.round(full * (1 - jitter * random()));
    },
    retryable: (error) => mayRetry(error) && narrowed(policy, error),
  };
}

function narrowed({ retryable }: RetryPolicy, error: unknown): boolean {
  const verdict: unknown = retryable?.(error) ?? true;
  if (!isPromiseLike(verdict)) return Boolean(verdict);
  verdict.then(undefined, () => undefined);
  throw new AgentUsageError("retryable returned a promise: it answers with a boolean.");
}

const finalNames = new Set<unknown>([
  "AbortError",
  "CanceledError",
  "AgentUsageError",
  "TaskValidationError",
  "ValidationError",
  "ZodError",
  "$ZodError",
  "ValiError",
  "PermissionError",
  "PermissionDeniedError",
  "AuthenticationError",
  "UnauthorizedError",
  "ForbiddenError",
  "NotAllowedError",
]);
const finalCodes = new Set<unknown>(["ABORT_ERR", "ERR_CANCELED", "EACCES", "EPERM", "ERR_ACCESS_DENIED"]);
const finalStatuses = new Set<unknown>([400, 401, 403, 422]);

/** False for validation, permission, abort and usage errors, which would only fail again. */
export function mayRetry(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return true;
  return !(
    finalNames.has(fieldOf(error, "name")) ||
    finalCodes.has(fieldOf(error, "code")) ||
    finalStatuses.has(fieldOf(error, "status")) ||
    finalStatuses.has(fieldOf(error, "statusCode")) ||
    classNames(error).some((name) => finalNames.has(name))
  );
}

/** Many error classes do not set `name`, and inherit "Error". */
function classNames(error: object): unknown[] {
  const names: unknown[] = [];
  try {
    let prototype = Object.getPrototypeOf(error) as object | null;
    while (prototype !== null && prototype !== Error.prototype && names.length < 20) {
      names.push((prototype.constructor as { name?: unknown } | undefined)?.name);
      prototype = Object.getPrototypeOf(prototype) as object | null;
    }
  } catch {
    // Such as a revoked proxy.
  }
  return names;
}
