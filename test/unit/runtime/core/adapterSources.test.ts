import { EventEmitter } from "node:events";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  AgentUsageError,
  BaseAgent,
  type LegacySource,
  MemoryCheckpointStore,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";

const how = { agentType: "unit" };

class Greeter {
  readonly greeting: string;
  constructor(greeting = "hello", ...more: string[]) {
    this.greeting = [greeting, ...more].join(" ");
  }
  run(name: string): string {
    return `${this.greeting} ${name}`;
  }
}

const caught = (action: () => unknown): Error => {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was thrown.");
};

it.each<[unknown, string]>([
  [undefined, "undefined"],
  [null, "null"],
  ["research", '"research"'],
  [{}, "options whose agentType is undefined"],
])("without an agentType, with %o, is refused by a message that names it", (options, got) => {
  const error = caught(() => new UniversalAgentAdapter(new Greeter(), options as { agentType: string }));
  expect(error).toBeInstanceOf(AgentUsageError);
  expect(error.message).toBe(
    `UniversalAgentAdapter needs options with an agentType, such as {agentType: "research"}; it got ${got}.`,
  );
});

describe("a class", () => {
  it("is constructed at once, with its arguments, and typed as its instance", () => {
    const adapter = new UniversalAgentAdapter(Greeter, { ...how, args: ["good", "day"] });
    expectTypeOf(adapter.legacy).toEqualTypeOf<Greeter>();
    expect(adapter.legacy).toBeInstanceOf(Greeter);
    expect(adapter.metadata).toMatchObject({ name: "Greeter", capabilities: ["task_execution"] });
    expect(adapter.execute("Ada")).toMatchObject({ value: "good day Ada" });
    expect(new UniversalAgentAdapter(Greeter, how).legacy.greeting).toBe("hello");
  });

  it("may be a function with methods on its prototype, own or inherited, or one that fills its this", () => {
    function Old(this: { n: number }, n: number) {
      this.n = n;
    }
    Object.assign(Old.prototype as object, {
      run(this: { n: number }) {
        return this.n;
      },
    });
    function Heir(this: object) {
      Reflect.apply(Old, this, [7]);
    }
    Heir.prototype = Object.create(Old.prototype as object) as object;
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- as written before there were classes
    const Filled = new Function("return function Filled(n) { this.run = () => n; }")() as new (
      n: number,
    ) => object;
    const run = (type: unknown, args: unknown[]) =>
      new UniversalAgentAdapter(type as new () => object, { ...how, args }).execute({});
    expect(run(Old, [5])).toMatchObject({ value: 5 });
    expect(run(Heir, [])).toMatchObject({ value: 7 });
    expect(run(Filled, [9])).toMatchObject({ value: 9 });
    expect("run" in globalThis).toBe(false);
  });

  it("may be a proxy of a class", () => {
    const traced: unknown[] = [];
    const type = new Proxy(Greeter, {
      construct: (target, args: [string]) => {
        traced.push(...args);
        return new target(...args);
      },
    });
    expect(new UniversalAgentAdapter(type, { ...how, args: ["hi"] }).execute("Ada")).toMatchObject({
      value: "hi Ada",
    });
    expect(traced).toEqual(["hi"]);
  });

  it("that throws while it is constructed is named, with the parameters it takes and the error as the cause", () => {
    const thrown = new TypeError("llm is undefined");
    class Needy {
      tools: unknown;
      constructor(llm: unknown, { tools }: { tools?: unknown } = {}) {
        if (llm === undefined) throw thrown;
        this.tools = tools;
      }
      run = () => 1;
    }
    const error = caught(() => new UniversalAgentAdapter(Needy, how));
    expect(error).toBeInstanceOf(AgentUsageError);
    expect(error.cause).toBe(thrown);
    expect(error.message).toBe(
      'Needy failed to make an agent: llm is undefined. Its constructor takes (llm, {…}): give them with the option "args", or give a factory.',
    );
    const given = caught(() => new UniversalAgentAdapter(Needy, { ...how, args: [undefined, { tools: 1 }] }));
    expect(given.message).toBe("Needy failed to make an agent: llm is undefined.");
  });

  it("of agents is refused before it is constructed, and so is an agent", () => {
    let made = 0;
    class Own extends BaseAgent {
      constructor() {
        super({ name: "own", agentType: "unit" });
        made += 1;
      }
    }
    const sentence = "is a BaseAgent already: use it as it is, without an adapter.";
    expect(caught(() => new UniversalAgentAdapter(Own, how)).message).toBe(`Own ${sentence}`);
    expect(made).toBe(0);
    const own = new Own();
    expect(caught(() => new UniversalAgentAdapter(own, how)).message).toBe(`own ${sentence}`);
    expect(caught(() => new UniversalAgentAdapter(() => own, how)).message).toBe(`own ${sentence}`);
  });
});

