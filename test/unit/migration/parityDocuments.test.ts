import { expect, it } from "vitest";
import { parityDocuments } from "../../../src/migration/parityDocuments.ts";
import type { ParityResult, ParitySide } from "../../../src/model/parity.ts";

const side = (more: Partial<ParitySide>): ParitySide => ({
  ...{ end: "returned", task: "tea", before: {}, after: { n: 1 }, unseen: [], durationMs: 5 },
  ...more,
});
const documents = (result: Omit<ParityResult, "task" | "args" | "same">) => {
  const texts = parityDocuments({
    ...{ file_path: "a.ts", name: "A", adapter: "AAdapter", same: true },
    tasks: [{ task: "tea", args: [7], same: true, ...result }],
  });
  return {
    legacy: JSON.parse(texts.legacy) as unknown,
    adapter: JSON.parse(texts.adapter) as unknown,
    texts,
  };
};

it("are the same text where the sides are the same, in whatever order keys come, however long it took", () => {
  const { legacy, texts } = documents({
    legacy: side({ value: { a: 1, b: [{ c: 1, d: 2 }] } }),
    adapter: side({ value: { b: [{ d: 2, c: 1 }], a: 1 }, durationMs: 9 }),
    differences: [],
  });
  expect(texts.adapter).toBe(texts.legacy);
  expect(legacy).toEqual([
    {
      ...{ task: "tea", arguments: [7], end: "returned", value: { a: 1, b: [{ c: 1, d: 2 }] } },
      state: { n: 1 },
    },
  ]);
});

it("show the task afterwards on both sides where one of them changed it", () => {
  const { legacy, adapter } = documents({
    legacy: side({ value: 1, task: "tea" }),
    adapter: side({ value: 1, task: "coffee" }),
    differences: [{ path: "task", legacy: "tea", adapter: "coffee", excuse: null }],
  });
  expect(legacy).toMatchObject([{ task: "tea", "task afterwards": "tea" }]);
  expect(adapter).toMatchObject([{ task: "tea", "task afterwards": "coffee" }]);
});

it("show differences, but not what varies by itself", () => {
  const { legacy, adapter } = documents({
    legacy: side({ value: { id: 1, list: [1], by: "class" } }),
    adapter: side({ value: { id: 2, list: [1, 2], by: "adapter" } }),
    differences: [
      { path: "value.id", legacy: 1, adapter: 2, excuse: "varies by itself" },
      { path: "value.list.length", legacy: 1, adapter: 2, excuse: "varies by itself" },
      { path: "value.by", legacy: "class", adapter: "adapter", excuse: null },
    ],
  });
  const hidden = { id: "(varies by itself)", list: "(varies by itself)" };
  expect(legacy).toMatchObject([{ value: { ...hidden, by: "class" } }]);
  expect(adapter).toMatchObject([{ value: { ...hidden, by: "adapter" } }]);
});
