import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuid } from "uuid";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MeasuredRecords } from "../../../src/performance/measuredRecords.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "performance-"));
  mkdirSync(join(root, ".proj-intel", "runs"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const fileOf = (id: string) => join(root, ".proj-intel", "runs", `${id}.jsonl`);
const line = (id: string, type: string, time: string, rest: object) =>
  `${JSON.stringify({ type, runId: id, time: `2026-03-01T10:00:${time}Z`, ...rest })}\n`;
const asked = (rest: object = {}) => ({
  ...{ agent: { file_path: "src/a.ts", name: "A" }, task: {}, retries: 0, timeoutMs: null, ...rest },
});
const ended = (rest: object = {}) => ({
  ...{ status: "success", checkpointId: null, attempts: 1, durationMs: 5, warnings: [], ...rest },
});

function record(id: string, between: string, end: object | null = ended(), queued: object = {}): void {
  const begin =
    line(id, "queued", "00.000", asked(queued)) + line(id, "started", "01.500", { pid: 1, node: "24" });
  writeFileSync(fileOf(id), begin + between + (end === null ? "" : line(id, "finished", "02.000", end)));
}

describe("Measured records", () => {
  it("tell of a run what its record tells at its ends", async () => {
    const id = uuid();
    const tools = [{ name: "t", calls: 1, failures: 0, refusals: 0, durationMs: 3 }];
    const log = line(id, "log", "01.600", { stream: "stdout", text: "x".repeat(100) }).repeat(1000);
    record(id, log, ended({ tools, use: { memoryBytes: 7, busy: 0.5 } }), { batch: "b", memoryMb: 64 });
    const records = new MeasuredRecords(root);
    expect(await records.read()).toBe(0);
    const queuedAt = Date.parse("2026-03-01T10:00:00.000Z");
    expect(records.measures).toEqual([
      {
        ...{ runId: id, agent: "src/a.ts#A", queuedAt, startedAt: queuedAt + 1500, endedAt: queuedAt + 2000 },
        ...{ state: "success", durationMs: 5, attempts: 1, error: null, timeoutMs: null, memoryLimitMb: 64 },
        ...{ memoryBytes: 7, busy: 0.5, batch: "b", alone: false, tools },
      },
    ]);
  });

  it("count the time in the queue from when a delayed run could begin", async () => {
    const [late, early, never] = [uuid(), uuid(), uuid()];
    record(late, "", ended(), { delayMs: 1_000 });
    record(early, "", ended(), { delayMs: 5_000 });
    const cancelled = line(never, "finished", "02.000", ended({ status: "cancelled", attempts: 0 }));
    writeFileSync(fileOf(never), line(never, "queued", "00.000", asked({ delayMs: 60_000 })) + cancelled);
    const records = new MeasuredRecords(root);
    await records.read();
    const begin = Date.parse("2026-03-01T10:00:00.000Z");
    const times = new Map(records.measures.map((each) => [each.runId, each]));
    expect(times.get(late)).toMatchObject({ queuedAt: begin + 1_000, startedAt: begin + 1_500 });
    expect(times.get(early)).toMatchObject({ queuedAt: begin + 1_500, startedAt: begin + 1_500 });
    expect(times.get(never)).toMatchObject({ queuedAt: begin + 2_000, endedAt: begin + 2_000 });
  });

  it("are found where a task or a result is long", async () => {
    const [task, result] = [uuid(), uuid()];
    record(task, "", ended(), { task: "x".repeat(50_000) });
    record(result, "", ended({ output: { text: "y".repeat(100_000) } }));
    const records = new MeasuredRecords(root);
    await records.read();
    expect(records.measures.map(({ state }) => state)).toEqual(["success", "success"]);
  });

  it("leave pipelines out, and count the runs of dead processes as interrupted", async () => {
    const dead = uuid();
    record(dead, "", null, { owner: uuid() });
    record(uuid(), "", ended(), { agent: { file_path: "x/release.agents.json", name: "release" } });
    const records = new MeasuredRecords(root);
    await records.read();
    expect(records.measures).toMatchObject([{ runId: dead, state: "interrupted", endedAt: null }]);
  });

  it("follow records that grow, come and go, and read no others again", async () => {
    const [old, growing] = [uuid(), uuid()];
    record(old, "");
    record(growing, "", null);
    const records = new MeasuredRecords(root);
    await records.read();
    // Nobody writes to a record whose run has ended, so this is not seen.
    record(old, "", ended({ status: "failed" }));
    appendFileSync(fileOf(growing), line(growing, "finished", "03.000", ended()));
    await records.read();
    expect(records.measures.map(({ runId, state }) => [runId, state])).toEqual([
      [growing, "success"],
      [old, "success"],
    ]);
    rmSync(fileOf(old));
    await records.read();
    expect(records.measures.map(({ runId }) => runId)).toEqual([growing]);
  });

  it("are read in portions where there is a deadline, and from a time on", async () => {
    for (let index = 0; index < 250; index += 1) record(uuid(), "");
    const records = new MeasuredRecords(root);
    expect(await records.read(0, 0)).toBe(150);
    expect(await records.read(0, 0)).toBe(50);
    expect(await records.read(0, 0)).toBe(0);
    expect(records.measures).toHaveLength(250);
    const later = new MeasuredRecords(root);
    expect(await later.read(Date.now() + 1000)).toBe(0);
    expect(later.measures).toEqual([]);
  });

  it("are not disturbed by what is no record", async () => {
    const good = uuid();
    record(good, "");
    const runs = join(root, ".proj-intel", "runs");
    execFileSync("mkfifo", [fileOf(uuid())]);
    symlinkSync("/dev/zero", fileOf(uuid()));
    mkdirSync(fileOf(uuid()));
    writeFileSync(join(runs, "..%2f.jsonl"), "{}");
    writeFileSync(fileOf(uuid()), `{"type":"queued","__proto__":{"agent":1},"time":"x"}\n`);
    writeFileSync(fileOf(uuid()), line("x", "queued", "99.999", asked()).replace("99.999", "never"));
    writeFileSync(fileOf(uuid()), "[".repeat(100_000));
    const records = new MeasuredRecords(root);
    await records.read();
    expect(records.measures.map(({ runId }) => runId)).toEqual([good]);
    expect(await new MeasuredRecords(join(root, "none")).read()).toBe(0);
  });

  it("keep numbers within bounds", async () => {
    record(uuid(), "", ended({ durationMs: -5, attempts: 1 }));
    const records = new MeasuredRecords(root);
    await records.read();
    expect(records.measures[0]?.durationMs).toBe(0);
  });
});
