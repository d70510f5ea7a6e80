import { spawnSync } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listRuns, restOfBatches } from "../../../src/runs/history/listRuns.ts";
import { RunOwners } from "../../../src/runs/history/runOwners.ts";

let root = "";
const owners = new RunOwners();
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "runs-"));
  await mkdir(join(root, ".proj-intel/runs"), { recursive: true });
});
afterEach(async () => {
  await owners.release();
  await rm(root, { recursive: true, force: true });
});

const at = (second: number) => `2026-01-02T03:04:${String(second).padStart(2, "0")}.000Z`;
const agent = { file_path: "src/a.ts", name: "Echo" };
const finished = { status: "success", checkpointId: "c1", attempts: 1, durationMs: 3000, warnings: [] };
const error = { name: "Error", message: "no", stack: "long" };

/** Events of one run, a second apart. */
async function record(runId: string, owner: string | undefined, ...events: object[]): Promise<void> {
  const queued = { type: "queued", agent, task: 1, retries: 2, timeoutMs: null, ...(owner && { owner }) };
  const lines = [queued, ...events].map((event, second) =>
    JSON.stringify({ runId, time: at(second), ...event }),
  );
  await appendFile(join(root, `.proj-intel/runs/${runId}.jsonl`), `${lines.join("\n")}\n`);
}
const started = { type: "started", pid: 1, node: "24.0.0" };
const log = { type: "log", stream: "stdout", text: "x".repeat(100_000) };
const retry = { type: "retry", attempt: 2, of: 3, delayMs: 500, error };
const states = async () => (await listRuns(root)).map(({ runId, state }) => `${runId} ${state}`);

it("lists the newest first, each with what came of it, however long its log is", async () => {
  const owner = await owners.of(root);
  await record("1", owner, started, log, log, { type: "finished", ...finished });
  await record("2", owner, started, { type: "finished", ...finished, status: "failed", error });
  expect(await listRuns(root)).toEqual([
    {
      ...{
        runId: "2",
        agent,
        state: "failed",
        queuedAt: at(0),
        endedAt: at(2),
        durationMs: 3000,
        attempts: 1,
      },
      ...{ error: { name: "Error", message: "no" }, checkpointId: "c1", attemptsAtMost: 3 },
      ...{ nextAttemptAt: null, progress: null, resumes: null, resumedBy: null },
      ...{ question: null, stopped: null, usage: null, batch: null, tool: null, step: null, worker: null },
    },
    {
      ...{
        runId: "1",
        agent,
        state: "success",
        queuedAt: at(0),
        endedAt: at(4),
        durationMs: 3000,
        attempts: 1,
      },
      ...{
        error: null,
        checkpointId: "c1",
        attemptsAtMost: 3,
        nextAttemptAt: null,
        progress: null,
        resumes: null,
        resumedBy: null,
        usage: null,
        batch: null,
        tool: null,
        step: null,
        worker: null,
        question: null,
        stopped: null,
      },
    },
  ]);
  expect((await listRuns(root, 1)).map(({ runId }) => runId)).toEqual(["2"]);
});

it("says of runs of a living process what they do", async () => {
  const owner = await owners.of(root);
  await record("1", owner);
  await record("2", owner, started, log);
  await record("3", owner, started, retry, log);
  await record("4", owner, started, { type: "question", question: { kind: "approve", message: "Sure?" } });
  expect(await states()).toEqual(["4 waiting", "3 retrying", "2 running", "1 queued"]);
  const [, third] = await listRuns(root);
  expect(third).toMatchObject({ attempts: 3, error: { name: "Error", message: "no" }, durationMs: 3000 });
  expect(third?.nextAttemptAt).toBe("2026-01-02T03:04:02.500Z");
});

it("calls interrupted what the process that recorded it left behind", async () => {
  await record("1", undefined, started);
  await record("2", "019b0000-0000-7000-8000-000000000000", started, {
    type: "checkpoint",
    id: "c9",
    label: null,
  });
  await record("3", "../../outside", started);
  const gone = await owners.of(root);
  await record("4", gone, started);
  expect(await states()).toEqual(["4 running", "3 interrupted", "2 interrupted", "1 interrupted"]);
  const long = new Date(Date.now() - 60_000);
  await utimes(join(root, `.proj-intel/runs/owners/${gone}.lock`), long, long);
  expect(await states()).toEqual(["4 interrupted", "3 interrupted", "2 interrupted", "1 interrupted"]);
  expect((await listRuns(root))[2]).toMatchObject({ checkpointId: "c9", endedAt: null });
});

it("calls interrupted at once what a process of this machine left behind, and no run of another machine", async () => {
  const owner = await owners.of(root);
  const noted = join(root, `.proj-intel/runs/owners/${owner}`);
  const { pid, machine } = JSON.parse(await readFile(noted, "utf8")) as { pid: number; machine: string };
  expect(pid).toBe(process.pid);
  const { pid: gone } = spawnSync(process.execPath, ["--version"]);
  await record("1", owner, started);
  expect(await states()).toEqual(["1 running"]);
  await writeFile(noted, JSON.stringify({ pid: gone, machine: `${machine} elsewhere` }));
  expect(await states()).toEqual(["1 running"]);
  await writeFile(noted, JSON.stringify({ pid: gone, machine }));
  expect(await states()).toEqual(["1 interrupted"]);
  await writeFile(noted, "torn");
  expect(await states()).toEqual(["1 running"]);
});

