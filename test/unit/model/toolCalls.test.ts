import { expect, it } from "vitest";
import { addCounts, countOf } from "../../../src/model/durationCounts.ts";
import { ToolCalls, ToolCounts } from "../../../src/model/toolCalls.ts";

it("Calls of tools are counted by name, with the last error", () => {
  const counts = new ToolCounts();
  counts.add({ name: "search", ok: true, durationMs: 5 });
  counts.add({ name: "search", ok: false, durationMs: 2, error: "no shelf" });
  counts.add({ name: "__proto__", ok: false, durationMs: 0, refused: true, error: "refused" });
  counts.add({ name: "search", ok: true, durationMs: 1 });
  expect(counts.list).toEqual([
    {
      name: "search",
      calls: 3,
      failures: 1,
      refusals: 0,
      durationMs: 8,
      lastError: "no shelf",
      durations: addCounts(countOf(5), countOf(2), countOf(1)),
    },
    { name: "__proto__", calls: 0, failures: 0, refusals: 1, durationMs: 0, lastError: "refused" },
  ]);
  counts.merge({ name: "search", calls: 1, failures: 1, refusals: 2, durationMs: 1, lastError: "later" });
  expect(counts.list[0]).toEqual({
    ...{ name: "search", calls: 4, failures: 2, refusals: 2, durationMs: 9 },
    lastError: "later",
  });
});

it("How long each call took is told where all that are counted together tell it", () => {
  const old = { name: "search", calls: 1, failures: 0, refusals: 0, durationMs: 1 };
  const counts = new ToolCounts();
  counts.add({ name: "search", ok: false, durationMs: 0, refused: true });
  expect(counts.list[0]?.durations).toBeUndefined();
  counts.add({ name: "search", ok: true, durationMs: 7 });
  counts.merge({ ...old, calls: 0, refusals: 1 });
  expect(counts.list[0]?.durations).toEqual(countOf(7));
  counts.merge(old);
  counts.add({ name: "search", ok: true, durationMs: 7 });
  expect(counts.list[0]).toMatchObject({ calls: 3, refusals: 2 });
  expect(counts.list[0]?.durations).toBeUndefined();
  // What is damaged there does not make the rest unreadable.
  expect(ToolCalls.parse({ ...old, durations: [[1.5, -1]] })).toEqual(old);
});
