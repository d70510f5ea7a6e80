import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { StartRequest } from "../../src/runs/runService.ts";
import type { RunEvent } from "../../src/model/runRecord.ts";
import { RunService } from "../../src/runs/runService.ts";
import { ErrorPatternLearner, FileCheckpointStore, MemoryStore } from "../../src/runtime/index.ts";
import { dist, useWorkspace, Watched } from "../host/workspace.ts";
import { startPostgres, startRedis } from "./servers.ts";
import { useQueue } from "./queueOfTest.ts";
import { WorkerProcess } from "./workerProcess.ts";

const AGENTS = `
  import { existsSync, writeFileSync } from "node:fs";
  import { BaseAgent, MemoryStore } from ${JSON.stringify(join(dist, "library/index.mjs"))};
  const memory = () => new MemoryStore({ folder: ".proj-intel/memory" }).of("agent");
  export class RemembersAgent { execute({ key, value, fails }) { memory().set(key, value); if (fails) throw new Error("no luck"); return { all: memory().keys() }; } }
  export class ForgetsAgent { execute(key) { return { forgot: memory().delete(key) }; } }
  export class RecallsAgent { execute() { return { all: Object.fromEntries(memory().entries().map(({ key, value }) => [key, value])) }; } }
  export class LargeAgent extends BaseAgent {
    kept = null;
    constructor() { super({ name: "large", agentType: "test" }); }
    snapshot() { return this.kept; }
    restore(state) { this.kept = state; }
    async executeImpl(task, ctx) {
      this.kept = "x".repeat(65 * 2 ** 20);
      ctx.checkpoint("one");
      ctx.checkpoint("two");
      this.kept = "small";
      return true;
    }
  }
  export class FailsAgent { execute(task) { throw new TypeError("no luck with " + task); } }
  export class CausedAgent { execute() { throw new Error("fetch failed", { cause: new RangeError("port 70000 is none") }); } }
  export class OnceAgent {
    async execute() {
      if (!existsSync("failed")) { writeFileSync("failed", ""); throw new TypeError("once"); }
      console.log("waiting");
      while (!existsSync("ready")) await new Promise((resolve) => setTimeout(resolve, 20));
      return true;
    }
  }`;

const workspace = useWorkspace();

