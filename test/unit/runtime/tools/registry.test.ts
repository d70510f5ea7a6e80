import fc from "fast-check";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod";
import { mayRetry } from "../../../../src/runtime/core/retry.ts";
import {
  AgentMetadata,
  AgentUsageError,
  type StandardSchema,
  type ToolCall,
  type ToolCaller,
  ToolParametersError,
  ToolRefusedError,
  ToolRegistry,
  ToolTimeoutError,
} from "../../../../src/runtime/core/index.ts";

const caller = (capabilities: string[] = [], tools?: string[]): ToolCaller => ({
  metadata: { name: "caller", capabilities, tools },
});
const anyone = caller();

function watched(): { registry: ToolRegistry; calls: ToolCall[] } {
  const registry = new ToolRegistry();
  const calls: ToolCall[] = [];
  registry.observe((call) => calls.push(call));
  return { registry, calls };
}

const thrownBy = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
};

/** A promise, and how to settle it. */
function pending<T = unknown>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Validates like any library of Standard Schema, without one. */
const schemaOf = <T>(validate: StandardSchema<T>["~standard"]["validate"]): StandardSchema<T> => ({
  "~standard": { version: 1, vendor: "test", validate },
});

describe("registering tools", () => {
  it("keeps what was said of a tool, sorted by name", () => {
    const registry = new ToolRegistry();
    const parameters = z.object({ q: z.string() });
    const requiredCapabilities = ["net"];
    registry.register("b", () => 1, { description: "B", parameters, requiredCapabilities, timeoutMs: 5 });
    registry.register("a", () => 2);
    requiredCapabilities.push("more");
    expect(registry.list()).toEqual([
      { name: "a", description: "", requiredCapabilities: [], parameters: null, timeoutMs: null },
      { name: "b", description: "B", requiredCapabilities: ["net"], parameters, timeoutMs: 5 },
    ]);
    expect(registry.get("b")?.parameters).toBe(parameters);
    expect(registry.has("b")).toBe(true);
    expect(registry.unregister("b")).toBe(true);
    expect(registry.unregister("b")).toBe(false);
    expect(registry.has("b")).toBe(false);
    expect(registry.get("b")).toBeUndefined();
  });

  it("refuses a name that is taken, unless it is to be replaced", () => {
    const registry = new ToolRegistry();
    registry.register("x", () => "old");
    registry.execute("x", anyone);
    expect(() => registry.register("x", () => "new")).toThrow(
      new AgentUsageError('A tool "x" is registered already: unregister it first, or set replace: true.'),
    );
    expect(registry.execute("x", anyone)).toBe("old");
    registry.register("x", () => "new", { replace: true });
    expect(registry.stats("x").calls).toBe(0);
    expect(registry.execute("x", anyone)).toBe("new");
    expect(registry.stats().calls).toBe(3);
  });

  it.each([
    ["an empty name", (r: ToolRegistry) => r.register(" ", () => 1), "A tool needs a name."],
    ["no name", (r: ToolRegistry) => r.register(7 as never, () => 1), "A tool needs a name."],
    ["no function", (r: ToolRegistry) => r.register("x", "f" as never), 'Tool "x" needs a function.'],
    [
      "no Standard Schema",
      (r: ToolRegistry) => r.register("x", () => 1, { parameters: { type: "object" } as never }),
      'The parameters of tool "x" are not a Standard Schema: use one of zod (3.24 or newer), valibot, arktype or the like.',
    ],
    [
      "no time",
      (r: ToolRegistry) => r.register("x", () => 1, { timeoutMs: 0 }),
      "timeoutMs is a number of milliseconds over 0, not 0.",
    ],
    [
      "a time that is no number",
      (r: ToolRegistry) => r.register("x", () => 1, { timeoutMs: "5" as never }),
      "timeoutMs is a number of milliseconds over 0, not 5.",
    ],
  ])("refuses %s", (_, register, message) => {
    const registry = new ToolRegistry();
    expect(() => register(registry)).toThrow(new AgentUsageError(message));
    expect(registry.list()).toEqual([]);
  });

  it("takes names of prototypes as ordinary names", () => {
    const registry = new ToolRegistry();
    const names = ["__proto__", "constructor", "hasOwnProperty", "toString"];
    for (const name of names) {
      expect(registry.has(name)).toBe(false);
      expect(() => registry.execute(name, anyone)).toThrow(ToolRefusedError);
      registry.register(name, () => name);
      expect(registry.execute(name, caller([], [name]))).toBe(name);
      expect(registry.stats(name)).toMatchObject({ calls: 1, refusals: 0 });
    }
    expect(registry.getToolsForAgent(anyone)).toEqual(names.sort());
  });

  it("infers the parameters from the schema or the function", () => {
    const registry = new ToolRegistry();
    const parameters = z.object({ q: z.string(), limit: z.number().default(10) });
    registry.register(
      "inferred",
      (params) => expectTypeOf(params).toEqualTypeOf<{ q: string; limit: number }>(),
      { parameters },
    );
    registry.register("annotated", ({ q }: { q: string }) => q, { parameters });
    registry.register("alone", ({ q }: { q: string }) => q);
    registry.register("unknown", (params, { signal, agent }) => {
      expectTypeOf(params).toBeUnknown();
      expectTypeOf(signal.aborted).toBeBoolean();
      expectTypeOf(agent).toBeString();
    });
    // @ts-expect-error -- the schema gives no such thing
    registry.register("wrong", ({ q }: { q: number }) => q, { parameters });
    expect(registry.list()).toHaveLength(5);
  });
});

