import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ErrorPatternLearner } from "../../../../src/runtime/patterns/learner.ts";
import {
  lowerBound,
  ranked,
  withBetterOutcomes,
  withOutcome,
  withProposal,
} from "../../../../src/runtime/patterns/solutions.ts";
import type { ErrorPattern, Solution } from "../../../../src/runtime/patterns/types.ts";

let folder: string;
let file: string;
let warnings: string[];
const open = () => new ErrorPatternLearner(folder, { onWarning: (message) => warnings.push(message) });
const onDisk = () => (JSON.parse(readFileSync(file, "utf8")) as { patterns: ErrorPattern[] }).patterns;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "solutions-")), ".proj-intel");
  mkdirSync(folder);
  file = join(folder, "error_patterns.json");
  warnings = [];
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

/** Without frames: wherever it is made it is of one group. */
const full = (id: number) => Object.assign(new Error(`disk ${id} is full`), { stack: "" });
const times = (count: number, action: () => unknown) => Array.from({ length: count }, action);

describe("the lower bound", () => {
  const of = (successes: number, failures: number) =>
    lowerBound({ fix: "f", success_rate: 0.5, prior_success_rate: undefined, successes, failures });

  it("is Wilson's, with 95 % confidence", () => {
    expect(of(1, 0)).toBeCloseTo(0.2065, 3);
    expect(of(10, 0)).toBeCloseTo(0.7225, 3);
    expect(of(9, 1)).toBeCloseTo(0.5958, 3);
    expect(of(0, 5)).toBe(0);
    expect(of(50, 50)).toBeCloseTo(0.4038, 3);
  });

  it("lies between 0 and the rate, rises with successes and falls with failures", () => {
    const count = fc.integer({ min: 0, max: 1e6 });
    fc.assert(
      fc.property(count, count, (successes, failures) => {
        fc.pre(successes + failures > 0);
        expect(of(successes, failures)).toBeGreaterThanOrEqual(0);
        expect(of(successes, failures)).toBeLessThanOrEqual(successes / (successes + failures));
        expect(of(successes + 1, failures)).toBeGreaterThan(of(successes, failures));
        expect(of(successes, failures + 1)).toBeLessThanOrEqual(of(successes, failures));
      }),
    );
  });

  it("keeps the order of rates where nothing was counted, whatever a file claims", () => {
    const rate = fc.nat(1000).map((n) => n / 1000);
    fc.assert(
      fc.property(fc.array(rate), (rates) => {
        const solutions = rates.map((success_rate, i): Solution => ({ fix: `${i}`, success_rate }));
        expect(ranked(solutions).map((s) => s.success_rate)).toEqual(rates.toSorted((a, b) => b - a));
      }),
    );
    for (const success_rate of [-1, 2, 1e300, -1e300]) {
      expect(lowerBound({ fix: "f", success_rate })).toBeGreaterThanOrEqual(0);
      expect(lowerBound({ fix: "f", success_rate })).toBeLessThan(1);
    }
  });

  it("of solutions of which nothing is known is 0", () => {
    expect(
      lowerBound({ fix: "f", success_rate: 0.9, successes: 0, failures: 0, prior_success_rate: undefined }),
    ).toBeGreaterThan(0);
    expect(withOutcome([], "f", false).map(lowerBound)).toEqual([0]);
  });
});

