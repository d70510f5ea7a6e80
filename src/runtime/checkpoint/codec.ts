import { className, isExactly, isRecord } from "../core/clone.ts";

/**
 * Values as JSON. What JSON has stays as it is; the rest is `{"$type": TYPE, "value": …}`:
 *
 * | `$type` | `value` |
 * |---|---|
 * | `undefined` | absent |
 * | `number` | "NaN", "Infinity", "-Infinity", "-0" |
 * | `bigint` | decimal digits |
 * | `Date` | ISO 8601, null where invalid |
 * | `RegExp` | [source, flags] |
 * | `URL` | href |
 * | `Map` | [[key, value], …] |
 * | `Set` | [item, …] |
 * | `Error` | {name, message, stack?, cause?, errors?, fields} |
 * | `ArrayBuffer`, `DataView`, `Buffer`, `Uint8Array` and the other typed arrays | base64 of the bytes |
 * | `Object` | [[key, value], …]: a record that has a key `$type` itself |
 * | `lost` | what stood here and could not be kept, for example "function" |
 */
export interface Encoded {
  json: unknown;
  /** Paths of what could not be kept, for example `task.callback (function)`. */
  lost: string[];
}

const typedArrays = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};
const deepest = 1000;

const tag = (type: string, value?: unknown) =>
  value === undefined ? { $type: type } : { $type: type, value };
const join = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);

/** Encodes a value; never throws for a value it cannot keep, but names its path. */
export function encode(value: unknown, path = ""): Encoded {
  const lost: string[] = [];
  return { json: encodeValue(value, path, { lost, above: new Set() }), lost };
}

interface Walk {
  lost: string[];
  above: Set<object>;
}

function encodeValue(value: unknown, path: string, walk: Walk): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : tag("number", Object.is(value, -0) ? "-0" : String(value));
    case "undefined":
      return tag("undefined");
    case "bigint":
      return tag("bigint", value.toString());
    case "function":
    case "symbol":
      return lose(typeof value, path, walk);
    case "object":
      break;
  }
  if (value === null) return null;
  if (walk.above.has(value)) return lose("circular", path, walk);
  if (walk.above.size >= deepest) return lose("too deep", path, walk);
  walk.above.add(value);
  try {
    return encodeObject(value, path, walk);
  } finally {
    walk.above.delete(value);
  }
}

function encodeObject(value: object, path: string, walk: Walk): unknown {
  const child = (item: unknown, key: string) => encodeValue(item, join(path, key), walk);
  if (Array.isArray(value)) return Array.from(value, (item: unknown, i) => child(item, String(i)));
  // Most objects are records: they need none of the other tests.
  if (isRecord(value)) return encodeRecord(value, path, walk);
  if (isExactly<Map<unknown, unknown>>(value, Map)) {
    return tag(
      "Map",
      Array.from(value, ([key, item]: [unknown, unknown]) => [child(key, "<key>"), child(item, String(key))]),
    );
  }
  if (isExactly<Set<unknown>>(value, Set))
    return tag(
      "Set",
      Array.from(value, (item: unknown) => child(item, "<item>")),
    );
  if (isExactly(value, Date)) {
    return tag("Date", Number.isNaN(value.getTime()) ? null : value.toISOString());
  }
  if (value instanceof RegExp) return tag("RegExp", [value.source, value.flags]);
  if (value instanceof URL) return tag("URL", value.href);
  if (value instanceof Error) return tag("Error", encodeError(value, path, walk));
  if (value instanceof ArrayBuffer) return tag("ArrayBuffer", Buffer.from(value).toString("base64"));
  if (ArrayBuffer.isView(value)) return encodeView(value, path, walk);
  return lose(className(value), path, walk);
}

function encodeRecord(value: Record<string, unknown>, path: string, walk: Walk): unknown {
  const record: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (isPrototypeKey(key, item)) walk.lost.push(`${join(path, key)} (prototype key)`);
    else record[key] = encodeValue(item, join(path, key), walk);
  }
  return Object.hasOwn(value, "$type") ? tag("Object", Object.entries(record)) : record;
}

