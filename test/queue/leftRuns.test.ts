import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { Queue } from "../../src/queue/queue.ts";
import { controlOf, logOf } from "../../src/queue/runLog.ts";
import { RunService } from "../../src/runs/runService.ts";
import { dist, useWorkspace, Watched } from "../host/workspace.ts";
import { startPostgres, startRedis } from "./servers.ts";
import { useQueue } from "./queueOfTest.ts";

const AGENTS = `
  import { appendFileSync, existsSync } from "node:fs";
  import { BaseAgent } from ${JSON.stringify(join(dist, "library/index.mjs"))};
  const ready = async (file) => { while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20)); };
  export class WaitsAgent {
    async execute(task) {
      appendFileSync(task.begun, "begun ");
      console.log("waiting");
      await ready(task.ready);
      return { done: true };
    }
  }
  export class StepsAgent extends BaseAgent {
    state = { done: 0 };
    constructor() { super({ name: "steps", agentType: "test" }); }
    snapshot() { return this.state; }
    restore(state) { this.state = state; }
    async executeImpl(task, ctx) {
      while (this.state.done < 3) {
        this.state.done += 1;
        appendFileSync(task.done, this.state.done + " ");
        ctx.checkpoint("done " + this.state.done);
        if (this.state.done === 1) { console.log("waiting"); await ready(task.ready); }
        if (this.state.done === 2) throw new RangeError("the second one");
      }
      return { done: this.state.done };
    }
  }`;

const workspace = useWorkspace();

describe.each([
  { kind: "Redis", begin: () => startRedis() },
  { kind: "PostgreSQL", begin: () => startPostgres() },
])("runs in a queue on $kind that nobody follows for a while", ({ begin }) => {
  const { opened, copy, worker: workerIn } = useQueue(workspace, begin, AGENTS);
  const worker = async () => workerIn(await copy()).ready();

  const task = () => ({
    begun: join(workspace.root, "begun"),
    done: join(workspace.root, "done"),
    ready: join(workspace.root, "ready"),
  });
  const start = (service: RunService, agent: string): Watched => {
    const { root } = workspace;
    return new Watched(root, service.start({ root, file: join(root, "a.mjs"), name: agent, task: task() }));
  };
  const resumed = async (service: RunService, runId: string): Promise<Watched> =>
    new Watched(workspace.root, await service.resume(workspace.root, runId));
  const isWaiting = async (queue: Queue) => (await queue.jobs.counts()).waiting === 1;

  test("stay one run, however often they are left and followed again", async () => {
    const first = await opened();
    const left = start(first.service, "WaitsAgent");
    await vi.waitFor(async () => expect(await isWaiting(first.queue)).toBe(true));
    await first.service.dispose();
    const second = await opened();
    const again = await resumed(second.service, left.id);
    await vi.waitFor(async () => expect(await second.queue.shared.files.list("current")).toHaveLength(1));
    await second.service.dispose();
    expect((await again.finished).status).toBe("interrupted");
    const third = await opened();
    const last = await resumed(third.service, again.id);
    await worker();
    await last.until("log");
    await workspace.write("ready", "");
    expect(await last.finished).toMatchObject({ status: "success", output: { done: true } });
    expect(await readFile(join(workspace.root, "begun"), "utf8")).toBe("begun ");
    expect(await third.queue.jobs.counts()).toEqual({ waiting: 0, delayed: 0, active: 0 });
  });

  test("tell a failure that nobody heard to whoever resumes them, and then go on from their last checkpoint", async () => {
    await worker();
    const first = await opened();
    const left = start(first.service, "StepsAgent");
    await left.until("log");
    await first.service.dispose();
    await workspace.write("ready", "");
    const second = await opened();
    await vi.waitFor(async () => expect(await second.queue.jobs.has(`${left.id}.1`)).toBe(false), 20_000);
    const again = await resumed(second.service, left.id);
    expect(await again.finished).toMatchObject({
      ...{ status: "failed", error: { name: "RangeError", message: "the second one" } },
    });
    const last = await resumed(second.service, again.id);
    expect(await last.finished).toMatchObject({ status: "success", output: { done: 3 } });
    expect(await readFile(join(workspace.root, "done"), "utf8")).toBe("1 2 3 ");
  });

  test("end here once the queue has nothing of them any more", async () => {
    const { service, queue } = await opened({ silentMs: 300 });
    const lost = start(service, "WaitsAgent");
    await vi.waitFor(async () => expect(await isWaiting(queue)).toBe(true));
    await pause(700);
    expect(lost.events.map(({ type }) => type)).toEqual(["queued"]);
    await queue.jobs.remove(`${lost.id}.1`);
    const { status, error } = await lost.finished;
    expect({ status, message: error?.message }).toEqual({
      status: "interrupted",
      message:
        "interrupted (the queue has nothing of this run any more; whether it ended there is not known)",
    });
  });

  test("are told as they ended where a part of what was heard is lost, also to who cancels them", async () => {
    const { service, queue } = await opened({ silentMs: 300 });
    for (const cancels of [false, true]) {
      const run = start(service, "WaitsAgent");
      const job = `${run.id}.1`;
      const { logs } = queue.shared;
      await vi.waitFor(async () => expect(await isWaiting(queue)).toBe(true));
      const lines = ["a", "b", "c"].map((text) =>
        JSON.stringify({ event: { type: "log", stream: "stdout", text } }),
      );
      await logs.append(logOf(job), null, lines);
      await run.until("log", ({ text }) => text.includes("c"));
      await logs.remove([logOf(job)]);
      const outcome = { status: "success", output: { done: true }, checkpointId: null, attempts: 1 };
      const end = JSON.stringify({ end: { ...outcome, durationMs: 5, warnings: [] } });
      await logs.append(logOf(job), null, [end], { closes: true });
      await queue.jobs.remove(job);
      if (cancels) await run.cancel();
      expect(await run.finished).toMatchObject({ status: "success", output: { done: true } });
    }
  });

  test("never begin where they are cancelled before they are in the queue", async () => {
    const { service, queue } = await opened();
    const runs = Array.from({ length: 20 }, (_, at) => ({ run: start(service, "WaitsAgent"), at }));
    const ended = runs.map(async ({ run, at }) => {
      await run.until("queued");
      await pause(at * 2);
      await run.cancel();
      return (await run.finished).status;
    });
    expect(new Set(await Promise.all(ended))).toEqual(new Set(["cancelled"]));
    await pause(100);
    expect(await queue.jobs.counts()).toEqual({ waiting: 0, delayed: 0, active: 0 });
  });

  test("leave nothing of what they were asked in the queue once they have ended", async () => {
    const { service, queue } = await opened();
    const run = start(service, "WaitsAgent");
    await vi.waitFor(async () => expect(await isWaiting(queue)).toBe(true));
    const control = controlOf(`${run.id}.1`);
    const asked = vi.spyOn(queue.shared.logs, "append");
    await run.cancel();
    expect(asked.mock.calls.map(([log]) => log)).toContain(control);
    await vi.waitFor(async () =>
      expect(await queue.shared.logs.read(new Map([[control, 0]]))).toEqual(new Map()),
    );
  });

  test("take as long as they are at work, however long they wait", async () => {
    const { service, queue } = await opened();
    await workspace.write("ready", "");
    const run = start(service, "WaitsAgent");
    await vi.waitFor(async () => expect(await isWaiting(queue)).toBe(true));
    await pause(3_000);
    await worker();
    const { status, durationMs } = await run.finished;
    expect(status).toBe("success");
    expect(durationMs).toBeLessThan(2_500);
    expect(durationMs).toBeGreaterThan(0);
  });
});
