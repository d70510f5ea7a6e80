import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../../src/runtime/checkpoint/codec.ts";
import { Encoder } from "../../../../src/runtime/checkpoint/encode.ts";

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
    ["where a pattern goes on", Object.assign(/a/g, { lastIndex: 3 })],
    ["other numbers", [0.1, 1e21, -1e-7, 2 ** 53, Number.MIN_VALUE]],
    ["no prototype", Object.assign(Object.create(null) as object, { a: { b: 1 } })],
    [
      "arrays with holes and names",
      [[, 1, , 2, ,], Object.assign([1, 2], { last: 3 }), Object.assign([, 1], { x: 1 })],
    ],
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

  it("gives back any data, or names the path that it cannot keep", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withBoxedValues: true,
      maxDepth: 5,
    });
    fc.assert(
      fc.property(anything, (value) => {
        const { lost } = encode(value, "context");
        const boxed = countBoxed(value);
        expect(
          lost.filter((path) => !/^context.* \((String|Number|Boolean|prototype key)\)$/.test(path)),
        ).toEqual([]);
        if (boxed === 0 && lost.length === 0) expect(roundTrip(value)).toStrictEqual(value);
        else expect(lost.length).toBeGreaterThanOrEqual(Math.min(1, boxed));
      }),
      { numRuns: 500 },
    );
  });

  it("keeps any graph of shared and circular references", () => {
    const node = fc.record({
      kind: fc.integer({ min: 0, max: 6 }),
      to: fc.array(fc.nat(), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 12 }), (nodes) => {
        const graph = build(nodes);
        expect(encode(graph).lost).toEqual([]);
        expectSameGraph(graph, roundTrip(graph));
      }),
      { numRuns: 300 },
    );
  });

  it("writes JSON that reads and writes again as the same, whatever it has seen before", () => {
    const encoder = new Encoder();
    fc.assert(
      fc.property(fc.anything({ withMap: true, withBigInt: true, withSparseArray: true }), (value) => {
        const first = encoder.encode(value, "").text;
        expect(JSON.stringify(JSON.parse(first))).toBe(first);
        expect(encoder.encode(value, "").text).toBe(first);
        expect(new Encoder().encode(value, "").text).toBe(first);
      }),
    );
  });
});

describe("secrets", () => {
  const secret = "sk-abcdefghijklmnopqrstuvwx";

  it("are not written wherever they stand", () => {
    const place = fc.constantFrom<(value: unknown) => unknown>(
      (value) => ({ a: 1, b: value }),
      (value) => [1, value],
      (value) => ({ $type: "x", b: value }),
      (value) => new Map([[value, 1]]),
      (value) => new Map([[1, value]]),
      (value) => new Set([value, 2]),
      (value) => Object.assign(Object.create(null) as object, { value }),
      (value) => new Error("x", { cause: value }),
      (value) => new AggregateError([value]),
      (value) => Object.assign(new Error("x"), { value }),
      (value) => Object.assign([, 1], { value }),
    );
    const leaf = fc.constantFrom<unknown>(
      secret,
      `before ${secret} after`,
      { [secret]: 1 },
      { [secret]: 1, [`${secret}y`]: 2 },
      new Error(secret),
      new URL(`https://example.com/?q=${secret}`),
      new URL(`https://${secret}.com/`),
      new RegExp(secret),
      new RegExp(`(${secret})`),
      new Map([[secret, 1]]),
      { password: "hunter22" },
      new Map([["apiKey", { a: "hunter22" }]]),
      Object.assign(new Error("x"), { token: "hunter22" }),
      { nested: Buffer.from(secret) },
      new TextEncoder().encode(`xx ${secret}`),
      new TextEncoder().encode(secret).buffer,
      new URL("https://me:hunter22@example.com"),
    );
    fc.assert(
      fc.property(fc.array(place, { maxLength: 5 }), leaf, (places, value) => {
        const { text, redactions, lost } = new Encoder().encode(
          places.reduce((inner, wrap) => wrap(inner), value),
          "context",
        );
        expect(redactions).toBeGreaterThan(0);
        expect(text + lost.join()).not.toMatch(/abcdefghij|hunter22/);
        const encoded = [...text.matchAll(/"value":"([\w+/=]+)"/g)].map(([, base64 = ""]) => atob64(base64));
        expect(encoded.join()).not.toContain(secret);
        expect(() => decode(JSON.parse(text))).not.toThrow();
      }),
    );
  });

  it("that are keys of one record stay apart", () => {
    const value = { [secret]: 1, "[redacted]": 2, [`${secret}y`]: 3 };
    expect(encode(value).json).toEqual({ "[redacted] 2": 1, "[redacted]": 2, "[redacted] 3": 3 });
    expect(roundTrip({ $type: 1, ...value })).toEqual({
      $type: 1,
      "[redacted] 2": 1,
      "[redacted]": 2,
      "[redacted] 3": 3,
    });
  });

  it("in what is lost are not named either", () => {
    expect(encode({ [secret]: () => 1 }, "task").lost).toEqual(["task.[redacted] (function)"]);
    expect(encode(new Map([[secret, () => 1]]), "task").lost).toEqual(["task.[redacted] (function)"]);
    const instance: unknown = Object.create({ constructor: { name: secret } });
    class Named {
      readonly url = "x";
    }
    Object.defineProperty(Named, "name", { value: secret });
    const { json, lost } = encode(new Map([[Symbol(secret), new Named()]]), "task");
    expect(encode(instance).lost.join()).not.toContain(secret);
    expect(lost).toEqual(["task.<key> (symbol)", "task.Symbol([redacted]) ([redacted])"]);
    expect(JSON.stringify(json)).not.toContain(secret);
  });

  it("are taken out of an object that is seen first below a secret key, and where it is seen again", () => {
    const shared = { note: "plain" };
    const value = { credentials: { shared }, shared, again: shared };
    expect(roundTrip(value)).toEqual({ credentials: "[redacted]", shared, again: shared });
    const other = { shared, credentials: shared, again: shared };
    expect(roundTrip(other)).toEqual({ shared, credentials: "[redacted]", again: shared });
  });

  it("are found also when the same text was seen before, and when very many were", () => {
    const encoder = new Encoder();
    for (let round = 0; round < 3; round += 1) expect(encoder.encode([secret, "x"], "").redactions).toBe(1);
    const texts = Array.from({ length: 400 }, (_, i) => `${i} ${"long ".repeat(1000)}`);
    for (let round = 0; round < 2; round += 1) {
      expect(encoder.encode([...texts, secret], "")).toEqual({
        text: JSON.stringify([...texts, "[redacted]"]),
        lost: [],
        redactions: 1,
      });
    }
    const keys = Object.fromEntries(Array.from({ length: 10_500 }, (_, i) => [`key ${i}`, i]));
    expect(encoder.encode(keys, "").text).toBe(JSON.stringify(keys));
  });
});

