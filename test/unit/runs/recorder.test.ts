import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UserError } from "../../../src/model/userError.ts";
import { readRun } from "../../../src/runs/readRun.ts";
import { RunService } from "../../../src/runs/runService.ts";
import { RunRecorder, runsFolder } from "../../../src/runs/recorder.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "recorder-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const time = "2026-01-01T00:00:00.000Z";
const log = (text: string) => ({ type: "log", runId: "r1", time, stream: "stdout", text }) as const;
const file = () => join(root, ".proj-intel", "runs", "r1.jsonl");

test("writes events in order, a line each, readable by the user alone", async () => {
  const recorder = await RunRecorder.create(await runsFolder(root), "r1");
  const texts = Array.from({ length: 200 }, (_, index) => `line ${index}\n`);
  await Promise.all(texts.map((text) => recorder.append(log(text))));
  await recorder.close();
  const events = await readRun(root, "r1");
  expect(events.map((event) => (event.type === "log" ? event.text : ""))).toEqual(texts);
  if (process.platform !== "win32") expect((await stat(file())).mode & 0o777).toBe(0o600);
});

test("keeps its folders out of version control, and a .gitignore that is there as it is", async () => {
  await (await RunRecorder.create(await runsFolder(root), "r1")).close();
  const ignore = join(root, ".proj-intel", ".gitignore");
  expect(await readFile(ignore, "utf8")).toContain("runs/\n");
  await writeFile(ignore, "mine\n");
  await (await RunRecorder.create(await runsFolder(root), "r2")).close();
  expect(await readFile(ignore, "utf8")).toBe("mine\n");
});

test("reads a record whose last line is torn, or holds lines of a later version", async () => {
  const recorder = await RunRecorder.create(await runsFolder(root), "r1");
  await recorder.append(log("kept"));
  await recorder.close();
  const text = await readFile(file(), "utf8");
  await writeFile(file(), `${text}{"type":"hologram"}\n${text.slice(0, 40)}`);
  expect(await readRun(root, "r1")).toEqual([log("kept")]);
});

test("does not write through a link that leads out of the folder", async () => {
  const outside = await mkdtemp(join(tmpdir(), "outside-"));
  await mkdir(join(root, ".proj-intel"));
  await symlink(outside, join(root, ".proj-intel", "runs"), "junction");
  await expect(runsFolder(root)).rejects.toThrow(UserError);
  expect(await readdir(outside)).toEqual([]);
  await rm(outside, { recursive: true });
});

test("says in one sentence why a run cannot be recorded", async () => {
  await writeFile(join(root, ".proj-intel"), "a file");
  const runs = new RunService({ hostFile: "never started" });
  const { error } = await runs.start({ root, file: join(root, "a.mjs"), name: "A", task: 1 }).finished;
  expect(error?.name).toBe("UserError");
  expect(error?.message).toMatch(/^The run cannot be recorded in .*, so it was not started: /);
});

test("refuses ids that are paths", async () => {
  await expect(readRun(root, "../../etc/passwd")).rejects.toThrow("is not the id of a run");
  await expect(readRun(root, "nothing")).rejects.toThrow("There is no record of a run nothing");
});

test("lets go of its file while it rests, and makes no new one where it was removed meanwhile", async () => {
  const recorder = await RunRecorder.create(await runsFolder(root), "r1");
  void recorder.append(log("first"));
  await recorder.rest();
  await recorder.append(log("second"));
  await recorder.rest();
  expect((await readRun(root, "r1")).map((event) => event.type === "log" && event.text)).toEqual([
    "first",
    "second",
  ]);
  await rm(file());
  await expect(recorder.append(log("third"))).rejects.toThrow("ENOENT");
  await recorder.close();
  await expect(readFile(file())).rejects.toThrow("ENOENT");
});