describe("a factory", () => {
  it("is called at once, with the arguments", () => {
    const made: Greeter[] = [];
    const factory = (greeting: string) => {
      made.push(new Greeter(greeting));
      return made[0] as Greeter;
    };
    const adapter = new UniversalAgentAdapter(factory, { ...how, args: ["hi"] });
    expectTypeOf(adapter.legacy).toEqualTypeOf<Greeter>();
    expect(made).toHaveLength(1);
    expect(adapter.legacy).toBe(made[0]);
    expect(adapter.metadata.name).toBe("Greeter");
    expect(adapter.execute("Ada")).toMatchObject({ value: "hi Ada" });
    expect(made).toHaveLength(1);
  });

  it("may be any kind of function, and a static method of the class", () => {
    class Private {
      readonly made: string;
      private constructor(made: string) {
        this.made = made;
      }
      static create(): Private {
        return new Private("by create");
      }
      execute(): string {
        return this.made;
      }
    }
    function plain() {
      return { run: () => "plain" };
    }
    const value = (source: LegacySource) =>
      (new UniversalAgentAdapter(source, how).execute({}) as { value?: unknown }).value;
    expect(value(() => Private.create())).toBe("by create");
    expect(value(plain)).toBe("plain");
    expect(value({ make: () => ({ run: () => "method" }) }.make)).toBe("method");
    expect(value(plain.bind(null))).toBe("plain");
  });

  it("that throws, or makes no object, is named", () => {
    const thrown = new Error("no key");
    const failing = () => {
      throw thrown;
    };
    const error = caught(() => new UniversalAgentAdapter(failing, how));
    expect(error).toMatchObject({
      name: "AgentUsageError",
      cause: thrown,
      message: "The factory failing failed to make an agent: no key.",
    });
    const makes = (value: unknown) =>
      caught(() => new UniversalAgentAdapter((() => value) as () => object, how)).message;
    expect(makes(undefined)).toMatch(/^The factory of the agent made undefined, which is no agent\.$/);
    expect(makes(null)).toContain("made null");
    expect(makes("text")).toContain("made string");
  });

  describe("that answers later", () => {
    const later = (greeting = "hello") => Promise.resolve(new Greeter(greeting));

    it("is awaited by initializeAsync or executeAsync, and tells until then that it must be", async () => {
      const adapter = new UniversalAgentAdapter(later, { ...how, args: ["hi"], name: "late" });
      expectTypeOf<typeof adapter.legacy>().toEqualTypeOf<Greeter>();
      expect(() => adapter.legacy).toThrow(AgentUsageError);
      expect(() => adapter.legacy).toThrow("await initializeAsync() or executeAsync() first");
      expect(adapter.metadata).toMatchObject({ name: "late", capabilities: [] });
      expect(await adapter.initializeAsync()).toBe(true);
      expect(adapter.legacy).toBeInstanceOf(Greeter);
      expect(adapter.metadata).toMatchObject({
        name: "late",
        agentType: "unit",
        capabilities: ["task_execution"],
      });
      expect(adapter.execute("Ada")).toMatchObject({ value: "hi Ada" });
      const other = new UniversalAgentAdapter(later, how);
      expect(other.metadata.name).toBe("later");
      expect(await other.executeAsync("Ada")).toMatchObject({ value: "hello Ada" });
    });

    it("cannot be executed synchronously, and is not made twice for having been tried", async () => {
      let made = 0;
      const factory = () => {
        made += 1;
        return later();
      };
      const adapter = new UniversalAgentAdapter(factory, { ...how, capabilities: ["mine"] });
      const result = adapter.execute("Ada");
      expect(result).toMatchObject({ status: "failed", error: { name: "AgentUsageError" } });
      expect(result.status === "failed" && result.error.message).toContain("executeAsync()");
      expect(await adapter.executeAsync("Ada")).toMatchObject({ value: "hello Ada" });
      expect(made).toBe(1);
      expect(adapter.metadata.capabilities).toEqual(["mine"]);
    });

    it("fails the initialisation where it rejects, ends no process, and is called again", async () => {
      let calls = 0;
      const factory = () => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error("no network")) : later();
      };
      const adapter = new UniversalAgentAdapter(factory, how);
      await new Promise((resolve) => setImmediate(resolve));
      expect(await adapter.executeAsync("Ada")).toMatchObject({
        status: "failed",
        error: { message: "Initializing failed: no network" },
      });
      expect(await adapter.executeAsync("Ada")).toMatchObject({ value: "hello Ada" });
      expect(calls).toBe(2);
    });

    it("may give no object, or an agent already, and says so", async () => {
      const run = (made: unknown) =>
        new UniversalAgentAdapter(() => Promise.resolve(made), how).executeAsync({});
      expect(await run(5)).toMatchObject({
        error: { message: "Initializing failed: The factory's promise gave number, which is no agent." },
      });
      expect(await run(new BaseAgent({ name: "own", agentType: "x" }))).toMatchObject({
        error: { message: expect.stringContaining("own is a BaseAgent already") as string },
      });
    });

    it("runs its own init as soon as it is made, and gets the stored state after that", async () => {
      const seen: number[] = [];
      class Counter {
        count = 0;
        init(): void {
          seen.push(this.count);
          this.count = 0;
        }
        run(): number {
          this.count += 1;
          return this.count;
        }
      }
      const options = { ...how, name: "counter", checkpoints: new MemoryCheckpointStore() };
      await new UniversalAgentAdapter(() => Promise.resolve(new Counter()), options).executeAsync({});
      const next = new UniversalAgentAdapter(() => Promise.resolve(new Counter()), options);
      expect(await next.executeAsync({})).toMatchObject({ value: 2 });
      expect(seen).toEqual([0, 0]);
    });

    it("may be a constructor that returns a promise", async () => {
      class Async {
        ready = false;
        constructor() {
          return Promise.resolve(Object.assign(this, { ready: true })) as unknown as Async;
        }
        run(): boolean {
          return this.ready;
        }
      }
      const adapter = new UniversalAgentAdapter(Async, how);
      expect(await adapter.executeAsync({})).toMatchObject({ value: true });
      expect(adapter.metadata.name).toBe("Async");
    });
  });
});

