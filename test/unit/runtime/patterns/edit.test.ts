import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { edited, inverseOf } from "../../../../src/runtime/patterns/edit.ts";
import { splitSignature } from "../../../../src/runtime/patterns/split.ts";
import { Grouping } from "../../../../src/runtime/patterns/grouping.ts";
import { ErrorPatternLearner } from "../../../../src/runtime/patterns/learner.ts";
import type { ErrorPattern } from "../../../../src/runtime/patterns/types.ts";
import { without } from "../../../../src/runtime/patterns/without.ts";
import { PatternEdit } from "../../../../src/runtime/patterns/patternEdit.ts";
import { PatternsStore } from "../../../../src/runtime/patterns/store.ts";

let folder: string;
let learner: ErrorPatternLearner;
let store: PatternsStore;
const warnings: string[] = [];
const open = () => new ErrorPatternLearner(folder, { onWarning: (sentence) => warnings.push(sentence) });
const edit = (what: PatternEdit) => store.edit((patterns) => edited(patterns, what, new Date()));
/** Does it, and answers with what takes it back. */
function undoable(what: PatternEdit): PatternEdit {
  const inverse = inverseOf(store.patterns(), what);
  edit(what);
  return inverse;
}
/** Without what edits leave as their trace. */
const state = () =>
  JSON.stringify(
    store
      .patterns()
      .map((pattern) => ({
        dismissed: [],
        muted: false,
        ...(without(pattern, "edited") as ErrorPattern),
      }))
      .sort((a, b) => (a.error_signature < b.error_signature ? -1 : 1)),
  );

