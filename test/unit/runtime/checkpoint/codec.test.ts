import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../../src/runtime/checkpoint/codec.ts";

const roundTrip = (value: unknown): unknown => decode(JSON.parse(JSON.stringify(encode(value).json)));

describe("the codec", () => {
  it.each([
    ["numbers that JSON lacks", [NaN, Infinity, -Infinity, -0]],
    ["undefined", { a: undefined, list: [undefined, 1] }],
    ["a record with a tag of its own", { $type: "Map", value: [[1, 2]], nested: { $type: 1 } }],
    ["an invalid date", [new Date(NaN)]],
    ["typed arrays", [new Uint8Array([1]), new Float64Array([1.5, NaN]), new BigInt64Array([-1n])]],
    ["buffers", [Buffer.from("x"), new ArrayBuffer(3), new DataView(new ArrayBuffer(2))]],
    ["a part of a buffer", new Int16Array(new ArrayBuffer(8), 2, 2).fill(7)],
    ["a regular expression and an address", [/a(b)+/giu, new URL("https://x.y/z?q=1")]],
    ["nested collections", new Map([["k", new Set([new Map([[1n, new Date(0)]])])]])],
    [
      "errors",
      [new TypeError("bad", { cause: new Error("why") }), new AggregateError([new Error("a")], "many")],
    ],
  ])("keeps %s", (_, value) => {
    expect(encode(value).lost).toEqual([]);
    expect(roundTrip(value)).toEqual(value);
  });

  it("keeps class, stack, cause and fields of errors", () => {
    class QuotaError extends Error {
      override name = "QuotaError";
      limit = 5;
    }
    const error = new QuotaError("over", { cause: { code: 1 } });
    const kept = roundTrip(error) as QuotaError;
    expect(kept).toBeInstanceOf(Error);
    expect(kept).toMatchObject({ name: "QuotaError", message: "over", limit: 5, cause: { code: 1 } });
    expect(kept.stack).toBe(error.stack);
    expect(roundTrip(new RangeError("r"))).toBeInstanceOf(RangeError);
  });

  it("names the path of what it cannot keep, and keeps the rest", () => {
    class Client {
      url = "x";
    }
    class Cache extends Map {}
    const { json, lost } = encode(
      { run: () => 1, list: [Symbol("s"), 2], client: new Client(), cache: new Cache() },
      "context",
    );
    expect(lost).toEqual([
      "context.run (function)",
      "context.list.0 (symbol)",
      "context.client (Client)",
      "context.cache (Cache)",
    ]);
    expect(decode(json)).toEqual({ list: [undefined, 2] });
  });

  it("survives any depth", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i += 1) deep = [deep];
    expect(encode(deep).lost.join()).toMatch(/too deep/);
  });

  it("refuses prototype keys both ways", () => {
    const evil = JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}},"ok":1}') as object;
    expect(encode(evil, "task").lost).toEqual([
      "task.__proto__ (prototype key)",
      "task.constructor (prototype key)",
    ]);
    expect(() => decode(evil)).toThrow(/__proto__/);
    expect(() => decode({ $type: "Object", value: [["__proto__", 1]] })).toThrow(/__proto__/);
    expect(roundTrip({ prototype: "v1", constructor: "acme" })).toEqual({
      prototype: "v1",
      constructor: "acme",
    });
    expect(() => decode({ $type: "Function", value: "x" })).toThrow(/unknown tag/);
  });

  it("gives back any plain data", () => {
    const plain = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: false,
      key: fc.string().filter((key) => key !== "__proto__" && key !== "constructor"),
    });
    fc.assert(
      fc.property(plain, (value) => {
        const { lost } = encode(value);
        expect(lost).toEqual([]);
        expect(roundTrip(value)).toStrictEqual(value);
      }),
    );
  });
});
