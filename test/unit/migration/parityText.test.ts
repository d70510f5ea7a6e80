import { describe, expect, it } from "vitest";
import { parityMarkdown, paritySentence } from "../../../src/migration/parityText.ts";
import type { ParityReport, ParityResult } from "../../../src/model/parity.ts";

const same: ParityResult = {
  task: { question: "a|b" },
  args: [],
  legacy: { end: "returned", value: 42, unseen: [], durationMs: 1 },
  adapter: { end: "returned", value: 42, unseen: [], durationMs: 1 },
  differences: [],
  same: true,
};
const differing: ParityResult = {
  task: "tea",
  args: [0.19],
  legacy: { end: "returned", value: "x".repeat(80), unseen: ["private fields"], durationMs: 1 },
  adapter: { end: "threw", error: { $class: "TypeError", message: "no luck" }, unseen: [], durationMs: 1 },
  differences: [
    { path: "end", legacy: "returned", adapter: "threw", excuse: null },
    { path: "error", adapter: { $class: "TypeError", message: "no luck" }, excuse: null },
    { path: "state.at", legacy: 1, adapter: 2, excuse: "varies by itself" },
  ],
  same: false,
};
const report = (...tasks: ParityResult[]): ParityReport => ({
  ...{ file_path: "a.ts", name: "Desk", adapter: "DeskAdapter" },
  ...{ tasks, same: tasks.every((task) => task.same) },
});

describe("The sentence of a comparison", () => {
  it.each([
    [[same], "Desk and DeskAdapter do the same for the task."],
    [[same, same], "Desk and DeskAdapter do the same for all 2 tasks."],
    [
      [differing],
      "Desk and DeskAdapter differ: 2 differences. What the class itself does differently each time does not count. Not seen: private fields.",
    ],
    [
      [same, differing],
      "Desk and DeskAdapter differ: 2 differences in 1 of 2 tasks. What the class itself does differently each time does not count. Not seen: private fields.",
    ],
    [
      [
        {
          ...same,
          differences: [{ path: "state.n", legacy: 1, adapter: 0, excuse: "rolled back" as const }],
        },
      ],
      "Desk and DeskAdapter do the same for the task. The adapter took back what a failed execution changed, as adapters do.",
    ],
  ])("%#", (tasks, sentence) => {
    expect(paritySentence(report(...tasks))).toBe(sentence);
  });
});

it("is a Markdown document", () => {
  expect(parityMarkdown(report(same, differing)).split("\n")).toEqual([
    "# Desk and DeskAdapter",
    "",
    paritySentence(report(same, differing)),
    "",
    '## 1. same: {"question":"a|b"}',
    "",
    "|  | Desk | DeskAdapter |",
    "| --- | --- | --- |",
    "| ended | returned 42 | returned 42 |",
    "",
    '## 2. differs: "tea", made with [0.19]',
    "",
    "|  | Desk | DeskAdapter |",
    "| --- | --- | --- |",
    `| ended | returned "${"x".repeat(58)}… | threw: TypeError: no luck |`,
    '| end | "returned" | "threw" |',
    '| error | (nothing) | {"$class":"TypeError","message":"no luck"} |',
    "| state.at | 1 | 2  (varies by itself) |",
    "",
  ]);
});