let a: string;
let b: string;
beforeEach(() => {
  warnings.length = 0;
  folder = mkdtempSync(join(tmpdir(), "edits-"));
  learner = open();
  store = new PatternsStore(folder, { warn: (sentence) => warnings.push(sentence) });
  a = learner.recordError(new Error("disk full"), { agent: "x", runId: "r1" }, { fix: "free space" });
  learner.recordError(new Error("disk full"), { agent: "y", runId: "r2" });
  b = learner.recordError(new TypeError("no room left"), { agent: "x", runId: "r3" }, { fix: "wait" });
  learner.flush();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("merging", () => {
  it("counts both as one, also what comes later, and offers the solutions of both", () => {
    edit({ kind: "merge", signature: b, into: a });
    learner.recordError(new TypeError("no room left"));
    expect(open().patterns()).toMatchObject([
      { error_signature: a, occurrences: 4, merged: [b], agent_counts: { x: 2, y: 1 } },
    ]);
    const fixes = open().suggestions(new TypeError("no room left"));
    expect(fixes.map(({ fix }) => fix).sort()).toEqual(["free space", "wait"]);
    expect(learner.explain(a, b)).toMatchObject({ same: true });
    expect(learner.explain(a, b).sentences.at(-1)).toContain(`${b} is merged into ${a}`);
  });

  it("is taken back without a trace, with what was counted meanwhile", () => {
    const before = state();
    const undo = undoable({ kind: "merge", signature: b, into: a });
    edit(undo);
    expect(state()).toBe(before);
    edit({ kind: "merge", signature: b, into: a });
    learner.recordError(new TypeError("no room left"));
    edit(undo);
    const counts = open()
      .patterns()
      .map(({ error_signature, occurrences }) => [error_signature, occurrences]);
    expect(new Map(counts as [string, number][])).toEqual(
      new Map([
        [a, 2],
        [b, 2],
      ]),
    );
  });

  it("refuses a circle, and two people who made one lose nothing", () => {
    edit({ kind: "merge", signature: b, into: a });
    expect(() => edit({ kind: "merge", signature: a, into: b })).toThrow(/into itself/);
    expect(() => edit({ kind: "merge", signature: "nobody", into: b })).toThrow(/no pattern nobody/);
    store.edit((patterns) =>
      patterns.map((one) => (one.error_signature === a ? { ...one, merged_into: b } : one)),
    );
    expect(open().patterns()).toMatchObject([{ occurrences: 3 }]);
  });
});

describe("splitting", () => {
  it("by agent moves what is known of that agent, and counts apart from then on", () => {
    edit({ kind: "split", signature: a, rule: { by: "agent", agent: "x" } });
    learner.recordError(new Error("disk full"), { agent: "x" });
    learner.recordError(new Error("disk full"), { agent: "y" });
    const part = splitSignature(a, { by: "agent", agent: "x" });
    const by = new Map(
      open()
        .patterns()
        .map((each) => [each.error_signature, each]),
    );
    expect(by.get(part)).toMatchObject({ occurrences: 2, agents: ["x"], split_from: a });
    expect(by.get(a)).toMatchObject({ occurrences: 2, agents: ["y"] });
  });

  it("by a text of the message offers what was learned apart", () => {
    const full = (disk: number) => new Error(`disk ${disk} full`);
    const whole = learner.recordError(full(1));
    edit({ kind: "split", signature: whole, rule: { by: "message", contains: "disk 2" } });
    learner.recordError(full(2), {}, { fix: "swap it" });
    learner.recordError(full(3));
    const part = splitSignature(whole, { by: "message", contains: "disk 2" });
    expect(open().getSolution(full(2))).toMatchObject({ fix: "swap it", error_signature: part });
    expect(
      open()
        .patterns()
        .find((each) => each.error_signature === whole),
    ).toMatchObject({ occurrences: 2 });
  });

  it("is taken back, with what was counted meanwhile", () => {
    const undo = undoable({ kind: "split", signature: a, rule: { by: "agent", agent: "x" } });
    learner.recordError(new Error("disk full"), { agent: "x", runId: "r4" });
    edit(undo);
    expect(
      open()
        .patterns()
        .find((each) => each.error_signature === a),
    ).toMatchObject({
      occurrences: 3,
      agent_counts: { x: 2, y: 1 },
    });
    expect(open().patterns()).toHaveLength(2);
    expect(() => edit(undo)).toThrow(/Nothing was split off/);
  });
});

describe("splitting what was split off", () => {
  const contains = { by: "message", contains: "full" } as const;
  const agent = { by: "agent", agent: "x" } as const;
  const counts = () =>
    Object.fromEntries(store.patterns().map((each) => [each.error_signature, each.occurrences]));

  it("counts later errors by rule after rule", () => {
    const part = splitSignature(a, contains);
    edit({ kind: "split", signature: a, rule: contains });
    edit({ kind: "split", signature: part, rule: agent });
    learner.recordError(new Error("disk full"), { agent: "x" });
    learner.recordError(new Error("disk full"), { agent: "y" });
    const inner = splitSignature(part, agent);
    expect(counts()).toEqual({ [a]: 2, [part]: 1, [inner]: 1, [b]: 1 });
    edit({ kind: "solution", signature: inner, fix: null, solution: { fix: "ask x" } });
    expect(() => edit({ kind: "unsplit", signature: a, into: part })).toThrow(/split off .* as well/);
    edit({ kind: "unsplit", signature: part, into: inner });
    edit({ kind: "unsplit", signature: a, into: part });
    expect(counts()).toEqual({ [a]: 4, [b]: 1 });
  });

  it("ends where a file holds a circle, or a chain without end", () => {
    const to = (into: string) => [{ by: "message", contains: "disk", into }];
    store.edit((patterns) => [
      ...patterns.map((each) => (each.error_signature === a ? { ...each, split: to("c") } : each)),
      ...[{ error_signature: "c", split: to(a) }].map(
        (each) => ({ ...patterns[0], ...each }) as ErrorPattern,
      ),
    ]);
    learner.recordError(new Error("disk full"));
    expect(Object.values(counts()).reduce((sum, count) => sum + count, 0)).toBe(3 + 2 + 1);
    const chain = Array.from({ length: 100_000 }, (_, at) => ({
      ...{ error_signature: `s${at}`, error_type: "Error", pattern: "", solutions: [] },
      ...{ first_seen: "", last_seen: "", occurrences: 0, split: to(`s${at + 1}`) },
    }));
    const started = performance.now();
    const grouping = new Grouping(chain);
    for (let at = 0; at < 1000; at += 1) grouping.placeOf("s0", { agent: null, message: "disk" });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("taking an unsplit back", () => {
  const rule = { by: "message", contains: "full" } as const;

  it("brings the part back as it was; what was recorded since stays with the pattern", () => {
    const part = splitSignature(a, rule);
    edit({ kind: "split", signature: a, rule });
    learner.recordError(new Error("disk full"), { agent: "z", runId: "r8" });
    edit({ kind: "rename", signature: part, title: "Full" });
    edit({ kind: "solution", signature: part, fix: null, solution: { fix: "free space", successes: 3 } });
    edit({ kind: "solution", signature: part, fix: null, solution: { fix: "swap it" } });
    learner.recordOutcome(part, "swap it", true);
    learner.flush();
    const before = state();
    const undo = undoable({ kind: "unsplit", signature: a, into: part });
    expect(store.patterns()).toHaveLength(2);
    edit(undo);
    expect(state()).toBe(before);
    edit({ kind: "unsplit", signature: a, into: part });
    learner.recordError(new Error("disk full"), { agent: "new", runId: "r9" });
    learner.recordOutcome(a, "swap it", true);
    edit(undo);
    const by = new Map(store.patterns().map((each) => [each.error_signature, each]));
    expect(by.get(a)).toMatchObject({ occurrences: 3, agent_counts: { x: 1, y: 1, new: 1 } });
    expect(by.get(a)?.solutions).toEqual([{ fix: "free space", success_rate: 1, learned: true }]);
    expect(by.get(a)?.agent_counts).not.toHaveProperty("z");
    expect(by.get(part)).toMatchObject({ occurrences: 1, title: "Full", agent_counts: { z: 1 } });
    expect(by.get(part)?.solutions).toContainEqual(expect.objectContaining({ fix: "swap it", successes: 2 }));
    expect(() => edit(undo)).toThrow(/split off already/);
  });

  it("puts the rule back in its place", () => {
    const second = { by: "agent", agent: "x" } as const;
    edit({ kind: "split", signature: a, rule });
    edit({ kind: "split", signature: a, rule: second });
    const before = state();
    const undo = undoable({ kind: "unsplit", signature: a, into: splitSignature(a, rule) });
    edit(undo);
    expect(state()).toBe(before);
  });
});

describe("a group of merged patterns", () => {
  beforeEach(() => edit({ kind: "merge", signature: b, into: a }));
  const rule = { by: "agent", agent: "x" } as const;
  const fixesOf = (signature: string) =>
    store
      .patterns()
      .find((each) => each.error_signature === signature)
      ?.solutions.map(({ fix }) => fix);

  it("is not split by a rule that only one of them would have", () => {
    expect(() => edit({ kind: "split", signature: a, rule })).toThrow(
      /take them out, split .* merge them again/,
    );
    edit({ kind: "split", signature: b, rule });
    learner.recordError(new TypeError("no room left"), { agent: "x" });
    const part = splitSignature(b, rule);
    const occurrences = () =>
      open()
        .patterns()
        .map((each) => [each.error_signature, each.occurrences]);
    expect(Object.fromEntries(occurrences())).toEqual({ [a]: 2, [part]: 2 });
    const undo = undoable({ kind: "unsplit", signature: a, into: part });
    expect(Object.fromEntries(occurrences())).toEqual({ [a]: 4 });
    edit(undo);
    expect(Object.fromEntries(occurrences())).toEqual({ [a]: 2, [part]: 2 });
  });

  it("has a solution changed and removed in all of them, and undone in each", () => {
    edit({ kind: "unmerge", signature: b });
    edit({
      kind: "solution",
      signature: b,
      fix: null,
      solution: { fix: "free space", code_snippet: "of b" },
    });
    edit({ kind: "merge", signature: b, into: a });
    const before = state();
    const removed = undoable({ kind: "solution", signature: a, fix: "free space", solution: null });
    expect([fixesOf(a), fixesOf(b)]).toEqual([[], ["wait"]]);
    edit(removed);
    expect(state()).toBe(before);
    const fields = { fix: "free much space", code_snippet: "rm" };
    const changed = undoable({ kind: "solution", signature: a, fix: "free space", solution: fields });
    expect([fixesOf(a), fixesOf(b)]).toEqual([["free much space"], ["wait", "free much space"]]);
    edit(changed);
    expect(state()).toBe(before);
    expect(() =>
      edit({ kind: "solution", signature: a, fix: "wait", solution: { fix: "free space" } }),
    ).toThrow(/"free space" already/);
  });
});

describe("a change of a solution", () => {
  it("says that a person decided about it, until it is taken back", () => {
    const learned = () => store.patterns()[0]?.solutions[0]?.learned;
    expect(learned()).toBe(true);
    const before = state();
    const undo = undoable({
      ...{ kind: "solution", signature: a, fix: "free space" },
      ...{ solution: { unconfirmed: null } },
    });
    expect(learned()).toBeUndefined();
    edit(undo);
    expect(state()).toBe(before);
    edit({ kind: "solution", signature: a, fix: null, solution: { fix: "mine", learned: true } });
    expect(store.patterns()[0]?.solutions.map(({ fix, learned }) => [fix, learned])).toEqual([
      ["free space", true],
      ["mine", undefined],
    ]);
  });

  const solutionsOf = () => store.patterns().find((each) => each.error_signature === a)?.solutions;

  it("takes no words that another one has", () => {
    edit({ kind: "solution", signature: a, fix: null, solution: { fix: "two", success_rate: 1 } });
    const before = state();
    for (const fix of ["two", null])
      expect(() => edit({ kind: "solution", signature: a, fix, solution: { fix: "free space" } })).toThrow(
        'There is a solution "free space" already: change that one, or use other words.',
      );
    expect(state()).toBe(before);
  });

  it("changes what is written and nothing that is counted, also when it is undone", () => {
    const action = { type: "reinitialise" };
    edit({ kind: "solution", signature: a, fix: "free space", solution: { action, language: "sh" } });
    const stale = { success_rate: 0.1, successes: 9, failures: 9, code_snippet: "rm x", language: null };
    learner.recordOutcome(a, "free space", true);
    const undo = undoable({ kind: "solution", signature: a, fix: "free space", solution: stale });
    expect(solutionsOf()).toMatchObject([{ action, code_snippet: "rm x", successes: 1, failures: 0 }]);
    expect(solutionsOf()?.[0]).not.toHaveProperty("language");
    learner.recordOutcome(a, "free space", true);
    edit(undo);
    expect(solutionsOf()).toMatchObject([{ action, language: "sh", successes: 2, failures: 0 }]);
    expect(solutionsOf()?.[0]).not.toHaveProperty("code_snippet");
  });

  it("finds the very words of a file, and says where there are none", () => {
    store.edit((patterns) =>
      patterns.map((each) => ({ ...each, solutions: [{ fix: "padded ", success_rate: 1 }] })),
    );
    const remove = PatternEdit.parse({ kind: "solution", signature: a, fix: "padded ", solution: null });
    edit(remove);
    expect(solutionsOf()).toEqual([]);
    expect(() => edit(remove)).toThrow('There is no solution "padded " any more');
    const added = PatternEdit.parse({
      ...{ kind: "solution", signature: a, fix: null, solution: { fix: " new " } },
    });
    edit(undoable(added));
    expect(solutionsOf()).toEqual([]);
  });

  it("is undone where what was removed was counted since", () => {
    const undo = undoable({ kind: "solution", signature: a, fix: "free space", solution: null });
    learner.recordOutcome(a, "free space", true);
    edit(undo);
    expect(solutionsOf()).toMatchObject([{ fix: "free space", successes: 1 }]);
  });
});

describe("muting", () => {
  it("offers nothing until its time has come", () => {
    const undo = undoable({ kind: "mute", signature: a, muted: true });
    expect(learner.getSolution(new Error("disk full"))).toBeNull();
    edit({ kind: "mute", signature: a, muted: new Date(Date.now() - 1000).toISOString() });
    expect(learner.getSolution(new Error("disk full"))).not.toBeNull();
    edit({ kind: "mute", signature: a, muted: new Date(Date.now() + 60_000).toISOString() });
    expect(learner.getSolution(new Error("disk full"))).toBeNull();
    edit(undo);
    expect(learner.getSolution(new Error("disk full"))).not.toBeNull();
  });
});

describe("each edit", () => {
  const cases: [string, (signature: string) => PatternEdit][] = [
    ["rename", (signature) => ({ kind: "rename", signature, title: "Full disk" })],
    ["mute", (signature) => ({ kind: "mute", signature, muted: true })],
    ["dismiss", (signature) => ({ kind: "dismiss", signature, fix: "x", dismissed: true })],
    [
      "new solution",
      (signature) => ({ kind: "solution", signature, fix: null, solution: { fix: "new", success_rate: 1 } }),
    ],
    [
      "changed solution",
      (signature) => ({
        kind: "solution",
        signature,
        fix: "free space",
        solution: { fix: "free more space", success_rate: 1, code_snippet: "rm x" },
      }),
    ],
    ["removed solution", (signature) => ({ kind: "solution", signature, fix: "free space", solution: null })],
  ];
  it.each(cases)("is undone: %s", (_, make) => {
    const before = state();
    const undo = undoable(make(a));
    expect(state()).not.toBe(before);
    edit(undo);
    expect(state()).toBe(before);
  });

  it("keeps outcomes when a solution is undone, and loses no error that waits in a journal", () => {
    learner.recordOutcome(a, "free space", true);
    const undo = undoable({ kind: "solution", signature: a, fix: "free space", solution: null });
    open().recordError(new Error("disk full"));
    edit(undo);
    const [pattern] = open()
      .patterns()
      .filter((each) => each.error_signature === a);
    expect(pattern).toMatchObject({ occurrences: 3, solutions: [{ fix: "free space", successes: 1 }] });
  });

  it("drops no pattern, also where there are more than are learned by themselves", () => {
    for (const message of ["one", "two", "three"]) learner.recordError(new Error(message));
    learner.flush();
    const count = store.patterns().length;
    store = new PatternsStore(folder, { warn: (sentence) => warnings.push(sentence), maxPatterns: 2 });
    const [first] = store.patterns();
    edit({ kind: "mute", signature: first?.error_signature ?? "", muted: true });
    const text = readFileSync(join(folder, "error_patterns.json"), "utf8");
    expect((JSON.parse(text) as { patterns: unknown[] }).patterns).toHaveLength(count);
  });

  it("writes no secret", () => {
    const key = "sk-abcdefghijklmnopqrstuvwx";
    edit({ kind: "rename", signature: a, title: `with ${key}` });
    edit({ kind: "solution", signature: a, fix: null, solution: { fix: `use ${key}`, success_rate: 1 } });
    expect(readFileSync(store.file, "utf8")).not.toContain(key);
  });

  it("is an outcome's way to confirm what was found by comparing runs", () => {
    const solution = { fix: "later", success_rate: 1, unconfirmed: true };
    edit({ kind: "solution", signature: a, fix: null, solution });
    expect(learner.suggestions(new Error("disk full"))).toContainEqual(
      expect.objectContaining({ fix: "later", unconfirmed: true }),
    );
    learner.recordOutcome(a, "later", true);
    const found = learner.suggestions(new Error("disk full")).find(({ fix }) => fix === "later");
    expect(found?.unconfirmed).toBeUndefined();
    expect(found?.last_used).toMatch(/^20/);
  });
});

it("is told by days, agents and runs, bounded, whatever an old or hostile file holds", () => {
  const today = new Date().toISOString().slice(0, 10);
  const [pattern] = open()
    .patterns()
    .filter((each) => each.error_signature === a);
  expect(pattern).toMatchObject({
    days: { [today]: 2 },
    runs: ["r1", "r2"],
    run_count: 2,
    samples: ["disk full"],
  });
  store.edit((patterns) =>
    patterns.map((each) => ({
      ...each,
      days: { __proto__: 1, "2026-01-01": -5, [today]: 1e308, "2026-01-02": 3 },
      agents: "everyone",
      agent_counts: [1],
      runs: { length: 1e9 },
      run_count: "many",
    })),
  );
  learner.recordError(new Error("disk full"), { agent: "__proto__", runId: "r9" });
  expect(
    open()
      .patterns()
      .find((each) => each.error_signature === a),
  ).toMatchObject({
    days: { "2026-01-02": 3, [today]: 1 },
    runs: ["r9"],
    run_count: 1,
    agents: ["__proto__"],
  });
});

it(
  "loses no error and tears no file where the process that edits is killed",
  { timeout: 60_000 },
  async () => {
    const acknowledged = join(folder, "acknowledged");
    const editing = fork(join(import.meta.dirname, "editMany.ts"), [folder, "100000", acknowledged]);
    await once(editing, "message");
    editing.kill("SIGKILL");
    await once(editing, "exit");
    const done = readFileSync(acknowledged).length;
    const again = () =>
      open()
        .patterns()
        .find((each) => each.normalised === "again");
    // One may be recorded that was not told of any more.
    expect([done, done + 1]).toContain(again()?.occurrences);
    expect(again()?.title).toMatch(/^t\d+$/);
    const signature = again()?.error_signature ?? "";
    edit({ kind: "rename", signature, title: "after" });
    expect(again()).toMatchObject({ title: "after" });
    expect([done, done + 1]).toContain(again()?.occurrences);
    expect(warnings).toEqual([]);
  },
);

it("changes nothing where the file is damaged, or the lock is lost to another process", () => {
  const before = readFileSync(store.file, "utf8");
  store.edit((patterns) => patterns);
  expect(() =>
    store.edit((patterns) => {
      writeFileSync(join(folder, "error_patterns.lock"), "another one");
      return patterns.slice(1);
    }),
  ).toThrow(/in use by another process/);
  rmSync(join(folder, "error_patterns.lock"));
  expect(open().patterns()).toHaveLength(2);
  writeFileSync(store.file, before.slice(0, 100));
  expect(() => edit({ kind: "rename", signature: a, title: "x" })).toThrow(
    /left alone: it is not complete JSON/,
  );
  expect(readFileSync(store.file, "utf8")).toBe(before.slice(0, 100));
});

it("a person is told where a pattern has as many solutions as it may, and none is lost", () => {
  const add = (fix: string) => edit({ kind: "solution", signature: a, fix: null, solution: { fix } });
  for (let i = 1; i < 50; i += 1) add(`solution ${i}`);
  const before = state();
  expect(() => add("one more")).toThrow("The pattern has 50 solutions already: remove one");
  expect(state()).toBe(before);
  const undo = undoable({ kind: "solution", signature: a, fix: "solution 7", solution: null });
  edit(undo);
  expect(
    open()
      .patterns()
      .find(({ error_signature }) => error_signature === a)?.solutions,
  ).toHaveLength(50);
});

it("what other programs wrote stays where a pattern has more solutions than are added here", () => {
  const file = join(folder, "error_patterns.json");
  const solutions = Array.from({ length: 60 }, (_, i) => ({ fix: `theirs ${i}`, success_rate: 0.5 }));
  writeFileSync(file, JSON.stringify({ patterns: [{ error_signature: "feed", solutions }] }));
  learner.recordOutcome("feed", "theirs 3", true);
  learner.flush();
  expect(
    open()
      .patterns()
      .find(({ error_signature }) => error_signature === "feed")?.solutions,
  ).toHaveLength(60);
});
