import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProposedFix } from "../../../src/model/patterns.ts";
import { detailOf } from "../../../src/patterns/detail.ts";
import { importedText, importFile, sharedText } from "../../../src/patterns/exchange.ts";
import { regroupPreview } from "../../../src/patterns/preview.ts";
import { rowOf } from "../../../src/patterns/rows.ts";
import { piecesOf } from "../../../src/patterns/template.ts";
import { ErrorPatternLearner } from "../../../src/runtime/index.ts";
import { edited } from "../../../src/runtime/patterns/edit.ts";
import type { SplitBy } from "../../../src/runtime/patterns/patternEdit.ts";
import { splitSignature } from "../../../src/runtime/patterns/split.ts";
import { groupsOf } from "../../../src/runtime/patterns/groups.ts";
import { ErrorPattern } from "../../../src/runtime/patterns/schema.ts";
import { PatternsStore } from "../../../src/runtime/patterns/store.ts";
import { writeFileSync } from "node:fs";

let folder: string;
let store: PatternsStore;
let a: string;
let b: string;
const now = new Date();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "detail-"));
  const learner = new ErrorPatternLearner(folder);
  a = learner.recordError(new Error("disk 5 is full"), { agent: "x", runId: "r1" }, { fix: "free space" });
  learner.recordError(new Error("disk 6 is full"), { agent: "y", runId: "r2" });
  b = learner.recordError(new TypeError("no room"), { agent: "x" }, { fix: "wait" });
  learner.flush();
  store = new PatternsStore(folder, { warn: () => undefined });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const detail = (signature: string, proposals: ProposedFix[] = []) => {
  const group = groupsOf(store.patterns()).find(({ pattern }) => pattern.error_signature === signature);
  if (group === undefined) throw new Error("no such group");
  return detailOf("folder", group, { runs: [], proposals, placeOf: (frame) => frame, now });
};
const proposal: ProposedFix = {
  ...{ fix: "Run it again.", action: { type: "retryLater", delayMs: 10 } },
  ...{ tried: 3, passed: 2, lastUsed: "2026-01-01T00:00:00Z", runId: "r9", signature: "" },
};

describe("the detail of a group", () => {
  it("shows what auto-fix would do with a solution, and why it would not", () => {
    const shown = (action: Record<string, unknown>) =>
      detail(a, [{ ...proposal, signature: a, action }]).solutionRows.at(-1)?.action;
    expect(shown({ type: "retryLater", delayMs: 10 })).toEqual({
      ...{ words: "run again after 10 ms", text: null, problem: null },
    });
    expect(shown({ type: "patch", task: { mode: "a\u202eb", old: null } })).toEqual({
      ...{ words: "run again with another task", problem: null },
      text: '{\n  "task": {\n    "mode": "a\\u202eb",\n    "old": null\n  }\n}',
    });
    expect(shown({ type: "code", code: "// a\u2028return {};" })).toEqual({
      ...{ words: "run again with what its code changes", text: "// a\u2028return {};" },
      problem: "its code is not run: its line 1 holds U+2028, which is not shown as what it is",
    });
    expect(shown({ type: "shell" })).toMatchObject({
      ...{
        words: null,
        text: null,
        problem: expect.stringMatching(/^its action cannot be used: /) as string,
      },
    });
  });

  it("marks what differs, tells who and why", () => {
    expect(detail(a)).toMatchObject({
      template: [
        { text: "disk ", variable: false },
        { variable: true },
        { text: " is full", variable: false },
      ],
      samples: ["disk 5 is full", "disk 6 is full"],
      counts: [
        { agent: "x", count: 1 },
        { agent: "y", count: 1 },
      ],
      runCount: 2,
    });
    expect(detail(a).why.join(" ")).toMatch(/All are Error\. Their messages are the same but for/);
    expect(detail(a).days?.at(-1)).toBe(2);
    store.edit((patterns) => edited(patterns, { kind: "merge", signature: b, into: a }, now));
    expect(detail(a)).toMatchObject({ merged: 1, occurrences: 3, members: [{ signature: b }] });
    expect(detail(a).why.at(-1)).toMatch(/"no room" was merged into it by hand/);
    expect(detail(a).solutionRows.map((row) => [row.fix, row.signature])).toEqual([
      ["free space", a],
      ["wait", b],
    ]);
  });

  it("proposes what runs suggest, unconfirmed, until it is dismissed or taken", () => {
    const mine = { ...proposal, signature: a };
    const shown = () => detail(a, [mine]).solutionRows.find(({ fix }) => fix === mine.fix);
    expect(shown()).toMatchObject({ proposed: true, unconfirmed: true, successes: 2, failures: 1 });
    expect(shown()?.evidence).toBe("After this error it was tried 3 times, and passed 2 times.");
    store.edit((patterns) =>
      edited(patterns, { kind: "dismiss", signature: a, fix: mine.fix, dismissed: true }, now),
    );
    expect(shown()).toBeUndefined();
    store.edit((patterns) =>
      edited(patterns, { kind: "dismiss", signature: a, fix: mine.fix, dismissed: false }, now),
    );
    const solution = shown()?.solution ?? null;
    store.edit((patterns) => edited(patterns, { kind: "solution", signature: a, fix: null, solution }, now));
    expect(shown()).toMatchObject({
      proposed: false,
      unconfirmed: false,
      successes: 2,
      lastUsed: proposal.lastUsed,
    });
  });
});