describe("an instance", () => {
  it("may be a function with a method that takes tasks, which is not called", () => {
    const callable = Object.assign(
      () => {
        throw new Error("must not be called");
      },
      { execute: (task: string) => `did ${task}`, count: 1 },
    );
    const adapter = new UniversalAgentAdapter<typeof callable>(callable, how);
    expect(adapter.legacy).toBe(callable);
    expect(adapter.execute("it")).toMatchObject({ value: "did it" });
    class Callable extends Function {
      respond(task: string): string {
        return `re: ${task}`;
      }
    }
    const own = new Callable();
    expect(new UniversalAgentAdapter<Callable>(own, how).execute("it")).toMatchObject({ value: "re: it" });
  });

  it("may be null-prototype, frozen or an emitter", () => {
    const bare = Object.assign(Object.create(null) as { n: number }, { n: 2, run: (x: number) => x * 2 });
    expect(new UniversalAgentAdapter(bare, how).execute(4)).toMatchObject({ value: 8 });
    const frozen = Object.freeze({ run: () => "frozen" });
    expect(new UniversalAgentAdapter(frozen, how).execute({})).toMatchObject({ value: "frozen" });
    class Emitter extends EventEmitter {
      process(task: string): boolean {
        return this.emit("task", task);
      }
    }
    const emitter = new Emitter();
    const heard: unknown[] = [];
    emitter.on("task", (task) => heard.push(task));
    expect(new UniversalAgentAdapter(emitter, how).execute("x")).toMatchObject({ value: true });
    expect(heard).toEqual(["x"]);
  });

  it("may be an emitter that keeps those who came to listen to it while an execution failed", () => {
    class Failing extends EventEmitter {
      count = 0;
      run(): never {
        this.count += 1;
        this.on("later", () => undefined);
        throw new Error("x");
      }
    }
    const emitter = new Failing();
    emitter.on("before", () => undefined);
    expect(new UniversalAgentAdapter(emitter, how).execute({})).toMatchObject({
      status: "failed",
      warnings: [],
    });
    expect([emitter.listenerCount("before"), emitter.listenerCount("later"), emitter.count]).toEqual([
      1, 1, 0,
    ]);
  });

  it("takes no arguments, and a promise of one is refused", () => {
    expect(caught(() => new UniversalAgentAdapter(new Greeter(), { ...how, args: [1] })).message).toBe(
      'The option "args" is for classes and factories: the adapter got an instance.',
    );
    expect(caught(() => new UniversalAgentAdapter(Promise.resolve(new Greeter()), how)).message).toBe(
      "UniversalAgentAdapter got a promise: await it, or give the factory that made it.",
    );
  });

  it("has no method where a function made by a factory has none: its call is not one", () => {
    const result = new UniversalAgentAdapter(() => () => 1, how).execute({});
    expect(result.status === "failed" && result.error.message).toMatch(
      /has no method that takes tasks.*It has no methods\.$/,
    );
  });
});

it("types what it cannot construct as the class's own instance, and options as they are", () => {
  abstract class Base {
    abstract run(): number;
  }
  expectTypeOf(new UniversalAgentAdapter(Base, how).legacy).toEqualTypeOf<Base>();
  class Box<T> {
    item: T | null = null;
    run(item: T): T {
      this.item = item;
      return item;
    }
  }
  expectTypeOf(new UniversalAgentAdapter(new Box<number>(), how).legacy).toEqualTypeOf<Box<number>>();
  expectTypeOf(new UniversalAgentAdapter(Box<string>, how).legacy).toEqualTypeOf<Box<string>>();
  class BoxAdapter<T> extends UniversalAgentAdapter<Box<T>> {
    constructor(...args: ConstructorParameters<typeof Box<T>>) {
      super(new Box<T>(...args), { ...how, name: "Box" });
    }
  }
  expectTypeOf(new BoxAdapter<Date>().legacy).toEqualTypeOf<Box<Date>>();
});
