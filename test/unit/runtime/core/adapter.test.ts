import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
/* eslint-disable @typescript-eslint/no-implied-eval -- parameter names are made at random */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AdapterOptions,
  AgentUsageError,
  BaseAgent,
  MemoryCheckpointStore,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";

const adapt = <T extends object>(
  legacy: T,
  options: Partial<ConstructorParameters<typeof UniversalAgentAdapter>[1]> = {},
) => new UniversalAgentAdapter(legacy, { agentType: "unit", ...options });

describe("an adapter leaves the legacy agent as it is", () => {
  it("and is a BaseAgent around the original object", () => {
    class ResearchAgent {
      run(task: unknown): unknown {
        return task;
      }
    }
    const legacy = new ResearchAgent();
    const adapter = adapt(legacy);
    expect(adapter).toBeInstanceOf(BaseAgent);
    expect(adapter.legacy).toBe(legacy);
    expect(adapter.legacy).toBeInstanceOf(ResearchAgent);
    expect(adapter.metadata).toMatchObject({ name: "ResearchAgent", capabilities: ["task_execution"] });
    expect(adapt({ run: () => 1 }).metadata.name).toBe("Agent");
    expect(adapt(legacy, { name: "mine", capabilities: ["x"] }).metadata).toMatchObject({ name: "mine" });
  });

  it("calls it once, with its own this, and hands out the very object it returned", () => {
    const returned = { fine: true, self: null as unknown };
    const legacy = {
      calls: [] as unknown[][],
      execute(...args: unknown[]) {
        this.calls.push(args);
        return returned;
      },
    };
    const task = { q: 1 };
    const result = adapt(legacy).execute(task);
    expect(result.status === "success" && Object.is(result.value, returned)).toBe(true);
    expect(legacy.calls).toHaveLength(1);
    expect(legacy.calls[0]?.[0]).toBe(task);
  });

  it("gives what it threw as the cause", async () => {
    const thrown = { odd: true };
    const legacy = {
      calls: 0,
      run(): never {
        this.calls += 1;
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- agents throw anything
        throw thrown;
      },
    };
    const result = adapt(legacy).execute("x");
    expect(result.status === "failed" && Object.is(result.cause, thrown)).toBe(true);
    const rejecting = { run: () => Promise.reject(new Error("later")) };
    expect(await adapt(rejecting).executeAsync("x")).toMatchObject({ error: { message: "later" } });
  });

  it("keeps private fields, getters, symbols and inherited methods working", () => {
    const key = Symbol("key");
    class Base {
      #secret = 20;
      [key](): number {
        return this.#secret;
      }
      get factor(): number {
        return 2;
      }
      processRequest(task: { plus: number }): number {
        return this[key]() * this.factor + task.plus;
      }
    }
    class Derived extends Base {}
    expect(adapt(new Derived()).execute({ plus: 2 })).toMatchObject({ value: 42 });
  });

  it("triggers no getter while it looks for methods", () => {
    let read = 0;
    class Lazy {
      get client(): unknown {
        read += 1;
        return null;
      }
      get execute(): string {
        read += 1;
        return "not a method";
      }
      run(): string {
        return "ran";
      }
    }
    expect(adapt(new Lazy()).execute({})).toMatchObject({ value: "ran" });
    expect(read).toBe(0);
  });

  it("takes a method behind a getter, or made up by a proxy, where there is no other", () => {
    class Behind {
      get run(): (task: string) => string {
        return (task) => `got ${task}`;
      }
    }
    expect(adapt(new Behind()).execute("it")).toMatchObject({ value: "got it" });
    const proxy = new Proxy(
      {},
      {
        get: (_, name) => (name === "invoke" ? (task: string) => `proxied ${task}` : undefined),
      },
    );
    expect(adapt(proxy).execute("it")).toMatchObject({ value: "proxied it" });
  });

  it("calls through a proxy, so that its traps see the call", () => {
    const seen: PropertyKey[] = [];
    class Plain {
      name = "p";
      run(): string {
        return this.name;
      }
    }
    const proxy = new Proxy(new Plain(), {
      get: (target, name, receiver) => {
        seen.push(name);
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    expect(adapt(proxy).execute({})).toMatchObject({ value: "p" });
    expect(seen).toContain("name");
  });

  it("refuses what is no object, and says what an object without a method has", () => {
    class Made {
      configure(): void {
        return undefined;
      }
    }
    expect(() => adapt(null as never)).toThrow(AgentUsageError);
    expect(() => adapt("agent" as never)).toThrow("it got string, which is no agent");
    const result = adapt(new Made()).execute({}, { retry: { attempts: 3 } });
    expect(result).toMatchObject({ status: "failed", attempts: 1, error: { name: "AgentUsageError" } });
    expect(result.status === "failed" && result.error.message).toMatch(/Made has no method.*configure/);
    expect(adapt(new Made(), { method: "gone" }).execute({})).toMatchObject({
      error: { message: "Made has no method gone." },
    });
  });
});

describe("the arguments of the legacy method", () => {
  const echo = (method: (...args: never[]) => unknown) => ({ run: method });
  const value = (method: (...args: never[]) => unknown, task: unknown) => {
    const result = adapt(echo(method)).execute(task);
    return result.status === "success" ? result.value : result.error.message;
  };

  it("are the task, where there is one parameter", () => {
    const one = (task: unknown) => task;
    expect(value(one, { task: 1 })).toEqual({ task: 1 });
    expect(value(one, [1, 2])).toEqual([1, 2]);
    expect(value(({ a, b = 2 }: { a: number; b?: number }) => a + b, { a: 1 })).toBe(3);
    expect(value((...all: unknown[]) => all, [1, 2])).toEqual([1, 2]);
    expect(value((...all: unknown[]) => all, { a: 1 })).toEqual([{ a: 1 }]);
  });

  it("are filled by name from the task's fields, or from an array", () => {
    const two = (text: string, userId: string, options = {}) => [text, userId, options];
    expect(value(two, { userId: "u", text: "t" })).toEqual(["t", "u", {}]);
    expect(value(two, { userId: "u", text: "t", options: 1 })).toEqual(["t", "u", 1]);
    expect(value(two, ["t", "u"])).toEqual(["t", "u", {}]);
  });

  it("that are missing are named, and nothing is called or retried", () => {
    let calls = 0;
    const legacy = {
      processRequest: (text: string, userId: string, sessionId: string) => {
        calls += 1;
        return [text, userId, sessionId];
      },
    };
    const result = adapt(legacy).execute({ text: "t" }, { retry: { attempts: 3 } });
    expect(result).toMatchObject({ attempts: 1, error: { name: "TaskValidationError" } });
    expect(result.status === "failed" && result.error.message).toContain(
      "lacks userId, sessionId: processRequest(text, userId, sessionId)",
    );
    expect(adapt(legacy).execute(["a"]).status).toBe("failed");
    expect(adapt(legacy).execute({ other: 1 }).status).toBe("failed");
    expect(calls).toBe(0);
  });

  it("hold the task whole where only what is usually left out follows", () => {
    const context = (task: unknown, context: unknown) => [task, context];
    expect(value(context, { goal: "g" })).toEqual([{ goal: "g" }, undefined]);
    expect(value((task: unknown, depth = 3) => [task, depth], { goal: "g" })).toEqual([{ goal: "g" }, 3]);
  });

  it("are the task as it is where that is no record, and only the first is required", () => {
    class Message {
      text = "hi";
    }
    const message = new Message();
    const two = (first: unknown, options?: unknown) => [first, options];
    expect(value(two, "plain")).toEqual(["plain", undefined]);
    expect((value(two, message) as unknown[])[0]).toBe(message);
    expect(value(two, null)).toEqual([null, undefined]);
  });

  it.each([["a text"], [7], [null], [undefined], [new Date(0)]])(
    "are not made up where several are required and the task is %s",
    (task) => {
      const three = (text: string, userId: string, sessionId: string, options?: unknown) =>
        [text, userId, sessionId, options].length;
      expect(value(three, task)).toContain("The task lacks userId, sessionId: run(text, userId, sessionId");
    },
  );

  it("hold a task whole that happens to have a field named like what is usually left out", () => {
    const task = { goal: "g", context: { depth: 1 } };
    const count = (...args: unknown[]) => args.length;
    expect(value((what: unknown, context: unknown) => [what, context], task)).toEqual([task, undefined]);
    expect(value((what: unknown, context: unknown) => [what, context], { what: 1, context: 2 })).toEqual([
      1, 2,
    ]);
    expect(value(({ goal }: { goal: string }, context: unknown) => [goal, context], task)).toEqual([
      "g",
      { depth: 1 },
    ]);
    expect(value((input = "none", config = {}) => count(input, config), { config: 1 })).toBe(2);
  });

  it("are named by an option where the source cannot tell", () => {
    const bound = function (this: unknown, a: number, b: number): number {
      return a - b;
    }.bind(null);
    expect(adapt({ run: bound }).execute({ a: 5, b: 3 })).toMatchObject({ status: "failed" });
    expect(adapt({ run: bound }).execute("a")).toMatchObject({ error: { name: "TaskValidationError" } });
    expect(adapt({ run: bound }).execute([5])).toMatchObject({ error: { name: "TaskValidationError" } });
    expect(adapt({ run: bound }).execute([5, 3])).toMatchObject({ value: 2 });
    const named = adapt({ run: bound }, { parameters: ["a", { name: "b", optional: true }] });
    expect(named.execute({ a: 5, b: 3 })).toMatchObject({ value: 2 });
    expect(adapt({ work: (a: number) => a }, { method: "work" }).execute(7)).toMatchObject({ value: 7 });
  });

  it("come by name for any names and order of fields", () => {
    const name = fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,8}$/).filter((text) => {
      try {
        return new Function(text, "return 1") instanceof Function;
      } catch {
        return false;
      }
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 2, maxLength: 6 }),
        fc.array(fc.nat()),
        (names, order) => {
          const method = new Function(...names, "return [...arguments]") as (...args: unknown[]) => unknown;
          const fields = names
            .map((key, i) => ({ key, i, at: order[i] ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ key, i }) => [key, i]);
          const result = adapt({ run: method }).execute(Object.fromEntries(fields));
          expect(result).toMatchObject({ status: "success", value: names.map((_, i) => i) });
        },
      ),
    );
  });

  it("names only what a task can give: a pattern gets the task whole", () => {
    const legacy = { run: ({ a }: { a: number }, b: number) => a + b };
    expect(adapt(legacy).execute({ a: 1 })).toMatchObject({
      error: { message: expect.stringMatching(/^The task lacks b: run\(\{…\}, b\)/) as string },
    });
  });
});

