import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  type AgentEvent,
  type AgentOptions,
  AgentState,
  AgentUsageError,
  BaseAgent,
  type ExecutionContext,
  type FailedResult,
  isAgent,
  MemoryCheckpointStore,
  SharedContext,
  type SuccessResult,
} from "../../../../src/runtime/index.ts";
import { neverAborted } from "../../../../src/runtime/core/abort.ts";
import { canTransition, checkTransition } from "../../../../src/runtime/core/state.ts";
import { fast, type Impl, TestAgent } from "./testAgent.ts";

describe("the states of an agent", () => {
  it("go from created over ready to stopped, and an execution initialises first", () => {
    const agent: TestAgent = new TestAgent(() => agent.state);
    expect(agent.state).toBe(AgentState.CREATED);
    expect(agent.execute({})).toMatchObject({ status: "success", value: "busy" });
    expect(agent.state).toBe(AgentState.READY);
    expect(agent.shutdown()).toBe(true);
    expect(agent.state).toBe(AgentState.STOPPED);
    expect(agent.shutdown()).toBe(true);
  });

  it("end in error after a failure, from which the agent runs again", () => {
    let broken = true;
    const agent = new TestAgent(() => {
      if (broken) throw new TypeError("broken");
      return "fine";
    });
    expect(agent.execute({}).status).toBe("failed");
    expect(agent.state).toBe(AgentState.ERROR);
    expect(agent.lastError).toMatchObject({ name: "TypeError", message: "broken" });
    broken = false;
    expect(agent.execute({}).status).toBe("success");
    expect(agent.state).toBe(AgentState.READY);
    expect(agent.lastError).toBeNull();
  });

  it("can be left only as the table says", () => {
    const states = Object.values(AgentState);
    expect(states.filter((to) => canTransition("stopped", to))).toEqual([]);
    expect(states.filter((to) => canTransition("created", to))).toEqual(["ready", "error", "stopped"]);
    expect(canTransition("busy", "stopped")).toBe(false);
  });

  it("are guarded by an error that names both", () => {
    expect(() => checkTransition("a", "stopped", "ready")).toThrow(
      'Agent "a" cannot go from state stopped to ready.',
    );
  });

  it("refuse an execution after shutdown", async () => {
    const agent = new TestAgent(() => 1);
    agent.shutdown();
    expect(() => agent.execute({})).toThrow(AgentUsageError);
    await expect(agent.executeAsync({})).rejects.toThrow(/shut down/);
    expect(() => agent.initialize()).toThrow(AgentUsageError);
  });
});

describe("one agent at a time", () => {
  it("refuses a concurrent execution and finishes the first", async () => {
    const agent = new TestAgent(() => new Promise((resolve) => setTimeout(resolve, 10, "done")));
    const first = agent.executeAsync({});
    await expect(agent.executeAsync({})).rejects.toThrow(AgentUsageError);
    expect(() => agent.execute({})).toThrow(
      'Agent "test" cannot execute now: it is executing. An agent does one thing at a time: await its result before.',
    );
    expect(() => agent.shutdown()).toThrow('Agent "test" cannot shut down now: it is executing.');
    expect(await first).toMatchObject({ status: "success", value: "done" });
  });

  it("refuses to execute itself from within", () => {
    const agent: TestAgent = new TestAgent(() => agent.execute({}));
    const result = agent.execute({}, { retry: fast });
    expect(result).toMatchObject({ status: "failed", attempts: 1, error: { name: "AgentUsageError" } });
  });
});

