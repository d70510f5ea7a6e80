import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Asker,
  BaseAgent,
  type ExecutionContext,
  UniversalAgentAdapter,
} from "../../../../src/runtime/core/index.ts";
import { ParallelAgentExecutor } from "../../../../src/runtime/parallel/executor.ts";
import type { AgentTask, BatchResult, ExecutorOptions } from "../../../../src/runtime/parallel/types.ts";

const open: ParallelAgentExecutor[] = [];
const executor = (options?: ExecutorOptions): ParallelAgentExecutor => {
  const made = new ParallelAgentExecutor(options);
  open.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

type Work = (task: unknown, context: ExecutionContext) => unknown;

class Agent extends BaseAgent {
  readonly #work: Work;
  constructor(name: string, work: Work) {
    super({ name, agentType: "test" });
    this.#work = work;
  }
  protected override executeImpl(task: unknown, context: ExecutionContext): unknown {
    return this.#work(task, context);
  }
}

const agent = (work: Work = (task) => task, name = "agent") => new Agent(name, work);

/** An agent that works until it is told to end. */
function gate(name = "gated") {
  const started: unknown[] = [];
  const open = new Map<unknown, (value: unknown) => void>();
  const gated = new Agent(name, (task) => {
    started.push(task);
    return new Promise((resolve) => open.set(task, resolve));
  });
  return { agent: gated, started, release: (task: unknown) => open.get(task)?.(task) };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

const values = (results: BatchResult[]) =>
  results.map((result) => (result.status === "success" ? result.value : result.error.message));

describe("a batch", () => {
  it("has a result for each pair, in their order, whichever ends first", async () => {
    const slow = gate("slow");
    const answer = executor().executeBatch([
      [slow.agent, "a"],
      [agent((task) => ({ got: task }), "quick"), "b"],
      [
        new UniversalAgentAdapter(
          {
            run: () => {
              throw new TypeError("no");
            },
          },
          { agentType: "t", name: "bad" },
        ),
        "c",
      ],
    ]);
    await until(() => slow.started.length === 1);
    slow.release("a");
    expect(await answer).toMatchObject([
      {
        index: 0,
        agent: "slow",
        task: "a",
        started: true,
        timedOut: false,
        status: "success",
        value: "a",
        output: { output: "a" },
      },
      { index: 1, agent: "quick", task: "b", status: "success", output: { got: "b" } },
      {
        index: 2,
        agent: "bad",
        task: "c",
        started: true,
        status: "failed",
        error: { name: "TypeError", message: "no" },
        aborted: false,
      },
    ]);
  });

  it("may be empty, in each form", async () => {
    const one = executor({ concurrency: 1 });
    expect(await one.executeBatch([])).toEqual([]);
    expect(await one.executeBatch(new Set<AgentTask>())).toEqual([]);
    expect(await one.executeBatch((async function* (): AsyncGenerator<AgentTask> {})())).toEqual([]);
    expect(one.getPerformanceMetrics()).toMatchObject({
      totalTasksExecuted: 0,
      averageTimePerTaskMs: 0,
      parallelEfficiency: 0,
    });
  });

  it("names the pairs that are not valid, and executes the others", async () => {
    const pairs = [
      [agent(), 1],
      null,
      [agent()],
      [{ run: () => 1 }, 2],
      [BaseAgent, 3],
      ["text", 4],
      [{ module: "./relative.mjs" }, 5],
      [{ module: "/a.mjs", options: { retry: { retryable: () => true } } }, 6],
      [null, 7],
    ] as unknown as AgentTask[];
    const results = await executor().executeBatch(pairs);
    expect(results.map(({ status, started }) => `${status} ${started}`)).toEqual([
      "success true",
      ...Array<string>(8).fill("failed false"),
    ]);
    expect(values(results).slice(1)).toEqual([
      "The pair at index 1 is not valid: it is an array of an agent and its task.",
      "The pair at index 2 is not valid: it is an array of an agent and its task.",
      expect.stringMatching(/^The pair at index 3 .*UniversalAgentAdapter/),
      expect.stringMatching(/^The pair at index 4 .*\{module, export\}/),
      expect.stringMatching(/^The pair at index 5 .*is string/),
      expect.stringMatching(/^The pair at index 6 .*"module" is relative/),
      expect.stringMatching(/^The pair at index 7 .*retry\.retryable \(function\)/),
      expect.stringMatching(/^The pair at index 8 .*is null/),
    ]);
    expect(results.map((result) => result.agent)).toEqual([
      "agent",
      "",
      "agent",
      "",
      "",
      "",
      "relative",
      "a",
      "",
    ]);
    expect(results[3]?.task).toBe(2);
  });

  it("refuses what is no batch, and options that make no sense", async () => {
    const one = executor();
    for (const pairs of [null, 5, "text", {}] as unknown as AgentTask[][]) {
      await expect(one.executeBatch(pairs)).rejects.toThrow(
        /an array, an iterable or an async iterable of pairs/,
      );
    }
    const wrong = (options: object) =>
      expect(() => one.executeEach([], options)).toThrow(/timeoutMs|failFast|onEvent|answerer|signal/);
    wrong({ timeoutMs: 0 });
    wrong({ timeoutMs: Number.NaN });
    wrong({ failFast: 1 });
    wrong({ onEvent: "log" });
    wrong({ answerer: true });
    wrong({ signal: {} });
    for (const options of [
      { concurrency: 0 },
      { concurrency: 1.5 },
      { threads: 0 },
      { graceMs: -1 },
      { idleTimeoutMs: Infinity },
      { threadFile: "agentWorker.mjs" },
      { timeoutMs: -1 },
    ]) {
      expect(() => new ParallelAgentExecutor(options)).toThrow(
        expect.objectContaining({ name: "AgentUsageError" }) as Error,
      );
    }
  });

  it("tells what happens in agents, and survives a listener that throws", async () => {
    const told: unknown[] = [];
    const busy = agent((_, context) => context.progress("half", 0.5));
    const results = await executor().executeBatch([[busy, "t"]], {
      onEvent: (event, source) => told.push({ event, source }),
    });
    expect(told).toEqual([
      {
        event: { type: "progress", message: "half", fraction: 0.5 },
        source: { index: 0, agent: "agent", task: "t" },
      },
    ]);
    expect(results[0]?.warnings).toEqual([]);
    const broken = await executor({
      onEvent: () => {
        throw new Error("deaf");
      },
    }).executeBatch([[busy, "t"]]);
    expect(broken[0]).toMatchObject({ status: "success", warnings: [expect.stringContaining("deaf")] });
  });

  it("answers what agents ask that have no answerer of their own", async () => {
    class Asking extends BaseAgent {
      protected override executeImpl(_: unknown, context: ExecutionContext): string {
        return context.askSync({ kind: "text", message: "Who?" });
      }
    }
    const metadata = { name: "asking", agentType: "test" };
    const pairs: AgentTask[] = [
      [new Asking(metadata), 1],
      [new Asking(metadata, { answerer: () => "I" }), 2],
    ];
    const one = executor({ answerer: () => "the executor" });
    expect(values(await one.executeBatch(pairs))).toEqual(["the executor", "I"]);
    const answerer = (_: unknown, { agent: { name } }: Asker) => name;
    expect(values(await one.executeBatch(pairs, { answerer }))).toEqual(["asking", "I"]);
    expect(values(await executor().executeBatch(pairs))).toEqual([
      expect.stringContaining("nobody answers"),
      "I",
    ]);
  });
});

describe("slots", () => {
  it("are never more than concurrency, and every pair has one result", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.record({ agent: fc.nat(4), turns: fc.nat(4), fails: fc.boolean() }), { maxLength: 30 }),
        fc.constantFrom("array", "iterable", "async iterable"),
        async (concurrency, tasks, form) => {
          let running = 0;
          let most = 0;
          const perAgent = [0, 0, 0, 0, 0];
          const order: number[][] = [[], [], [], [], []];
          const agents = perAgent.map((_, at) =>
            agent(async (task) => {
              const { index, turns, fails } = task as { index: number; turns: number; fails: boolean };
              order[at]?.push(index);
              most = Math.max(most, (running += 1));
              for (let i = 0; i < turns; i += 1) await turn();
              running -= 1;
              if (fails) throw new Error("as asked");
              return index;
            }),
          );
          const pairs = tasks.map((task, index): AgentTask => [
            agents[task.agent] as BaseAgent,
            { ...task, index },
          ]);
          const source =
            form === "array"
              ? pairs
              : form === "iterable"
                ? pairs.values()
                : (async function* () {
                    for (const pair of pairs) {
                      await turn();
                      yield pair;
                    }
                  })();
          const results = await executor({ concurrency }).executeBatch(source);
          expect(results.map(({ index }) => index)).toEqual(tasks.map((_, index) => index));
          expect(results.map(({ status }) => status)).toEqual(
            tasks.map(({ fails }) => (fails ? "failed" : "success")),
          );
          expect(most).toBeLessThanOrEqual(concurrency);
          for (const indexes of order) expect(indexes).toEqual(indexes.toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("are not taken by tasks that wait for their agent", async () => {
    const first = gate("first");
    const second = gate("second");
    const answer = executor({ concurrency: 2 }).executeBatch([
      [first.agent, 1],
      [first.agent, 2],
      [second.agent, 3],
    ]);
    await until(() => second.started.length === 1);
    expect(first.started).toEqual([1]);
    first.release(1);
    await until(() => first.started.length === 2);
    first.release(2);
    second.release(3);
    expect(values(await answer)).toEqual([1, 2, 3]);
  });

  it("are not kept from other agents by many tasks of one", async () => {
    const one = gate("one");
    const two = gate("two");
    const tasks = Array.from({ length: 20 }, (_, i) => i);
    const pairs = [one, two].flatMap(({ agent }) => tasks.map((task): AgentTask => [agent, task]));
    const batch = executor({ concurrency: 2 }).executeBatch(pairs);
    for (const task of tasks) {
      await until(() => one.started.length > task && two.started.length > task);
      one.release(task);
      two.release(task);
    }
    expect((await batch).map(({ status }) => status)).toEqual(pairs.map(() => "success"));
  });

  it("are shared by the batches of an executor, in turns", async () => {
    const one = executor({ concurrency: 1 });
    const order: unknown[] = [];
    const make = () =>
      agent((task) => {
        order.push(task);
        return turn();
      });
    await Promise.all([
      one.executeBatch([
        [make(), "a1"],
        [make(), "a2"],
        [make(), "a3"],
      ]),
      one.executeBatch([
        [make(), "b1"],
        [make(), "b2"],
      ]),
    ]);
    expect(order).toEqual(["a1", "a2", "b1", "a3", "b2"]);
  });

  it("leave an agent that another executor keeps busy to that one", async () => {
    const shared = gate();
    const busy = executor().executeBatch([[shared.agent, 1]]);
    await until(() => shared.started.length === 1);
    expect(await executor().executeBatch([[shared.agent, 2]])).toMatchObject([
      { status: "failed", started: true, error: { name: "AgentUsageError" }, aborted: false },
    ]);
    shared.release(1);
    expect(values(await busy)).toEqual([1]);
  });

  it("survive agents whose executeAsync is not what it should be", async () => {
    class Odd extends BaseAgent {
      override executeAsync(): never {
        throw new Error("at once");
      }
    }
    const odd = new Odd({ name: "odd", agentType: "t" });
    const one = executor({ concurrency: 1 });
    expect(
      values(
        await one.executeBatch([
          [odd, 1],
          [agent(), 2],
        ]),
      ),
    ).toEqual(["at once", 2]);
  });
});

describe("a lazy source", () => {
  it("is read only as there are slots", async () => {
    let read = 0;
    let done = 0;
    let most = 0;
    const agents = Array.from({ length: 8 }, () => agent(() => void (done += 1)));
    function* pairs(): Generator<AgentTask> {
      for (; read < 100_000;) {
        read += 1;
        most = Math.max(most, read - done);
        yield [agents[read % 8] as BaseAgent, read];
      }
    }
    for await (const result of executor({ concurrency: 4 }).executeEach(pairs())) {
      if (result.status !== "success") throw result.cause;
    }
    expect(done).toBe(100_000);
    expect(most).toBeLessThanOrEqual(9);
  }, 60_000);

  it("waits for who takes the results", async () => {
    let read = 0;
    function* pairs(): Generator<AgentTask> {
      for (;;) yield [agent(), (read += 1)];
    }
    const results = executor({ concurrency: 3 }).executeEach(pairs());
    expect(read).toBe(0);
    await results.next();
    for (let i = 0; i < 50; i += 1) await turn();
    expect(read).toBeLessThanOrEqual(8);
    await results.next();
    for (let i = 0; i < 50; i += 1) await turn();
    expect(read).toBeLessThanOrEqual(9);
    await results.return?.();
  });

  it("is told when no more is wanted", async () => {
    let ended = false;
    function* pairs(): Generator<AgentTask> {
      try {
        for (;;) yield [agent(), 1];
      } finally {
        ended = true;
      }
    }
    for await (const result of executor().executeEach(pairs())) if (result.index === 3) break;
    expect(ended).toBe(true);
  });

  it("that throws lets what was started end, then the batch rejects", async () => {
    const slow = gate();
    for (const form of ["sync", "async"]) {
      const broken = new Error(`${form} source`);
      const pairs =
        form === "sync"
          ? (function* (): Generator<AgentTask> {
              yield [slow.agent, form];
              throw broken;
            })()
          : (async function* (): AsyncGenerator<AgentTask> {
              await turn();
              yield [slow.agent, form];
              throw broken;
            })();
      let settled = false;
      const answer = executor()
        .executeBatch(pairs)
        .finally(() => (settled = true));
      answer.catch(() => undefined);
      await until(() => slow.started.includes(form));
      await turn();
      expect(settled).toBe(false);
      slow.release(form);
      await expect(answer).rejects.toBe(broken);
    }
  });

  it("that throws is told once to who takes the results", async () => {
    const results = executor().executeEach(
      (function* (): Generator<AgentTask> {
        yield [agent(), 1];
        throw new Error("source");
      })(),
    );
    expect(await results.next()).toMatchObject({ value: { value: 1 } });
    await expect(results.next()).rejects.toThrow("source");
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it("whose return throws or that answers late does not hold up the end", async () => {
    let arrive: (item: IteratorResult<AgentTask>) => void = () => undefined;
    const never: AsyncIterable<AgentTask> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise((resolve) => (arrive = resolve)),
        return: () => {
          throw new Error("no return");
        },
      }),
    };
    const controller = new AbortController();
    const answer = executor().executeBatch(never, { signal: controller.signal });
    await turn();
    controller.abort();
    expect(await answer).toEqual([]);
    arrive({ done: false, value: [agent(), 1] });
    await turn();
  });
});

describe("results as they come", () => {
  it("come in the order in which tasks end, to each who asks", async () => {
    const { agent: a, release: releaseA } = gate("a");
    const { agent: b, release: releaseB, started } = gate("b");
    const results = executor().executeEach([
      [a, 1],
      [b, 2],
    ]);
    const both = Promise.all([results.next(), results.next(), results.next()]);
    await until(() => started.length === 1);
    releaseB(2);
    await turn();
    releaseA(1);
    expect((await both).map((item) => (item.done === true ? "end" : item.value.index))).toEqual([
      1,
      0,
      "end",
    ]);
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it("end what runs when the loop is left", async () => {
    const aborted: unknown[] = [];
    const patient = (name: string) =>
      agent(
        (_, { signal }) => new Promise(() => signal.addEventListener("abort", () => aborted.push(name))),
        name,
      );
    const started = vi.fn();
    const one = executor({ concurrency: 3 });
    const pairs: AgentTask[] = [
      [patient("x"), 1],
      [patient("y"), 2],
      [agent(), 3],
      [patient("z"), 4],
      ...Array.from({ length: 9 }, (): AgentTask => [agent(started), 5]),
    ];
    for await (const { index } of one.executeEach(pairs)) {
      expect(index).toBe(2);
      break;
    }
    expect(aborted).toEqual(expect.arrayContaining(["x", "y"]));
    expect(started).not.toHaveBeenCalled();
    expect(values(await one.executeBatch([[agent(), "free"]]))).toEqual(["free"]);
  });

  it("may be left before they begin, while one is asked for, and twice", async () => {
    const one = executor();
    const unused = one.executeEach([[agent(), 1]]);
    await unused.return?.();
    expect(await unused.next()).toEqual({ done: true, value: undefined });
    const slow = gate();
    const used = one.executeEach([[slow.agent, 1]]);
    const asked = used.next();
    await until(() => slow.started.length === 1);
    await used.return?.();
    await used.return?.();
    expect(await asked).toEqual({ done: true, value: undefined });
  });
});

describe("a time limit", () => {
  it("fails an agent that ignores it at once; the agent stays busy until its code ends", async () => {
    const deaf = gate();
    const one = executor({ concurrency: 1 });
    const [late, next] = await one.executeBatch(
      [
        [deaf.agent, 1],
        [deaf.agent, 2],
      ],
      { timeoutMs: 20 },
    );
    expect(late).toMatchObject({
      status: "failed",
      started: true,
      timedOut: true,
      aborted: true,
      attempts: 1,
      error: { name: "TimeoutError", message: "The task took longer than 20 ms and was stopped." },
    });
    expect(next).toMatchObject({ status: "failed", timedOut: false, error: { name: "AgentUsageError" } });
    deaf.release(1);
    await turn();
    const again = one.executeBatch([[deaf.agent, 3]], { timeoutMs: Infinity });
    await until(() => deaf.started.includes(3));
    deaf.release(3);
    expect(values(await again)).toEqual([3]);
    expect(one.getPerformanceMetrics()).toMatchObject({ totalTasksExecuted: 3, failures: 2, timeouts: 1 });
  });

  it("does not wait longer than the grace for an agent that does not even answer", async () => {
    class Mute extends BaseAgent {
      override executeAsync(): Promise<never> {
        return new Promise(() => undefined);
      }
    }
    const mute = new Mute({ name: "mute", agentType: "t" });
    const [result] = await executor({ timeoutMs: 5, graceMs: 5 }).executeBatch([[mute, 1]]);
    expect(result).toMatchObject({ status: "failed", timedOut: true, aborted: true, attempts: 0 });
  });

  it("is not met by an agent that keeps it", async () => {
    expect(await executor({ timeoutMs: 60_000 }).executeBatch([[agent(), 1]])).toMatchObject([
      { status: "success", timedOut: false },
    ]);
  });
});

describe("stopping", () => {
  const held = (length: number, first: AgentTask[] = []) => {
    const ran = vi.fn();
    return { ran, pairs: [...first, ...Array.from({ length }, (_, i): AgentTask => [agent(ran), i])] };
  };

  it("at the first failure aborts what runs and starts nothing more", async () => {
    const patient = agent(
      (_, { signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve("late"))),
    );
    const bad = agent(() =>
      turn().then(() => {
        throw new Error("bad");
      }),
    );
    const { pairs, ran } = held(50, [
      [patient, "p"],
      [bad, "b"],
    ]);
    const results = await executor({ concurrency: 2, failFast: true }).executeBatch(pairs);
    expect(results).toHaveLength(52);
    expect(results[0]).toMatchObject({ started: true, status: "failed", aborted: true, timedOut: false });
    expect(results[1]).toMatchObject({ started: true, error: { message: "bad" }, aborted: false });
    expect(
      results.slice(2).every((result) => !result.started && result.status === "failed" && result.aborted),
    ).toBe(true);
    expect(values(results)[51]).toBe(
      "The task was not started. The batch was stopped because the task at index 1 failed: bad",
    );
    expect(ran).not.toHaveBeenCalled();
  });

  it("at the first failure counts pairs that are not valid", async () => {
    const results = await executor({ concurrency: 1 }).executeBatch(
      [[5, 1] as unknown as AgentTask, [agent(), 2]],
      { failFast: true },
    );
    expect(results.map(({ started }) => started)).toEqual([false, false]);
  });

  it("settles everything by default", async () => {
    const results = await executor({ concurrency: 1 }).executeBatch([
      [
        agent(() => {
          throw new Error("bad");
        }),
        1,
      ],
      [agent(), 2],
    ]);
    expect(values(results)).toEqual(["bad", 2]);
  });

  it("happens by the caller's signal, which is let go of afterwards", async () => {
    const listeners = new Set<() => void>();
    const signal = {
      aborted: false,
      reason: undefined as unknown,
      addEventListener: (_: "abort", listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: "abort", listener: () => void) => void listeners.delete(listener),
    };
    const slow = gate();
    const { pairs, ran } = held(3, [[slow.agent, "s"]]);
    const answer = executor({ concurrency: 1 }).executeBatch(pairs, { signal });
    await until(() => slow.started.length === 1);
    signal.aborted = true;
    signal.reason = "enough";
    for (const listener of listeners) listener();
    const results = await answer;
    expect(results).toMatchObject([
      { started: true, aborted: true },
      { started: false },
      { started: false },
      { started: false },
    ]);
    expect(values(results)[1]).toBe("The task was not started. The batch was aborted: enough");
    expect(ran).not.toHaveBeenCalled();
    expect(listeners.size).toBe(0);
    await executor().executeBatch([[agent(), 1]], { signal: new AbortController().signal });
  });

  it("happens before the start where the signal has aborted", async () => {
    const { pairs, ran } = held(2);
    const results = await executor().executeBatch(pairs, { signal: AbortSignal.abort() });
    expect(results.map(({ started }) => started)).toEqual([false, false]);
    expect(ran).not.toHaveBeenCalled();
  });

  it("reaches the very agent that asks for it while it is being called", async () => {
    const controller = new AbortController();
    const self = agent((_, { signal }) => {
      controller.abort();
      return new Promise((resolve) =>
        signal.aborted ? resolve("seen") : signal.addEventListener("abort", () => resolve("seen")),
      );
    });
    self.initialize();
    expect(await executor().executeBatch([[self, 1]], { signal: controller.signal })).toMatchObject([
      { aborted: true, started: true },
    ]);
  });
});

describe("closing", () => {
  it("ends what runs, is done once, and nothing is executed afterwards", async () => {
    const slow = gate();
    const one = executor();
    const answer = one.executeBatch([[slow.agent, 1]]);
    const unused = one.executeEach([[agent(), 1]]);
    await until(() => slow.started.length === 1);
    const closed = one.close();
    expect(one.close()).toBe(closed);
    await closed;
    expect(await answer).toMatchObject([
      {
        status: "failed",
        aborted: true,
        error: { message: "The execution was aborted: The executor was closed." },
      },
    ]);
    await expect(one.executeBatch([])).rejects.toThrow(/was closed/);
    expect(() => one.executeEach([])).toThrow(/was closed/);
    await expect(unused.next()).rejects.toThrow(/was closed/);
    expect(await unused.next()).toEqual({ done: true, value: undefined });
  });

  it("happens by disposal", async () => {
    const one = executor();
    const dispose = (Symbol as unknown as { asyncDispose: symbol }).asyncDispose;
    await (one as unknown as Record<symbol, () => Promise<void>>)[dispose]?.();
    await expect(one.executeBatch([])).rejects.toThrow(/was closed/);
  });
});

describe("metrics", () => {
  it("count tasks and times, until they are reset", async () => {
    const one = executor({ concurrency: 2 });
    const slow = agent(() => new Promise((resolve) => setTimeout(resolve, 30)));
    const other = agent(() => new Promise((resolve) => setTimeout(resolve, 30)));
    await one.executeBatch([
      [slow, 1],
      [other, 2],
      [slow, 3],
      [
        agent(() => {
          throw new Error("bad");
        }),
        4,
      ],
      [5, 5] as unknown as AgentTask,
    ]);
    const metrics = one.getPerformanceMetrics();
    expect(metrics).toMatchObject({
      totalTasksExecuted: 4,
      failures: 1,
      timeouts: 0,
      notStarted: 1,
      workersUsed: 2,
    });
    expect(metrics.averageTimePerTaskMs).toBeCloseTo(metrics.totalExecutionTimeMs / 4);
    expect(metrics.totalExecutionTimeMs).toBeGreaterThan(metrics.wallTimeMs);
    expect(metrics.parallelEfficiency).toBeCloseTo(metrics.totalExecutionTimeMs / (metrics.wallTimeMs * 2));
    // The third waited for the first.
    expect(metrics.queueWaitMs.p99).toBeGreaterThan(20);
    expect(metrics.dispatchMs.p50).toBeGreaterThanOrEqual(0);
    one.resetPerformanceMetrics();
    expect(one.getPerformanceMetrics()).toMatchObject({
      totalTasksExecuted: 0,
      failures: 0,
      notStarted: 0,
      totalExecutionTimeMs: 0,
      wallTimeMs: 0,
      workersUsed: 0,
      queueWaitMs: { p50: 0, p99: 0 },
    });
  });
});