describe("who may call", () => {
  it("is decided at the call, not before", () => {
    const registry = new ToolRegistry();
    registry.register("search", () => "found", { requiredCapabilities: ["net", "read"] });
    const capabilities = ["net"];
    const agent = caller(capabilities);
    expect(() => registry.execute("search", agent)).toThrow(
      'Agent "caller" cannot call tool "search": it needs the capabilities "read", which the agent lacks.',
    );
    capabilities.push("read");
    expect(registry.execute("search", agent)).toBe("found");
    capabilities.length = 0;
    expect(() => registry.execute("search", agent)).toThrow('"net", "read"');
    expect(registry.refusalFor("search", agent)).toBe(
      'it needs the capabilities "net", "read", which the agent lacks',
    );
    expect(registry.refusalFor("nothing", agent)).toBe("no tool of that name is registered");
  });

  it("refuses tools that an agent does not declare, where it declares any", () => {
    const registry = new ToolRegistry();
    registry.register("a", () => 1);
    registry.register("b", () => 2);
    expect(registry.execute("a", caller([], ["a"]))).toBe(1);
    expect(() => registry.execute("b", caller([], ["a"]))).toThrow(
      'Agent "caller" cannot call tool "b": the agent\'s metadata declares tools, but not this one.',
    );
    expect(() => registry.execute("a", caller([], []))).toThrow(ToolRefusedError);
  });

  it("asks for declaration and capabilities both", () => {
    const registry = new ToolRegistry();
    registry.register("a", () => 1, { requiredCapabilities: ["net"] });
    expect(thrownBy(() => registry.execute("a", caller([], ["a"])))).toMatchObject({ reason: "capability" });
    expect(thrownBy(() => registry.execute("a", caller(["net"], [])))).toMatchObject({
      reason: "undeclared",
    });
    expect(registry.execute("a", caller(["net"], ["a"]))).toBe(1);
  });

  it("throws an error that is never retried and records the refusal", async () => {
    const { registry, calls } = watched();
    const code = vi.fn();
    registry.register("a", code, { requiredCapabilities: ["net"] });
    const error = thrownBy(() => registry.execute("a", anyone));
    expect(error).toBeInstanceOf(ToolRefusedError);
    expect(error).toMatchObject({
      name: "PermissionError",
      tool: "a",
      agent: "caller",
      reason: "capability",
    });
    expect(mayRetry(error)).toBe(false);
    await expect(registry.executeAsync("nothing", anyone)).rejects.toThrow(
      'Agent "caller" cannot call tool "nothing": no tool of that name is registered; the registered tools are "a".',
    );
    expect(code).not.toHaveBeenCalled();
    expect(registry.stats("a")).toMatchObject({ calls: 0, failures: 0, refusals: 1 });
    expect(registry.stats()).toMatchObject({ calls: 0, failures: 0, refusals: 2 });
    expect(registry.refusals()).toEqual([
      { tool: "a", agent: "caller", reason: "capability", time: expect.any(Number) as number },
      { tool: "nothing", agent: "caller", reason: "unknown", time: expect.any(Number) as number },
    ]);
    expect(calls).toMatchObject([
      {
        tool: "a",
        agent: "caller",
        ok: false,
        refused: "capability",
        durationMs: 0,
        error: { name: "PermissionError" },
      },
      { tool: "nothing", ok: false, refused: "unknown" },
    ]);
  });

  it("names what there is to an agent that calls what there is not, at most ten", () => {
    const registry = new ToolRegistry();
    const refusal = () => String(thrownBy(() => registry.execute("nothing", anyone)));
    expect(refusal()).toMatch(/: no tool of that name is registered, nor any other\.$/);
    const names = Array.from({ length: 10 }, (_, i) => `t${i}`);
    for (const name of [...names].reverse()) registry.register(name, () => 1);
    const ten = names.map((name) => `"${name}"`).join(", ");
    expect(refusal().endsWith(`; the registered tools are ${ten}.`)).toBe(true);
    registry.register("t99", () => 1);
    expect(refusal().endsWith(`; the registered tools are ${ten} and 1 more.`)).toBe(true);
  });

  it("keeps the last hundred refusals", () => {
    const registry = new ToolRegistry();
    for (let i = 0; i < 250; i += 1) thrownBy(() => registry.execute(`tool ${i}`, anyone));
    expect(registry.refusals().map(({ tool }) => tool)).toEqual(
      Array.from({ length: 100 }, (_, i) => `tool ${i + 150}`),
    );
    expect(registry.stats().refusals).toBe(250);
  });

  it("lists what an agent may call exactly as it is decided", () => {
    const names = fc.subarray(["a", "b", "c"]);
    fc.assert(
      fc.property(names, names, fc.option(names), (required, has, declared) => {
        const registry = new ToolRegistry();
        for (const name of ["c", "a", "b"]) {
          registry.register(name, () => name, {
            requiredCapabilities: required.includes(name) ? [name] : [],
          });
        }
        const agent = caller(has, declared ?? undefined);
        const open = ["a", "b", "c"].filter((name) => {
          try {
            return registry.execute(name, agent) === name;
          } catch {
            return false;
          }
        });
        expect(registry.getToolsForAgent(agent)).toEqual(open);
        expect(registry.describe(agent).map(({ name }) => name)).toEqual(open);
        const unrefused = ["a", "b", "c"].filter((name) => registry.refusalFor(name, agent) === null);
        expect(unrefused).toEqual(open);
      }),
    );
  });

  it("takes the metadata of an agent, and says so where there is none", () => {
    const registry = new ToolRegistry();
    registry.register("a", () => 1);
    const metadata = new AgentMetadata({ name: "m", agentType: "unit" });
    expect(registry.execute("a", { metadata })).toBe(1);
    for (const nobody of [{}, { metadata: {} }, { metadata: { name: "x" } }]) {
      expect(() => registry.execute("a", nobody as never)).toThrow(
        new AgentUsageError("Tools are called for an agent: give one, with its metadata."),
      );
    }
    expect(() => registry.getToolsForAgent({} as never)).toThrow(AgentUsageError);
    expect(registry.stats()).toMatchObject({ calls: 1, refusals: 0 });
  });
});

