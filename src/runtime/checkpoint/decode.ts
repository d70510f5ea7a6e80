import { isRecord } from "../core/clone.ts";
import { isPrototypeKey, typedArrays } from "./tags.ts";

/** Decodes what was encoded (see tags.ts); throws for prototype keys and for tags that it does not know. */
export function decode(json: unknown): unknown {
  return new Decoder().value(json);
}

interface EncodedError {
  name: string;
  message: string;
  stack?: string;
  cause?: unknown;
  errors?: unknown;
  fields?: [string, unknown][];
}

const errorClasses = { Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError };
const isLost = (json: unknown): boolean => isRecord(json) && json.$type === "lost";

/** Objects are counted as the encoder counted them: as they begin. */
class Decoder {
  readonly #objects: object[] = [];

  value(json: unknown): unknown {
    if (typeof json !== "object" || json === null) return json;
    if (Array.isArray(json)) {
      const list = this.#begin<unknown[]>([]);
      for (const item of json) list.push(this.value(item));
      return list;
    }
    if (Object.hasOwn(json, "$type")) {
      const { $type, value } = json as { $type: unknown; value?: unknown };
      return this.#tagged(String($type), value);
    }
    return this.#fill(this.#begin({}), Object.entries(json));
  }

  #begin<T extends object>(object: T): T {
    this.#objects.push(object);
    return object;
  }

  #fill<T extends object>(record: T, entries: Iterable<[string, unknown]>): T {
    for (const [key, item] of entries) {
      if (isPrototypeKey(key, item)) throw new Error(`it has the key "${key}"`);
      if (isLost(item)) continue;
      (record as Record<string, unknown>)[key] = this.value(item);
    }
    return record;
  }

  #tagged(type: string, value: unknown): unknown {
    switch (type) {
      case "undefined":
      case "lost":
        return undefined;
      case "number":
        return Number(value);
      case "bigint":
        return BigInt(value as string);
      case "ref":
        return this.#ref(value);
      case "Date":
        return this.#begin(new Date(value === null ? NaN : (value as string)));
      case "RegExp": {
        const [source, flags, lastIndex = 0] = value as [string, string, number?];
        return this.#begin(Object.assign(new RegExp(source, flags), { lastIndex }));
      }
      case "URL":
        return this.#begin(new URL(value as string));
      case "Map":
        return this.#map(value as [unknown, unknown][]);
      case "Set":
        return this.#set(value as unknown[]);
      case "Array":
        return this.#array(value as [number, [string | number, unknown][]]);
      case "Object":
        return this.#fill(this.#begin({}), value as [string, unknown][]);
      case "NullObject":
        return this.#fill(this.#begin(Object.create(null) as object), value as [string, unknown][]);
      case "Error":
        return this.#error(value as EncodedError);
      default:
        return this.#begin(bytesOf(type, value));
    }
  }

  #ref(index: unknown): object {
    const object = typeof index === "number" ? this.#objects[index] : undefined;
    if (object === undefined) throw new Error("it refers to an object that it does not have");
    return object;
  }

  #map(pairs: [unknown, unknown][]): Map<unknown, unknown> {
    const map = this.#begin(new Map<unknown, unknown>());
    for (const [key, item] of pairs) {
      const [decodedKey, decoded] = [this.value(key), this.value(item)];
      if (!isLost(key) && !isLost(item)) map.set(decodedKey, decoded);
    }
    return map;
  }

  #set(items: unknown[]): Set<unknown> {
    const set = this.#begin(new Set<unknown>());
    for (const item of items) if (!isLost(item)) set.add(this.value(item));
    return set;
  }

  #array([length, entries]: [number, [string | number, unknown][]]): unknown[] {
    const list = this.#begin<unknown[]>([]);
    list.length = length;
    return this.#fill(
      list,
      entries.map(([key, item]) => [String(key), item]),
    );
  }

  #error({ name, message, stack, cause, errors, fields = [] }: EncodedError): Error {
    const known = Object.hasOwn(errorClasses, name) ? errorClasses[name as keyof typeof errorClasses] : Error;
    const error = this.#begin(errors === undefined ? new known(message) : new AggregateError([], message));
    const define = (key: string, value: unknown) =>
      Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
    if (error.name !== name) define("name", name);
    define("stack", stack);
    if (errors !== undefined) define("errors", this.value(errors));
    if (cause !== undefined) define("cause", this.value(cause));
    return this.#fill(error, fields);
  }
}

/** With a buffer of its own: small Buffers share one. */
function bytesOf(type: string, base64: unknown): ArrayBuffer | ArrayBufferView {
  if (type === "Buffer") return Buffer.from(base64 as string, "base64");
  const typed = Object.hasOwn(typedArrays, type) ? typedArrays[type] : undefined;
  if (typed === undefined && type !== "ArrayBuffer" && type !== "DataView")
    throw new Error(`it has the unknown tag "${type}"`);
  const { buffer } = Uint8Array.from(Buffer.from(base64 as string, "base64"));
  if (typed !== undefined) return new typed(buffer);
  return type === "ArrayBuffer" ? buffer : new DataView(buffer);
}
