import { access, appendFile, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunEvent } from "../../src/model/runRecord.ts";
import { discardRun } from "../../src/runs/history/discardRun.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { readRun } from "../../src/runs/readRun.ts";
import { RunService } from "../../src/runs/runService.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const core = JSON.stringify(join(dist, "core/core.mjs"));

/** Counts to 3, each number once: what it counted stands in its state and in a file. It waits at 2 where `wait` exists. */
const COUNTER = `
  import { appendFileSync, existsSync } from "node:fs";
  import { BaseAgent } from ${core};
  export class Counter extends BaseAgent {
    state = { counted: 0 };
    constructor(...args) { super({ name: "counter", agentType: "test" }); this.args = args; }
    snapshot() { return this.state; }
    restore(state) { this.state = state; }
    async executeImpl(task, ctx) {
      while (this.state.counted < 3) {
        if (this.state.counted === 2 && existsSync("wait")) { console.log("waiting"); await new Promise((done) => setTimeout(done, 20000)); }
        if (this.state.counted === 2 && existsSync("broken")) throw new Error("broken");
        this.state.counted += 1;
        appendFileSync("counted", this.state.counted + "\\n");
        ctx.checkpoint("counted " + this.state.counted);
      }
      return { task, args: this.args, counted: this.state.counted };
    }
  }`;
const counted = () => readFile(join(workspace.root, "counted"), "utf8");
const summaryOf = async (runId: string) =>
  (await listRuns(workspace.root)).find((summary) => summary.runId === runId);

/** A run that waits after it has counted to 2, and was ended by the death of its host. */
async function interruptedRun(): Promise<string> {
  await workspace.write("a.mjs", COUNTER);
  await workspace.write("wait", "");
  const run = workspace.start("a.mjs#Counter", { topic: "tea" }, { args: [7], retries: 1, memoryMb: 512 });
  const { pid } = await run.until("started");
  await run.until("log");
  process.kill(pid, "SIGKILL");
  expect((await run.finished).status).toBe("interrupted");
  await rm(join(workspace.root, "wait"));
  return run.id;
}

test("a run whose host was killed goes on from its last checkpoint, with the same task, once", async () => {
  const runId = await interruptedRun();
  const events: RunEvent[] = [];
  const run = await workspace.service.resume(workspace.root, runId, (event) => events.push(event));
  expect(await run.finished).toMatchObject({
    status: "success",
    output: { task: { topic: "tea" }, args: [7], counted: 3 },
  });
  expect(await counted()).toBe("1\n2\n3\n");
  const old = await readRun(workspace.root, runId);
  const checkpoint = old.findLast((event) => event.type === "checkpoint");
  expect(checkpoint?.label).toBe("counted 2");
  expect(events[0]).toMatchObject({
    ...{ type: "queued", resumes: runId, checkpoint: checkpoint?.id, retries: 1, memoryMb: 512 },
  });
  expect(events.at(-1)?.type).toBe("finished");
  expect(old.at(-1)).toMatchObject({ type: "resumed", by: run.id });
  expect(await summaryOf(runId)).toMatchObject({ state: "interrupted", resumedBy: run.id, resumes: null });
  expect(await summaryOf(run.id)).toMatchObject({ state: "success", resumedBy: null, resumes: runId });
  await expect(workspace.service.resume(workspace.root, runId)).rejects.toThrow(
    `Run ${runId} was resumed already, as run ${run.id}.`,
  );
});

test("where two windows resume a run at once, it is resumed once", async () => {
  const runId = await interruptedRun();
  const other = new RunService({ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath });
  const pressed = [workspace.service, other, workspace.service, other].map((service) =>
    service.resume(workspace.root, runId),
  );
  const settled = await Promise.allSettled(pressed);
  const runs = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(runs).toHaveLength(1);
  for (const one of settled)
    if (one.status === "rejected")
      expect(String(one.reason)).toMatch(/resumed (already|or discarded elsewhere)/);
  expect((await runs[0]?.finished)?.status).toBe("success");
  expect(await counted()).toBe("1\n2\n3\n");
  expect(await listRuns(workspace.root)).toHaveLength(2);
  await other.dispose();
});