describe("initialising", () => {
  class Init extends BaseAgent {
    inits = 0;
    readonly init: () => unknown;
    constructor(init: () => unknown) {
      super({ name: "init", agentType: "unit" });
      this.init = init;
    }
    protected override initializeImpl(): unknown {
      this.inits += 1;
      return this.init();
    }
    protected override executeImpl(): unknown {
      return "ran";
    }
  }

  it("happens once", () => {
    const agent = new Init(() => undefined);
    expect(agent.initialize()).toBe(true);
    agent.execute({});
    agent.execute({});
    expect(agent.inits).toBe(1);
  });

  it("that fails is the result of the execution, and is tried again by the next", () => {
    let broken = true;
    const agent = new Init(() => {
      if (broken) throw new Error("no connection");
    });
    expect(agent.execute({})).toMatchObject({
      status: "failed",
      attempts: 0,
      error: { message: "Initializing failed: no connection" },
    });
    expect(agent.initialize()).toBe(false);
    expect(agent.state).toBe(AgentState.ERROR);
    broken = false;
    expect(agent.execute({}).status).toBe("success");
  });

  it("that returns a promise is awaited by the asynchronous variant, not started twice", async () => {
    const agent = new Init(() => Promise.resolve());
    expect(agent.initialize()).toBe(false);
    expect(agent.lastError?.message).toMatch(/initializeAsync/);
    expect(await agent.executeAsync({})).toMatchObject({ status: "success", value: "ran" });
    expect(agent.inits).toBe(1);
  });
});

describe("an initialisation whose promise rejects", () => {
  it.each([new Error("own"), new AgentUsageError("of another agent")])(
    "with %s is started again",
    async (error) => {
      let inits = 0;
      class Rejecting extends TestAgent {
        protected override initializeImpl(): Promise<void> {
          inits += 1;
          return inits === 1 ? Promise.reject(error) : Promise.resolve();
        }
      }
      const agent = new Rejecting(() => "ran");
      expect(await agent.initializeAsync()).toBe(false);
      expect(await agent.executeAsync({})).toMatchObject({ value: "ran" });
      expect(inits).toBe(2);
    },
  );

  it("after a synchronous caller could not wait fails the next caller, and is started again by the one after", async () => {
    let inits = 0;
    class Rejecting extends TestAgent {
      protected override initializeImpl(): Promise<void> {
        inits += 1;
        return inits === 1 ? Promise.reject(new Error("late")) : Promise.resolve();
      }
    }
    const agent = new Rejecting(() => "ran");
    expect(agent.initialize()).toBe(false);
    expect(await agent.initializeAsync()).toBe(false);
    expect(agent.lastError?.message).toBe("late");
    expect(await agent.initializeAsync()).toBe(true);
    expect(inits).toBe(2);
  });
});

