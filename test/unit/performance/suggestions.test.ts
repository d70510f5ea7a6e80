import { describe, expect, it } from "vitest";
import type { RunMeasure } from "../../../src/model/performance.ts";
import { performanceOf } from "../../../src/performance/performance.ts";
import { run, START } from "./run.ts";

const suggested = (runs: readonly RunMeasure[], processors = 2) =>
  performanceOf(runs, { span: "all", agent: null }, { now: START + 10_000_000, processors }).suggestions;
const kinds = (runs: readonly RunMeasure[], processors?: number) =>
  suggested(runs, processors).map(({ kind, agent }) => [kind, agent]);
const times = (count: number, make: (index: number) => RunMeasure): RunMeasure[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** All queued at once, two at a time, a second each. */
const queued = (count: number, busy: number) =>
  times(count, (index) => run({ startedAt: Math.floor(index / 2) * 1000, busy }));

describe("Suggestions", () => {
  it("raise the concurrency where runs wait and threads do too", () => {
    const [first, ...others] = suggested(queued(20, 0.1));
    expect(others).toEqual([]);
    expect(first?.kind).toBe("raiseConcurrency");
    expect(first?.figures).toEqual({
      ...{ queueP50Ms: 4000, durationP50Ms: 1000, efficiency: 1, busy: 0.1, peak: 2, processors: 2 },
    });
    expect(first?.text).toContain("Half of the runs waited 4 s or longer for their turn and took 1 s");
    expect(first?.text).toContain("worked only 10 % of that time");
    expect(kinds(queued(19, 0.1))).toEqual([]);
  });

  it("say that more at a time would not help where threads compute", () => {
    expect(kinds(queued(20, 0.95))).toEqual([["busyProcessors", null]]);
    // There are processors left.
    expect(kinds(queued(20, 0.95), 8)).toEqual([]);
    expect(kinds(times(20, (index) => run({ queuedAt: index * 1000, busy: 0.1 })))).toEqual([]);
  });

  it("start the longest first where one is alone at the end of a batch", () => {
    const batch = [...times(5, () => run({ ms: 1000, batch: "b" })), run({ ms: 5000, batch: "b" })];
    expect(suggested(batch)).toMatchObject([
      { kind: "unevenBatch", figures: { runs: 6, wallMs: 5000, tailMs: 4000, peak: 6, batches: 1 } },
    ]);
    expect(kinds(batch.slice(0, 5))).toEqual([]);
  });

  it("split an agent that is most of the work, and look at one that is much slower than others", () => {
    const others = ["b", "c"].flatMap((name) =>
      times(20, () => run({ agent: `src/${name}.ts#${name}`, ms: 200 })),
    );
    const heavy = times(20, () => run({ ms: 2000 }));
    expect(kinds([...heavy, ...others])).toEqual([
      ["splitAgent", "src/a.ts#A"],
      ["slowAgent", "src/a.ts#A"],
    ]);
    expect(suggested([...heavy, ...others])[0]?.text).toContain("A took 83 % of the time");
    expect(suggested([...heavy, ...others])[1]?.text).toContain(
      "10 times as long as those of the other agents (200 ms)",
    );
    expect(kinds(heavy)).toEqual([]);
  });

  it("tell flaky agents from such as retries never help", () => {
    const flaky = times(20, (index) => run({ attempts: index < 5 ? 2 : 1 }));
    expect(suggested(flaky)).toMatchObject([
      { kind: "flaky", figures: { runs: 20, retried: 5, rescued: 5, retries: 5 } },
    ]);
    const broken = times(20, (index) => run(index < 10 ? { attempts: 4, state: "failed" } : {}));
    expect(suggested(broken)).toMatchObject([
      { kind: "uselessRetries", figures: { runs: 20, retried: 10, rescued: 0, retries: 30 } },
    ]);
    expect(kinds(times(20, (index) => run({ attempts: index < 4 ? 2 : 1 })))).toEqual([]);
  });

  it("tell agents that need more time from such as hang", () => {
    const limit = { timeoutMs: 5000 };
    const stopped = times(3, () => run({ ...limit, ms: 5000, state: "failed", error: "TimeoutError" }));
    const near = [...stopped, ...times(4, () => run({ ...limit, ms: 4500 })), ...times(13, () => run(limit))];
    expect(suggested(near)).toMatchObject([
      {
        kind: "nearTimeout",
        title: "Give A more time",
        figures: { timeouts: 3, near: 4, runs: 20, timeoutMs: 5000 },
      },
    ]);
    const hangs = [...stopped, ...times(17, () => run(limit))];
    expect(suggested(hangs)).toMatchObject([{ kind: "nearTimeout", title: "A hangs", figures: { near: 0 } }]);
    expect(kinds(hangs.slice(1))).toEqual([]);
  });

  it("give more memory where runs come near what they may use", () => {
    const runs = times(20, (index) =>
      run({ memoryLimitMb: 100, memoryBytes: (index < 3 ? 90 : 20) * 2 ** 20 }),
    );
    expect(suggested(runs)).toMatchObject([
      { kind: "nearMemory", figures: { near: 3, ended: 0, runs: 20, most: 0.9 } },
    ]);
    expect(kinds(runs.slice(1))).toEqual([]);
  });

  it("name a tool that takes most of the time, and one that fails often", () => {
    const calls = (failures: number, durationMs: number) => [
      { name: "search", calls: 1, failures, refusals: 0, durationMs },
    ];
    expect(suggested(times(20, () => run({ tools: calls(0, 800) })))).toMatchObject([
      {
        kind: "toolDominates",
        agent: "src/a.ts#A",
        figures: { share: 0.8, meanMs: 800, calls: 20, runs: 20 },
      },
    ]);
    expect(suggested(times(20, (index) => run({ tools: calls(index < 5 ? 1 : 0, 10) })))).toMatchObject([
      { kind: "toolFails", figures: { calls: 20, failures: 5, errorRate: 0.25 } },
    ]);
    expect(kinds(times(19, () => run({ tools: calls(1, 800) })))).toEqual([]);
  });
});
