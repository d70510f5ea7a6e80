import { describe, expect, it } from "vitest";
import { differencesOf } from "../../../src/migration/parityDifferences.ts";
import { parityResult } from "../../../src/migration/parityReport.ts";
import type { ParitySide } from "../../../src/model/parity.ts";

const returned = (value: unknown, more: Partial<ParitySide> = {}): ParitySide => ({
  ...{ end: "returned", value, task: 1, before: {}, after: {}, unseen: [], durationMs: 1 },
  ...more,
});
const threw = (message: string, more: Partial<ParitySide> = {}): ParitySide => ({
  ...{ end: "threw", error: { $class: "Error", message }, task: 1, before: {}, after: {} },
  ...{ unseen: [], durationMs: 1, ...more },
});
const stopped: ParitySide = {
  ...{ end: "stopped", error: { $class: "TimeoutError", message: "too long" }, unseen: [], durationMs: 1 },
};
const result = (legacy: ParitySide, adapter: ParitySide, again: ParitySide | null = legacy) =>
  parityResult({ task: 1, args: [], legacy, adapter, again });

describe("Differences of JSON", () => {
  it("are named by their paths; the order of keys is none", () => {
    expect(differencesOf({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toEqual([]);
    expect(differencesOf({ a: [1, { c: 2 }], d: null }, { a: [1, { c: 3 }], d: [] })).toEqual([
      { path: ["a", "1", "c"], left: 2, right: 3, absent: null },
      { path: ["d"], left: null, right: [], absent: null },
    ]);
  });

  it("tell a missing key from a null one, and lists of different lengths once", () => {
    expect(differencesOf({ a: null }, { b: null })).toEqual([
      { path: ["a"], left: null, right: undefined, absent: "right" },
      { path: ["b"], left: undefined, right: null, absent: "left" },
    ]);
    expect(differencesOf([1, 2], [1, 3, 4, 5])).toEqual([
      { path: ["1"], left: 2, right: 3, absent: null },
      { path: ["length"], left: 2, right: 4, absent: null },
    ]);
  });
});

describe("A class and its adapter", () => {
  it("are the same where all that can be seen is, however long it took", () => {
    expect(result(returned({ a: 1 }), returned({ a: 1 }, { durationMs: 9 }))).toMatchObject({
      differences: [],
      same: true,
    });
  });

  it("differ by value, error, state and the task they changed", () => {
    expect(result(returned(1), returned(2, { after: { n: 1 }, task: 2 })).differences).toEqual([
      { path: "value", legacy: 1, adapter: 2, excuse: null },
      { path: "state.n", adapter: 1, excuse: null },
      { path: "task", legacy: 1, adapter: 2, excuse: null },
    ]);
    expect(result(threw("a"), threw("b"))).toMatchObject({
      differences: [{ path: "error.message", legacy: "a", adapter: "b", excuse: null }],
      same: false,
    });
  });

  it("differ by how they ended; what is unknown of one that was stopped does not count", () => {
    expect(result(returned(1), stopped).differences.map(({ path }) => path)).toEqual([
      "end",
      "value",
      "error",
    ]);
    expect(result(stopped, stopped)).toMatchObject({ differences: [], same: true });
  });

  it("may differ where the class differs from itself, and below that place only", () => {
    const [one, two, three] = [1, 2, 3].map((id) => returned({ id, of: { id }, tags: { [`k${id}`]: 1 } }));
    if (!one || !two || !three) throw new Error("unreachable");
    expect(result(one, three, two)).toMatchObject({ same: true });
    expect(result(one, three, two).differences).toHaveLength(4);
    const other = returned({ id: 3, of: "text", tags: { k3: 1 } });
    expect(result(one, other, two).differences.filter(({ excuse }) => excuse === null)).toEqual([
      { path: "value.of", legacy: { id: 1 }, adapter: "text", excuse: null },
    ]);
  });

  it("may end differently where the class does so by itself", () => {
    expect(result(returned(1), threw("a"), threw("b")).same).toBe(true);
  });

  it("may differ by what an adapter takes back after a failure, and by nothing else", () => {
    const before = { items: [], n: 0 };
    const legacy = threw("a", { before, after: { items: [1], n: 1, last: 1 } });
    expect(result(legacy, threw("a", { before, after: before })).differences).toEqual([
      { path: "state.items.length", legacy: 1, adapter: 0, excuse: "rolled back" },
      { path: "state.n", legacy: 1, adapter: 0, excuse: "rolled back" },
      { path: "state.last", legacy: 1, excuse: "rolled back" },
    ]);
    expect(result(legacy, threw("a", { before, after: { ...before, n: 5 } })).same).toBe(false);
    const done = returned(1, { before, after: { items: [1], n: 1 } });
    expect(result(done, returned(1, { before, after: before })).same).toBe(false);
  });
});
