/** A deep copy of plain data, and the paths of what could not be copied. */
export interface Copy<T = unknown> {
  value: T;
  /** For example `tools.search (function)`; what stands there is left out of the copy. */
  lost: string[];
}

/** The name of an object's class, for messages. */
export function className(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: unknown } | null;
  const constructor = prototype?.constructor;
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "object";
}

/** Whether an object is of exactly this built-in class: subclasses have behaviour that a copy would lose. */
export function isExactly<T extends object>(value: object, type: { readonly prototype: T }): value is T {
  return Object.getPrototypeOf(value) === type.prototype;
}

/** Stands for a value that cannot be copied. */
const dropped = Symbol("dropped");

/** Deeper values are not copied: whoever walks through them must not run out of stack. */
const deepest = 1000;

/** What is said of them. */
export const tooDeep = "nested too deeply";

/** A copy, and what of the original could not be copied: its paths, and what stands there. */
export interface CopyAround<T = unknown> extends Copy<T> {
  left: unknown[];
}

/**
 * Copies plain data: primitives, records, arrays, Map, Set, Date, RegExp, errors, buffers and their views, shared and
 * circular references included. Class instances, functions, symbols and accessors are left out and named.
 */
export function copyData<T>(value: T, path = ""): Copy<T> {
  const walk: Walk = { keep: false, lost: [], left: [], seen: new Map() };
  const copied = copy(value, path, 0, walk);
  return { value: (copied === dropped ? undefined : copied) as T, lost: walk.lost };
}

/** As {@link copyData}, but what cannot be copied stands in the copy as it is. */
export function copyAround<T>(value: T, path = ""): CopyAround<T> {
  const walk: Walk = { keep: true, lost: [], left: [], seen: new Map() };
  const copied = copy(value, path, 0, walk) as T;
  return { value: copied, lost: walk.lost, left: walk.left };
}

/** Whether an object is a record: made by a literal, `Object.create(null)` or JSON, in whatever realm. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    prototype === Object.prototype ||
    // Another realm's Object.prototype: the end of a chain that is an object's own.
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "isPrototypeOf"))
  );
}

/** The path of what stands in something under a key. */
export const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** The beginning of a path that may have a thousand names. */
export const beginning = (path: string): string => (path.length > 80 ? `${path.slice(0, 80)}…` : path);

interface Walk {
  /** Whether what cannot be copied stands in the copy. */
  readonly keep: boolean;
  readonly lost: string[];
  readonly left: unknown[];
  readonly seen: Map<object, unknown>;
}

function leave(value: unknown, what: string, walk: Walk): unknown {
  walk.lost.push(what);
  walk.left.push(value);
  return walk.keep ? value : dropped;
}

function copy(value: unknown, path: string, depth: number, walk: Walk): unknown {
  if (typeof value === "function" || typeof value === "symbol") {
    return leave(value, `${path} (${typeof value})`, walk);
  }
  if (typeof value !== "object" || value === null) return value;
  const known = walk.seen.get(value);
  if (known !== undefined) return known;
  if (depth > deepest) return leave(value, `${beginning(path)} (${tooDeep})`, walk);
  const into = <T extends object>(
    target: T,
    fill: (put: (child: unknown, key: string, set: (c: unknown) => void) => void) => void,
  ): T => {
    walk.seen.set(value, target);
    fill((child, key, set) => {
      const copied = copy(child, join(path, key), depth + 1, walk);
      if (copied !== dropped) set(copied);
    });
    return target;
  };
  if (Array.isArray(value)) {
    const target: unknown[] = new Array<unknown>(value.length);
    return into(target, (put) => {
      for (const [key, child] of Object.entries(value)) put(child, key, (c) => Reflect.set(target, key, c));
    });
  }
  if (isExactly<Map<unknown, unknown>>(value, Map)) {
    const target = new Map<unknown, unknown>();
    return into(target, (put) => {
      for (const [key, child] of value) {
        put(key, "<key>", (k) => put(child, String(key), (c) => target.set(k, c)));
      }
    });
  }
  if (isExactly<Set<unknown>>(value, Set)) {
    const target = new Set<unknown>();
    return into(target, (put) => {
      for (const child of value) put(child, "<item>", (c) => target.add(c));
    });
  }
  if (isExactly(value, Date)) return into(new Date(value.getTime()), () => undefined);
  if (isExactly(value, RegExp)) {
    const { source, flags, lastIndex } = value;
    return into(Object.assign(new RegExp(source, flags), { lastIndex }), () => undefined);
  }
  const bytes = copyOfBytes(value);
  if (bytes !== null) return into(bytes, () => undefined);
  const errorType = errorTypes.find((type) => isExactly(value, type));
  if (errorType !== undefined) {
    const target = Reflect.construct(Error, [], errorType as ErrorConstructor);
    return into(target, (put) => {
      // Message and stack are not enumerable.
      for (const key of Object.getOwnPropertyNames(value)) {
        const enumerable = Object.prototype.propertyIsEnumerable.call(value, key);
        put(Reflect.get(value, key), key, (c) => {
          Object.defineProperty(target, key, { value: c, enumerable, writable: true, configurable: true });
        });
      }
    });
  }
  if (!isRecord(value)) return leave(value, `${path} (${className(value)})`, walk);
  const target: Record<string, unknown> = Object.create(
    Object.getPrototypeOf(value) as object | null,
  ) as Record<string, unknown>;
  return into(target, (put) => {
    for (const key of Object.keys(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      if (descriptor === undefined || !("value" in descriptor)) {
        const left = leave(
          descriptor && Reflect.get(descriptor, "get"),
          `${join(path, key)} (accessor)`,
          walk,
        );
        if (left !== dropped) Object.defineProperty(target, key, descriptor ?? {});
        continue;
      }
      put(descriptor.value, key, (c) => setOwn(target, key, c));
    }
  });
}

/** Those of JavaScript: what is derived from them has behaviour of its own. */
const errorTypes: readonly { readonly prototype: Error }[] = [
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
  AggregateError,
];

/** A copy of a buffer or a view, which shares no bytes; null for all else, and for one whose bytes are gone. */
function copyOfBytes(value: object): object | null {
  try {
    if (isExactly(value, ArrayBuffer)) return value.slice(0);
    if (!ArrayBuffer.isView(value)) return null;
    // A Buffer's own slice shares its bytes.
    if (!(value instanceof DataView)) return Uint8Array.prototype.slice.call(value);
    const { buffer, byteOffset, byteLength } = value;
    return isExactly(value, DataView)
      ? new DataView(buffer.slice(byteOffset, byteOffset + byteLength))
      : null;
  } catch {
    return null;
  }
}

/** Sets a property of its own. Assigning is fast, and wrong where an object inherits that name, such as `__proto__`. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (!(key in target)) target[key] = value;
  else if (Object.hasOwn(target, key)) Reflect.set(target, key, value);
  else Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}
