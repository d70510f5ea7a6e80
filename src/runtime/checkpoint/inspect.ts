import { className, isExactly, isRecord } from "../core/clone.ts";
import { typedArrays } from "./tags.ts";

/** Stands for a property whose reading threw. */
export const unreadable = Symbol("unreadable");

/** Objects as the encoder treats them. */
export type Kind = "array" | "record" | "null record" | "other" | "unreadable";

/** What an object is; never throws, whatever a Proxy does. */
export function kindOf(value: object): Kind {
  try {
    if (Array.isArray(value)) return "array";
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return "record";
    if (prototype === null) return "null record";
    return isRecord(value) ? "record" : "other";
  } catch {
    return "unreadable";
  }
}

/** A property's value, or {@link unreadable}. */
export function read(object: object, key: string | number): unknown {
  try {
    return (object as Record<string | number, unknown>)[key];
  } catch {
    return unreadable;
  }
}

/** The enumerable own keys, or null. */
export function keysOf(object: object): string[] | null {
  try {
    return Object.keys(object);
  } catch {
    return null;
  }
}

/** What `get` gives, or null where it throws. */
export function attempt<T>(get: () => T): T | null {
  try {
    return get();
  } catch {
    return null;
  }
}

/** The class of an object, for messages. */
export const nameOf = (value: object): string => attempt(() => className(value)) ?? "unreadable";

/** The tag and the bytes of a buffer or view; null where it is none, or of a class of its own. */
export function binaryOf(value: object): { type: string; bytes: Buffer } | null {
  if (isExactly(value, ArrayBuffer)) return { type: "ArrayBuffer", bytes: Buffer.from(value) };
  if (!ArrayBuffer.isView(value)) return null;
  const type = className(value);
  if (type !== "Buffer" && type !== "DataView" && !Object.hasOwn(typedArrays, type)) return null;
  return { type, bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength) };
}
