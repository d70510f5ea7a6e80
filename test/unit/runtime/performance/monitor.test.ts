import { once } from "node:events";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  AgentMetadata,
  AgentUsageError,
  type AgentOptions,
  BaseAgent,
  type ExecutionContext,
  type Result,
  ToolRegistry,
} from "../../../../src/runtime/core/index.ts";
import { PerformanceMonitor } from "../../../../src/runtime/performance/monitor.ts";
import type { PerformanceMonitorOptions } from "../../../../src/runtime/performance/types.ts";

interface Task {
  ms?: number;
  fail?: boolean;
  flag?: boolean;
  tool?: string;
  wait?: Promise<unknown>;
  tokens?: number;
}

/** Milliseconds, moved by hand. */
let time: number;
beforeEach(() => {
  time = 1000;
});

class Worker extends BaseAgent<Task> {
  constructor(name = "worker", options: AgentOptions = {}) {
    const clock = {
      now: () => time,
      random: () => 0,
      sleepSync: () => undefined,
      sleep: () => Promise.resolve(),
    };
    super({ name, agentType: "test" }, { clock, ...options });
  }

  protected override executeImpl(task: Task, context: ExecutionContext): unknown {
    time += task.ms ?? 0;
    if (task.tokens !== undefined) context.usage({ tokens: task.tokens, cost: task.tokens / 100 });
    if (task.tool !== undefined) return context.tool(task.tool, {});
    if (task.fail === true) throw new Error("no");
    if (task.wait !== undefined) return task.wait;
    return task.flag === true ? { success: false } : "done";
  }
}

const make = (options: PerformanceMonitorOptions = {}) =>
  new PerformanceMonitor({ now: () => time, ...options });

describe("executions", () => {
  it("are counted per agent and together", () => {
    const monitor = make();
    const fast = new Worker("fast");
    const slow = new Worker("slow", { retry: { attempts: 3, baseMs: 0 } });
    monitor.watch(fast);
    monitor.watch(slow);
    for (let i = 1; i <= 100; i += 1) fast.execute({ ms: i, tokens: 2 });
    slow.execute({ ms: 5, fail: true });
    slow.execute({ flag: true });
    const { total, agents } = monitor.snapshot();
    expect(agents.map(({ agent }) => agent)).toEqual(["fast", "slow"]);
    expect(agents[0]).toMatchObject({
      agentType: "test",
      executions: 100,
      failures: 0,
      errorRate: 0,
      attempts: 100,
      retries: 0,
      tokens: 200,
      cost: expect.closeTo(2) as number,
      running: 0,
      maxMs: 100,
      meanMs: expect.closeTo(50.5) as number,
      tools: [],
    });
    const near = (value: number, expected: number) =>
      expect(Math.abs(value / expected - 1)).toBeLessThan(0.01);
    near(agents[0]?.p50Ms ?? 0, 50);
    near(agents[0]?.p95Ms ?? 0, 95);
    near(agents[0]?.p99Ms ?? 0, 99);
    expect(agents[1]).toMatchObject({
      executions: 2,
      failures: 1,
      reportedFailures: 1,
      errorRate: 0.5,
      attempts: 4,
      retries: 2,
    });
    expect(total).toMatchObject({ executions: 102, failures: 1, attempts: 104, tokens: 200 });
  });

  it("that were aborted are failures too", () => {
    const monitor = make();
    const agent = new Worker();
    monitor.watch(agent);
    agent.execute({}, { signal: AbortSignal.abort() });
    expect(monitor.snapshot().total).toMatchObject({ executions: 1, failures: 1, aborted: 1 });
  });

  it("are plain data that JSON keeps, also of agents with odd names", () => {
    const monitor = new PerformanceMonitor();
    for (const name of ["__proto__", "constructor", "(other)", "é 😀"]) {
      new Worker(name, { observers: [monitor] }).execute({});
    }
    const snapshot = monitor.snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot.agents).toHaveLength(4);
    expect(Date.parse(snapshot.time)).not.toBeNaN();
    expect(snapshot.elapsedMs).toBeGreaterThanOrEqual(0);
  });

  it("under way are told", async () => {
    const monitor = make();
    const agents = [new Worker("a"), new Worker("a"), new Worker("b")];
    for (const agent of agents) {
      agent.initialize();
      monitor.watch(agent);
    }
    let finish: (value: string) => void = () => undefined;
    const wait = new Promise((resolve) => {
      finish = resolve;
    });
    const running = agents.map((agent) => agent.executeAsync({ wait }));
    expect(monitor.snapshot().total.running).toBe(3);
    monitor.reset();
    expect(monitor.snapshot()).toMatchObject({
      total: { running: 3, executions: 0 },
      agents: [
        { agent: "a", agentType: "test", running: 2, executions: 0 },
        { agent: "b", running: 1, executions: 0 },
      ],
    });
    finish("now");
    await Promise.all(running);
    expect(monitor.snapshot()).toMatchObject({
      total: { running: 0, executions: 3 },
      agents: [{ running: 0, executions: 2 }, { executions: 1 }],
    });
  });

  it("of results without usage, of an older copy of this library, count", () => {
    const monitor = make({ memory: false });
    const result = { status: "failed", aborted: false, durationMs: 3, attempts: 0 } as unknown as Result;
    monitor.onResult(result, new AgentMetadata({ name: "old", agentType: "t" }));
    monitor.onResult(result, new AgentMetadata({ name: "old", agentType: "t" }));
    expect(monitor.snapshot().agents).toMatchObject([{ executions: 1, tokens: 0, retries: 0, cost: 0 }]);
  });
});

