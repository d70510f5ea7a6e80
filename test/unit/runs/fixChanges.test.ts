import fc from "fast-check";
import { expect, test } from "vitest";
import { actionOf, Patch, patchProblem } from "../../../src/model/fix.ts";
import { withChanges, withoutChanges } from "../../../src/runs/fixes/changeable.ts";
import { changed, changesOf, reversed } from "../../../src/model/jsonPatch.ts";

const key = fc
  .oneof(fc.constantFrom("a", "b", "constructor", "toString"), fc.string())
  .filter((k) => k !== "__proto__");
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 1, "x", ""),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
})).value;
/** As JSON has it: without what dictionaries of other prototypes differ in. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** RFC 7396, as its text has it. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === "object" && target !== null && !Array.isArray(target);
  const merged = new Map(isObject ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

test("what is undone is as it was before, also by what a record keeps of the changes", () => {
  fc.assert(
    fc.property(json, json, (given, patch) => {
      const task = plain(given);
      const changes = changesOf("task", task, plain(patch));
      const kept = plain(changes) as typeof changes;
      const after = changed(task, kept);
      expect(changed(after, reversed(kept))).toEqual(task);
      const run = { task, timeoutMs: 5, checkpoint: null };
      expect(withoutChanges(withChanges(run, kept), kept)).toEqual(run);
    }),
    { numRuns: 2000 },
  );
});

test("a patch does what RFC 7396 says, and leaves what it was given alone", () => {
  fc.assert(
    fc.property(json, json, (given, patch) => {
      const task = plain(given);
      const before = JSON.stringify(task);
      expect(changed(task, changesOf("task", task, plain(patch)))).toEqual(mergePatch(task, plain(patch)));
      expect(JSON.stringify(task)).toBe(before);
    }),
    { numRuns: 2000 },
  );
});

test("several solutions are taken back in the other order", () => {
  fc.assert(
    fc.property(json, fc.array(json, { maxLength: 4 }), (given, patches) => {
      const task = plain(given);
      let current: unknown = task;
      const all = patches.map((patch) => {
        const changes = changesOf("task", current, plain(patch));
        current = changed(current, changes);
        return changes;
      });
      for (const changes of all.reverse()) current = changed(current, reversed(changes));
      expect(current).toEqual(task);
    }),
  );
});

test("all else of a run is taken back too", () => {
  const run = { task: 1, timeoutMs: 100, checkpoint: null, together: "b", switchedTools: { x: "y" } };
  const changes = [
    { of: "timeoutMs" as const, path: [], before: 100, after: 200 },
    { of: "checkpoint" as const, path: [], after: "c1" },
    { of: "thread" as const, path: [], before: "b" },
    { of: "tools" as const, path: ["search"], after: "lookup" },
    { of: "concurrency" as const, path: [], before: 4, after: 2 },
  ];
  const after = withChanges(run, changes);
  expect(after).toEqual({
    task: 1,
    timeoutMs: 200,
    checkpoint: "c1",
    switchedTools: { x: "y", search: "lookup" },
  });
  expect(withoutChanges(after, changes)).toEqual(run);
});

test.each([
  [{ type: "retryLater", delayMs: 10 }],
  [{ type: "longerTimeout", factor: 2 }],
  [{ type: "longerTimeout", ms: 5000 }],
  [{ type: "lowerConcurrency", concurrency: 1 }],
  [{ type: "patch", task: { a: null }, context: { b: 1 } }],
  [{ type: "reinitialise" }],
  [{ type: "restoreCheckpoint" }],
  [{ type: "restoreCheckpoint", label: "half" }],
  [{ type: "switchTool", from: "a", to: "b" }],
  [{ type: "code", code: "return {};" }],
])("%j is an action", (action) => {
  expect(actionOf(action)).toEqual({ action });
});

test.each([
  [null],
  ["retryLater"],
  [[]],
  [{}],
  [{ type: "shell", code: "rm" }],
  [{ type: "retryLater", delayMs: -1 }],
  [{ type: "retryLater", delayMs: 1e12 }],
  [{ type: "retryLater", delayMs: 10, then: "rm" }],
  [{ type: "longerTimeout" }],
  [{ type: "longerTimeout", factor: 2, ms: 1 }],
  [{ type: "longerTimeout", factor: Infinity }],
  [{ type: "lowerConcurrency", concurrency: 0 }],
  [{ type: "patch" }],
  [{ type: "patch", task: JSON.parse('{"__proto__": {"x": 1}}') as unknown }],
  [{ type: "switchTool", from: "a", to: "a" }],
  [{ type: "code", code: "x".repeat(20_000) }],
  [{ type: "code", code: "return {};", language: "python" }],
])("%j is none, and why is said", (action) => {
  expect(actionOf(action)).toEqual({ problem: expect.stringMatching(/./) as unknown });
});

test("what nests without end or is huge is refused without walking all of it", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 200_000; i += 1) deep = [deep];
  expect(patchProblem(deep)).toContain("nests deeper");
  expect(patchProblem(Array.from({ length: 1e6 }, () => 0))).toContain("more than");
  expect(Patch.safeParse({ task: deep }).success).toBe(false);
});