describe("a synchronous execution", () => {
  it("fails clearly where the implementation returns a promise, and no rejection escapes", async () => {
    const agent = new TestAgent(() => Promise.reject(new Error("late")));
    const result = agent.execute({}, { retry: fast });
    expect(result).toMatchObject({ status: "failed", attempts: 1, aborted: false });
    expect(result.status === "failed" && result.error.message).toMatch(/executeAsync/);
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it.each([
    ["an error", new RangeError("far"), { name: "RangeError", message: "far" }],
    ["a string", "just text", { name: "NonError", message: "just text" }],
    ["a record", { code: 7 }, { name: "NonError", message: '{"code":7}' }],
    ["undefined", undefined, { name: "NonError", message: "undefined" }],
    ["an error-like record", { name: "Odd", message: "shaped" }, { name: "Odd", message: "shaped" }],
  ])("keeps %s that was thrown as the cause", (_, thrown, error) => {
    const agent = new TestAgent(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- agents throw anything
      throw thrown;
    });
    const result = agent.execute({});
    expect(result).toMatchObject({ status: "failed", error });
    expect(result.status === "failed" && Object.is(result.cause, thrown)).toBe(true);
  });
});

describe("tasks and values", () => {
  it("are validated by a Standard Schema before the agent's code runs", async () => {
    const agent = new TestAgent((task) => task, {
      taskSchema: z.object({ topic: z.string(), depth: z.coerce.number().default(2) }),
    });
    const bad = agent.execute({ topic: 1 }, { retry: fast });
    expect(bad).toMatchObject({ status: "failed", attempts: 0, error: { name: "TaskValidationError" } });
    expect(bad.status === "failed" && bad.error.message).toContain("topic:");
    expect(agent.calls).toBe(0);
    expect(agent.execute({ topic: "x", depth: "3" })).toMatchObject({ value: { topic: "x", depth: 3 } });
    expect(await agent.executeAsync({ topic: "x" })).toMatchObject({ value: { topic: "x", depth: 2 } });
  });

  it("are not executed where their schema is none", () => {
    const taskSchema = { parse: () => 1 } as unknown as AgentOptions["taskSchema"];
    const result = new TestAgent(() => 1).execute({}, { taskSchema });
    expect(result).toMatchObject({ status: "failed", attempts: 0, error: { name: "AgentUsageError" } });
    expect((result as FailedResult).error.message).toMatch(/^The taskSchema is not a Standard Schema: use/);
  });

  it("are told all that is wrong, and where", () => {
    const validate = () => ({
      issues: [
        { message: "no", path: ["a", { key: 0 }] },
        { message: "empty", path: [] },
        { message: "bare" },
      ],
    });
    const taskSchema = { "~standard": { version: 1, vendor: "test", validate } } as const;
    const result = new TestAgent(() => 1, { taskSchema }).execute({});
    expect(result.status === "failed" && (result.cause as { issues: string[] }).issues).toEqual([
      "a.0: no",
      "empty",
      "bare",
    ]);
  });

  it("may be validated asynchronously", async () => {
    const schema = z.string().refine(async (text) => Promise.resolve(text === "good"));
    const agent = new TestAgent((task) => task, { taskSchema: schema });
    expect(await agent.executeAsync("good")).toMatchObject({ status: "success" });
    expect(await agent.executeAsync("bad")).toMatchObject({ status: "failed" });
  });

  it.each([false, "", 0, null, undefined, Number.NaN])(
    "are no failure where failedWhen says %o",
    (verdict) => {
      expect(new TestAgent(() => 1).execute({}, { failedWhen: () => verdict })).toMatchObject({ value: 1 });
    },
  );

  it.each<[unknown, string]>([
    [true, "The agent returned a value that failedWhen counts as failure."],
    [2, "The agent returned a value that failedWhen counts as failure."],
    [" ", "The agent returned a value that failedWhen counts as failure."],
    [{ code: 1 }, "The agent returned a value that failedWhen counts as failure."],
    ["worded", "worded"],
    [new Error("inner"), "inner"],
  ])("are a failure where failedWhen says %o, with a message", (verdict, message) => {
    const result = new TestAgent(() => 1).execute({}, { failedWhen: () => verdict as string });
    expect(result).toMatchObject({ status: "failed", error: { name: "ReportedFailureError", message } });
  });

  it("that look like failures are flagged, and fail only where failedWhen says so", () => {
    const agent = new TestAgent(() => ({ success: false, error: "no quota" }));
    expect(agent.execute({})).toMatchObject({
      status: "success",
      reportedFailure: "The agent returned an error: no quota",
    });
    const strict = agent.execute({}, { failedWhen: (value) => !(value as { success: boolean }).success });
    expect(strict).toMatchObject({
      status: "failed",
      error: { name: "ReportedFailureError", message: "The agent returned an error: no quota" },
    });
    const later = agent.execute({}, { failedWhen: (() => Promise.reject(new Error("late"))) as () => never });
    expect(later).toMatchObject({ status: "failed", error: { name: "AgentUsageError" } });
    expect(agent.execute({}, { failedWhen: () => "worded" })).toMatchObject({ error: { message: "worded" } });
  });
});

describe("checkpoints of an execution", () => {
  it("come before the agent's code, at its wish, and after success", () => {
    const store = new MemoryCheckpointStore();
    const events: AgentEvent[] = [];
    const agent = new TestAgent(
      (_, context, self) => {
        expect(store.list("test")).toHaveLength(1);
        self.memory.step = 1;
        context.checkpoint("half");
        self.memory.step = 2;
        context.progress("nearly", 0.9);
        return "done";
      },
      { checkpoints: store },
    );
    const result = agent.execute({ q: 1 }, { runId: "run-1", onEvent: (event) => events.push(event) });
    const saved = store.list("test").reverse();
    expect(saved.map(({ label, state }) => [label, state])).toEqual([
      ["started", "busy"],
      ["half", "busy"],
      ["completed", "ready"],
    ]);
    expect(saved.map(({ parentId }) => parentId)).toEqual([null, saved[0]?.id, saved[1]?.id]);
    expect(saved.map(({ id }) => store.load(id)?.context)).toEqual([{}, { step: 1 }, { step: 2 }]);
    expect(store.load(saved[1]?.id ?? "")).toMatchObject({ runId: "run-1", task: { q: 1 } });
    expect(result.checkpointId).toBe(saved[0]?.id);
    expect(events.map(({ type }) => type)).toEqual(["checkpoint", "checkpoint", "progress", "checkpoint"]);
    agent.execute({});
    expect(store.list("test").at(-4)?.parentId).toBe(saved[2]?.id);
  });

  it("are appended by a rollback, which restores the state of the start", () => {
    const store = new MemoryCheckpointStore();
    const agent = new TestAgent(
      (_, __, self) => {
        (self.memory.list as number[]).push(1);
        throw new Error("no");
      },
      { checkpoints: store },
    );
    agent.memory.list = [];
    const result = agent.execute({}, { retry: fast });
    expect(agent.memory).toEqual({ list: [] });
    expect(result).toMatchObject({ status: "failed", attempts: 3 });
    const [newest] = store.list("test");
    expect(newest).toMatchObject({ label: "rollback", state: "error", parentId: result.checkpointId });
  });

  it("restore the newest completed state in a new instance, unless told not to", () => {
    const store = new MemoryCheckpointStore();
    const count: Impl = (_, __, self) => {
      self.memory.count = Number(self.memory.count ?? 0) + 1;
      if (self.memory.count === 3) throw new Error("third");
      return self.memory.count;
    };
    new TestAgent(count, { checkpoints: store }).execute({});
    const second = new TestAgent(count, { checkpoints: store });
    expect(second.execute({})).toMatchObject({ value: 2 });
    expect(second.execute({}).status).toBe("failed");
    const third = new TestAgent(count, { checkpoints: store });
    third.initialize();
    expect(third.memory).toEqual({ count: 2 });
    const fresh = new TestAgent(count);
    expect(fresh.execute({}, { checkpoints: store })).toMatchObject({ value: 1 });
    expect(new TestAgent(count, { checkpoints: store, restore: false }).execute({})).toMatchObject({
      value: 1,
    });
  });

  it("that cannot be written fail the execution before the agent's code runs", () => {
    const store = new MemoryCheckpointStore();
    store.save = () => {
      throw new Error("disk full");
    };
    const agent = new TestAgent(() => 1, { checkpoints: store });
    expect(agent.execute({})).toMatchObject({ status: "failed", error: { message: "disk full" } });
    expect(agent.calls).toBe(0);
  });

  it("that cannot be written at the end leave a success with a warning, and nothing is run twice", () => {
    const store = new MemoryCheckpointStore();
    const save = store.save.bind(store);
    store.save = (draft) => {
      if (draft.label === "completed") throw new Error("disk full");
      return save(draft);
    };
    const agent = new TestAgent(() => 1, { checkpoints: store });
    const result = agent.execute({}, { retry: fast });
    expect(result).toMatchObject({ status: "success", value: 1 });
    expect(result.warnings.join()).toContain("disk full");
    expect(agent.calls).toBe(1);
  });

  it("name what they cannot keep", () => {
    const agent = new TestAgent(() => 1, { checkpoints: new MemoryCheckpointStore() });
    expect(agent.execute({ done: () => 1 }).warnings.join()).toContain("task.done (function)");
  });
});

describe("an abort", () => {
  it("comes by a signal that the agent's code can hand on, whichever it was given", async () => {
    const seen: unknown[] = [];
    const agent = new TestAgent((_, { signal }) => void seen.push(signal, AbortSignal.any([signal])));
    const { signal } = new AbortController();
    for (const options of [{}, { signal }, { signal: { ...neverAborted } }]) {
      expect(await agent.executeAsync({}, options)).toMatchObject({ status: "success" });
    }
    expect(seen[2]).toBe(signal);
    const context = new TestAgent((_, own) => own).execute({}) as SuccessResult<ExecutionContext>;
    expect(context.value.signal).toBe(context.value.signal);
  });

  it("cannot come from what is no signal", async () => {
    const agent = new TestAgent(() => 1);
    for (const signal of [new AbortController(), null, "abort"]) {
      const options = { signal: signal as unknown as AbortSignal };
      expect(() => agent.execute({}, options)).toThrow("give the signal of an AbortController");
      await expect(agent.executeAsync({}, options)).rejects.toThrow(AgentUsageError);
    }
    expect(agent.execute({}).status).toBe("success");
  });

  it("before the start keeps the agent's code from running", async () => {
    const agent = new TestAgent(() => 1);
    const signal = AbortSignal.abort("enough");
    expect(await agent.executeAsync({}, { signal })).toMatchObject({
      status: "failed",
      aborted: true,
      error: { name: "AbortError", message: "The execution was aborted: enough" },
    });
    expect(agent.execute({}, { signal })).toMatchObject({ aborted: true });
    expect(agent.calls).toBe(0);
  });

  it("ends the waiting at once, rolls back, and locks the agent until its code is done", async () => {
    let finish = (): void => undefined;
    const agent = new TestAgent(async (_, __, self) => {
      self.memory.early = true;
      await new Promise<void>((resolve) => (finish = resolve));
      self.memory.late = true;
    });
    const controller = new AbortController();
    const running = agent.executeAsync({}, { signal: controller.signal, retry: fast });
    await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort();
    expect(await running).toMatchObject({ status: "failed", aborted: true, attempts: 1 });
    expect(agent.memory).toEqual({});
    await expect(agent.executeAsync({})).rejects.toThrow(/has not ended/);
    finish();
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(agent.memory).toEqual({});
    void agent.executeAsync({});
    finish();
  });

  it("lets the agent shut down, whose last checkpoint keeps nothing of the aborted work", async () => {
    const store = new MemoryCheckpointStore();
    let finish = (): void => undefined;
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    let stray: Promise<void> | undefined;
    const agent = new TestAgent(
      (_, __, self) => {
        stray = gate.then(() => void (self.memory.late = true));
        return stray.then(() => new Promise<void>((resolve) => (finish = resolve)));
      },
      { checkpoints: store },
    );
    const controller = new AbortController();
    const running = agent.executeAsync({}, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.abort();
    expect(await running).toMatchObject({ aborted: true });
    go();
    await stray;
    expect(agent.memory).toEqual({ late: true });
    expect(() => agent.initialize()).toThrow(/has not ended/);
    expect(await agent.shutdownAsync()).toBe(true);
    expect(agent.state).toBe(AgentState.STOPPED);
    expect(store.latest("test")).toMatchObject({ label: "shutdown", context: {} });
    agent.memory.after = true;
    finish();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(agent.memory).toEqual({ after: true });
  });

  it("of work that ends while the agent shuts down does not end the shutdown", async () => {
    let finish = (): void => undefined;
    let closed = (): void => undefined;
    class Slow extends TestAgent {
      protected override shutdownImpl(): Promise<void> {
        return new Promise((resolve) => (closed = resolve));
      }
    }
    const agent = new Slow(() => new Promise<void>((resolve) => (finish = resolve)));
    const controller = new AbortController();
    const running = agent.executeAsync({}, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.abort();
    await running;
    const shutdown = agent.shutdownAsync();
    finish();
    await new Promise((resolve) => setTimeout(resolve, 0));
    await expect(agent.executeAsync({})).rejects.toThrow(/is shutting down/);
    closed();
    expect(await shutdown).toBe(true);
  });

  it("and a shutdown that fails leave the agent occupied until the aborted work is done", async () => {
    class Unwilling extends TestAgent {
      willing = false;
      protected override shutdownImpl(): void {
        if (!this.willing) throw new Error("not yet");
      }
    }
    let finish = (): void => undefined;
    const agent = new Unwilling(() => new Promise<void>((resolve) => (finish = resolve)));
    const controller = new AbortController();
    const running = agent.executeAsync({}, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.abort();
    await running;
    expect(agent.shutdown()).toBe(false);
    expect(agent.lastError?.message).toBe("not yet");
    await expect(agent.executeAsync({})).rejects.toThrow(/has not ended/);
    finish();
    await new Promise((resolve) => setTimeout(resolve, 0));
    agent.impl = () => 1;
    expect(agent.execute({})).toMatchObject({ value: 1 });
    agent.willing = true;
    expect(agent.shutdown()).toBe(true);
  });

  it("is heard between attempts without a delay", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const agent = new TestAgent(() => {
      throw new Error("again");
    });
    const retry = { attempts: Infinity, baseMs: 0 };
    expect(await agent.executeAsync({}, { signal: controller.signal, retry })).toMatchObject({
      aborted: true,
    });
  });

  it("during the delay before a retry ends it", async () => {
    const controller = new AbortController();
    const agent = new TestAgent(() => {
      throw new Error("again");
    });
    const result = await agent.executeAsync(
      {},
      {
        signal: controller.signal,
        retry: { attempts: 5, baseMs: 60_000 },
        onEvent: () => setTimeout(() => controller.abort(), 1),
      },
    );
    expect(result).toMatchObject({ aborted: true, attempts: 1, error: { name: "AbortError" } });
  });
});

describe("listeners and recorders", () => {
  it("are told fractions from 0 to 1 only", () => {
    const events: AgentEvent[] = [];
    const agent = new TestAgent((_, context) => {
      for (const fraction of [NaN, -1, 0.5, Infinity]) context.progress("x", fraction);
    });
    agent.execute({}, { onEvent: (event) => events.push(event) });
    expect(events.map((event) => event.type === "progress" && event.fraction)).toEqual([
      undefined,
      0,
      0.5,
      1,
    ]);
  });

  it("that throw do not end the execution", () => {
    const agent = new TestAgent((_, context) => {
      context.progress("x");
      throw new Error("own");
    });
    const result = agent.execute(
      {},
      {
        onEvent: () => {
          throw new Error("listener broke");
        },
        errors: {
          recordError: () => {
            throw new Error("recorder broke");
          },
        },
      },
    );
    expect(result).toMatchObject({ status: "failed", error: { message: "own" } });
    expect(result.warnings.join()).toMatch(/listener broke.*recorder broke/);
  });

  it("get each attempt's error, and the signature stands in the result", () => {
    const attempts: unknown[] = [];
    let flushed = 0;
    const agent = new TestAgent(() => {
      throw new Error("x");
    });
    const errors = {
      recordError: (_: unknown, context: { attempt: number }) => `sig${attempts.push(context.attempt)}`,
      flush: () => (flushed += 1),
    };
    const result = agent.execute({}, { retry: fast, errors });
    expect(attempts).toEqual([1, 2, 3]);
    expect(result).toMatchObject({ error: { signature: "sig3" } });
    expect(flushed).toBe(1);
  });
});

describe("async iterables", () => {
  it("are collected, their chunks reported as progress", async () => {
    const messages: unknown[] = [];
    async function* chunks() {
      yield "a";
      await Promise.resolve();
      yield "b";
    }
    const agent = new TestAgent(chunks);
    const result = await agent.executeAsync(
      {},
      { onEvent: (event) => messages.push(event.type === "progress" ? event.message : event.type) },
    );
    expect(result).toMatchObject({ status: "success", value: ["a", "b"], output: { output: ["a", "b"] } });
    expect(messages).toEqual(["a", "b"]);
    expect(agent.execute({})).toMatchObject({ status: "failed", error: { name: "AgentUsageError" } });
  });

  it("are closed where the signal aborts", async () => {
    const controller = new AbortController();
    let closed = false;
    async function* endless() {
      try {
        for (;;) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          yield "tick";
        }
      } finally {
        closed = true;
      }
    }
    const agent = new TestAgent(endless);
    const result = await agent.executeAsync(
      {},
      { signal: controller.signal, onEvent: () => setTimeout(() => controller.abort(), 0) },
    );
    expect(result).toMatchObject({ aborted: true });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(closed).toBe(true);
  });
});

it("says what to override where nothing does the work", () => {
  class Empty extends BaseAgent {}
  const result = new Empty({ name: "e", agentType: "t" }).execute({});
  expect(result.status === "failed" && result.error.message).toBe("Empty does not override executeImpl.");
});

describe("an agent's state", () => {
  it("that cannot be read is executed with all the same, with a warning", () => {
    class Unreadable extends TestAgent {
      protected override snapshot(): unknown {
        throw new Error("locked");
      }
    }
    const result = new Unreadable(() => 1).execute({});
    expect(result).toMatchObject({
      status: "success",
      warnings: ["The agent's state was not kept: locked"],
    });
    const failed = new Unreadable((_, __, self) => {
      self.memory.touched = true;
      throw new Error("x");
    }).execute({});
    expect(failed.warnings.join()).toContain("was not kept");
  });

  it("that holds more than data is rolled back as far as that goes, with a warning", () => {
    const agent = new TestAgent((_, __, self) => {
      self.memory.count = 2;
      throw new Error("x");
    });
    Object.assign(agent.memory, { count: 1, client: new URL("https://example.org") });
    expect(agent.execute({}).warnings).toEqual(["Rolling back leaves client (URL) as it is."]);
    expect(agent.memory.count).toBe(1);
  });

  it("that is no record is not restored", () => {
    const store = new MemoryCheckpointStore();
    class Odd extends TestAgent {
      protected override snapshot(): unknown {
        return ["odd"];
      }
    }
    new Odd(() => 1, { checkpoints: store }).execute({});
    const agent = new TestAgent((_, __, self) => self.memory, { checkpoints: store });
    expect(agent.execute({})).toMatchObject({ value: {} });
  });
});

it("reports progress between 0 and 1, or none", () => {
  const events: AgentEvent[] = [];
  const agent = new TestAgent((_, context) => {
    context.progress();
    context.progress(undefined, 7);
    context.progress("x", -1);
  });
  agent.execute({}, { onEvent: (event) => events.push(event) });
  expect(events).toEqual([
    { type: "progress" },
    { type: "progress", fraction: 1 },
    { type: "progress", message: "x", fraction: 0 },
  ]);
});

it("recognises agents by brand, across copies of the library", () => {
  expect(isAgent(new TestAgent(() => 1))).toBe(true);
  expect(isAgent({ [Symbol.for("opsvi-agents.agent")]: 1 })).toBe(true);
  expect(isAgent({ execute: () => 1 })).toBe(false);
  expect(isAgent(null)).toBe(false);
});

describe("what is shared with an execution", () => {
  const given = (shared?: SharedContext) => {
    const agent = new TestAgent((_, { shared: values }) => [
      values.keys().map(({ key }) => key),
      values.has("notes") ? values.get("notes") : null,
      values.get("plan"),
    ]);
    return agent.execute({}, shared === undefined ? {} : { shared: shared.for("test") });
  };

  it("is what an agent is granted of a shared context", () => {
    const shared = new SharedContext();
    shared.set("plan", { steps: 2 });
    shared.grant({ to: "test" });
    expect(given(shared)).toMatchObject({ status: "success", value: [["plan"], null, { steps: 2 }] });
  });

  it("is nothing where nobody shares", () => {
    expect(given()).toMatchObject({
      status: "failed",
      error: {
        message: 'There is no "plan" in the shared context: nothing is shared with this execution.',
      },
    });
  });
});