describe("rates", () => {
  it("are of a sliding window", () => {
    const monitor = make({ windowMs: 10_000 });
    const agent = new Worker();
    monitor.watch(agent);
    for (let i = 0; i < 5; i += 1) agent.execute({ fail: true });
    expect(monitor.snapshot().total).toMatchObject({ perSecond: 5, recentErrorRate: 1, errorRate: 1 });
    time += 5000;
    for (let i = 0; i < 15; i += 1) agent.execute({});
    expect(monitor.snapshot().total).toMatchObject({ perSecond: 4, recentErrorRate: 0.25 });
    time += 5001;
    expect(monitor.snapshot().total).toMatchObject({ perSecond: 1.5, recentErrorRate: 0, errorRate: 0.25 });
    time += 100_000;
    expect(monitor.snapshot().total).toMatchObject({ perSecond: 0, recentErrorRate: 0, executions: 20 });
  });

  it("count each execution of the window once, whenever it ended", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 60 }), (steps) => {
        time = 0;
        const monitor = make({ windowMs: 6000 });
        const metadata = new AgentMetadata({ name: "a", agentType: "t" });
        const ends: number[] = [];
        for (const step of steps) {
          time += step;
          ends.push(time);
          const result = { status: "success", reportedFailure: null, durationMs: 1, attempts: 1 };
          monitor.onResult(result as unknown as Result, metadata);
        }
        // Slices of 100 ms.
        const oldest = (Math.floor(time / 100) - 59) * 100;
        const recent = ends.filter((end) => end >= oldest).length;
        const seconds = Math.max(1, Math.min(6000, time) / 1000);
        expect(monitor.snapshot().total.perSecond).toBeCloseTo(recent / seconds);
      }),
    );
  });

  it("bear a clock that goes back, or lies before 0", () => {
    time = -5000;
    const monitor = make();
    const agent = new Worker();
    monitor.watch(agent);
    agent.execute({});
    time = -200_000;
    agent.execute({});
    const { total, elapsedMs } = monitor.snapshot();
    expect(total.executions).toBe(2);
    expect(total.perSecond).toBeGreaterThan(0);
    expect(elapsedMs).toBe(0);
  });
});