describe("outcomes", () => {
  it("keep a known rate as four outcomes, and write a rate for older readers", () => {
    let solutions: Solution[] = [{ fix: "f", success_rate: 0.5, note: "kept" }];
    solutions = withOutcome(solutions, "f", true);
    expect(solutions).toEqual([
      { fix: "f", success_rate: 0.6, prior_success_rate: 0.5, successes: 1, failures: 0, note: "kept" },
    ]);
    solutions = withOutcome(solutions, "f", false);
    expect(solutions[0]).toMatchObject({
      success_rate: 0.5,
      prior_success_rate: 0.5,
      successes: 1,
      failures: 1,
    });
    solutions = withOutcome(solutions, "new", true);
    solutions = withOutcome(solutions, "new", false);
    expect(solutions.find(({ fix }) => fix === "new")).toEqual({
      fix: "new",
      success_rate: 0.5,
      successes: 1,
      failures: 1,
      learned: true,
    });
  });

  it("survive proposals of the same fix", () => {
    let solutions = withOutcome([], "f", true);
    solutions = withProposal(solutions, { fix: "f", code_snippet: "x" });
    expect(solutions).toEqual([
      { fix: "f", success_rate: 1, successes: 1, failures: 0, code_snippet: "x", learned: true },
    ]);
    solutions = withProposal(solutions, { fix: "f", success_rate: 0 });
    expect(solutions[0]).toMatchObject({ success_rate: 0.2, prior_success_rate: 0, successes: 1 });
    expect(withProposal([{ fix: "g", success_rate: 0.3 }], { fix: "g", success_rate: 0.4 })).toEqual([
      { fix: "g", success_rate: 0.4 },
    ]);
  });

  it("are bounded: the worst solutions of a pattern go", () => {
    let solutions: Solution[] = [];
    for (let i = 0; i < 60; i += 1)
      solutions = withProposal(solutions, { fix: `${i}`, success_rate: i / 60 });
    expect(solutions).toHaveLength(50);
    expect(solutions.at(-1)?.fix).toBe("10");
  });

  it("never take the place of what a person or another program wrote", () => {
    const written = Array.from({ length: 49 }, (_, i): Solution => ({ fix: `${i}`, success_rate: 0 }));
    let solutions = withProposal(written, { fix: "first", success_rate: 0.5 });
    solutions = withProposal(solutions, { fix: "worse", success_rate: 0.1 });
    expect(solutions.map(({ fix }) => fix)).not.toContain("worse");
    solutions = withOutcome(withProposal(solutions, { fix: "better", success_rate: 0.9 }), "best", true);
    expect(solutions).toHaveLength(50);
    expect(solutions[0]).toMatchObject({ fix: "better" });
    expect(written.every(({ fix }) => solutions.some((each) => each.fix === fix))).toBe(true);
    const full = written.reduce(withBetterOutcomes, [
      { fix: "a", success_rate: 0 },
      { fix: "b", success_rate: 0 },
    ]);
    expect(full).toHaveLength(51);
    expect(withProposal(full, { fix: "one more" })).toEqual(full);
  });
});

