import { types } from "node:util";
import { className, isRecord } from "../core/clone.ts";
import { describeError } from "../core/errors.ts";

const mostValues = 10_000;
const deepest = 100;

/**
 * Whether a value is made of nothing but records, arrays and primitives, and therefore can be sent to another thread.
 * False also for what is too large to say so quickly.
 */
export function isPlainData(value: unknown): boolean {
  try {
    return look(value, 0, { left: mostValues });
  } catch {
    return false;
  }
}

function look(value: unknown, depth: number, budget: { left: number }): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null) return true;
  if (depth > deepest || types.isProxy(value)) return false;
  const array = Array.isArray(value);
  if (!array && !isRecord(value)) return false;
  // An array's other own fields are sent too.
  const keys = Object.keys(value);
  budget.left -= keys.length + 1;
  if (budget.left < 0) return false;
  return keys.every((key) => look((value as Record<string, unknown>)[key], depth + 1, budget));
}

/** A value as it can be sent to another thread. */
export interface Sendable {
  value: unknown;
  /** It is data that the other thread sees just as it is. */
  plain: boolean;
  /** What the other thread will not see, as a sentence, or null. */
  warning: string | null;
}

/** Clones what is not plain data; what cannot be cloned is replaced by `otherwise`. */
export function sendable(value: unknown, otherwise: unknown): Sendable {
  if (isPlainData(value)) return { value, plain: true, warning: null };
  try {
    return { value: structuredClone(value), plain: false, warning: lostClass(value) };
  } catch (error) {
    const warning = `The value cannot be sent from the thread (${describeError(error).message}): it is described instead.`;
    return { value: otherwise, plain: false, warning };
  }
}

const cloned = new Set(["Map", "Set", "Date", "RegExp", "Error", "Boolean", "Number", "String", "BigInt"]);

function lostClass(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return null;
  if (Array.isArray(value) || isRecord(value) || types.isNativeError(value)) return null;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const name = className(value);
  const bytes = ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value);
  if (tag === name && (bytes || cloned.has(tag))) return null;
  return `The value was sent from the thread as a copy without its class, ${name}.`;
}