describe("tools", () => {
  const registry = () => {
    const tools = new ToolRegistry();
    tools.register("sync", () => "answer");
    tools.register("async", () => Promise.resolve("answer"));
    tools.register("broken", () => {
      throw new Error("no");
    });
    tools.register("guarded", () => 1, { requiredCapabilities: ["root"] });
    return tools;
  };
  const names = ["sync", "async", "broken", "guarded", "unknown", "own"];

  async function call(agent: Worker) {
    for (const tool of names) await agent.executeAsync({ tool });
  }
  const expected = [
    { tool: "async", calls: 1, failures: 0, refusals: 0 },
    { tool: "broken", calls: 1, failures: 1, refusals: 0 },
    { tool: "guarded", calls: 0, failures: 0, refusals: 1 },
    { tool: "own", calls: 1, failures: 0, refusals: 0 },
    { tool: "sync", calls: 1, failures: 0, refusals: 0 },
    { tool: "unknown", calls: 0, failures: 0, refusals: 1 },
  ];

  it.each(["the agent", "agent and registry", "agent, registry, and both again"])(
    "are counted once where %s is watched",
    async (what) => {
      const monitor = make();
      const tools = registry();
      const agent = new Worker("a", { tools });
      agent.registerTool("own", () => 1);
      monitor.watch(agent);
      if (what !== "the agent") monitor.watch(tools);
      if (what.endsWith("again")) [agent, tools].forEach((one) => monitor.watch(one));
      await call(agent);
      const snapshot = monitor.snapshot();
      expect(snapshot.agents).toMatchObject([{ executions: 6, tools: expected }]);
      expect(snapshot.tools).toMatchObject(expected);
      expect(snapshot.tools[1]).toMatchObject({ tool: "broken", errorRate: 1 });
      await call(agent);
      expect(monitor.snapshot().tools.map(({ calls }) => calls)).toEqual([2, 2, 0, 2, 2, 0]);
    },
  );

  it("are counted where only the registry is watched, whoever calls", async () => {
    const monitor = make();
    const tools = registry();
    const off = monitor.watch(tools);
    tools.execute("sync", new Worker("a"), {});
    await tools.executeAsync("async", new Worker("b"), {});
    off();
    tools.execute("sync", new Worker("a"), {});
    const snapshot = monitor.snapshot();
    expect(snapshot.tools).toMatchObject([
      { tool: "async", calls: 1 },
      { tool: "sync", calls: 1 },
    ]);
    expect(snapshot.agents).toMatchObject([
      { agent: "a", executions: 0, tools: [{ tool: "sync", calls: 1 }] },
      { agent: "b", executions: 0 },
    ]);
  });

  it("of an agent's own that are called like shared ones count all the same", () => {
    const monitor = make();
    const tools = registry();
    const agent = new Worker("a", { tools });
    agent.registerTool("sync", () => "own");
    monitor.watch(agent);
    monitor.watch(tools);
    tools.execute("sync", agent, {});
    agent.execute({ tool: "sync" });
    expect(monitor.snapshot().tools).toMatchObject([{ tool: "sync", calls: 2 }]);
  });
});

it("a call that only its registry told of hides none of a later execution", () => {
  const monitor = make();
  const tools = new ToolRegistry();
  tools.register("shared", () => 1);
  class Direct extends Worker {
    protected override executeImpl(task: Task, context: ExecutionContext): unknown {
      return task.tool === undefined ? tools.execute("shared", this, {}) : super.executeImpl(task, context);
    }
  }
  const agent = new Direct();
  agent.registerTool("shared", () => "own");
  monitor.watch(agent);
  monitor.watch(tools);
  agent.execute({});
  agent.execute({ tool: "shared" });
  expect(monitor.snapshot().tools).toMatchObject([{ tool: "shared", calls: 2 }]);
});

