import { describe, expect, it } from "vitest";
import {
  type AgentOptions,
  MemoryCheckpointStore,
  type Result,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";
import { fast, TestAgent } from "./testAgent.ts";

class Connection {
  calls = 0;
  get(task: unknown): unknown {
    this.calls += 1;
    return task;
  }
}

const adapt = (legacy: object, options: AgentOptions = {}) =>
  new UniversalAgentAdapter(legacy, { agentType: "unit", ...options });
const stayed = (...paths: string[]) =>
  paths.map((path) => `The state of the legacy agent was not rolled back in ${path}.`);
const fail = (): never => {
  throw new Error("x");
};

describe("rolling back a context", () => {
  it("leaves what cannot be copied as it is, so that the next attempt works with it", () => {
    const client = new Connection();
    class Agent extends TestAgent {
      protected override initializeImpl(): void {
        this.context.client = client;
        this.context.tools = { find: () => client, list: [client] };
        this.context.count = 0;
      }
    }
    const agent = new Agent((task, { attempt }, self) => {
      const { client: now, tools } = self.memory as { client: Connection; tools: { find: unknown } };
      self.memory.count = Number(self.memory.count) + 1;
      tools.find = null;
      now.get(task);
      return attempt === 1 ? fail() : task;
    });
    expect(agent.execute("t", { retry: fast })).toMatchObject({
      value: "t",
      warnings: [
        "Rolling back leaves client (Connection) as it is.",
        "Rolling back leaves tools.find (function) as it is.",
        "Rolling back leaves tools.list.0 (Connection) as it is.",
      ],
    });
    expect(agent.memory).toEqual({ client, tools: { find: null, list: [client] }, count: 1 });
    expect(agent.memory.client).toBe(client);
    expect(client.calls).toBe(2);
  });

  it("puts back copies of what JavaScript itself has", () => {
    const agent = new TestAgent((_, __, self) => {
      const { error, bytes, view, pattern } = self.memory as ReturnType<typeof state>;
      error.message = "changed";
      new Uint8Array(bytes)[0] = 9;
      view.setUint8(0, 9);
      pattern.lastIndex = 7;
      fail();
    });
    const state = () => ({
      error: Object.assign(new TypeError("no", { cause: { code: 1 } }), { code: 5 }),
      bytes: new Uint8Array([1, 2]).buffer,
      view: new DataView(new Uint8Array([3, 4, 5]).buffer, 1, 2),
      pattern: Object.assign(/a/g, { lastIndex: 3 }),
    });
    Object.assign(agent.memory, state());
    const { stack } = agent.memory.error as Error;
    expect(agent.execute({})).toMatchObject({ status: "failed", warnings: [] });
    const { error, bytes, view, pattern } = agent.memory as ReturnType<typeof state>;
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "no", code: 5, cause: { code: 1 }, stack });
    expect(Object.keys(error)).toEqual(["code"]);
    expect([...new Uint8Array(bytes)]).toEqual([1, 2]);
    expect([view.getUint8(0), view.byteLength]).toEqual([4, 2]);
    expect([pattern.source, pattern.flags, pattern.lastIndex]).toEqual(["a", "g", 3]);
  });

  it("keeps what came in the failed attempt and is no data, wherever it is", () => {
    const made: Connection[] = [];
    const make = (): Connection => (made.push(new Connection()), made.at(-1) as Connection);
    const agent = new TestAgent((_, __, self) => {
      const memory = self.memory as Record<string, never> & {
        pool: Map<string, unknown>;
        all: Set<unknown>;
        list: unknown[];
        inner: Record<string, unknown>;
      };
      memory.pool.set("a", make()).set("b", 1);
      memory.all.add(make()).add(2);
      memory.list.push(make(), 3);
      Object.assign(memory.inner, { conn: make(), count: 4 });
      Object.assign(memory, { conn: make(), added: 5 });
      fail();
    });
    Object.assign(agent.memory, { pool: new Map(), all: new Set(), list: [0], inner: { count: 0 } });
    (agent.memory.inner as Record<string, unknown>).self = agent.memory.inner;
    expect(agent.execute({}).warnings).toEqual([
      "Rolling back leaves pool.a (Connection) as it is.",
      "Rolling back leaves all.<item> (Connection) as it is.",
      "Rolling back leaves list.1 (Connection) as it is.",
      "Rolling back leaves inner.conn (Connection) as it is.",
      "Rolling back leaves conn (Connection) as it is.",
    ]);
    expect(made).toHaveLength(5);
    expect(agent.memory).toMatchObject({
      pool: new Map([["a", made[0]]]),
      all: new Set([made[1]]),
      list: [0, made[2]],
      inner: { count: 0, conn: made[3] },
      conn: made[4],
    });
    expect(agent.memory).not.toHaveProperty("added");
  });
});