describe("what it cannot read", () => {
  const bad = () => {
    throw new Error("no");
  };
  it.each<[string, () => unknown, RegExp]>([
    [
      "a getter that throws",
      () => Object.defineProperty({}, "x", { get: bad, enumerable: true }),
      /x \(unreadable\)/,
    ],
    ["a proxy without keys", () => new Proxy({}, { ownKeys: bad }), /value \(unreadable\)/],
    ["a proxy without prototype", () => new Proxy({}, { getPrototypeOf: bad }), /value \(unreadable\)/],
    [
      "an array without prototype",
      () => new Proxy([1], { getPrototypeOf: bad }),
      /value \(class unreadable of an array\)/,
    ],
    ["an array without length", () => new Proxy([1], { get: bad }), /value \(unreadable\)/],
    ["a proxy of a Map", () => new Proxy(new Map(), {}), /value \(unreadable\)/],
    ["a proxy of a Set", () => new Proxy(new Set(), {}), /value \(unreadable\)/],
    ["a proxy of a Date", () => new Proxy(new Date(), {}), /value \(unreadable\)/],
    ["a proxy of a URL", () => new Proxy(new URL("https://x.y"), {}), /value \(unreadable\)/],
    ["an error without keys", () => new Proxy(new Error("x"), { ownKeys: bad }), /value \(unreadable\)/],
    ["a revoked proxy", () => revoked({}), /value \(unreadable\)/],
    ["a constructor that is one", () => ({ constructor: revoked({}) }), /constructor \(prototype key\)/],
    ["an odd error", () => Object.assign(new Error("x"), { message: 5 }), /message \(number\)/],
    ["a typed array of a class", () => new (class Bytes extends Uint8Array {})(2), /value \(Bytes\)/],
    [
      "an array of a class",
      () => new (class Stack extends Array<number> {})(1, 2),
      /value \(class Stack of an array\)/,
    ],
    ["a property of a Map", () => Object.assign(new Map(), { x: 1 }), /x \(property of a Map\)/],
    ["shared memory", () => new SharedArrayBuffer(1), /value \(SharedArrayBuffer\)/],
    ["a promise", () => Promise.resolve(1), /value \(Promise\)/],
    [
      "a value below an odd key",
      () => new Map<unknown, unknown>([[Symbol("s"), bad]]),
      /Symbol\(s\) \(function\)/,
    ],
    ["a value below an object", () => new Map<unknown, unknown>([[{}, bad]]), /<object> \(function\)/],
    ["a value below null", () => new Map<unknown, unknown>([[null, bad]]), /null \(function\)/],
    ["a value below a number", () => new Map<unknown, unknown>([[5, bad]]), /5 \(function\)/],
  ])("is named: %s", (_, make, path) => {
    const { lost, json } = encode(make());
    expect(lost.join()).toMatch(path);
    expect(() => decode(json)).not.toThrow();
  });

  it("is left out of collections, and does not disturb what is shared", () => {
    const shared = [1];
    const value = {
      map: new Map<unknown, unknown>([
        ["f", bad],
        [bad, 1],
        ["k", shared],
      ]),
      set: new Set<unknown>([bad, shared]),
      list: Object.assign([bad, shared], { more: bad }),
    };
    const kept = roundTrip(value) as typeof value;
    expect(kept).toEqual({ map: new Map([["k", [1]]]), set: new Set([[1]]), list: [undefined, [1]] });
    expect([...kept.set][0]).toBe(kept.map.get("k"));
    expect(kept.list[1]).toBe(kept.map.get("k"));
  });
});