describe("the learner", () => {
  it("ranks by what was counted, not by what is claimed", () => {
    const learner = open();
    learner.recordError(full(1), {}, { fix: "claimed" });
    learner.recordOutcome(full(2), "lucky", true);
    times(9, () => learner.recordOutcome(full(3), "tried", true));
    learner.recordOutcome(full(3), "tried", false);
    expect(learner.suggestions(full(4)).map(({ fix }) => fix)).toEqual(["tried", "claimed", "lucky"]);
    times(3, () => learner.recordOutcome(full(3), "claimed", false));
    expect(learner.suggestions(full(4)).map(({ fix }) => fix)).toEqual(["tried", "lucky", "claimed"]);
    expect(learner.suggestions(full(4), 1)).toHaveLength(1);
    expect(learner.getSolution(full(4))?.evidence).toEqual({
      successes: 9,
      failures: 1,
      lowerBound: expect.closeTo(0.596, 3) as number,
      matchedBy: "signature",
    });
    learner.flush();
    expect(onDisk()).toMatchObject([
      {
        occurrences: 1,
        solutions: [
          { fix: "tried", successes: 9, failures: 1, success_rate: 0.9 },
          { fix: "lucky", success_rate: 1 },
          { fix: "claimed", failures: 3 },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it("counts an outcome where the solution is: at a pattern that matches, or by its signature", () => {
    const pattern = (error_signature: string, source: string, rate: number) => ({
      error_signature,
      error_type: "ImportError",
      pattern: source,
      solutions: [{ fix: `of ${error_signature}`, success_rate: rate }],
    });
    const patterns = [
      pattern("aaa", "No module (\\w+)", 0.4),
      pattern("bbb", "No m", 0.6),
      pattern("ccc", "x", 1),
    ];
    writeFileSync(file, JSON.stringify({ version: "1.0.0", patterns }));
    const learner = open();
    const error = new Error("No module named");
    expect(learner.suggestions(error).map(({ fix }) => fix)).toEqual(["of bbb", "of aaa"]);
    times(3, () => expect(learner.recordOutcome(error, "of aaa", true)).toBe("aaa"));
    expect(learner.recordOutcome("bbb", "of bbb", false)).toBe("bbb");
    expect(learner.suggestions(error).map(({ fix }) => fix)).toEqual(["of aaa", "of bbb"]);
    expect(learner.getSolution(error)).toMatchObject({
      groups: ["named"],
      evidence: { matchedBy: "pattern" },
    });
    learner.flush();
    expect(onDisk()).toHaveLength(3);
    expect(learner.recordOutcome("0123456789ab", "f", true)).toBeNull();
    const signature = learner.recordOutcome("thrown text", "f", true);
    expect(learner.patterns().at(-1)).toMatchObject({
      error_signature: signature,
      error_type: "NonError",
      occurrences: 0,
      solutions: [{ fix: "f", success_rate: 1, successes: 1, failures: 0 }],
    });
  });

  it("prefers the error's own group, and does not suggest what was learned from other errors", () => {
    const learner = open();
    const own = new TypeError("no item 7");
    learner.recordError(new RangeError("no item 1"), {}, { fix: "of another error" });
    const elsewhere = (() => new TypeError("no item 2"))();
    elsewhere.stack = "";
    learner.recordError(elsewhere, {}, { fix: "of the same name and message" });
    expect(learner.suggestions(own).map(({ fix }) => fix)).toEqual(["of the same name and message"]);
    learner.recordOutcome(own, "own", true);
    expect(learner.suggestions(own).map(({ fix }) => fix)).toEqual(["own", "of the same name and message"]);
    learner.recordError(elsewhere, {}, { fix: "own" });
    expect(learner.suggestions(own).map(({ fix }) => fix)).toEqual(["own", "of the same name and message"]);
  });

  it("takes no solution that cannot be kept, but counts the error", () => {
    const learner = open();
    const cyclic: Record<string, unknown> & { fix: string } = { fix: "cyclic" };
    cyclic.self = cyclic;
    for (const solution of [
      cyclic,
      { fix: " " },
      { fix: "large", data: "x".repeat(20_000) },
      { fix: 5 as never },
    ]) {
      learner.recordError(full(1), {}, solution);
    }
    expect(learner.patterns()).toMatchObject([{ occurrences: 4, solutions: [] }]);
    expect(warnings).toHaveLength(3);
    expect(() => learner.recordOutcome(full(1), "", true)).toThrow(/say in words/);
  });

  it("lets no proposal claim outcomes, nor a file break the counting", () => {
    const learner = open();
    learner.recordError(
      full(1),
      {},
      { fix: "f", successes: 1e6, success_rate: 7, code_snippet: 5 as never, kept: 1 },
    );
    expect(learner.patterns()[0]?.solutions).toEqual([{ fix: "f", success_rate: 1, kept: 1, learned: true }]);
    const solutions = [
      { fix: "a", successes: "many", failures: -1, prior_success_rate: 9, success_rate: "high" },
    ];
    writeFileSync(
      file,
      JSON.stringify({
        patterns: [{ error_signature: "abc", error_type: "Error", pattern: "full", solutions }],
      }),
    );
    expect(learner.recordOutcome("abc", "a", true)).toBe("abc");
    expect(learner.patterns()[0]?.solutions).toMatchObject([
      { fix: "a", success_rate: 1, prior_success_rate: 1, successes: 1, failures: 0 },
    ]);
  });

  it("writes no secret, and tells how many it kept out", () => {
    const learner = open();
    const key = "sk-abcdefghijklmnopqrstuvwx";
    learner.recordError(
      new Error(`bad key ${key}`),
      {},
      {
        fix: `use ${key}`,
        code_snippet: `export KEY=${key}`,
        apiKey: "hidden hunter2",
      },
    );
    learner.recordOutcome(new Error(`bad key ${key}`), `use ${key}`, true);
    learner.flush();
    const text = readFileSync(file, "utf8");
    expect(text).not.toMatch(/abcdefgh|hunter2/);
    const [first] = onDisk();
    expect(first).toMatchObject({ redacted: 6, last_message: "bad key [redacted]" });
    expect(first?.solutions).toMatchObject([
      { fix: "use [redacted]", code_snippet: "export KEY=[redacted]" },
    ]);
    expect(learner.getSolution(new Error(`bad key ${key}`))?.fix).toBe("use [redacted]");
  });
});
