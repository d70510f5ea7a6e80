import { describe, expect, it } from "vitest";
import {
  type AgentOptions,
  type Checkpoint,
  MemoryCheckpointStore,
  type Result,
} from "../../../../src/runtime/index.ts";
import { fast, type Impl, TestAgent } from "./testAgent.ts";

const messageOf = (result: Result): string => (result.status === "failed" ? result.error.message : "");

/** Counts the steps it did, and keeps each in a checkpoint. */
const stepping: Impl = (_, context, self) => {
  const done = (self.memory.done as number[] | undefined) ?? [];
  self.memory.done = done;
  for (let step = done.length; step < 3; step += 1) {
    done.push(step);
    context.checkpoint(`step ${step}`);
  }
  return [...done];
};

function stepped(): { store: MemoryCheckpointStore; at: (label: string) => string } {
  const store = new MemoryCheckpointStore();
  new TestAgent(stepping, { checkpoints: store }).execute({});
  return { store, at: (label) => store.list("test").find((one) => one.label === label)?.id ?? "" };
}

describe("resuming a checkpoint", () => {
  it("restores its state, not the newest, and continues its lineage", () => {
    const { store, at } = stepped();
    const resume = at("step 0");
    const agent = new TestAgent((_, context, self) => [self.memory.done, context.attempt], {
      checkpoints: store,
    });
    const before = store.list("test").length;
    const result = agent.execute({}, { resume, runId: "r2" });
    expect(result).toMatchObject({ status: "success", value: [[0], 1] });
    const fresh = store.list("test").reverse().slice(before);
    expect(fresh.map(({ label, parentId }) => [label, parentId])).toEqual([
      ["started", resume],
      ["completed", fresh[0]?.id],
    ]);
  });

  it("works on an agent that has executed before, and returns to the resumed state on failure", () => {
    const { store, at } = stepped();
    const agent = new TestAgent(stepping, { checkpoints: store });
    agent.execute({});
    agent.impl = (_, __, self) => {
      (self.memory.done as number[]).push(99);
      throw new Error("no");
    };
    expect(agent.execute({}, { resume: at("step 1"), retry: fast })).toMatchObject({ status: "failed" });
    expect(agent.memory).toEqual({ done: [0, 1] });
  });

  it("restores before the agent initialises itself", async () => {
    const { store, at } = stepped();
    const seen: unknown[] = [];
    class Initialising extends TestAgent {
      protected override async initializeImpl(): Promise<void> {
        await Promise.resolve();
        seen.push(structuredClone(this.context));
      }
    }
    const agent = new Initialising(() => 1, { checkpoints: store });
    expect(await agent.executeAsync({}, { resume: at("step 0") })).toMatchObject({ status: "success" });
    expect(seen).toEqual([{ done: [0] }]);
  });

  it.each<[string, AgentOptions, RegExp]>([
    ["without a store", { checkpoints: undefined }, /has no store/],
    ["of an unknown id", { checkpoints: new MemoryCheckpointStore() }, /none of that id/],
  ])("%s fails before the agent's code runs", (_, options, message) => {
    const agent = new TestAgent(() => 1, options);
    const result = agent.execute({}, { resume: "0190b5a4-0000-7000-8000-000000000000", retry: fast });
    expect(result).toMatchObject({
      status: "failed",
      attempts: 0,
      checkpointId: null,
      error: { name: "AgentUsageError" },
    });
    expect(messageOf(result)).toMatch(message);
    expect(agent.calls).toBe(0);
    expect(agent.state).toBe("error");
    expect(agent.execute({})).toMatchObject({ status: "success" });
  });

  it("of another agent fails", () => {
    const { store, at } = stepped();
    const other = new TestAgent(() => 1, { checkpoints: store }, { name: "other" });
    expect(messageOf(other.execute({}, { resume: at("step 0") }))).toMatch(/one of agent "test"/);
  });

  it("from a store that cannot read fails", () => {
    const store = new MemoryCheckpointStore();
    store.load = () => {
      throw new Error("disk gone");
    };
    const agent = new TestAgent(() => 1, { checkpoints: store });
    expect(messageOf(agent.execute({}, { resume: "x" }))).toBe("disk gone");
  });
});

class Versioned extends TestAgent {
  version = 2;
  migrate: ((snapshot: unknown, fromVersion: number) => unknown) | null = null;
  protected override get stateVersion(): number {
    return this.version;
  }
  protected override migrateState(snapshot: unknown, fromVersion: number): unknown {
    return this.migrate ? this.migrate(snapshot, fromVersion) : super.migrateState(snapshot, fromVersion);
  }
}