describe("a preview", () => {
  it("tells the groups before and after, and changes nothing", () => {
    const before = store.patterns();
    const merge = regroupPreview(before, { kind: "merge", signature: b, into: a }, now);
    expect(merge.before.map(({ occurrences }) => occurrences).sort()).toEqual([1, 2]);
    expect(merge.after).toMatchObject([{ signature: a, occurrences: 3 }]);
    const merged = edited(before, { kind: "merge", signature: b, into: a }, now);
    const unmerge = regroupPreview(merged, { kind: "unmerge", signature: b }, now);
    expect([unmerge.before.length, unmerge.after.map(({ signature }) => signature).sort()]).toEqual([
      1,
      [a, b].sort(),
    ]);
    const rule = { by: "agent", agent: "x" } as const;
    const split = regroupPreview(before, { kind: "split", signature: a, rule }, now);
    expect(split.after).toMatchObject([
      { signature: a, occurrences: 1, agents: ["y"] },
      { signature: splitSignature(a, rule), occurrences: 1, agents: ["x"] },
    ]);
    const byText = regroupPreview(
      before,
      { kind: "split", signature: a, rule: { by: "message", contains: "disk 5" } },
      now,
    );
    expect(byText.after.map(({ occurrences, samples }) => [occurrences, samples])).toEqual([
      [2, ["disk 6 is full"]],
      [0, ["disk 5 is full"]],
    ]);
    expect(byText.notes[0]).toMatch(/not recorded: they stay where they are, and only samples move/);
    const note = (rule: SplitBy) =>
      regroupPreview(before, { kind: "split", signature: a, rule }, now).notes[0] ?? "";
    expect(note(rule)).toMatch(/^One earlier error of the agent moves; when/);
    expect(note({ by: "agent", agent: "z" })).toMatch(/^Of the earlier errors none is known to be of z/);
    expect(note({ by: "message", contains: "elsewhere" })).toMatch(/they stay where they are\.$/);
    expect(store.patterns()).toEqual(before);
  });
});

it("exports the same text for the same patterns, and imports it twice as once", () => {
  const text = sharedText(store.patterns());
  expect(sharedText(store.patterns())).toBe(text);
  expect(text).not.toContain("r1");
  const other = mkdtempSync(join(tmpdir(), "import-"));
  const file = join(other, "shared.json");
  writeFileSync(file, text);
  const theirs = new PatternsStore(join(other, "store"), { warn: () => undefined });
  expect(importFile(theirs, file)).toEqual({ added: 2, updated: 0, unchanged: 0, dropped: 0 });
  expect(importFile(theirs, file)).toEqual({ added: 0, updated: 0, unchanged: 2, dropped: 0 });
  expect(sharedText(theirs.patterns())).toBe(text);
  expect(() => importFile(theirs, join(other, "gone.json"))).toThrow(/no file/);
  rmSync(other, { recursive: true });
});

it("imports all that persons added, and tells how many others had no room", () => {
  const pattern = (error_signature: string, solutions: object[]) => ({
    ...{ error_signature, error_type: "Error", pattern: "x", solutions, occurrences: 1, algorithm: 1 },
    ...{ first_seen: now.toISOString(), last_seen: now.toISOString() },
  });
  const written = (of: string, count: number, more: object = {}) =>
    Array.from({ length: count }, (_, i) => ({ fix: `${of}${i}`, success_rate: 0.5, ...more }));
  const file = join(folder, "theirs.json");
  const theirs = [...written("theirs", 2), ...written("program", 3, { success_rate: 0.1, learned: true })];
  writeFileSync(file, JSON.stringify({ patterns: [pattern("full", theirs), pattern("new", theirs)] }));
  const mine = [...written("mine", 48), ...written("old", 1, { success_rate: 0, learned: true })];
  store.edit((patterns) => [...patterns, ErrorPattern.parse(pattern("full", mine))]);
  const first = importFile(store, file);
  expect(first).toEqual({ added: 1, updated: 1, unchanged: 0, dropped: 4 });
  expect(importedText(first)).toBe(
    "1 new, 1 updated, 0 unchanged. 4 solutions that only programs told of had no room: a pattern keeps 50.",
  );
  const kept = store.patterns().find(({ error_signature }) => error_signature === "full");
  expect(kept?.solutions.filter(({ learned }) => learned !== true)).toHaveLength(50);
  expect(kept?.solutions).toHaveLength(50);
  expect(importFile(store, file)).toMatchObject({ added: 0, updated: 0, unchanged: 2 });
});

it("takes hostile patterns for what they are", () => {
  const pattern = {
    ...{
      error_signature: "x",
      error_type: "T".repeat(1e5),
      pattern: "<script>alert(1)</script>",
      solutions: [],
    },
    ...{
      first_seen: "never",
      last_seen: "9".repeat(1e4),
      occurrences: -1e308,
      title: 5,
      split: [{ into: 1 }],
    },
    ...{ muted: "not a time", merged_into: "x", frames: [1, {}], samples: "no", dismissed: 1 },
  };
  const [group] = groupsOf([pattern]);
  if (group === undefined) throw new Error("no group");
  const row = rowOf("f", group, now);
  expect(row).toMatchObject({
    occurrences: 0,
    muted: false,
    title: null,
    firstSeen: null,
    lastSeen: null,
    merged: 0,
  });
  expect(
    JSON.stringify(detailOf("f", group, { runs: [], proposals: [], placeOf: () => null, now })).length,
  ).toBeLessThan(5000);
  expect(piecesOf("a <script> b <n")).toEqual([
    { text: "a ", variable: false },
    { text: "script", variable: true },
    { text: " b <n", variable: false },
  ]);
  expect(piecesOf("<".repeat(1e5))).toHaveLength(1);
});
