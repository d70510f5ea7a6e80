import { describe, expect, it } from "vitest";
import {
  type AgentEvent,
  type AgentObserver,
  type ExecutionContext,
  MemoryCheckpointStore,
  type Usage,
} from "../../../../src/runtime/index.ts";
import { fast, TestAgent } from "./testAgent.ts";

/** Keeps what it is told as short lines. */
function noting(): AgentObserver & { lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    onEvent: (event, agent) => lines.push(`${agent.name} ${event.type}`),
    onResult: (result, agent) => lines.push(`${agent.name} ${result.status}`),
    onState: (state, previous, agent) => lines.push(`${agent.name} ${previous} → ${state}`),
  };
}

describe("observers", () => {
  it("are told states, events and results in order, from the constructor, the call, or observe()", () => {
    const [own, ofCall, added] = [noting(), noting(), noting()];
    const agent = new TestAgent((_, context) => context.progress("x"), { observers: [own] });
    const off = agent.observe(added);
    agent.execute({}, { observers: [ofCall] });
    const first = ["created → ready", "ready → busy", "progress", "busy → ready", "success"];
    expect(own.lines).toEqual(first.map((line) => `test ${line}`));
    expect(added.lines).toEqual(own.lines);
    expect(ofCall.lines).toEqual(own.lines);
    off();
    off();
    agent.impl = () => {
      throw new Error("x");
    };
    agent.execute({});
    agent.shutdown();
    expect(own.lines.slice(first.length)).toEqual([
      "test ready → busy",
      "test busy → error",
      "test failed",
      "test error → stopped",
    ]);
    expect(added.lines).toHaveLength(first.length);
    expect(ofCall.lines).toHaveLength(first.length);
  });

  it("are told of executions that never start", () => {
    const observer = noting();
    const agent = new TestAgent(() => 1, { observers: [observer] });
    agent.execute({}, { signal: AbortSignal.abort() });
    expect(agent.state).toBe("created");
    agent.execute({}, { resume: "x" });
    expect(observer.lines).toEqual(["test failed", "test created → error", "test failed"]);
  });

  it("that throw become warnings, each told once, and others are told all the same", () => {
    const broken: AgentObserver = {
      onEvent: () => {
        throw new Error("event");
      },
      onState: (state) => {
        throw new Error(state);
      },
      onResult: () => {
        throw new Error("result");
      },
    };
    const observer = noting();
    const agent = new TestAgent(
      (_, context) => {
        context.progress("1");
        context.progress("2");
      },
      { observers: [broken, observer] },
    );
    const result = agent.execute({});
    expect(result).toMatchObject({ status: "success" });
    expect(result.warnings.map((warning) => warning.replace("An observer failed: ", ""))).toEqual([
      "ready",
      "busy",
      "event",
      "ready",
      "result",
    ]);
    expect(observer.lines).toHaveLength(6);
    expect(agent.shutdown()).toBe(true);
    expect(new TestAgent(() => 1, { observers: [broken] }).initialize()).toBe(true);
    const unable = new TestAgent(() => 1, { observers: [broken], checkpoints: new MemoryCheckpointStore() });
    expect(unable.execute({}, { resume: "x" }).warnings).toHaveLength(2);
  });

  it("that are async and reject end nothing", async () => {
    const rejecting: AgentObserver = {
      onEvent: () => Promise.reject(new Error("event")) as unknown as undefined,
      onState: (state) => Promise.reject(new Error(state)) as unknown as undefined,
      onResult: () => Promise.reject(new Error("result")) as unknown as undefined,
    };
    const unhandled: unknown[] = [];
    const keep = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", keep);
    try {
      const agent = new TestAgent(
        async (_, context) => {
          context.progress("1");
          await new Promise(setImmediate);
        },
        { observers: [rejecting] },
      );
      const errors = {
        recordError: () => Promise.reject(new Error("recorder")) as unknown as string,
      };
      const onEvent = () => Promise.reject(new Error("listener")) as unknown as undefined;
      const result = await agent.executeAsync({}, { onEvent });
      expect(result.status).toBe("success");
      expect(result.warnings).toEqual(
        expect.arrayContaining(["An observer failed: event", "A listener failed: listener"]),
      );
      agent.impl = () => {
        throw new Error("x");
      };
      expect(await agent.executeAsync({}, { errors })).toMatchObject({
        error: { name: "Error", message: "x" },
      });
      await new Promise(setImmediate);
    } finally {
      process.off("unhandledRejection", keep);
    }
    expect(unhandled).toEqual([]);
  });

  it("may leave while they are told, and cannot use the agent meanwhile", () => {
    const observer = noting();
    const agent = new TestAgent(() => 1);
    const off = agent.observe({
      onState: () => off(),
      onResult: () => void agent.execute({}),
    });
    agent.observe({ onResult: () => void agent.execute({}) });
    agent.observe(observer);
    const result = agent.execute({});
    expect(result.warnings.join()).toMatch(/is executing/);
    expect(observer.lines).toHaveLength(4);
  });

  it("can be added twice and taken away one by one", () => {
    const observer = noting();
    const agent = new TestAgent(() => 1);
    const [off] = [agent.observe(observer), agent.observe(observer)];
    agent.initialize();
    off();
    agent.execute({});
    expect(observer.lines).toHaveLength(2 + 3);
  });
});

