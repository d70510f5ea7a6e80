import { expect, test } from "vitest";
import { table } from "../../../src/cli/table.ts";

test("aligns columns and leaves no spaces at the end", () => {
  const rows = [
    ["Name", "role", "src/a.ts:1", "tool_usage"],
    ["LongerName", "orchestrator", "b.ts:10", ""],
  ];
  expect(table(rows)).toEqual([
    "Name        role          src/a.ts:1  tool_usage",
    "LongerName  orchestrator  b.ts:10",
  ]);
  expect(table([])).toEqual([]);
});