describe("memory", () => {
  it("is told of executions that were alone", async () => {
    const monitor = make();
    const [a, b] = [new Worker("a"), new Worker("b")];
    monitor.watch(a);
    monitor.watch(b);
    a.execute({});
    b.initialize();
    await Promise.all([
      a.executeAsync({ wait: Promise.resolve() }),
      b.executeAsync({ wait: Promise.resolve() }),
    ]);
    const { agents, total, memory } = monitor.snapshot();
    expect(agents.map(({ heap }) => heap?.samples)).toEqual([1, 0]);
    expect(total.heap?.samples).toBe(1);
    expect(memory?.rssBytes).toBeGreaterThan(1e6);
    expect(memory?.heapUsedBytes).toBeGreaterThan(1e5);
    expect(memory?.maxRssBytes).toBeGreaterThanOrEqual(memory?.rssBytes ?? Infinity);
  });

  it("that an execution keeps is seen", () => {
    const monitor = make();
    const kept: number[][] = [];
    class Hoarder extends Worker {
      protected override executeImpl(): unknown {
        kept.push(new Array<number>(8_000_000).fill(1.5));
        return kept.length;
      }
    }
    const agent = new Hoarder();
    monitor.watch(agent);
    agent.execute({});
    expect(monitor.snapshot().total.heap?.maxDeltaBytes).toBeGreaterThan(16e6);
  });

  it("is not measured where nobody wants it", () => {
    const monitor = make({ memory: false });
    const records: unknown[] = [];
    monitor.on("execution", ({ heapDeltaBytes }) => records.push(heapDeltaBytes));
    const agent = new Worker();
    monitor.watch(agent);
    agent.execute({});
    expect(monitor.snapshot()).toMatchObject({ memory: null, total: { heap: null } });
    expect(records).toEqual([null]);
  });

  it("of the monitor is bounded: what comes late counts as others", () => {
    const monitor = make({ maxNames: 3 });
    const tools = new ToolRegistry();
    monitor.watch(tools);
    for (let i = 0; i < 300; i += 1) {
      const agent = new Worker(`agent ${String(i).padStart(3, "0")}`, { observers: [monitor], tools });
      tools.register(`tool ${i}`, () => i);
      agent.execute({ tool: `tool ${i}` });
    }
    const snapshot = monitor.snapshot();
    expect(snapshot.agents.map(({ agent, executions }) => [agent, executions])).toEqual([
      ["(other)", 297],
      ["agent 000", 1],
      ["agent 001", 1],
      ["agent 002", 1],
    ]);
    expect(snapshot.tools.map(({ calls }) => calls)).toEqual([297, 1, 1, 1]);
    expect(snapshot.agents[0]?.tools).toHaveLength(101);
    expect(snapshot.total).toMatchObject({ executions: 300, running: 0 });
  });
});

describe("events", () => {
  it("are told until nobody listens", () => {
    const monitor = make();
    const told: unknown[] = [];
    const agent = new Worker("a");
    agent.registerTool("t", () => {
      time += 4;
    });
    monitor.watch(agent);
    const off = monitor.on("execution", (record) => told.push(record));
    const offTool = monitor.on("tool", (record) => told.push(record));
    agent.execute({ tool: "t", tokens: 5 });
    off();
    off();
    offTool();
    agent.execute({ tool: "t" });
    expect(told).toEqual([
      { tool: "t", agent: "a", ok: true, refused: false, durationMs: 4 },
      {
        agent: "a",
        agentType: "test",
        status: "success",
        aborted: false,
        reportedFailure: false,
        durationMs: 4,
        attempts: 1,
        tokens: 5,
        cost: 0.05,
        heapDeltaBytes: expect.any(Number) as number,
      },
    ]);
    expect(() => monitor.on("nothing" as never, () => undefined)).toThrow(/execution, tool, threshold/);
  });

  it("reach the others where a listener throws, which is a warning, once", async () => {
    const monitor = make();
    const agent = new Worker();
    monitor.watch(agent);
    let told = 0;
    monitor.on("execution", () => {
      throw new Error("broken listener");
    });
    const off = monitor.on("execution", () => {
      told += 1;
      later();
    });
    const later = monitor.on("execution", () => {
      told += 10;
    });
    const warned = once(process, "warning") as Promise<[Error]>;
    expect(agent.execute({})).toMatchObject({ status: "success", warnings: [] });
    agent.execute({});
    expect(told).toBe(2);
    off();
    expect((await warned)[0].message).toMatch(/broken listener/);
  });
});

