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
export function isExactly<T extends object>(value: object, type: { new (): T; prototype: T }): value is T {
  return Object.getPrototypeOf(value) === type.prototype;
}

/** Stands for a value that cannot be copied. */
const dropped = Symbol("dropped");

/**
 * Copies plain data: primitives, records, arrays, Map, Set, Date, typed arrays, shared and circular references
 * included. Class instances, functions, symbols and accessors are left out and named.
 */
export function copyData<T>(value: T, path = ""): Copy<T> {
  const lost: string[] = [];
  const copied = copy(value, path, lost, new Map());
  return { value: (copied === dropped ? undefined : copied) as T, lost };
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

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

function copy(value: unknown, path: string, lost: string[], seen: Map<object, unknown>): unknown {
  if (typeof value === "function" || typeof value === "symbol") {
    lost.push(`${path} (${typeof value})`);
    return dropped;
  }
  if (typeof value !== "object" || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const into = <T extends object>(
    target: T,
    fill: (put: (child: unknown, key: string, set: (c: unknown) => void) => void) => void,
  ): T => {
    seen.set(value, target);
    fill((child, key, set) => {
      const copied = copy(child, join(path, key), lost, seen);
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
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    // A Buffer's own slice shares its bytes.
    return into(Uint8Array.prototype.slice.call(value), () => undefined);
  }
  if (!isRecord(value)) {
    lost.push(`${path} (${className(value)})`);
    return dropped;
  }
  const target: Record<string, unknown> = Object.create(
    Object.getPrototypeOf(value) as object | null,
  ) as Record<string, unknown>;
  return into(target, (put) => {
    for (const key of Object.keys(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      if (descriptor === undefined || !("value" in descriptor)) {
        lost.push(`${join(path, key)} (accessor)`);
        continue;
      }
      put(descriptor.value, key, (c) => setOwn(target, key, c));
    }
  });
}

/** Assigning is fast, and wrong where the prototype has something of that name, such as `__proto__`. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key in target) {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
