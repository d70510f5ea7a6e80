import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketsOf, bucketWidth } from "../../../src/performance/buckets.ts";
import { distributionOf } from "../../../src/performance/distribution.ts";
import { batchesOf, parallelOf } from "../../../src/performance/parallel.ts";
import { performanceOf } from "../../../src/performance/performance.ts";
import { figuresOf } from "../../../src/performance/runFigures.ts";
import { addCounts, countOf, percentileOf } from "../../../src/model/durationCounts.ts";
import { toolFigures } from "../../../src/performance/toolFigures.ts";
import { run, START } from "./run.ts";

describe("Percentiles", () => {
  it("are values that were measured, by the nearest rank", () => {
    expect(distributionOf(Array.from({ length: 100 }, (_, index) => 100 - index))).toEqual({
      ...{ count: 100, meanMs: 51, p50Ms: 50, p95Ms: 95, p99Ms: 99, maxMs: 100 },
    });
    expect(distributionOf(Array.from({ length: 20 }, (_, index) => index + 1))?.p95Ms).toBe(19);
    expect(distributionOf([7])).toEqual({ count: 1, meanMs: 7, p50Ms: 7, p95Ms: 7, p99Ms: 7, maxMs: 7 });
    expect(distributionOf([])).toBeNull();
  });

  it("are the least value that so many do not exceed", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 300 }), (values) => {
        const found = distributionOf(values);
        for (const [share, value] of [
          [50, found?.p50Ms],
          [95, found?.p95Ms],
          [99, found?.p99Ms],
        ] as const) {
          const exact = [...values]
            .sort((a, b) => a - b)
            .find((each) => values.filter((other) => other <= each).length * 100 >= share * values.length);
          expect(value).toBe(exact);
        }
      }),
    );
  });
});

