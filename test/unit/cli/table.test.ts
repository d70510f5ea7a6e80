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

test("leaves out what would steer a terminal", () => {
  expect(table([["\u001b[2J\u001b[31mred\u0007", "a\u009b1mb\u001b]0;title\u0007c\td"]])).toEqual([
    "red  abc\td",
  ]);
  expect(table([["a\u200f\u061cb\u200e", "\u2028c\u2029"]])).toEqual(["ab  c"]);
  expect(table([["\u202egnp.exe", "\u2066a\u2069"]])).toEqual(["gnp.exe  a"]);
});
