import { describe, expect, it } from "vitest";
import {
  type AdapterOptions,
  type LegacySource,
  MemoryCheckpointStore,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";
import { TestAgent } from "./testAgent.ts";

const secret = "Bearer abcdefghijklmnopqrstuvwx1234567890";

describe("a restarted agent", () => {
  class Secretive extends TestAgent {
    token = "";
    protected override initializeImpl(): void {
      this.context.token ??= this.token;
    }
  }
  const started = (token: string, checkpoints: MemoryCheckpointStore) => {
    const agent = new Secretive(
      (_, __, self) => {
        self.memory.count = Number(self.memory.count ?? 0) + 1;
        return [self.memory.token, self.memory.count];
      },
      { checkpoints },
    );
    agent.token = token;
    return agent;
  };
  const warning = (fields: string) =>
    expect.stringMatching(
      `^Checkpoint \\S+ lacks the secrets that were removed from ${fields}: what the agent itself had there was kept\\.$`,
    ) as string;

  it("has the secret that it is made with, not the text in its place, and says so once", () => {
    const store = new MemoryCheckpointStore();
    const first = started("old-secret", store);
    first.execute({});
    first.shutdown();
    const agent = started("new-secret", store);
    expect(agent.initialize()).toBe(true);
    expect(agent.execute({})).toMatchObject({ value: ["new-secret", 2], warnings: [warning("token")] });
    expect(agent.execute({})).toMatchObject({ value: ["new-secret", 3], warnings: [] });
  });

  it("keeps the fields that its constructor made, also within others, and has the rest restored", () => {
    const store = new MemoryCheckpointStore();
    const agent = (apiKey: string) => {
      const made = new TestAgent((_, __, self) => self.memory, { checkpoints: store });
      Object.assign(made.memory, {
        config: { apiKey, model: apiKey === "" ? "b" : "a" },
        notes: apiKey === "" ? ["none"] : [secret],
      });
      return made;
    };
    agent("old-secret").execute({});
    const result = agent("").execute({});
    expect(result).toMatchObject({ value: { config: { apiKey: "", model: "a" }, notes: ["none"] } });
    expect(result.warnings).toEqual([warning("config\\.apiKey, notes")]);
  });

  it("has no such field where nothing made one, also in a state that refers to itself", () => {
    const store = new MemoryCheckpointStore();
    const first = new TestAgent(() => 1, { checkpoints: store });
    Object.assign(first.memory, { token: "old-secret", self: first.memory, count: 1 });
    first.execute({});
    const next = new TestAgent((_, __, self) => Object.keys(self.memory), { checkpoints: store });
    expect(next.execute({})).toMatchObject({ value: ["count"], warnings: [warning("token, self")] });
  });
});

describe("a restarted legacy agent", () => {
  const how = { agentType: "unit", name: "legacy" };
  const values = async (source: LegacySource, options: Partial<AdapterOptions> = {}) => {
    const checkpoints = new MemoryCheckpointStore();
    const made = () => new UniversalAgentAdapter(source, { ...how, checkpoints, ...options });
    const first = made();
    await first.executeAsync("a");
    await first.executeAsync("b");
    const second = made();
    const result = await second.executeAsync("c");
    await second.shutdownAsync();
    const third = await made().executeAsync("d");
    return [result, third].map((each) => (each.status === "success" ? each.value : each.error.message));
  };

  class History {
    history: unknown[] = [];
    initialize(): unknown {
      this.history = [];
      return undefined;
    }
    run(task: unknown): number {
      return this.history.push(task);
    }
  }
  class Later extends History {
    override async initialize(): Promise<void> {
      await Promise.resolve();
      this.history = [];
    }
  }

  it.each<[string, LegacySource]>([
    ["at once", History],
    ["later", Later],
    ["later, made by a factory that answers later", () => Promise.resolve(new Later())],
  ])("has the stored state where its initialize makes it %s", async (_, source) => {
    expect(await values(source)).toEqual([3, 4]);
  });

  it("has it by its own methods too", async () => {
    class Own extends History {
      save(): unknown {
        return this.history;
      }
      load(history: unknown[]): void {
        this.history = history;
      }
    }
    expect(await values(Own, { snapshot: { get: "save", set: "load" } })).toEqual([3, 4]);
    expect(await values(Own, { snapshot: { fields: ["history"] } })).toEqual([3, 4]);
  });

  it("keeps what its initialize opened, and is not given the state of one that was closed", async () => {
    class Connected extends History {
      conn: (Map<string, number> & { open?: true }) | null = null;
      ready = false;
      pool: Record<string, unknown> = { size: 0 };
      override initialize(): void {
        class Connection extends Map<string, number> {}
        this.conn = new Connection();
        this.pool.conn = this.conn;
        this.ready = true;
      }
      override run(task: unknown): number {
        if (this.conn === null || !this.ready || this.pool.conn !== this.conn) throw new Error("not open");
        return super.run(task);
      }
      close(): void {
        this.conn = null;
        this.ready = false;
        this.pool = { size: 0 };
      }
    }
    expect(await values(Connected)).toEqual([3, 4]);
    const checkpoints = new MemoryCheckpointStore();
    const closed = new Connected();
    closed.history = [1, 2];
    checkpoints.save({
      ...{ agent: "legacy", agentType: "unit", label: "shutdown", state: "stopped", task: null },
      ...{ context: { history: [1, 2], conn: null, pool: { size: 5 } }, parentId: null, runId: null },
    });
    const adapter = new UniversalAgentAdapter(Connected, { ...how, checkpoints });
    expect(adapter.execute("c")).toMatchObject({ value: 3 });
    expect(adapter.legacy.pool).toEqual({ size: 5, conn: adapter.legacy.conn });
  });

  it("resumes a checkpoint after its initialize", async () => {
    const checkpoints = new MemoryCheckpointStore();
    const first = new UniversalAgentAdapter(Later, { ...how, checkpoints });
    const { checkpointId } = await first.executeAsync("a");
    await first.executeAsync("b");
    const saved = checkpoints.list("legacy")[0]?.id;
    for (const [resume, value] of [
      [saved, 3],
      [checkpointId ?? undefined, 1],
    ] as const) {
      const agent = new UniversalAgentAdapter(Later, { ...how, checkpoints });
      expect(await agent.executeAsync("c", { resume })).toMatchObject({ value });
    }
  });

  it("does not lose it where initialize() could not wait", async () => {
    const checkpoints = new MemoryCheckpointStore();
    const made = () => new UniversalAgentAdapter(Later, { ...how, checkpoints });
    await made().executeAsync("a");
    const impatient = made();
    expect(impatient.initialize()).toBe(false);
    expect(await impatient.shutdownAsync()).toBe(true);
    const next = made();
    expect(next.initialize()).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(next.execute("b")).toMatchObject({ value: 2 });
  });

  it("has its own initial state back where the stored one cannot be given, and tries again", async () => {
    const checkpoints = new MemoryCheckpointStore();
    let broken = true;
    class Picky extends History {
      save(): unknown {
        return this.history;
      }
      load(history: unknown[]): void {
        this.history = history;
        if (broken && history.length > 0) throw new Error("no place");
      }
    }
    const snapshot = { get: "save", set: "load" };
    const made = () => new UniversalAgentAdapter(Picky, { ...how, checkpoints, snapshot });
    await made().executeAsync("a");
    const agent = made();
    expect(agent.execute("b")).toMatchObject({ error: { message: "Initializing failed: no place" } });
    expect(agent.legacy.history).toEqual([]);
    broken = false;
    expect(agent.execute("b")).toMatchObject({ value: 2 });
  });

  it("is closed where its state cannot be read", () => {
    let closed = 0;
    class Unreadable {
      save(): never {
        throw new Error("locked");
      }
      load(): void {
        throw new Error("locked");
      }
      run(): number {
        return 1;
      }
      close(): void {
        closed += 1;
      }
    }
    const options = {
      ...how,
      checkpoints: new MemoryCheckpointStore(),
      snapshot: { get: "save", set: "load" },
    };
    const adapter = new UniversalAgentAdapter(Unreadable, options);
    adapter.initialize();
    expect(adapter.shutdown()).toBe(false);
    expect([closed, adapter.lastError?.message]).toEqual([1, "locked"]);
  });
});