describe("what the legacy method returns", () => {
  it("is awaited, or collected from async iterables, streams and generators", async () => {
    const run = (method: () => unknown) => adapt({ run: method }).executeAsync({});
    expect(await run(() => Promise.resolve("x"))).toMatchObject({ output: { output: "x" } });
    expect(await run(() => Readable.from(["a", "b"]))).toMatchObject({ value: ["a", "b"] });
    function* steps() {
      yield 1;
      yield 2;
      return "end";
    }
    expect(await run(steps)).toMatchObject({ value: "end" });
    expect(adapt({ run: steps }).execute({})).toMatchObject({ value: "end" });
    async function* failing() {
      yield await Promise.resolve(1);
      throw new Error("midway");
    }
    expect(await run(failing)).toMatchObject({ status: "failed", error: { message: "midway" } });
  });
});

describe("lifecycle methods", () => {
  class Connected {
    log: string[] = [];
    init(): void {
      this.log.push("init");
    }
    start(): void {
      this.log.push("start");
    }
    run(): string {
      this.log.push("run");
      return "x";
    }
    close(): Promise<void> {
      this.log.push("close");
      return Promise.resolve();
    }
  }

  it("are called once each, by initialize and shutdown", async () => {
    const legacy = new Connected();
    const adapter = adapt(legacy);
    adapter.execute({});
    adapter.execute({});
    expect(await adapter.shutdownAsync()).toBe(true);
    expect(legacy.log).toEqual(["init", "run", "run", "close"]);
  });

  it("can be named or switched off", () => {
    const legacy = new Connected();
    const adapter = adapt(legacy, { init: "start", close: null });
    adapter.execute({});
    expect(adapter.shutdown()).toBe(true);
    expect(legacy.log).toEqual(["start", "run"]);
  });

  it("that need arguments are left alone", () => {
    let connected = 0;
    const legacy = {
      connect: (url: string) => (connected = url.length),
      close: (code: number) => (connected = code),
      run: () => 1,
    };
    const adapter = adapt(legacy);
    expect(adapter.execute({}).status).toBe("success");
    expect(adapter.shutdown()).toBe(true);
    expect(connected).toBe(0);
  });

  it("that need arguments give way to the next that needs none", () => {
    const called: string[] = [];
    const legacy = {
      connect: (url: string) => called.push(url),
      start: (options = {}) => called.push("start", JSON.stringify(options)),
      shutdown: (code: number) => called.push(String(code)),
      stop: () => called.push("stop"),
      run: () => 1,
    };
    const adapter = adapt(legacy);
    adapter.execute({});
    adapter.shutdown();
    expect(called).toEqual(["start", "{}", "stop"]);
  });

  it("may be the dispose symbols", () => {
    let disposed = 0;
    const legacy = { run: () => 1, [Symbol.dispose]: () => (disposed += 1) };
    const adapter = adapt(legacy);
    adapter.execute({});
    adapter.shutdown();
    expect(disposed).toBe(1);
  });

  it("that fail make the result, not an exception", async () => {
    const legacy = { initialize: () => Promise.reject(new Error("no network")), run: () => 1 };
    expect(await adapt(legacy).executeAsync({})).toMatchObject({
      status: "failed",
      error: { message: "Initializing failed: no network" },
    });
  });
});

