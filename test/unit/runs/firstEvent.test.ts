import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { firstEvent, firstEvents } from "../../../src/runs/history/firstEvent.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "first-"));
  await mkdir(join(root, ".proj-intel/runs"), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const write = (id: string, text: string) => writeFile(join(root, `.proj-intel/runs/${id}.jsonl`), text);
const queued = (task: unknown) => {
  const agent = { file_path: "a.ts", name: "A" };
  return JSON.stringify({
    ...{ type: "queued", runId: "inner", time: "", agent, task },
    ...{ retries: 0, timeoutMs: null },
  });
};

it("tells what was asked for, however long that is, and also where nothing follows", async () => {
  const long = "ä".repeat(10_000);
  await write("1", `${queued(1)}\n{"type":"log"}\n`);
  await write("2", `${queued(long)}\n{"type":"log"}\n`);
  await write("3", queued(3));
  expect(await firstEvent(root, "1")).toMatchObject({ runId: "1", task: 1 });
  expect(await firstEvent(root, "2")).toMatchObject({ task: long });
  expect(await firstEvent(root, "3")).toMatchObject({ task: 3 });
});

it("passes over what does not begin as records do", async () => {
  await write("1", "");
  await write("2", '{"type":"que');
  await write("3", '{"type":"started"}\n');
  for (const id of ["1", "2", "3", "gone"]) expect(await firstEvent(root, id)).toBeNull();
  const ids = Array.from({ length: 40 }, (_, at) => `more-${at}`);
  for (const id of ids) await write(id, `${queued(id)}\n`);
  const told: unknown[] = [];
  for await (const { task } of firstEvents(root, ["2", ...ids, "gone"])) told.push(task);
  expect(told).toEqual(ids);
});