describe("a context in checkpoints", () => {
  it("is kept as far as the store can, which names the rest", () => {
    const store = new MemoryCheckpointStore();
    const agent = new TestAgent(() => 1, { checkpoints: store });
    const kept = {
      error: new RangeError("far"),
      bytes: new Uint8Array([1]).buffer,
      pattern: /a/g,
      url: new URL("https://example.org/a"),
      view: new DataView(new ArrayBuffer(2)),
    };
    Object.assign(agent.memory, kept, { client: new Connection() });
    expect(agent.execute({}).warnings).toEqual([
      "The checkpoints of this execution do not keep context.client (Connection).",
    ]);
    const saved = store.latest("test");
    expect(saved?.lost).toEqual(["context.client (Connection)"]);
    expect(saved?.context).toEqual(kept);
    expect(saved?.context).toMatchObject({ error: { name: "RangeError", message: "far" } });
  });

  it("that is nested too deeply are made, and say where they end", () => {
    const store = new MemoryCheckpointStore();
    let deep: object = {};
    for (let i = 0; i < 100_000; i += 1) deep = { next: deep };
    const agent = new TestAgent((_, __, self) => (self.memory.deep === deep ? 1 : fail()), {
      checkpoints: store,
    });
    agent.memory.deep = deep;
    expect(agent.execute({}).warnings.join()).toMatch(
      /^The checkpoints of this execution do not keep context\.deep\.next[.next]{10,90}… \(nested too deeply\)\.$/,
    );
    expect(store.latest("test")?.label).toBe("completed");
    const legacy = { deep, run: fail };
    const [warning] = adapt(legacy).execute({}).warnings;
    expect(warning).toMatch(/rolled back in deep\.next[.next]{10,90}… \(nested too deeply\)\.$/);
    expect(legacy.deep).toBe(deep);
  });
});

