import { expect, test } from "vitest";
import { Comparer } from "../../../src/checkpoints/content/differences.ts";
import { encode } from "../../../src/runtime/checkpoint/codec.ts";

function compared(a: unknown, b: unknown) {
  const comparer = new Comparer();
  comparer.compare("", encode(a).json, encode(b).json);
  const { differences } = comparer.result;
  return differences.map(({ kind, path, before, after }) => [kind, path, before, after]);
}

test("keys of a map that look the same are told apart by their types", () => {
  const map = (text: unknown, number: unknown) =>
    new Map<unknown, unknown>([
      ["1", text],
      [1, number],
    ]);
  expect(compared(map("a", "b"), map("x", "b"))).toEqual([["changed", "/1", '"a"', '"x"']]);
  expect(compared(map("a", "b"), map("a", "y"))).toEqual([["changed", "/1 (2)", '"b"', '"y"']]);
  expect(compared(map("a", "b"), new Map([["1", "a"]]))).toEqual([["removed", "/1 (2)", '"b"', null]]);
  const other = new Map<unknown, unknown>([...map("a", "b")].reverse());
  expect(compared(map("a", "b"), other)).toEqual([]);
  const keys = (...all: unknown[]) => new Map(all.map((key) => [key, 1]));
  expect(compared(keys(true, null, 5n), keys(true, undefined, "5"))).toHaveLength(4);
  expect(compared(keys({ id: 1 }, { id: 2 }), keys({ id: 2 }, { id: 3 }))).toEqual([
    ["removed", '/{"id":1}', "1", null],
    ["added", '/{"id":3}', null, "1"],
  ]);
});

test("a reference into a map is told by the entry that it stands for", () => {
  const [one, two] = [{ n: 1 }, { n: 2 }];
  const map = new Map<unknown, unknown>([
    ["1", one],
    [1, two],
  ]);
  expect(compared({ map, chosen: one }, { map, chosen: two })).toEqual([
    ["changed", "/chosen", "→ /map/1", "→ /map/1 (2)"],
  ]);
  const by = (key: unknown) => ({ one, two, by: new Map([[key, 1]]), set: new Set([key]) });
  expect(compared(by(one), by(two)).map(([kind, , ...sides]) => [kind, ...sides])).toEqual([
    ["changed", "→ /one", "→ /two"],
    ["changed", "→ /one", "→ /two"],
  ]);
  // What comes before them gives them other numbers, and is all that differs.
  expect(compared({ more: {}, ...by(one) }, { ...by(one), more: {} })).toEqual([]);
});

test("items of a set that begin the same way are counted one by one", () => {
  const item = (end: string) => `${"x".repeat(150)}${end}`;
  const set = (...ends: string[]) => new Set(ends.map(item));
  expect(compared(set("a", "b"), set("b"))).toMatchObject([["removed", {}, {}, null]]);
  const [[, path, before] = []] = compared(set("a", "b"), set("b"));
  expect([path, before]).toEqual([`/${before ?? ""}`, expect.stringMatching(/^"x+…x+a"$/)]);
  const objects = (...names: string[]) => new Set(names.map((name) => ({ name })));
  expect(compared(objects("a", "a", "b"), objects("b", "a"))).toEqual([
    ["removed", '/{"name":"a"}', '{"name":"a"}', null],
  ]);
});

test("of long texts what is shown holds the first difference", () => {
  const long = (middle: string) => `${"a".repeat(300)}${middle}${"z".repeat(300)}`;
  const [[, , before, after] = []] = compared(long("old"), long("new"));
  expect([before, after]).toEqual([
    expect.stringMatching(/^…a{30}oldz+…$/),
    expect.stringMatching(/^…a{30}newz+…$/),
  ]);
  expect(before?.length).toBeLessThanOrEqual(120);
  const [[, , short, longer] = []] = compared("a".repeat(100), "a".repeat(400));
  expect([short, longer]).toEqual([`"${"a".repeat(100)}"`, expect.stringMatching(/^…a{118}…$/)]);
  expect(compared(new RegExp("a".repeat(200)), new RegExp(`${"a".repeat(200)}b`))).toHaveLength(1);
});

test("holes at the end of an array count", () => {
  const holes = (length: number) => Object.assign([1], { length });
  expect(compared(holes(4), holes(5))).toEqual([["changed", "/length", "4", "5"]]);
  expect(compared(holes(4), [1])).toEqual([["changed", "/length", "4", "1"]]);
  expect(compared([1, 2, 3], [1, 3])).toEqual([["removed", "/1", "2", null]]);
});

test("many keys of one text take no time, as they may be forged", () => {
  const pairs = Array.from({ length: 20_000 }, () => ["a", 1]);
  const comparer = new Comparer();
  comparer.compare("", { $type: "Map", value: pairs }, { $type: "Map", value: pairs.slice(1) });
  expect(comparer.result).toMatchObject({ removed: 1, added: 0, changed: 0 });
});

test("pairs that are none, as somebody may have written them, are compared", () => {
  const comparer = new Comparer();
  comparer.compare("", { $type: "Map", value: [[], "x", ["a", 1]] }, { $type: "Map", value: [["a", 2]] });
  expect(comparer.result).toMatchObject({ removed: 1, added: 0, changed: 1 });
});
