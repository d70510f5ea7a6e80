import { createHash } from "node:crypto";
import { hasPrivateFields, ofListeners, stateKeys } from "../runtime/core/adapter/legacyState.ts";
import { className, isExactly, isRecord } from "../runtime/core/clone.ts";
import { encode } from "../runtime/checkpoint/codec.ts";

/** Handles of the system, whose fields tell of the moment only. */
const handles = /^(Timeout|Immediate|(TLS)?Socket|Server|ChildProcess|Worker|MessagePort|\w+Stream)$/;
const deepest = 50;
const mostObjects = 100_000;
const mostCharacters = 4 * 1024 * 1024;

/**
 * A value as JSON, as checkpoints write it and without secrets. In addition, instances of classes and errors show what
 * they hold, under their name as `$class`; the stack of an error is left out.
 */
export function pictureOf(value: unknown): unknown {
  const { json } = encode(new Walk().plain(value, 0));
  const text = JSON.stringify(json);
  if (text.length <= mostCharacters) return json;
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { $type: "large", characters: text.length, sha256 };
}

/** The own fields of a legacy object: its methods and who listens to it are no state. */
export function stateOf(legacy: object): unknown {
  const fields = stateKeys(legacy).flatMap((key): [string, unknown][] => {
    const descriptor = Object.getOwnPropertyDescriptor(legacy, key);
    if (descriptor === undefined || !("value" in descriptor)) return [];
    const name = String(key);
    return typeof descriptor.value === "function" || ofListeners(legacy, name)
      ? []
      : [[name, descriptor.value]];
  });
  return pictureOf(Object.fromEntries(fields));
}

/** What of its state cannot be seen from outside. */
export function unseenOf(legacy: object): string[] {
  return hasPrivateFields(legacy) ? ["private fields"] : [];
}

/** Makes plain data of what the encoding of checkpoints would leave out. */
class Walk {
  readonly #seen = new Map<object, unknown>();

  plain(value: unknown, depth: number): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (this.#seen.has(value)) return this.#seen.get(value);
    if (depth > deepest || this.#seen.size > mostObjects) return { $type: "deeper" };
    try {
      return this.#object(value, depth + 1);
    } catch {
      // Such as a revoked proxy: the encoding names it.
      return value;
    }
  }

  #object(value: object, depth: number): unknown {
    if (Array.isArray(value)) {
      const list: unknown[] = [];
      this.#seen.set(value, list);
      for (const item of value) list.push(this.plain(item, depth));
      return list;
    }
    if (value instanceof Error) return this.#named(value, value.name, depth, ["message", "cause", "errors"]);
    if (isRecord(value)) return this.#fields(value, depth, {}, Object.keys(value));
    if (value instanceof Map || value instanceof Set) return this.#collection(value, depth);
    if (isLeaf(value)) return value;
    const name = className(value);
    if (handles.test(name)) return { $class: name };
    const { toJSON } = value as { toJSON?: unknown };
    if (Object.keys(value).length > 0 || typeof toJSON !== "function") return this.#named(value, name, depth);
    return { $class: name, json: this.plain(toJSON.call(value), depth) };
  }

  #collection(value: Map<unknown, unknown> | Set<unknown>, depth: number): unknown {
    const items = value instanceof Map ? new Map<unknown, unknown>() : new Set();
    const own = isExactly(value, Map) || isExactly(value, Set);
    this.#seen.set(value, own ? items : { $class: className(value), items });
    if (items instanceof Map) {
      for (const [key, item] of value as Map<unknown, unknown>)
        items.set(this.plain(key, depth), this.plain(item, depth));
    } else {
      for (const item of value.values()) items.add(this.plain(item, depth));
    }
    return this.#seen.get(value);
  }

  /** Its own enumerable fields, and the hidden ones that errors have. */
  #named(value: object, name: string, depth: number, hidden: string[] = []): unknown {
    const keys = [...hidden.filter((key) => Object.hasOwn(value, key)), ...Object.keys(value)];
    return this.#fields(value, depth, { $class: name }, [...new Set(keys)]);
  }

  #fields(value: object, depth: number, into: Record<string, unknown>, keys: string[]): unknown {
    this.#seen.set(value, into);
    for (const key of keys) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      // The accessors of classes compute; those of records are data.
      if (descriptor === undefined || (!("value" in descriptor) && !isRecord(value))) continue;
      const item: unknown = "value" in descriptor ? descriptor.value : Reflect.get(value, key);
      if (key === "stack" && value instanceof Error) continue;
      Object.defineProperty(into, key, {
        value: this.plain(item, depth),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return into;
  }
}

/** What the encoding of checkpoints knows by itself. */
function isLeaf(value: object): boolean {
  return (
    value instanceof Date ||
    value instanceof RegExp ||
    value instanceof URL ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value) ||
    value instanceof Promise
  );
}