test("a run that failed is resumed from where it was, not from its rollback", async () => {
  await workspace.write("a.mjs", COUNTER);
  await workspace.write("broken", "");
  const failed = workspace.start("a.mjs#Counter", 1, { retries: 1 });
  expect(await failed.finished).toMatchObject({ status: "failed", attempts: 2 });
  await rm(join(workspace.root, "broken"));
  const run = await workspace.service.resume(workspace.root, failed.id);
  expect((await run.finished).output).toMatchObject({ counted: 3 });
  expect(await counted()).toBe("1\n2\n1\n2\n3\n");
});

test("a run without checkpoints, or whose checkpoints were removed, begins anew", async () => {
  const runId = await interruptedRun();
  await rm(join(workspace.root, ".proj-intel/checkpoints"), { recursive: true });
  const run = await workspace.service.resume(workspace.root, runId);
  expect((await run.finished).output).toMatchObject({ counted: 3 });
  expect(await counted()).toBe("1\n2\n1\n2\n3\n");
});

test("a resumed run that is interrupted before it saved anything goes on from the same checkpoint", async () => {
  const runId = await interruptedRun();
  await workspace.write("wait", "");
  const second = await workspace.service.resume(workspace.root, runId);
  await second.cancel();
  await rm(join(workspace.root, "wait"));
  const third = await workspace.service.resume(workspace.root, second.id);
  expect((await third.finished).status).toBe("success");
  expect(await counted()).toBe("1\n2\n3\n");
});

test("a run that goes on, succeeded, or lacks a secret is not resumed", async () => {
  await workspace.write("a.mjs", COUNTER);
  const done = workspace.start("a.mjs#Counter", { apiKey: "sk-abcdefghijklmnopqrstuvwxyz123456" });
  await done.finished;
  await workspace.write("wait", "");
  await rm(join(workspace.root, "counted"));
  const waiting = workspace.start("a.mjs#Counter", { apiKey: "sk-abcdefghijklmnopqrstuvwxyz123456" });
  await waiting.until("log");
  const resume = (runId: string) => workspace.service.resume(workspace.root, runId);
  await expect(resume(done.id)).rejects.toThrow("succeeded, so there is nothing to resume");
  await expect(resume(waiting.id)).rejects.toThrow("has not ended: cancel it before it is resumed");
  await expect(discardRun(workspace.root, waiting.id)).rejects.toThrow("cancel it before it is discarded");
  await waiting.cancel();
  await expect(resume(waiting.id)).rejects.toThrow("because a secret in its task was not recorded");
  await expect(resume("../x")).rejects.toThrow("is not the id of a run");
  expect(await counted()).toBe("1\n2\n");
});

test("a run is discarded with its record, and a torn line does not swallow that it was resumed", async () => {
  const runId = await interruptedRun();
  const file = join(workspace.root, `.proj-intel/runs/${runId}.jsonl`);
  await appendFile(file, '{"type":"log","runId":"');
  const run = await workspace.service.resume(workspace.root, runId);
  await run.finished;
  await discardRun(workspace.root, run.id);
  expect(await summaryOf(runId)).toMatchObject({ resumedBy: run.id });
  await expect(workspace.service.resume(workspace.root, runId)).rejects.toThrow("was resumed already");
  await discardRun(workspace.root, runId);
  await expect(access(file)).rejects.toThrow("ENOENT");
  expect(await listRuns(workspace.root)).toEqual([]);
  await expect(discardRun(workspace.root, runId)).rejects.toThrow(`There is no record of a run ${runId}`);
  const owners = await readdir(join(workspace.root, ".proj-intel/runs/owners"));
  expect(owners.filter((name) => name.endsWith(".lock"))).toHaveLength(1);
});