describe("The figures of runs", () => {
  it("count how they ended, and leave cancelled ones out of the error rate", () => {
    const runs = [
      run({ ms: 100, attempts: 3, busy: 0.5, memoryBytes: 10 }),
      run({ ms: 300, queuedAt: 0, startedAt: 50, busy: 1, memoryBytes: 30 }),
      run({ ms: 200, state: "failed", error: "TimeoutError", attempts: 2 }),
      run({ state: "cancelled", startedAt: null, durationMs: null, attempts: 0 }),
      run({ state: "interrupted", endedAt: null, durationMs: null }),
      run({ state: "atWork", endedAt: null, durationMs: null }),
    ];
    expect(figuresOf(runs)).toEqual({
      ...{ runs: 5, succeeded: 2, failed: 1, cancelled: 1, interrupted: 1, atWork: 1, errorRate: 0.5 },
      ...{ retries: 3, retried: 2, rescued: 1, timeouts: 1, workMs: 600 },
      duration: { count: 3, meanMs: 200, p50Ms: 200, p95Ms: 300, p99Ms: 300, maxMs: 300 },
      queue: { count: 5, meanMs: 10, p50Ms: 0, p95Ms: 50, p99Ms: 50, maxMs: 50 },
      memory: { meanBytes: 20, maxBytes: 30 },
      // (0.5 * 100 + 1 * 300) / 400
      busy: 0.875,
    });
  });

  it("say how well the places were used", () => {
    // Two places: 0-4 and 0-2, then 2-3; a pause; then one alone for 2 s.
    const runs = [
      run({ ms: 4000 }),
      run({ ms: 2000 }),
      run({ ms: 1000, startedAt: 2000 }),
      run({ ms: 2000, queuedAt: 60_000 }),
    ];
    // 9 s of work in 2 x 4 s + 1 x 2 s.
    expect(parallelOf(runs, START + 100_000)).toEqual({
      wallMs: 6000,
      workMs: 9000,
      peak: 2,
      efficiency: 0.9,
    });
    expect(parallelOf([], START)).toEqual({ wallMs: 0, workMs: 0, peak: 0, efficiency: 0 });
  });

  it("tell of batches how long one was alone at the end", () => {
    const runs = [run({ ms: 10_000 }), run({ ms: 2000 }), run({ ms: 1000, startedAt: 2000 })].map((each) => ({
      ...each,
      batch: "b",
    }));
    expect(batchesOf([...runs, run()], START + 100_000)).toEqual([
      {
        ...{ batch: "b", startedAt: START, runs: 3, wallMs: 10_000, workMs: 13_000, peak: 2 },
        ...{ efficiency: 0.65, tailMs: 7000 },
      },
    ]);
  });

  it("go over time", () => {
    const runs = [
      run({ ms: 90_000, memoryBytes: 10 }),
      run({ ms: 30_000, queuedAt: 30_000, startedAt: 60_000, state: "failed", attempts: 3, memoryBytes: 20 }),
    ];
    const buckets = bucketsOf(runs, { from: START, to: START + 120_000, now: START + 120_000 }, 60_000);
    expect(buckets).toEqual([
      {
        ...{ from: START, succeeded: 0, failed: 0, errorRate: null, p50Ms: null, p95Ms: null, p99Ms: null },
        ...{ atWork: 1, waiting: 0.5, efficiency: 1 },
        ...{ queueP50Ms: null, queueP95Ms: null, retries: 0, memoryBytes: null },
      },
      {
        ...{ from: START + 60_000, succeeded: 1, failed: 1, errorRate: 0.5 },
        ...{ p50Ms: 30_000, p95Ms: 90_000, p99Ms: 90_000, atWork: 1, waiting: 0 },
        ...{ queueP50Ms: 0, queueP95Ms: 30_000, retries: 2, memoryBytes: 20, efficiency: 1 },
      },
    ]);
  });

  it("tell of each slice how well its places were used", () => {
    const runs = [run({ ms: 70_000 }), run({ ms: 20_000 })];
    const buckets = bucketsOf(runs, { from: START, to: START + 180_000, now: START + 180_000 }, 60_000);
    expect(buckets.map(({ efficiency }) => efficiency)).toEqual([80 / 120, 1, null]);
  });

  it("have no more slices than can be told apart", () => {
    expect(bucketWidth(3_600_000)).toBe(60_000);
    expect(bucketWidth(86_400_000)).toBe(1_800_000);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e13 }), (ms) => ms / bucketWidth(ms) <= 60));
  });

  it("tell of tools whose time is most of an agent's", () => {
    const durations = addCounts(countOf(100), countOf(500));
    const search = {
      name: "search",
      calls: 2,
      failures: 1,
      refusals: 0,
      durationMs: 600,
      durations,
      memoryBytes: 9,
    };
    const read = { name: "read", calls: 1, failures: 0, refusals: 2, durationMs: 100 };
    const tools = toolFigures([
      run({ tools: [search, read] }),
      run({ agent: "src/b.ts#B", ms: 6000, tools: [search] }),
      run({ agent: "src/c.ts#C", alone: true, tools: [read] }),
    ]);
    const [short, long] = [percentileOf(durations, 0.5) ?? 0, percentileOf(durations, 1) ?? 0];
    expect([short / 100, long / 500].every((part) => Math.abs(part - 1) < 0.05)).toBe(true);
    expect(tools).toEqual([
      {
        ...{ duration: { p50Ms: short, p95Ms: long, p99Ms: long }, memoryBytes: 9 },
        ...{ name: "search", agents: ["src/a.ts#A", "src/b.ts#B"], calls: 4, failures: 2, refusals: 0 },
        ...{ errorRate: 0.5, meanMs: 300, totalMs: 1200, heaviest: { agent: "src/a.ts#A", share: 0.6 } },
      },
      {
        ...{ duration: null, memoryBytes: null },
        ...{ name: "read", agents: ["src/a.ts#A", "src/c.ts#C"], calls: 2, failures: 0, refusals: 4 },
        ...{ errorRate: 0, meanMs: 100, totalMs: 200, heaviest: { agent: "src/a.ts#A", share: 0.1 } },
      },
    ]);
  });
});

describe("A span", () => {
  const now = START + 3_600_000;
  const surroundings = { now, processors: 2 };

  it("holds what ended in it and what is at work", () => {
    const runs = [
      run({ queuedAt: -7_200_000 }),
      run({ queuedAt: -7_200_000, ms: 7_300_000 }),
      run({ state: "atWork", queuedAt: -7_200_000, endedAt: null, durationMs: null }),
      run({ agent: "src/b.ts#B", queuedAt: 10_000 }),
      run({ alone: true, queuedAt: 10_000 }),
    ];
    const hour = performanceOf(runs, { span: "hour", agent: null }, surroundings);
    expect([hour.total.runs, hour.total.atWork, hour.from]).toEqual([2, 1, "2026-03-01T10:00:00.000Z"]);
    expect(hour.agents.map(({ agent }) => agent)).toEqual(["src/a.ts#A", "src/b.ts#B"]);
    expect(hour.buckets).toHaveLength(60);
    const one = performanceOf(runs, { span: "hour", agent: "src/b.ts#B" }, surroundings);
    expect([one.total.runs, one.agents.length, one.agents[0]?.share]).toEqual([1, 1, 1000 / 7_301_000]);
    const all = performanceOf(runs, { span: "all", agent: null }, surroundings);
    expect([all.total.runs, all.from]).toEqual([3, "2026-03-01T08:00:00.000Z"]);
  });

  it("may hold nothing", () => {
    const none = performanceOf([], { span: "all", agent: null }, surroundings);
    expect([none.total.runs, none.perMinute, none.suggestions, none.slowest]).toEqual([0, 0, [], []]);
    expect(none.buckets).toHaveLength(1);
  });
});
