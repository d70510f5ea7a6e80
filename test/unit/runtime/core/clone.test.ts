import { describe, expect, it } from "vitest";
import { className, copyData, isRecord } from "../../../../src/runtime/core/clone.ts";

class Thing {
  part = 1;
}
class Special extends Map {}

describe("a copy of plain data", () => {
  it("holds the same, and nothing of the original", () => {
    const shared = { s: 1 };
    const value = {
      list: [1, , "x", [true]],
      map: new Map<unknown, unknown>([[shared, shared]]),
      set: new Set([shared]),
      date: new Date(5),
      bytes: new Uint8Array([1, 2]),
      big: 1n,
      none: null,
      missing: undefined,
      bare: Object.assign(Object.create(null) as object, { a: 1 }),
      shared,
    };
    const { value: copy, lost } = copyData(value);
    expect(lost).toEqual([]);
    expect(copy).toEqual(value);
    expect(1 in copy.list).toBe(false);
    expect(copy.shared).not.toBe(shared);
    expect([...copy.map]).toEqual([[copy.shared, copy.shared]]);
    expect([...copy.map][0]?.[0]).toBe(copy.shared);
    expect(copy.set.has(copy.shared)).toBe(true);
    expect(Object.getPrototypeOf(copy.bare)).toBe(null);
    expect(copy.bytes).not.toBe(value.bytes);
  });

  it("shares no bytes, whatever the kind of the array", () => {
    const arrays = [
      Buffer.from("ab"),
      new Float64Array([1, 2]),
      new BigInt64Array([1n]),
      new Int16Array([1, 2]),
    ];
    const copies = copyData(arrays).value;
    expect(copies).toEqual(arrays);
    for (const [i, copy] of copies.entries()) {
      expect(Object.getPrototypeOf(copy)).toBe(Object.getPrototypeOf(arrays[i]));
      expect(copy.buffer).not.toBe(arrays[i]?.buffer);
    }
    const bytes = Buffer.from("ab");
    const copy = copyData(bytes).value;
    bytes.fill(0);
    expect(copy.toString()).toBe("ab");
  });

  it("keeps circles, and keys that look like the prototype", () => {
    const circle: Record<string, unknown> = JSON.parse('{"__proto__": {"polluted": true}}') as Record<
      string,
      unknown
    >;
    circle.self = circle;
    const { value } = copyData(circle);
    expect(value.self).toBe(value);
    expect(Object.hasOwn(value, "__proto__")).toBe(true);
    expect((value as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("names what it leaves out", () => {
    const value = {
      run: () => 1,
      sign: Symbol("x"),
      thing: new Thing(),
      map: new Map<unknown, unknown>([
        ["special", new Special()],
        [new Thing(), 1],
      ]),
      set: new Set([new Thing()]),
      view: new URL("https://example.org"),
      nameless: Object.create({ constructor: 1 }) as object,
      get computed() {
        return 1;
      },
    };
    Object.defineProperty(value, "hidden", { value: 1, enumerable: false });
    const { value: copy, lost } = copyData(value);
    expect(copy).toEqual({ map: new Map(), set: new Set() });
    expect(lost).toEqual([
      "run (function)",
      "sign (symbol)",
      "thing (Thing)",
      "map.special (Special)",
      "map.<key> (Thing)",
      "set.<item> (Thing)",
      "view (URL)",
      "nameless (object)",
      "computed (accessor)",
    ]);
    expect(copyData(new Thing(), "all")).toEqual({ value: undefined, lost: ["all (Thing)"] });
  });
});

it("tells records from instances, and names classes", () => {
  expect([{}, Object.create(null), JSON.parse("{}")].every(isRecord)).toBe(true);
  expect([new Thing(), [], null, 1, new Map()].some(isRecord)).toBe(false);
  expect([className(new Thing()), className(Object.create(null) as object), className([])]).toEqual([
    "Thing",
    "object",
    "Array",
  ]);
});