describe.each([
  { kind: "Redis", begin: startRedis },
  { kind: "PostgreSQL", begin: startPostgres },
])("what runs of a queue on $kind leave behind", ({ begin }) => {
  const { opened, copy, worker: begun } = useQueue(workspace, begin, AGENTS);
  const service = async () => (await opened()).service;

  async function worker(root: string, ...args: string[]): Promise<WorkerProcess> {
    const started = begun(root, ...args);
    await started.ready();
    return started;
  }

  async function run(agent: string, options: Partial<StartRequest> = {}, by?: RunService): Promise<Watched> {
    const { root } = workspace;
    const request = { root, file: join(root, "a.mjs"), name: agent, task: 7, ...options };
    return new Watched(root, (by ?? (await service())).start(request));
  }

  /** Without what ended runs that were left. */
  const counted = (root: string) =>
    new ErrorPatternLearner(join(root, ".proj-intel"))
      .patterns()
      .filter(({ error_type }) => error_type !== "InterruptedError")
      .map(({ error_signature, occurrences }) => [error_signature, occurrences]);
  const signatures = (events: readonly RunEvent[]) =>
    events.flatMap((event) =>
      event.type === "retry" || event.type === "finished" ? [event.error?.signature] : [],
    );

  test.each(["FailsAgent", "CausedAgent"])(
    "errors of %s at a worker elsewhere are counted here once each, under their signature",
    async (agent) => {
      const elsewhere = await copy();
      await worker(elsewhere);
      const failing = await run(agent, { retries: 1 });
      expect((await failing.finished).status).toBe("failed");
      const [first, last] = signatures(failing.events);
      expect(first).toMatch(/^[0-9a-f]{12}$/);
      expect(last).toBe(first);
      expect(counted(workspace.root)).toEqual([[first, 2]]);
      expect(counted(elsewhere)).toEqual([[first, 2]]);
    },
  );

  test("errors of a worker in the same folder are counted once, and its place is in no record", async () => {
    await worker(workspace.root);
    const failing = await run("FailsAgent");
    await failing.finished;
    expect(counted(workspace.root)).toEqual([[...signatures(failing.events), 1]]);
    expect((await failing.record()).find(({ type }) => type === "started")).not.toHaveProperty("place");
  });

  test("errors of a run that is followed again are not counted again", async () => {
    await worker(await copy());
    const leaving = await service();
    const left = await run("OnceAgent", { retries: 1 }, leaving);
    await left.until("log");
    await leaving.dispose();
    expect((await left.finished).status).toBe("interrupted");
    expect(counted(workspace.root)).toEqual([[expect.any(String), 1]]);
    const by = await service();
    const again = new Watched(workspace.root, await by.resume(workspace.root, left.id));
    await again.until("log", ({ text }) => text.includes("waiting"));
    expect(again.events.map(({ type }) => type)).toContain("retry");
    await again.cancel();
    expect(counted(workspace.root)).toEqual([[expect.any(String), 1]]);
  });

  const remembered = (root: string) => {
    const mine = new MemoryStore({ folder: join(root, ".proj-intel", "memory") }).of("agent");
    return Object.fromEntries(mine.entries().map(({ key, value }) => [key, value]));
  };

  test("what an agent remembers is the same whichever worker runs it, and is there where runs were started", async () => {
    new MemoryStore({ folder: join(workspace.root, ".proj-intel", "memory") }).of("agent").set("here", 0);
    const [first, second] = [await copy(), await copy()];
    const one = await worker(first);
    const by = await service();
    const told = await run("RemembersAgent", { task: { key: "a", value: 1 } }, by);
    expect(await told.finished).toMatchObject({ output: { all: ["here", "a"] }, warnings: [] });
    const failed = await run("RemembersAgent", { task: { key: "b", value: 2, fails: true } }, by);
    expect(await failed.finished).toMatchObject({ status: "failed", warnings: [] });
    expect(remembered(workspace.root)).toEqual({ here: 0, a: 1, b: 2 });
    await one.stop();
    const two = await worker(second);
    const recalled = await run("RecallsAgent", {}, by);
    expect((await recalled.finished).output).toEqual({ all: { here: 0, a: 1, b: 2 } });
    await (
      await run("ForgetsAgent", { task: "a" }, by)
    ).finished;
    expect(remembered(workspace.root)).toEqual({ here: 0, b: 2 });
    await two.stop();
    await worker(first);
    const again = await run("RecallsAgent", {}, by);
    expect((await again.finished).output).toEqual({ all: { here: 0, b: 2 } });
  });

  test("two workers at once lose no key of each other", async () => {
    await Promise.all([worker(await copy()), worker(await copy())]);
    const by = await service();
    const keys = Array.from({ length: 30 }, (_, index) => `key ${index}`);
    const runs = await Promise.all(
      keys.map((key) => run("RemembersAgent", { task: { key, value: key } }, by)),
    );
    for (const each of runs) expect(await each.finished).toMatchObject({ status: "success", warnings: [] });
    const startedBy = runs.map(({ events }) =>
      events.flatMap((event) => (event.type === "started" ? [event.worker] : [])),
    );
    expect(new Set(startedBy.flat()).size).toBe(2);
    expect(remembered(workspace.root)).toEqual(Object.fromEntries(keys.map((key) => [key, key])));
  });

  test("a checkpoint of more than 64 MiB stays at its worker: one warning, and the run goes on", async () => {
    const elsewhere = await copy();
    await worker(elsewhere);
    const large = await run("LargeAgent");
    expect(await large.finished).toMatchObject({
      status: "success",
      warnings: [
        'Checkpoints of agent "large" are larger than 64 MiB and are not carried between machines: such a run cannot go on from them elsewhere.',
      ],
    });
    const labels = (root: string) =>
      new FileCheckpointStore(join(root, ".proj-intel", "checkpoints"))
        .list("large")
        .map(({ label }) => label)
        .reverse();
    expect(labels(elsewhere)).toEqual(["started", "one", "two", "completed"]);
    expect(labels(workspace.root)).toEqual(["started", "completed"]);
  });
});