describe("the version of an agent's state", () => {
  const count: Impl = (_, __, self) => (self.memory.count = Number(self.memory.count ?? 0) + 1);
  const old = (): MemoryCheckpointStore => {
    const store = new MemoryCheckpointStore();
    new TestAgent(count, { checkpoints: store }).execute({});
    return store;
  };

  it("is kept in every checkpoint, except the first one", () => {
    const store = new MemoryCheckpointStore();
    const agent = new Versioned(() => 1, { checkpoints: store });
    agent.execute({});
    agent.shutdown();
    expect(store.list("test").map(({ stateVersion }) => stateVersion)).toEqual([2, 2, 2]);
    expect(old().list("test")[0]).not.toHaveProperty("stateVersion");
  });

  it("lets an older state be migrated", () => {
    const agent = new Versioned((_, __, self) => self.memory, { checkpoints: old() });
    agent.migrate = (snapshot, fromVersion) => ({
      total: (snapshot as { count: number }).count,
      fromVersion,
    });
    expect(agent.execute({})).toMatchObject({ value: { total: 1, fromVersion: 1 } });
  });

  it("is migrated on resume too", () => {
    const store = old();
    const agent = new Versioned((_, __, self) => self.memory.total, { checkpoints: store, restore: false });
    agent.migrate = () => ({ total: 7 });
    agent.initialize();
    expect(agent.execute({}, { resume: store.list("test")[0]?.id })).toMatchObject({ value: 7 });
  });

  it("fails the initialisation where migrateState is not overridden, and leaves the state", () => {
    const agent = new Versioned(() => 1, { checkpoints: old() });
    agent.memory.mine = true;
    expect(agent.initialize()).toBe(false);
    expect(agent.lastError?.message).toMatch(/version 2 .* version 1: override migrateState/);
    expect(agent.memory).toEqual({ mine: true });
    expect(messageOf(agent.execute({}))).toMatch(/^Initializing failed: .*migrateState/);
    expect(agent.calls).toBe(0);
    agent.migrate = () => ({});
    expect(agent.execute({})).toMatchObject({ status: "success" });
  });

  it("fails the initialisation where the checkpoint is newer than the code", () => {
    const store = new MemoryCheckpointStore();
    const newer = new Versioned(() => 1, { checkpoints: store });
    newer.version = 3;
    newer.execute({});
    const agent = new Versioned(() => 1, { checkpoints: store });
    agent.memory.mine = true;
    expect(agent.initialize()).toBe(false);
    expect(agent.lastError?.message).toMatch(/state version 3 .* newer than version 2/);
    expect(agent.memory).toEqual({ mine: true });
    const resumed = new Versioned(() => 1, { checkpoints: store, restore: false });
    resumed.initialize();
    expect(messageOf(resumed.execute({}, { resume: store.list("test")[0]?.id }))).toMatch(/^Resuming failed/);
    expect(resumed.calls).toBe(0);
  });

  it.each([0, 1.5, Number.NaN])("cannot be %d", (version) => {
    const agent = new Versioned(() => 1, { checkpoints: new MemoryCheckpointStore() });
    agent.version = version;
    expect(messageOf(agent.execute({}))).toMatch(/whole number from 1/);
    expect(agent.calls).toBe(0);
  });

  it("is taken back where restoring fails half way", () => {
    class Stubborn extends TestAgent {
      protected override restore(snapshot: unknown): void {
        const { count: kept, mine } = snapshot as Record<string, unknown>;
        this.context = mine === undefined ? { half: true } : { mine };
        if (kept !== undefined) throw new Error("no place for it");
      }
    }
    const agent = new Stubborn(() => 1, { checkpoints: old() });
    agent.memory.mine = true;
    expect(agent.initialize()).toBe(false);
    expect(agent.lastError?.message).toBe("no place for it");
    expect(agent.memory).toEqual({ mine: true });
  });

  it("is asked of an agent whose state cannot be read now", () => {
    class Unready extends TestAgent {
      protected override snapshot(): unknown {
        if (this.memory.count === undefined) throw new Error("not yet");
        return this.memory;
      }
    }
    const agent = new Unready((_, __, self) => self.memory.count, { checkpoints: old() });
    expect(agent.execute({})).toMatchObject({ value: 1 });
  });
});

it("reads checkpoints of stores that know neither answers nor versions", () => {
  const store = new MemoryCheckpointStore();
  const checkpoint = { id: "x", agent: "test", context: { old: true } } as unknown as Checkpoint;
  store.load = () => checkpoint;
  const agent = new TestAgent((_, __, self) => self.memory, { checkpoints: store });
  store.save = () => ({ id: "y", lost: [] }) as unknown as Checkpoint;
  expect(agent.execute({}, { resume: "x" })).toMatchObject({ value: { old: true } });
});