describe("what was written by others", () => {
  it.each<[string, unknown, RegExp]>([
    ["a reference to nothing", { $type: "ref", value: 3 }, /refers to an object/],
    ["a reference that is none", { $type: "ref", value: "length" }, /refers to an object/],
    ["an unknown tag", { $type: "Function", value: "x" }, /unknown tag/],
    ["a tag of a prototype", { $type: "toString", value: "x" }, /unknown tag/],
    ["an impossible length", { $type: "Array", value: [-1, []] }, /length/],
    [
      "a prototype key of an error",
      { $type: "Error", value: { name: "E", message: "", fields: [["__proto__", 1]] } },
      /__proto__/,
    ],
    ["a prototype key of an array", { $type: "Array", value: [1, [["__proto__", 1]]] }, /__proto__/],
    ["a prototype key of a null record", { $type: "NullObject", value: [["__proto__", 1]] }, /__proto__/],
  ])("is refused: %s", (_, json, why) => {
    expect(() => decode(json)).toThrow(why);
  });

  it("may lack what is optional", () => {
    expect(decode({ $type: "Error", value: { name: "Odd", message: "m" } })).toMatchObject({ name: "Odd" });
    expect(decode({ $type: "RegExp", value: ["a", "g"] })).toEqual(/a/g);
  });
});

const atob64 = (base64: string): string => Buffer.from(base64, "base64").toString("latin1");

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function countBoxed(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return 1;
  const below: unknown[] =
    value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.values(value);
  return below.reduce<number>((sum, item) => sum + countBoxed(item), 0);
}

/** Nodes of several kinds that point to one another. */
function build(nodes: { kind: number; to: number[] }[]): unknown {
  const made = nodes.map(({ kind }) => {
    const makers = [
      () => ({}),
      () => [],
      () => new Map(),
      () => new Set(),
      () => new Error("e"),
      () => ({ $type: "own" }),
      () => Object.create(null) as object,
    ];
    return makers[kind]?.() as object;
  });
  nodes.forEach(({ to }, i) => {
    const node = made[i] as object;
    to.forEach((target, n) => {
      const other = made[target % made.length];
      if (node instanceof Map) node.set(n % 2 === 0 ? other : n, other);
      else if (node instanceof Set) node.add(other);
      else if (Array.isArray(node)) node[n * 2] = other;
      else Reflect.set(node, `k${n}`, other);
    });
  });
  return made[0];
}

/** Equal in structure, and the same object wherever it was the same. */
function expectSameGraph(a: unknown, b: unknown, pairs = new Map<unknown, unknown>()): void {
  if (typeof a !== "object" || a === null) {
    expect(b).toBe(a);
    return;
  }
  if (pairs.has(a)) {
    expect(pairs.get(a)).toBe(b);
    return;
  }
  pairs.set(a, b);
  expect(Object.getPrototypeOf(b)).toBe(Object.getPrototypeOf(a));
  const parts = (value: object): unknown[] => [
    ...(value instanceof Map || value instanceof Set ? [...(value as Map<unknown, unknown>)].flat() : []),
    ...Object.keys(value),
    ...(Object.values(value) as unknown[]),
  ];
  const [partsOfA, partsOfB] = [parts(a), parts(b as object)];
  expect(partsOfB.length).toBe(partsOfA.length);
  partsOfA.forEach((part, i) => expectSameGraph(part, partsOfB[i], pairs));
}