function encodeError(error: Error, path: string, walk: Walk): Record<string, unknown> {
  const child = (item: unknown, key: string) => encodeValue(item, join(path, key), walk);
  const known = ["name", "message", "stack", "cause"];
  const fields = Object.entries(error).filter(([key]) => !known.includes(key));
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error instanceof AggregateError ? { errors: child(error.errors, "errors") } : {}),
    ...("cause" in error ? { cause: child(error.cause, "cause") } : {}),
    fields: fields.map(([key, item]) => [key, child(item, key)]),
  };
}

function encodeView(view: ArrayBufferView, path: string, walk: Walk): unknown {
  const type = Buffer.isBuffer(view) ? "Buffer" : Object.prototype.toString.call(view).slice(8, -1);
  if (type !== "Buffer" && type !== "DataView" && !(type in typedArrays)) return lose(type, path, walk);
  return tag(type, Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("base64"));
}

function lose(what: string, path: string, walk: Walk): unknown {
  walk.lost.push(`${path === "" ? "value" : path} (${what})`);
  return tag("lost", what);
}

/** `__proto__`, and a `constructor` that reaches for a prototype. */
function isPrototypeKey(key: string, value: unknown): boolean {
  if (key === "__proto__") return true;
  return (
    key === "constructor" && typeof value === "object" && value !== null && Object.hasOwn(value, "prototype")
  );
}

/** Decodes what {@link encode} gave; throws for prototype keys and tags that it does not know. */
export function decode(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(decode);
  if (Object.hasOwn(json, "$type")) {
    const { $type, value } = json as { $type: unknown; value?: unknown };
    return decodeTag(String($type), value);
  }
  return decodeEntries(Object.entries(json));
}

function decodeEntries(entries: Iterable<[string, unknown]>): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [key, item] of entries) {
    if (isPrototypeKey(key, item)) throw new Error(`it has the key "${key}"`);
    if (isLost(item)) continue;
    record[key] = decode(item);
  }
  return record;
}

const isLost = (json: unknown): boolean => isRecord(json) && json.$type === "lost";

function decodeTag(type: string, value: unknown): unknown {
  switch (type) {
    case "undefined":
    case "lost":
      return undefined;
    case "number":
      return Number(value);
    case "bigint":
      return BigInt(value as string);
    case "Date":
      return new Date(value === null ? NaN : (value as string));
    case "RegExp": {
      const [source, flags] = value as [string, string];
      return new RegExp(source, flags);
    }
    case "URL":
      return new URL(value as string);
    case "Map":
      return new Map((value as [unknown, unknown][]).map(([key, item]) => [decode(key), decode(item)]));
    case "Set":
      return new Set((value as unknown[]).map(decode));
    case "Object":
      return decodeEntries(value as [string, unknown][]);
    case "Error":
      return decodeError(value as EncodedError);
    case "Buffer":
      return Buffer.from(value as string, "base64");
    case "ArrayBuffer":
      return bytes(value).buffer;
    case "DataView":
      return new DataView(bytes(value).buffer);
    default:
      if (!Object.hasOwn(typedArrays, type)) throw new Error(`it has the unknown tag "${type}"`);
      return new typedArrays[type as keyof typeof typedArrays](bytes(value).buffer);
  }
}

/** A copy with a buffer of its own: small Buffers share one. */
const bytes = (base64: unknown): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(base64 as string, "base64"));

interface EncodedError {
  name: string;
  message: string;
  stack?: string;
  cause?: unknown;
  errors?: unknown;
  fields?: [string, unknown][];
}

const errorClasses = { Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError };

function decodeError({ name, message, stack, cause, errors, fields = [] }: EncodedError): Error {
  const known = Object.hasOwn(errorClasses, name) ? errorClasses[name as keyof typeof errorClasses] : Error;
  const options = cause === undefined ? {} : { cause: decode(cause) };
  const error =
    errors === undefined
      ? new known(message, options)
      : new AggregateError(decode(errors) as unknown[], message, options);
  const define = (key: string, value: unknown) =>
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
  if (error.name !== name) define("name", name);
  define("stack", stack);
  return Object.assign(error, decodeEntries(fields));
}
