import { describe, expect, it } from "vitest";
import {
  type AgentOptions,
  BaseAgent,
  MemoryCheckpointStore,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";
import { revoked, trap } from "../../unreadable.ts";

class TestAgent extends BaseAgent {
  impl: () => unknown;
  constructor(impl: () => unknown, options: AgentOptions = {}) {
    super({ name: "test", agentType: "unit" }, options);
    this.impl = impl;
  }
  protected override executeImpl(): unknown {
    return this.impl();
  }
}

const unreadable: readonly (readonly [string, unknown])[] = [
  ["a revoked proxy", revoked()],
  ["a proxy whose traps throw", new Proxy(new Error("x"), { get: trap, getPrototypeOf: trap })],
  ["an object that turns into nothing", { toJSON: () => undefined }],
  [
    "an object that tells no type",
    {
      toJSON: trap,
      get [Symbol.toStringTag]() {
        return trap();
      },
    },
  ],
  ["an error whose status throws", Object.defineProperty(new Error("x"), "status", { get: trap })],
];

describe.each(unreadable)("throwing %s", (_, thrown) => {
  it("fails the execution with a message, and the agent runs again", () => {
    const agent = new TestAgent(
      () => {
        throw thrown;
      },
      { retry: { attempts: 2, baseMs: 0 }, checkpoints: new MemoryCheckpointStore() },
    );
    const result = agent.execute({});
    expect(result).toMatchObject({ status: "failed", attempts: 2 });
    expect(result.status === "failed" && result.cause === thrown).toBe(true);
    expect(result.status === "failed" && result.error.message).toMatch(/./);
    agent.impl = () => 1;
    expect(agent.execute({})).toMatchObject({ status: "success", value: 1 });
  });
});

it.each<[string, object]>([
  [
    "a record with a getter that throws",
    {
      get success() {
        return trap();
      },
    },
  ],
  ["a proxy without a prototype", new Proxy({}, { getPrototypeOf: trap })],
  [
    "an object that tells no type",
    {
      get [Symbol.toStringTag]() {
        return trap();
      },
    },
  ],
  ["an error that cannot be read", { error: revoked() }],
])("returning %s succeeds with that very object", (_, value) => {
  const result = new TestAgent(() => value).execute({});
  expect(result.status === "success" && result.value === value).toBe(true);
});

it("writes out a web of objects that refer to each other in bounded time", () => {
  class Node {
    others: Node[] = [];
  }
  const web = Array.from({ length: 24 }, () => new Node());
  for (const node of web) node.others = [...web];
  const started = performance.now();
  const result = new TestAgent(() => web).execute({});
  expect(result).toMatchObject({ status: "success", value: web });
  expect(JSON.stringify(result.status === "success" && result.output)).toContain("[repeated]");
  expect(performance.now() - started).toBeLessThan(3000);
});

it("gives the error of the agent where the retry policy itself throws", () => {
  const agent = new TestAgent(
    () => {
      throw new Error("of the agent");
    },
    { retry: { attempts: 3, retryable: trap } },
  );
  const result = agent.execute({});
  expect(result).toMatchObject({ status: "failed", attempts: 1, error: { message: "of the agent" } });
  expect(result.warnings.join()).toContain("The retry policy failed: trap");
  expect(agent.execute({})).toMatchObject({ status: "failed" });
});

it("is free again after an aborted execution whose rollback throws", async () => {
  class Stubborn extends TestAgent {
    protected override restore(): void {
      throw new Error("cannot go back");
    }
  }
  const controller = new AbortController();
  const agent = new Stubborn(() => new Promise((resolve) => setTimeout(resolve, 20)));
  agent.initialize();
  const running = agent.executeAsync({}, { signal: controller.signal });
  controller.abort();
  expect(await running).toMatchObject({ status: "failed", aborted: true });
  await new Promise((resolve) => setTimeout(resolve, 50));
  agent.impl = () => 1;
  expect(agent.lastError?.message).toBe("cannot go back");
  expect(agent.execute({})).toMatchObject({ status: "success" });
});

describe("rolling back a legacy agent", () => {
  const adapt = (legacy: object) => new UniversalAgentAdapter(legacy, { agentType: "unit" });

  it("puts back what it can where an array was frozen meanwhile", () => {
    class Agent {
      list = [1];
      count = 0;
      run(): never {
        this.list.push(2);
        Object.freeze(this.list);
        this.count = 1;
        throw new Error("x");
      }
    }
    const legacy = new Agent();
    const result = adapt(legacy).execute({});
    expect(legacy.count).toBe(0);
    expect(result.warnings.join()).toContain("not rolled back");
  });

  it("puts back the bytes of a Buffer", () => {
    class Agent {
      bytes = Buffer.from("ab");
      run(): never {
        this.bytes.fill(0);
        throw new Error("x");
      }
    }
    const legacy = new Agent();
    expect(adapt(legacy).execute({})).toMatchObject({ status: "failed", warnings: [] });
    expect(legacy.bytes.toString()).toBe("ab");
  });

  it("says that the entries of a collection stay", () => {
    class Memory extends Map<string, string> {
      run(): never {
        this.set("a", "b");
        throw new Error("x");
      }
    }
    expect(adapt(new Memory()).execute({}).warnings.join()).toContain("the entries of the Map");
  });

  it("leaves frozen and sealed agents working", () => {
    class Agent {
      list = [1];
      run(): never {
        this.list.push(2);
        throw new Error("x");
      }
    }
    for (const legacy of [Object.freeze(new Agent()), Object.seal(new Agent())]) {
      expect(adapt(legacy).execute({})).toMatchObject({ status: "failed", warnings: [] });
      expect(legacy.list).toEqual([1]);
    }
  });
});