it("says which run resumes which, also where the process ended before the older record told so", async () => {
  const failed = { type: "finished", ...finished, status: "failed", error };
  await record("1", undefined, started, failed, { type: "resumed", by: "3" });
  await record("2", undefined, started);
  await record("3", undefined, { type: "finished", ...finished });
  await record("4", undefined, started, { type: "resumed", by: "gone" });
  const queued = { type: "queued", runId: "5", time: at(0), agent, task: 1, retries: 0, timeoutMs: null };
  await appendFile(
    join(root, ".proj-intel/runs/5.jsonl"),
    `${JSON.stringify({ ...queued, resumes: "2" })}\n`,
  );
  const told = (await listRuns(root)).map(({ runId, state, resumes, resumedBy, attempts }) => [
    ...[runId, state, resumes, resumedBy, attempts],
  ]);
  expect(told).toEqual([
    ["5", "interrupted", "2", null, 0],
    ["4", "interrupted", null, "gone", 1],
    ["3", "success", null, null, 1],
    ["2", "interrupted", null, "5", 1],
    ["1", "failed", null, "3", 1],
  ]);
});

it("totals what an agent consumed, also while it runs", async () => {
  const owner = await owners.of(root);
  const usage = { type: "usage", tokens: 120, cost: 0.1 };
  await record("1", owner, started, usage, { ...usage, tokens: 3, cost: 0.2 });
  const total = { tokens: 7, cost: 1 };
  await record("2", owner, started, log, usage, log, { type: "finished", ...finished, usage: total });
  expect((await listRuns(root)).map((run) => run.usage)).toEqual([total, { tokens: 123, cost: 0.3 }]);
});

it("leaves out what is no record of a run, and the line that a crash cut off", async () => {
  const runs = join(root, ".proj-intel/runs");
  await writeFile(join(runs, "empty.jsonl"), "");
  await writeFile(join(runs, "foreign.jsonl"), '{"type":"other"}\nnot JSON\n');
  await writeFile(join(runs, "notes.txt"), "");
  await mkdir(join(runs, "folder.jsonl"));
  await record("1", undefined, started);
  await appendFile(join(runs, "1.jsonl"), '{"type":"finished","ru');
  expect(await states()).toEqual(["1 interrupted"]);
  await rm(join(root, ".proj-intel"), { recursive: true });
  expect(await listRuns(root)).toEqual([]);
});

it("lists as unreadable what does not begin with what was asked for, once it cannot be about to", async () => {
  const file = (name: string) => join(root, `.proj-intel/runs/${name}.jsonl`);
  const end = { type: "finished", runId: "4", time: at(1), ...finished };
  await writeFile(file("1"), "");
  await writeFile(file("2"), '{"type":"queued","runId":"2"');
  await writeFile(file("3"), "\0".repeat(4096));
  await writeFile(file("4"), `${JSON.stringify(end)}\n`);
  await writeFile(file("5"), '{"type":"of a newer version"}\n');
  await record("6", undefined);
  expect(await states()).toEqual(["6 interrupted"]);
  const long = new Date(Date.now() - 100_000);
  for (const name of ["1", "2", "3", "4", "5"]) await utimes(file(name), long, long);
  expect(await states()).toEqual(["6 interrupted", ...[4, 3, 2, 1].map((id) => `${id} unreadable`)]);
  const [, torn, , , empty] = await listRuns(root);
  expect(torn?.error?.message).toMatch(/^The record does not begin with what was asked for, because/);
  expect(empty).toMatchObject({
    queuedAt: long.toISOString(),
    error: { message: expect.stringMatching(/^The record is empty, because/) as string },
  });
});

it("completes the batches of a list, and reads no further than they go", async () => {
  const id = (at: number) => String(at).padStart(4, "0");
  for (let at = 0; at < 40; at += 1) await record(id(at), undefined);
  for (let at = 40; at < 120; at += 1) await record(id(at), undefined, { type: "resumed", by: "x" });
  const inBatch = async (at: number, batch: string) => {
    await rm(join(root, `.proj-intel/runs/${id(at)}.jsonl`));
    const queued = { type: "queued", runId: id(at), time: "2026-01-02T03:04:00.000Z", agent, task: 1, batch };
    await appendFile(
      join(root, `.proj-intel/runs/${id(at)}.jsonl`),
      `${JSON.stringify({ ...queued, retries: 0, timeoutMs: null })}\n`,
    );
  };
  for (let at = 50; at < 119; at += 1) if (at !== 90) await inBatch(at, "b");
  // Too far away to be looked for.
  await inBatch(1, "b");
  const listed = await listRuns(root, 10);
  expect(listed.map(({ batch }) => batch)).toEqual([null, ...Array.from({ length: 9 }, () => "b")]);
  const rest = await restOfBatches(root, listed);
  expect(rest.map(({ runId }) => runId)).toEqual(
    Array.from({ length: 60 }, (_, index) => id(109 - index)).filter((runId) => runId !== id(90)),
  );
  expect(await restOfBatches(root, listed.slice(0, 1))).toEqual([]);
});