describe("thresholds", () => {
  it("are told when they are exceeded and when they are kept again", () => {
    const monitor = make({
      windowMs: 10_000,
      thresholds: [
        { metric: "recentErrorRate", above: 0.5, agent: "a", minExecutions: 4 },
        { metric: "p95Ms", above: 100 },
        { metric: "tokens", above: 5, minExecutions: 0 },
      ],
    });
    const told: unknown[] = [];
    monitor.on("threshold", ({ threshold, exceeded, value }) =>
      told.push([threshold.metric, exceeded, value]),
    );
    const [a, b] = [new Worker("a"), new Worker("b")];
    monitor.watch(a);
    monitor.watch(b);
    for (let i = 0; i < 5; i += 1) b.execute({ fail: true });
    for (let i = 0; i < 3; i += 1) a.execute({ fail: true });
    expect(told).toEqual([]);
    a.execute({ fail: true });
    a.execute({ fail: true });
    expect(told).toEqual([["recentErrorRate", true, 1]]);
    time += 20_000;
    a.execute({ ms: 500 });
    expect(told.slice(1)).toEqual([
      ["recentErrorRate", false, 0],
      ["p95Ms", true, 500],
    ]);
    a.execute({ tokens: 6 });
    expect(told.slice(3)).toEqual([["tokens", true, 6]]);
    monitor.reset();
    a.execute({ tokens: 6 });
    expect(told.slice(4)).toEqual([["tokens", true, 6]]);
  });

  it.each([
    [{ metric: "speed" as never, above: 1 }, /one of recentErrorRate/],
    [{ metric: "cost" as const, above: Number.NaN }, /needs a number "above"/],
    [{ metric: "cost" as const, above: "1" as never }, /needs a number "above"/],
    [{ metric: "cost" as const, above: 1, minExecutions: -1 }, /at least 0/],
    [null as never, /object with "metric" and "above", and not null/],
  ])("need what makes sense: %j", (threshold, message) => {
    expect(() => make({ thresholds: [threshold] })).toThrow(message);
  });
});

describe("watching", () => {
  it("ends by its own function, by close, or never", async () => {
    const monitor = make();
    const [a, b, c] = [new Worker("a"), new Worker("b"), new Worker("c", { observers: [monitor] })];
    const off = monitor.watch(a);
    monitor.watch(b);
    off();
    off();
    a.execute({});
    b.execute({});
    monitor.close();
    monitor.close();
    b.execute({});
    c.execute({});
    expect(monitor.snapshot().agents.map(({ agent, executions }) => [agent, executions])).toEqual([
      ["b", 1],
      ["c", 1],
    ]);
    a.initialize();
    const again = monitor.watch(a);
    const running = a.executeAsync({ wait: Promise.resolve() });
    expect(monitor.snapshot().total.running).toBe(1);
    again();
    await running;
    expect(monitor.snapshot().total).toMatchObject({ running: 0, executions: 2 });
  });

  it("is possible for whatever observes", () => {
    const monitor = make();
    let gone = 0;
    const off = monitor.watch({
      observe: (observer) => {
        observer({ tool: "t", agent: "a", ok: false, durationMs: 2 });
        return () => {
          gone += 1;
        };
      },
    });
    off();
    off();
    expect(gone).toBe(1);
    expect(monitor.snapshot().tools).toMatchObject([{ tool: "t", calls: 1, failures: 1, maxMs: 2 }]);
  });

  it.each([null, {}, { observe: 5 }, 5, "agent"])(
    "is of agents and tool registries, not of %o",
    (nothing) => {
      expect(() => make().watch(nothing as never)).toThrow(AgentUsageError);
      expect(() => make().watch(nothing as never)).toThrow(/have a method observe\(\)/);
    },
  );

  it.each([5, "x", null, {}])("needs an array of thresholds, not %o", (thresholds) => {
    expect(() => make({ thresholds: thresholds as never })).toThrow(AgentUsageError);
  });

  it.each([
    { windowMs: "5" as never },
    { windowMs: 0 },
    { windowMs: Infinity },
    { windowMs: Number.NaN },
    { maxNames: 0 },
    { maxNames: 1.5 },
  ])("needs options that make sense: %j", (options) => {
    expect(() => new PerformanceMonitor(options)).toThrow(/and not/);
  });
});
