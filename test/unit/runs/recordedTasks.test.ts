import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { recordedTasks } from "../../../src/runs/recordedTasks.ts";

let root = "";
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), "recorded-"))));
afterEach(() => rm(root, { recursive: true, force: true }));

const agent = { file_path: "src/a.ts", name: "Desk" };
const time = (n: number) => new Date(n * 1000).toISOString();

async function record(n: number, task: unknown, more: object = {}, after = ""): Promise<void> {
  const folder = join(root, ".proj-intel", "runs");
  await mkdir(folder, { recursive: true });
  const runId = `0${n + 100}`;
  const queued = { type: "queued", runId, time: time(n), agent, task, retries: 0, timeoutMs: null, ...more };
  await writeFile(join(folder, `${runId}.jsonl`), `${JSON.stringify(queued)}\n${after}`);
}

it("gives the tasks of the agent, the newest first, each once with its arguments", async () => {
  await record(1, { q: 1, r: 2 });
  await record(2, "tea", { args: [1] });
  await record(3, { r: 2, q: 1 }, {}, `{"type":"log"}\n`.repeat(3));
  await record(4, "other", { agent: { ...agent, name: "Other" } });
  await record(5, "elsewhere", { agent: { ...agent, file_path: "src/b.ts" } });
  expect(await recordedTasks(root, agent)).toEqual([
    { task: { r: 2, q: 1 }, args: [], time: time(3) },
    { task: "tea", args: [1], time: time(2) },
  ]);
});

it("passes over what cannot be read, and gives at most 20", async () => {
  for (let n = 1; n <= 25; n += 1) await record(n, n);
  await writeFile(join(root, ".proj-intel", "runs", "0999.jsonl"), '{"type":"queu');
  await writeFile(join(root, ".proj-intel", "runs", "0998.jsonl"), "");
  const tasks = (await recordedTasks(root, agent)).map(({ task }) => task);
  expect([tasks.length, tasks[0], tasks.at(-1)]).toEqual([20, 25, 6]);
});

it("gives none where nothing ran", async () => {
  expect(await recordedTasks(root, agent)).toEqual([]);
});
