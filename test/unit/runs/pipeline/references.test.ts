import { expect, it } from "vitest";
import { withResults } from "../../../../src/runs/pipeline/references.ts";

const results = new Map<string, unknown>([
  ["a", { list: [{ "x/y": 1 }, 2], "~": "tilde", nothing: null }],
  ["input", "tea"],
]);

it("results stand where they are referred to, all else stays", () => {
  const task = {
    ...{ whole: { $from: "/a" }, item: [{ $from: "/a/list/0/x~1y" }, 3], tilde: { $from: "/a/~0" } },
    ...{ input: { $from: "/input" }, nothing: { $from: "/a/nothing", default: 1 }, kept: { from: "/a" } },
  };
  expect(withResults(task, results)).toEqual({
    ...{ whole: results.get("a"), item: [1, 3], tilde: "tilde", input: "tea", nothing: null },
    kept: { from: "/a" },
  });
  expect(withResults({ $from: "/a/list/1" }, results)).toBe(2);
});

it("a default stands where a pointer leads to nothing, which fails otherwise", () => {
  for (const pointer of [
    "/b",
    "/a/none",
    "/a/list/2",
    "/a/list/01",
    "/a/list/length",
    "/a/constructor",
    "/input/0",
  ])
    expect(withResults([{ $from: pointer, default: { $from: "kept" } }], results)).toEqual([
      { $from: "kept" },
    ]);
  expect(() => withResults({ $from: "/b" }, results)).toThrow(
    '"b" gave no result; a "default" beside "$from" would stand in for it',
  );
  expect(() => withResults({ $from: "/a/none" }, results)).toThrow(
    'there is no none in what "a" gave, only list, ~, nothing; a "default" beside "$from" would stand in for it',
  );
});