describe("legacy state", () => {
  it("is rolled back in place after a failure, also for whoever shares it", () => {
    const legacy = {
      history: ["first"],
      seen: new Map<string, unknown>([["a", { n: 1 }]]),
      tags: new Set([1]),
      nested: { list: [{ x: 1 }] },
      since: new Date(5),
      bytes: new Uint8Array([1, 2]),
      count: 1,
      gone: "here" as string | undefined,
      run(): never {
        this.history.push("second");
        (this.seen.get("a") as { n: number }).n = 2;
        this.seen.set("b", 1);
        this.tags.clear();
        this.nested.list[0] = { x: 2 };
        this.since.setTime(9);
        this.bytes[0] = 9;
        this.count += 1;
        Reflect.deleteProperty(this, "gone");
        (this as Record<string, unknown>).extra = 1;
        throw new Error("x");
      },
    };
    const { history, seen, nested } = legacy;
    const [first] = nested.list;
    const result = adapt(legacy).execute({}, { retry: { attempts: 2, baseMs: 0 } });
    expect(result.warnings).toEqual([]);
    expect(legacy).toMatchObject({
      history: ["first"],
      seen: new Map([["a", { n: 1 }]]),
      tags: new Set([1]),
      nested: { list: [{ x: 1 }] },
      since: new Date(5),
      bytes: new Uint8Array([1, 2]),
      count: 1,
      gone: "here",
    });
    expect(legacy).not.toHaveProperty("extra");
    expect(legacy.history).toBe(history);
    expect(legacy.seen).toBe(seen);
    expect(legacy.nested.list[0]).toBe(first);
  });

  it("that cannot be rolled back is named in a warning, and left alone", () => {
    class Client {
      open = false;
    }
    class Agent {
      #calls = 0;
      client = new Client();
      count = 0;
      run(): never {
        this.#calls += 1;
        this.client.open = true;
        this.count = this.#calls;
        throw new Error("x");
      }
    }
    const legacy = new Agent();
    const { warnings } = adapt(legacy).execute({});
    expect(warnings.join()).toMatch(/client \(Client\).*private fields/);
    expect(legacy).toMatchObject({ count: 0, client: { open: true } });
  });

  it("that checkpoints cannot keep is named in the result, also where it succeeds", () => {
    class Client {
      readonly open = true;
    }
    class Counter extends EventEmitter {
      #calls = 0;
      readonly client = new Client();
      run(): number {
        return (this.#calls += 1);
      }
    }
    const run = (options: Partial<AdapterOptions>) =>
      new UniversalAgentAdapter(Counter, { agentType: "unit", ...options }).execute(1);
    const checkpoints = new MemoryCheckpointStore();
    expect(run({ checkpoints })).toMatchObject({
      status: "success",
      warnings: ["The checkpoints of this execution do not keep client (Client), private fields."],
    });
    expect(run({}).warnings).toEqual([]);
    expect(run({ checkpoints, restore: false, snapshot: null }).warnings).toEqual([]);
  });

  it("that does not show in the object is rolled back too, but not stored", () => {
    const secret = Symbol("secret");
    const added = Symbol("added");
    class Hidden {
      [secret] = { calls: 0 };
      constructor() {
        Object.defineProperty(this, "count", { value: 0, writable: true, configurable: true });
        Object.defineProperty(this, "double", { get: () => 2 });
      }
      run(task: unknown): unknown {
        this[secret].calls += 1;
        Object.assign(this, { count: 1, [added]: 1 });
        if (task === "end") throw new Error("ended");
        return task;
      }
    }
    const legacy = new Hidden();
    const checkpoints = new MemoryCheckpointStore();
    const agent = new UniversalAgentAdapter(legacy, { agentType: "unit", checkpoints });
    const left = ["The checkpoints of this execution do not keep count, Symbol(secret)."];
    expect(agent.execute("end").warnings).toEqual(left);
    expect(legacy).toMatchObject({ [secret]: { calls: 0 }, count: 0 });
    expect(Reflect.ownKeys(legacy)).toEqual(["count", "double", secret]);
    expect(Object.keys(legacy)).toEqual([]);
    expect(agent.execute("go").status).toBe("success");
    expect(checkpoints.latest("Hidden")?.context).toEqual({});
  });

  it.each([
    ["a WeakMap", "class A { constructor() { fields.set(this, 1); } run() { throw new Error(); } }"],
    ["a helper", "class A { constructor() { __privateAdd(this, _x, 0); } run() { throw new Error(); } }"],
  ])("in private fields that a compiler made with %s is said to stay", (_, source) => {
    const make = new Function("fields", "__privateAdd", "_x", `return ${source}`) as (
      ...args: unknown[]
    ) => new () => { run(): void };
    const agent = new UniversalAgentAdapter(
      make(new WeakMap(), () => undefined, null),
      { agentType: "unit" },
    );
    expect(agent.execute(1).warnings.join()).toMatch(/private fields/);
  });

  it("is rolled back among functions too, which checkpoints leave out", () => {
    class Agent {
      logger = { info: () => undefined, level: 1, tag: Symbol("t") };
      count = 0;
      run(task: string): void {
        this.count += 1;
        this.logger.level += 1;
        (this.logger as { info: unknown }).info = null;
        if (task === "fail") throw new Error("x");
      }
    }
    const legacy = new Agent();
    const { info } = legacy.logger;
    const checkpoints = new MemoryCheckpointStore();
    const result = adapt(legacy, { checkpoints }).execute("fail");
    expect(result.warnings).toEqual([]);
    expect(legacy).toMatchObject({ count: 0, logger: { level: 1, info } });
    expect(checkpoints.latest("Agent")?.context).toEqual({ count: 0 });
  });

  it("survives in checkpoints, but a removed secret does not replace the real one", () => {
    class Counter {
      count = 0;
      apiKey: string;
      constructor(apiKey: string) {
        this.apiKey = apiKey;
      }
      run(): number {
        this.count += 1;
        return this.count;
      }
    }
    const checkpoints = new MemoryCheckpointStore();
    adapt(new Counter("old-secret-key"), { checkpoints }).execute({});
    expect(JSON.stringify(checkpoints.latest("Counter"))).not.toContain("old-secret-key");
    const next = new Counter("new-secret-key");
    expect(adapt(next, { checkpoints }).execute({})).toMatchObject({ value: 2 });
    expect(next.apiKey).toBe("new-secret-key");
  });

  it("is as before for any plain data and any change", () => {
    const data = fc.dictionary(
      fc.string().filter((key) => key !== "run" && key !== "__proto__"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(data, data, (before, change) => {
        const legacy: Record<string, unknown> = structuredClone(before);
        Object.defineProperty(legacy, "run", {
          enumerable: false,
          value: () => {
            for (const value of Object.values(legacy)) if (Array.isArray(value)) value.push(change);
            Object.assign(legacy, change);
            throw new Error("x");
          },
        });
        expect(adapt(legacy).execute({})).toMatchObject({ status: "failed", warnings: [] });
        expect({ ...legacy }).toEqual(before);
      }),
    );
  });
});