describe("parameters", () => {
  it("reach the tool as the schema parsed them, in both variants", async () => {
    const registry = new ToolRegistry();
    registry.register("add", ({ a, b }: { a: number; b: number }) => a + b, {
      parameters: z.object({ a: z.coerce.number(), b: z.number().default(1) }),
    });
    expect(registry.execute("add", anyone, { a: "41" })).toBe(42);
    await expect(registry.executeAsync("add", anyone, { a: "1", b: 2 })).resolves.toBe(3);
  });

  it("that do not fit fail before the tool's code runs, with all that is wrong", async () => {
    const { registry, calls } = watched();
    const code = vi.fn();
    registry.register("t", code, {
      parameters: z.object({ a: z.number(), deep: z.object({ b: z.string() }) }),
    });
    const error = thrownBy(() => registry.execute("t", anyone, { a: "x", deep: {} }));
    expect(error).toBeInstanceOf(ToolParametersError);
    expect(error).toMatchObject({ name: "ValidationError", tool: "t" });
    const { issues, message } = error as ToolParametersError;
    expect(issues).toHaveLength(2);
    expect(issues[0]).toMatch(/^a: /);
    expect(issues[1]).toMatch(/^deep\.b: /);
    expect(message).toBe(`The parameters are not what tool "t" takes: ${issues.join("; ")}.`);
    expect(mayRetry(error)).toBe(false);
    await expect(registry.executeAsync("t", anyone)).rejects.toBeInstanceOf(ToolParametersError);
    expect(code).not.toHaveBeenCalled();
    expect(registry.stats("t")).toMatchObject({ calls: 2, failures: 2, running: 0, maxMs: 0 });
    expect(calls).toMatchObject([
      { ok: false, durationMs: 0, error: { name: "ValidationError" } },
      { ok: false, durationMs: 0 },
    ]);
    expect(calls[0]).not.toHaveProperty("refused");
  });

  it("validated asynchronously need executeAsync", async () => {
    const registry = new ToolRegistry();
    const validate = (value: unknown) =>
      typeof value === "string" ? Promise.resolve({ value }) : Promise.reject(new Error("broken schema"));
    registry.register("t", (text: string) => text.length, { parameters: schemaOf<string>(validate) });
    expect(() => registry.execute("t", anyone, 5)).toThrow(
      new AgentUsageError('The parameters of tool "t" are validated asynchronously: use executeAsync().'),
    );
    await expect(registry.executeAsync("t", anyone, "four")).resolves.toBe(4);
    await expect(registry.executeAsync("t", anyone, 5)).rejects.toThrow("broken schema");
    expect(registry.stats("t")).toMatchObject({ calls: 3, failures: 2, running: 0 });
  });

  it("are passed as they are where there is no schema", () => {
    const registry = new ToolRegistry();
    const params = { a: Symbol("untouched") };
    registry.register("t", (given) => given);
    expect(registry.execute("t", anyone, params)).toBe(params);
    expect(registry.execute("t", anyone)).toBeUndefined();
  });
});