describe("usage", () => {
  it("is totalled over all attempts, told as events, and part of both results", () => {
    const events: AgentEvent[] = [];
    const agent = new TestAgent((_, context) => {
      context.usage({ tokens: 10, cost: 0.5 });
      context.usage({ tokens: 1 });
      context.usage({});
      if (context.attempt < 3) throw new Error("again");
    });
    const options = { retry: fast, onEvent: (event: AgentEvent) => events.push(event) };
    expect(agent.execute({}, options)).toMatchObject({ usage: { tokens: 33, cost: 1.5 } });
    expect(events.filter(({ type }) => type === "usage").slice(0, 3)).toEqual([
      { type: "usage", tokens: 10, cost: 0.5 },
      { type: "usage", tokens: 1, cost: 0 },
      { type: "usage", tokens: 0, cost: 0 },
    ]);
    const failed = agent.execute({}, { retry: { attempts: 2, baseMs: 0 } });
    expect(failed).toMatchObject({ status: "failed", usage: { tokens: 22, cost: 1 } });
    agent.impl = () => 1;
    expect(agent.execute({})).toMatchObject({ usage: { tokens: 0, cost: 0 } });
    expect(agent.execute({}, { resume: "x" })).toMatchObject({ usage: { tokens: 0, cost: 0 } });
  });

  it("is passed on from the events of another agent", () => {
    const inner = new TestAgent((_, context) => context.usage({ tokens: 3, cost: 1 }), {}, { name: "inner" });
    const outer = new TestAgent((_, context) => {
      inner.execute({}, { onEvent: (event) => event.type === "usage" && context.usage(event) });
    });
    expect(outer.execute({})).toMatchObject({ warnings: [], usage: { tokens: 3, cost: 1 } });
  });

  it.each<[unknown, RegExp]>([
    [{ tokens: Number.NaN }, /tokens is NaN/],
    [{ cost: -1 }, /cost is -1/],
    [{ tokens: Infinity }, /tokens is Infinity/],
    [{ cost: "1" }, /cost is 1/],
    [{ token: 3 }, /with tokens and cost, each a number or left out, and not "token"\.$/],
    [{ tokens: 3, costs: 1 }, /with tokens and cost, .* and not "costs"\.$/],
    [3, /with tokens and cost, .* and not 3\.$/],
    [null, /with tokens and cost, .* and not null\.$/],
    [[3], /with tokens and cost, .* and not a list\.$/],
  ])("cannot be %j", (consumed, message) => {
    const agent = new TestAgent((_, context) => context.usage(consumed as Partial<Usage>));
    const result = agent.execute({}, { retry: fast });
    expect(result).toMatchObject({ status: "failed", attempts: 1, usage: { tokens: 0, cost: 0 } });
    expect(result.status === "failed" && result.error).toMatchObject({ name: "AgentUsageError" });
    expect(result.status === "failed" && result.error.message).toMatch(message);
  });
});

it("tells nothing of an execution that has ended, and makes no checkpoint of it", () => {
  const store = new MemoryCheckpointStore();
  const observer = noting();
  let late: ExecutionContext | undefined;
  const agent = new TestAgent((_, context) => void (late = context), { checkpoints: store });
  const result = agent.execute({});
  agent.observe(observer);
  const before = store.list("test").length;
  late?.progress("late");
  late?.usage({ tokens: 1 });
  expect(() => late?.checkpoint("late")).toThrow(/after the execution had ended/);
  expect(observer.lines).toEqual([]);
  expect(store.list("test")).toHaveLength(before);
  expect(result.usage.tokens).toBe(0);
});
