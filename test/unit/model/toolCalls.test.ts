import { expect, it } from "vitest";
import { ToolCounts } from "../../../src/model/toolCalls.ts";

it("Calls of tools are counted by name, with the last error", () => {
  const counts = new ToolCounts();
  counts.add({ name: "search", ok: true, durationMs: 5 });
  counts.add({ name: "search", ok: false, durationMs: 2, error: "no shelf" });
  counts.add({ name: "__proto__", ok: false, durationMs: 0, refused: true, error: "refused" });
  counts.add({ name: "search", ok: true, durationMs: 1 });
  expect(counts.list).toEqual([
    { name: "search", calls: 3, failures: 1, refusals: 0, durationMs: 8, lastError: "no shelf" },
    { name: "__proto__", calls: 0, failures: 0, refusals: 1, durationMs: 0, lastError: "refused" },
  ]);
  counts.merge({ name: "search", calls: 1, failures: 1, refusals: 2, durationMs: 1, lastError: "later" });
  expect(counts.list[0]).toEqual({
    ...{ name: "search", calls: 4, failures: 2, refusals: 2, durationMs: 9 },
    lastError: "later",
  });
});
