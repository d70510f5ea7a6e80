import { expect, test } from "vitest";
import type { RunEvent } from "../../src/model/runRecord.ts";
import { Batch } from "../../src/runs/batch/batch.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { readRun } from "../../src/runs/readRun.ts";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const AGENT = `
  export class Late { async run(task) { await new Promise((resolve) => setTimeout(resolve, task)); return { task }; } }`;

async function batch(tasks: readonly number[], concurrency: number): Promise<Batch> {
  await workspace.write("package.json", "{}");
  const file = await workspace.write("a.mjs", AGENT);
  const requests = tasks.map((task) => ({ root: workspace.root, file, name: "Late", task }));
  return new Batch(workspace.service, requests, { concurrency });
}

const states = async () => (await listRuns(workspace.root)).map(({ state }) => state).reverse();

/** Resolves when that many events of a type came. */
function heard(batch: Batch, type: RunEvent["type"], count: number): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    batch.onEvent((event) => {
      if (event.type === type) left -= 1;
      if (left === 0) resolve();
    });
  });
}

test("every run of a batch is on disk before its turn, whatever the number, in the order of the tasks", async () => {
  const tasks = Array.from({ length: 300 }, (_, index) => (index === 0 ? 60_000 : index));
  const all = await batch(tasks, 1);
  await Promise.all([heard(all, "queued", tasks.length), heard(all, "checkpoint", 1)]);
  const runs = await listRuns(workspace.root);
  expect(new Set(runs.map((run) => run.batch))).toEqual(new Set([all.id]));
  expect(runs.map(({ runId }) => runId)).toEqual(all.rows.map(({ runId }) => runId).reverse());
  await all.cancel();
  expect(all.figures).toMatchObject({ total: 300, cancelled: 300, unbegun: 299 });
});

test("a batch whose process closes leaves what waited as interrupted, to be resumed in the same batch", async () => {
  const all = await batch([60_000, 1, 2], 1);
  await Promise.all([heard(all, "queued", 3), heard(all, "started", 1)]);
  await workspace.service.dispose();
  expect(await states()).toEqual(["interrupted", "interrupted", "interrupted"]);
  const waited = (await listRuns(workspace.root))[0];
  expect(waited).toMatchObject({ attempts: 0, error: { message: "interrupted (closed before its turn)" } });
  workspace.reopen();
  const resumed = await workspace.service.resume(workspace.root, waited?.runId ?? "");
  expect(await resumed.finished).toMatchObject({ status: "success", output: { task: 2 } });
  expect((await listRuns(workspace.root))[0]).toMatchObject({ batch: all.id, resumes: waited?.runId });
});

test("a run that gets ready ahead of its turn is queued for everybody, and one that was cancelled then has not begun", async () => {
  const file = await workspace.write(
    "a.mjs",
    `export class A { run(ms) { return new Promise((done) => setTimeout(done, ms)); } }`,
  );
  const requests = [0, 0, 0, 20_000, 0].map((task) => ({ root: workspace.root, file, name: "A", task }));
  const batch = new Batch(workspace.service, requests, { concurrency: 1, sharesThreads: true });
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    batch.onEvent(({ type }, { index }) => {
      if (index === 4) heard.push(type);
      if (index === 3 && type === "checkpoint") resolve();
    });
  });
  const waits = await readRun(workspace.root, batch.rows[4]?.runId ?? "");
  expect(waits.map(({ type }) => type)).toEqual(["queued"]);
  await batch.cancel();
  expect(heard).toEqual(["queued", "finished"]);
  expect(batch.rows[4]).toMatchObject({ state: "cancelled", attempts: 0 });
  const events = await readRun(workspace.root, batch.rows[4]?.runId ?? "");
  expect(events.map(({ type }) => type)).toEqual(["queued", "finished"]);
  expect(events.at(-1)).toMatchObject({ type: "finished", status: "cancelled", attempts: 0 });
});