describe("execute", () => {
  it("answers with what the tool returns and passes on what it throws", () => {
    const { registry, calls } = watched();
    const thrown = Object.freeze({ odd: true });
    registry.register("fine", () => "fine");
    registry.register("broken", () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- anything can be thrown
      throw thrown;
    });
    expect(registry.execute("fine", anyone)).toBe("fine");
    expect(thrownBy(() => registry.execute("broken", anyone))).toBe(thrown);
    expect(registry.stats("broken")).toMatchObject({ calls: 1, failures: 1, running: 0 });
    expect(registry.stats()).toMatchObject({ calls: 2, failures: 1, running: 0 });
    expect(calls).toMatchObject([
      { tool: "fine", ok: true },
      { tool: "broken", ok: false, error: { name: "NonError", message: '{"odd":true}' } },
    ]);
    expect(calls[0]).not.toHaveProperty("error");
  });

  it("counts a promise when it settles and returns that very promise", async () => {
    const { registry, calls } = watched();
    const good = pending();
    const bad = pending();
    registry.register("t", (which: { promise: Promise<unknown> }) => which.promise);
    const returned = registry.execute("t", anyone, good);
    expect(returned).toBe(good.promise);
    void Promise.resolve(registry.execute("t", anyone, bad)).catch(() => undefined);
    expect(registry.stats("t")).toMatchObject({ calls: 0, running: 2 });
    expect(calls).toEqual([]);
    good.resolve(1);
    await returned;
    expect(registry.stats("t")).toMatchObject({ calls: 1, failures: 0, running: 1 });
    bad.reject(new Error("late"));
    await bad.promise.catch(() => undefined);
    expect(registry.stats("t")).toMatchObject({ calls: 2, failures: 1, running: 0 });
    expect(calls).toMatchObject([{ ok: true }, { ok: false, error: { message: "late" } }]);
  });

  it("leaves other thenables to the caller: their work may begin with each then", async () => {
    const registry = new ToolRegistry();
    const work = vi.fn((fulfilled: (value: number) => void) => fulfilled(7));
    registry.register("query", () => ({ then: work }));
    const query = registry.execute("query", anyone) as PromiseLike<number>;
    expect(work).not.toHaveBeenCalled();
    expect(registry.stats("query")).toMatchObject({ calls: 1, running: 0 });
    expect(await query).toBe(7);
    await expect(registry.executeAsync("query", anyone)).resolves.toBe(7);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it("tells the tool who calls and with which signal, and gives it no this", () => {
    const registry = new ToolRegistry();
    const seen: unknown[] = [];
    registry.register("t", function (this: unknown, _params: unknown, context) {
      seen.push(this, context.agent, context.signal);
    });
    const { signal } = new AbortController();
    registry.execute("t", anyone, null, { signal });
    registry.execute("t", anyone, null);
    expect(seen).toEqual([undefined, "caller", signal, undefined, "caller", expect.anything()]);
    expect((seen[5] as AbortSignal).aborted).toBe(false);
  });

  it("tells the tool a signal that can be handed on, also where there is none", async () => {
    const registry = new ToolRegistry();
    registry.register("t", (_params, { signal }) => AbortSignal.any([signal]).aborted);
    expect(registry.execute("t", anyone)).toBe(false);
    await expect(registry.executeAsync("t", anyone)).resolves.toBe(false);
  });

  it("does not take a text for a list of capabilities", () => {
    const options = { requiredCapabilities: "web" as unknown as string[] };
    expect(() => new ToolRegistry().register("t", () => 1, options)).toThrow(
      'The requiredCapabilities of tool "t" are a list of names.',
    );
  });

  it("does not begin where the signal has aborted", async () => {
    const registry = new ToolRegistry();
    const code = vi.fn();
    registry.register("t", code);
    const signal = AbortSignal.abort("enough");
    expect(thrownBy(() => registry.execute("t", anyone, null, { signal }))).toMatchObject({
      name: "AbortError",
      message: "The execution was aborted: enough",
    });
    await expect(registry.executeAsync("t", anyone, null, { signal })).rejects.toThrow("enough");
    expect(code).not.toHaveBeenCalled();
    expect(registry.stats("t")).toMatchObject({ calls: 2, failures: 2, running: 0 });
  });

  it("may call tools, register and unregister from within a tool", () => {
    const registry = new ToolRegistry();
    registry.register("inner", () => 1);
    registry.register("outer", () => {
      registry.unregister("outer");
      registry.register("outer", () => "another");
      return registry.execute("inner", anyone);
    });
    expect(registry.execute("outer", anyone)).toBe(1);
    expect(registry.execute("outer", anyone)).toBe("another");
    expect(registry.stats("outer")).toMatchObject({ calls: 1, running: 0 });
    expect(registry.stats()).toMatchObject({ calls: 3, running: 0 });
  });
});

describe("executeAsync", () => {
  it("takes sync and async tools", async () => {
    const { registry, calls } = watched();
    registry.register("now", () => 1);
    registry.register("later", () => Promise.resolve(2));
    registry.register("thrown", () => {
      throw new Error("at once");
    });
    registry.register("rejected", () => Promise.reject(new Error("later")));
    expect(await Promise.all(["now", "later"].map((name) => registry.executeAsync(name, anyone)))).toEqual([
      1, 2,
    ]);
    await expect(registry.executeAsync("thrown", anyone)).rejects.toThrow("at once");
    await expect(registry.executeAsync("rejected", anyone)).rejects.toThrow("later");
    expect(registry.stats()).toMatchObject({ calls: 4, failures: 2, running: 0 });
    expect(calls.map(({ tool, ok }) => [tool, ok])).toEqual([
      ["now", true],
      ["later", true],
      ["thrown", false],
      ["rejected", false],
    ]);
  });

  it("ends the waiting when the signal aborts, tells the tool, and counts it as running until it ends", async () => {
    const { registry, calls } = watched();
    const work = pending();
    const given: { aborted: boolean; reason?: unknown }[] = [];
    registry.register("t", (_params, { signal }) => {
      given.push(signal);
      return work.promise;
    });
    const controller = new AbortController();
    const answer = registry.executeAsync("t", anyone, null, { signal: controller.signal });
    await vi.waitUntil(() => registry.stats("t").running === 1);
    controller.abort("changed my mind");
    await expect(answer).rejects.toMatchObject({
      name: "AbortError",
      message: "The execution was aborted: changed my mind",
    });
    expect(given[0]).toMatchObject({ aborted: true, reason: { name: "AbortError" } });
    expect(registry.stats("t")).toMatchObject({ calls: 1, failures: 1, running: 1 });
    work.reject(new Error("nobody waits"));
    await vi.waitUntil(() => registry.stats("t").running === 0);
    expect(registry.stats("t")).toMatchObject({ calls: 1, failures: 1 });
    expect(calls).toHaveLength(1);
  });

  it("leaves nothing on the signal", async () => {
    const registry = new ToolRegistry();
    registry.register("t", () => Promise.resolve(1));
    const { signal } = new AbortController();
    const listening = new Set<unknown>();
    const counted = {
      aborted: false,
      addEventListener: (type: "abort", listener: () => void) => {
        listening.add(listener);
        signal.addEventListener(type, listener);
      },
      removeEventListener: (type: "abort", listener: () => void) => {
        listening.delete(listener);
        signal.removeEventListener(type, listener);
      },
    };
    const answer = registry.executeAsync("t", anyone, null, { signal: counted });
    expect(listening.size).toBe(1);
    await answer;
    expect(listening.size).toBe(0);
  });

  it("ends the waiting when the time is over: the tool's, or the call's", async () => {
    vi.useFakeTimers();
    try {
      const registry = new ToolRegistry();
      const signals: { aborted: boolean; reason?: unknown }[] = [];
      registry.register(
        "slow",
        (_params, { signal }) => {
          signals.push(signal);
          return new Promise<never>(() => undefined);
        },
        { timeoutMs: 1000 },
      );
      const answers = [
        registry.executeAsync("slow", anyone),
        registry.executeAsync("slow", anyone, null, { timeoutMs: 50 }),
        registry.executeAsync("slow", anyone, null, {
          timeoutMs: Infinity,
          signal: new AbortController().signal,
        }),
      ];
      const settled = vi.fn();
      answers.forEach((answer) => void answer.catch(settled));
      await vi.advanceTimersByTimeAsync(999);
      expect(settled).toHaveBeenCalledTimes(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(settled.mock.calls).toMatchObject([
        [{ name: "TimeoutError", tool: "slow", timeoutMs: 50 }],
        [{ message: 'Tool "slow" did not answer within 1000 ms.' }],
      ]);
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
      expect(signals[0]?.reason).toBeInstanceOf(ToolTimeoutError);
      expect(mayRetry(signals[0]?.reason)).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
      expect(registry.stats("slow")).toMatchObject({ calls: 2, failures: 2, running: 3 });
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps no timer once the tool has answered", async () => {
    vi.useFakeTimers();
    try {
      const registry = new ToolRegistry();
      registry.register("t", () => 1, { timeoutMs: 1e12 });
      await expect(registry.executeAsync("t", anyone)).resolves.toBe(1);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("does not begin where the signal aborts while the parameters are validated", async () => {
    const registry = new ToolRegistry();
    const validated = pending<{ value: string }>();
    const code = vi.fn();
    registry.register("t", code, { parameters: schemaOf<string>(() => validated.promise) });
    const controller = new AbortController();
    const answer = registry.executeAsync("t", anyone, "x", { signal: controller.signal });
    controller.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    validated.resolve({ value: "x" });
    await validated.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(code).not.toHaveBeenCalled();
    expect(registry.stats("t").running).toBe(0);
  });

  it("refuses a time that is none", async () => {
    const registry = new ToolRegistry();
    registry.register("t", () => 1);
    await expect(registry.executeAsync("t", anyone, null, { timeoutMs: NaN })).rejects.toBeInstanceOf(
      AgentUsageError,
    );
  });
});

describe("what is told of calls", () => {
  it("has percentiles of what the clock showed", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const registry = new ToolRegistry();
      registry.register("t", (ms: number) => void vi.advanceTimersByTime(ms));
      for (let ms = 1; ms <= 100; ms += 1) registry.execute("t", anyone, ms);
      const { p50Ms, p95Ms, p99Ms, meanMs, maxMs } = registry.stats("t");
      expect(Math.abs(p50Ms - 50)).toBeLessThanOrEqual(0.5);
      expect(Math.abs(p95Ms - 95)).toBeLessThanOrEqual(0.95);
      expect(Math.abs(p99Ms - 99)).toBeLessThanOrEqual(0.99);
      expect(meanMs).toBeCloseTo(50.5, 6);
      expect(maxMs).toBe(100);
    } finally {
      vi.useRealTimers();
    }
  });

  it("measures with Date where there is no finer clock", () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.stubGlobal("performance", undefined);
    try {
      const { registry, calls } = watched();
      registry.register("t", () => void vi.setSystemTime(Date.now() + 30));
      registry.register("back", () => void vi.setSystemTime(Date.now() - 30));
      registry.execute("t", anyone);
      registry.execute("back", anyone);
      expect(calls.map(({ durationMs }) => durationMs)).toEqual([30, 0]);
    } finally {
      vi.unstubAllGlobals();
      vi.useRealTimers();
    }
  });

  it("reaches every listener until it is taken away, whatever others throw", async () => {
    const registry = new ToolRegistry();
    registry.register("t", () => 1);
    const told: string[] = [];
    registry.observe(() => {
      throw new Error("broken listener");
    });
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- what users do
    registry.observe(() => Promise.reject(new Error("broken later")));
    const same = () => void told.push("same");
    const off = registry.observe(same);
    registry.observe(same);
    const offSelf = registry.observe(() => {
      told.push("once");
      offSelf();
      offNext();
    });
    const offNext = registry.observe(() => void told.push("never"));
    expect(registry.execute("t", anyone)).toBe(1);
    off();
    off();
    expect(registry.execute("t", anyone)).toBe(1);
    expect(told).toEqual(["same", "same", "once", "same"]);
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("keeps the counts of all calls when a tool goes, and not its own", async () => {
    const registry = new ToolRegistry();
    const work = pending();
    registry.register("t", () => work.promise);
    const answer = registry.execute("t", anyone);
    registry.unregister("t");
    expect(() => registry.stats("t")).toThrow(new AgentUsageError('No tool "t" is registered.'));
    work.resolve(1);
    await answer;
    expect(registry.stats()).toMatchObject({ calls: 1, running: 0 });
  });
});

describe("the description for prompts", () => {
  it("is plain data, with JSON Schema where the schema can tell it", () => {
    const registry = new ToolRegistry();
    registry.register("search", () => 1, {
      description: "Searches.",
      requiredCapabilities: ["net"],
      parameters: z.object({ q: z.string().describe("What for"), limit: z.number().default(5) }),
    });
    registry.register("date", () => 1, { parameters: z.date() });
    registry.register("other", () => 1, { parameters: schemaOf((value) => ({ value })) });
    registry.register("plain", () => 1);
    const described = registry.describe();
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
    expect(described).toMatchObject([
      { name: "date", description: "", requiredCapabilities: [] },
      { name: "other" },
      { name: "plain" },
      {
        name: "search",
        description: "Searches.",
        requiredCapabilities: ["net"],
        parameters: {
          type: "object",
          properties: { q: { type: "string", description: "What for" } },
          required: ["q"],
        },
      },
    ]);
    for (const without of described.slice(0, 3)) expect(without).not.toHaveProperty("parameters");
  });
});
