import { expect, test } from "vitest";
import { actionForms, actionFrom, textsOf } from "../../../src/model/actionForm.ts";
import { actionOf } from "../../../src/model/fix.ts";

test.each([
  { type: "retryLater", delayMs: 1500 },
  { type: "longerTimeout", factor: 2.5 },
  { type: "longerTimeout", ms: 60_000 },
  { type: "lowerConcurrency", concurrency: 2 },
  { type: "patch", task: { mode: "safe", "1": null }, context: { n: 1 } },
  { type: "reinitialise" },
  { type: "restoreCheckpoint" },
  { type: "restoreCheckpoint", label: "loaded" },
  { type: "switchTool", from: "a", to: "b" },
  { type: "code", code: "return { task: { n: 1 } };" },
])("%j is the same after its form", (action) => {
  const { type, texts } = textsOf(action);
  expect(actionFrom(type, texts)).toEqual({ action });
  expect(actionOf(action)).toEqual({ action });
});

test.each([
  ["retryLater", {}, '"Seconds to wait first" is empty.'],
  ["retryLater", { delayMs: "soon" }, '"Seconds to wait first" takes a number above 0.'],
  ["lowerConcurrency", { concurrency: "-1" }, '"At most so many at a time" takes a number above 0.'],
  ["longerTimeout", {}, "Give either how many times the limit, or the seconds."],
  ["longerTimeout", { factor: "2", ms: "3" }, "Give either how many times the limit, or the seconds."],
  ["patch", {}, "Say what changes of the task or the state."],
  ["patch", { task: "{" }, /is no JSON\.$/],
  ["code", { code: " " }, /is empty\.$/],
] as const)("%s %j is told to be none", (type, texts, problem) => {
  const made = actionFrom(type, texts);
  expect("problem" in made ? made.problem : "").toMatch(problem);
});

test("what has no form is nothing that a person chose", () => {
  for (const action of [undefined, null, "x", { type: "__proto__" }, { type: "toString" }, { type: 5 }])
    expect(textsOf(action)).toEqual({ type: "", texts: {} });
  expect(actionFrom("", {})).toEqual({ action: null });
  expect(Object.keys(actionForms)).toHaveLength(8);
});
