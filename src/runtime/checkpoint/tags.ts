/**
 * Values as JSON. What JSON has stays as it is; the rest is `{"$type": TYPE, "value": …}`:
 *
 * | `$type` | `value` |
 * |---|---|
 * | `undefined` | absent |
 * | `number` | "NaN", "Infinity", "-Infinity", "-0" |
 * | `bigint` | decimal digits |
 * | `Date` | ISO 8601, null where invalid |
 * | `RegExp` | [source, flags, lastIndex where it is not 0] |
 * | `URL` | href |
 * | `Map` | [[key, value], …] |
 * | `Set` | [item, …] |
 * | `Array` | [length, [[index or name, value], …]]: an array with holes or named properties |
 * | `Error` | {name, message, stack?, cause?, errors?, fields} |
 * | `ArrayBuffer`, `DataView`, `Buffer`, `Uint8Array` and the other typed arrays | base64 of the bytes |
 * | `Object` | [[key, value], …]: a record that has a key `$type` itself |
 * | `NullObject` | [[key, value], …]: a record without prototype |
 * | `ref` | N: the same object as the Nth (from 0) of the same value, counted as they begin in the JSON |
 * | `lost` | what stood here and could not be kept, for example "function" |
 */
export const typedArrays: Readonly<Record<string, TypedArray>> = Object.fromEntries(
  [
    "Int8Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
  ].flatMap((name) => {
    // Not every Node has every one of them.
    const type = (globalThis as unknown as Record<string, TypedArray | undefined>)[name];
    return type === undefined ? [] : [[name, type]];
  }),
);

/** The constructor of a typed array. */
export type TypedArray = new (buffer: ArrayBuffer) => ArrayBufferView;

/** Deeper values are lost: whoever reads them must not run out of stack. */
export const deepest = 1000;

/** `__proto__`, and a `constructor` that reaches for a prototype. */
export function isPrototypeKey(key: string, value: unknown): boolean {
  if (key === "__proto__") return true;
  return (
    key === "constructor" && typeof value === "object" && value !== null && Object.hasOwn(value, "prototype")
  );
}