describe("rolling back a legacy agent", () => {
  it("leaves a resource that it opened, named, for close to end", () => {
    const ended: unknown[] = [];
    class Agent {
      conn: Connection | null = null;
      count = 0;
      timer?: NodeJS.Timeout;
      stop: (() => void) | null = null;
      run(): never {
        this.count += 1;
        this.conn ??= new Connection();
        this.timer ??= setInterval(() => undefined, 1000);
        this.stop ??= () => ended.push("stop");
        return fail();
      }
      close(): void {
        clearInterval(this.timer);
        this.stop?.();
        ended.push(this.conn);
      }
    }
    const legacy = new Agent();
    const adapter = adapt(legacy);
    const left = ["conn (Connection)", "stop (function)", "timer (Timeout)"];
    const result = adapter.execute({}, { retry: fast });
    expect([...result.warnings].sort()).toEqual(stayed(...left));
    const { conn } = legacy;
    expect(conn).toBeInstanceOf(Connection);
    expect(legacy.count).toBe(0);
    adapter.shutdown();
    expect(ended).toEqual(["stop", conn]);
  });

  it("leaves one among its data, which is rolled back around it", () => {
    const { pool, all, list, inner } = {
      pool: new Map(),
      all: new Set<unknown>(),
      list: [{ n: 1 }],
      inner: { n: 1 },
    };
    const conn = new Connection();
    const legacy = {
      pool: pool as Map<string, unknown>,
      all,
      list: list as unknown[],
      inner: inner as Record<string, unknown>,
      replaced: { n: 1 } as object,
      grown: null as unknown,
      run(): never {
        this.pool.set("a", conn).set("b", 1);
        this.all.add(conn).add(2);
        (this.list[0] as { n: number }).n = 2;
        this.list.push(conn, 3);
        Object.assign(this.inner, { n: 2, conn });
        this.replaced = { n: 2, conn };
        this.grown = { conn };
        Object.assign(this, { data: { n: 1 } });
        return fail();
      },
    };
    const { replaced } = legacy;
    expect(adapt(legacy).execute({}).warnings).toEqual(
      stayed(
        "pool.a (Connection)",
        "all.<item> (Connection)",
        "list.1 (Connection)",
        "inner.conn (Connection)",
        "replaced.conn (Connection)",
        "grown.conn (Connection)",
      ),
    );
    expect(Object.keys(legacy)).not.toContain("data");
    expect(legacy).toMatchObject({
      pool: new Map([["a", conn]]),
      all: new Set([conn]),
      list: [{ n: 1 }, conn],
      inner: { n: 1, conn },
      replaced: { n: 1, conn },
      grown: { conn },
    });
    expect([legacy.pool, legacy.list, legacy.replaced]).toEqual([pool, list, replaced]);
    expect(legacy.pool).toBe(pool);
    expect(legacy.replaced).toBe(replaced);
  });

  it("takes away what is only another name for what was there", () => {
    const client = new Connection();
    const legacy: Record<string, unknown> = {
      client,
      logger: { info: fail },
      run(): never {
        Object.assign(this, {
          backup: client,
          logger: { ...(this.logger as object), level: 2 },
          again: this.logger,
        });
        return fail();
      },
    };
    const { logger } = legacy;
    expect(adapt(legacy).execute({}).warnings).toEqual(stayed("client (Connection)"));
    expect(Object.keys(legacy)).toEqual(["client", "logger", "run"]);
    expect(legacy.logger).toBe(logger);
  });

  it("puts back buffers, views, patterns and errors in place", () => {
    const bytes = new Uint8Array([1, 2]).buffer;
    const legacy = {
      bytes,
      view: new DataView(new ArrayBuffer(1)),
      wide: new Float64Array([1.5]),
      pattern: /a/g,
      error: Object.assign(new Error("x"), { code: 1 }),
      run(): never {
        new Uint8Array(this.bytes)[1] = 9;
        this.view.setInt8(0, 9);
        this.wide[0] = 9;
        this.pattern.lastIndex = 9;
        this.error.code = 9;
        return fail();
      },
    };
    expect(adapt(legacy).execute({}).warnings).toEqual([]);
    expect([...new Uint8Array(legacy.bytes)]).toEqual([1, 2]);
    expect(legacy.bytes).toBe(bytes);
    expect([legacy.view.getInt8(0), legacy.wide[0], legacy.pattern.lastIndex, legacy.error.code]).toEqual([
      0, 1.5, 0, 1,
    ]);
  });

  it("by two methods of its own leaves what they give and is no data", () => {
    class Agent {
      state: Record<string, unknown> = { client: new Connection(), count: 0 };
      save(): unknown {
        return this.state;
      }
      load(state: Record<string, unknown>): void {
        this.state = state;
      }
      run(): never {
        this.state.count = 1;
        this.state.more = new Connection();
        return fail();
      }
    }
    const legacy = new Agent();
    const { client } = legacy.state;
    const adapter = new UniversalAgentAdapter(legacy, {
      agentType: "unit",
      snapshot: { get: "save", set: "load" },
    });
    const result: Result = adapter.execute({});
    expect(result.warnings).toEqual(stayed("client (Connection)", "more (Connection)"));
    expect(legacy.state).toMatchObject({ count: 0, more: expect.any(Connection) as Connection });
    expect(legacy.state.client).toBe(client);
  });
});
