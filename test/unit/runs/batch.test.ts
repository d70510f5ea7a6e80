import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Finished, RunEvent } from "../../../src/model/runRecord.ts";
import { readAgentTasks, readTasksFor } from "../../../src/runs/batch/agentTasks.ts";
import { Batch } from "../../../src/runs/batch/batch.ts";
import { nameAgents } from "../../../src/runs/batch/taskLines.ts";
import { figuresOf } from "../../../src/runs/batch/row.ts";
import { progressText, summaryText } from "../../../src/runs/batch/sentences.ts";
import type { Run, StartRequest } from "../../../src/runs/runService.ts";
import { Slots } from "../../../src/runs/slots.ts";

const time = "2026-01-02T03:04:05.000Z";
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A run that does what the test says. */
class Scripted implements Run {
  readonly id: string;
  readonly finished: Promise<Finished>;
  readonly question = null;
  ended = false;
  #settle: (finished: Finished) => void = () => undefined;
  #begun = false;
  readonly #listeners = new Set<(event: RunEvent) => void>();

  constructor(id: string) {
    this.id = id;
    this.finished = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  onEvent(listener: (event: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  say(event: { type: string } & Record<string, unknown>): void {
    this.#begun ||= event.type === "started";
    for (const listener of this.#listeners)
      listener({ runId: this.id, time, ...event } as unknown as RunEvent);
  }

  end(status: string, more: object = {}): void {
    if (this.ended) return;
    this.ended = true;
    const base = { checkpointId: null, attempts: this.#begun ? 1 : 0, durationMs: 20, warnings: [] };
    const finished = { type: "finished", runId: this.id, time, status, ...base, ...more } as Finished;
    this.say(finished);
    this.#settle(finished);
  }

  answer(): Promise<void> {
    return Promise.reject(new Error("It asks nothing."));
  }

  async cancel(): Promise<void> {
    this.end("cancelled");
    await this.finished;
  }
}

function scripted(count: number, concurrency: number) {
  const runs: Scripted[] = [];
  const queued: StartRequest[] = [];
  const begun: unknown[] = [];
  const requests = Array.from({ length: count }, (_, task) => ({
    root: "/w",
    file: "/w/src/a.ts",
    name: "A",
    task,
  }));
  const service = {
    start: (request: StartRequest): Run => {
      const run = new Scripted(`run${runs.length}`);
      queued.push(request);
      runs.push(run);
      void Slots.take(request.turns ? [request.turns] : [], 0, async () => {
        if (run.ended) return;
        begun.push(request.task);
        run.say({ type: "started" });
        await run.finished;
      });
      return run;
    },
  };
  return { batch: new Batch(service, requests, { concurrency }), runs, queued, begun };
}

describe("A batch", () => {
  it("queues all with its id, and begins as many at a time as are allowed, the next when one ends", async () => {
    const { batch, runs, queued, begun } = scripted(4, 2);
    await turn();
    expect(queued.map(({ task, batch: id }) => [task, id])).toEqual(
      [0, 1, 2, 3].map((task) => [task, batch.id]),
    );
    expect(begun).toEqual([0, 1]);
    runs[1]?.end("success");
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    runs[0]?.end("failed");
    runs[2]?.end("success");
    await turn();
    runs[3]?.end("interrupted");
    expect(await batch.finished).toMatchObject({
      ...{ batch: batch.id, total: 4, queued: 0, running: 0 },
      ...{ succeeded: 2, failed: 1, interrupted: 1, cancelled: 0, unbegun: 0 },
    });
  });

  it("tells live what each run does and what all consume", async () => {
    const { batch, runs } = scripted(3, 2);
    const heard: string[] = [];
    batch.onEvent((event, row) => heard.push(`${row.index} ${event.type} ${row.state}`));
    await turn();
    const [first, second] = runs;
    first?.say({ type: "usage", tokens: 10, cost: 0.1 });
    first?.say({ type: "progress", fraction: 0.5, message: "half" });
    second?.say({ type: "usage", tokens: 5, cost: 0.2 });
    second?.say({ type: "retry", attempt: 1, of: 3, delayMs: 1, error: { name: "Error", message: "no" } });
    second?.say({ type: "log", stream: "stdout", text: "hm" });
    expect(heard.slice(-3)).toEqual(["1 usage running", "1 retry retrying", "1 log retrying"]);
    expect(batch.rows[0]).toEqual({
      ...{ index: 0, agent: { file_path: "src/a.ts", name: "A" }, runId: "run0", state: "running" },
      ...{ attempts: 1, durationMs: null, progress: { fraction: 0.5, message: "half" }, error: null },
      usage: { tokens: 10, cost: 0.1 },
    });
    expect(batch.rows[1]).toMatchObject({ state: "retrying", attempts: 2, error: { message: "no" } });
    expect(batch.figures).toEqual({
      ...{
        total: 3,
        queued: 1,
        running: 2,
        succeeded: 0,
        failed: 0,
        cancelled: 0,
        unbegun: 0,
        interrupted: 0,
      },
      usage: { tokens: 15, cost: 0.3 },
    });
    await batch.cancel();
  });

  it("begins nothing after a cancel, and ends with what runs", async () => {
    const { batch, runs, begun } = scripted(5, 2);
    await turn();
    runs[0]?.end("success");
    await turn();
    await batch.cancel();
    const summary = await batch.finished;
    expect(begun).toEqual([0, 1, 2]);
    expect(summary).toMatchObject({ succeeded: 1, cancelled: 4, unbegun: 2, queued: 0, running: 0 });
    expect(summaryText({ ...summary, durationMs: 1500 })).toBe(
      "5 tasks in 1.5 s: 1 succeeded, 4 cancelled (2 had not begun).",
    );
    await batch.cancel();
  });

  it("leaves time for others between the starts of very many", async () => {
    const { batch, queued } = scripted(120, 1);
    await Promise.resolve();
    await Promise.resolve();
    expect(queued.length).toBe(50);
    await batch.cancel();
    expect(queued.length).toBeLessThan(120);
    expect(await batch.finished).toMatchObject({ total: 120, cancelled: 120, unbegun: 119 });
  });

  it("ends at once where there is nothing to run, or it is cancelled before it begins", async () => {
    expect(await scripted(0, 3).batch.finished).toMatchObject({ total: 0, succeeded: 0 });
    const { batch, queued } = scripted(2, 2);
    await batch.cancel();
    expect(queued).toEqual([]);
    expect(progressText(figuresOf(batch.rows))).toBe("0 running, 0 queued, 2 of 2 done");
  });
});

describe("A file of tasks", () => {
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "batch-"));
    await mkdir(join(root, "src"));
    await writeFile(join(root, "src/a.ts"), "");
    await writeFile(join(root, "src/b.vue"), "");
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const problems = async (...lines: string[]): Promise<string[]> =>
    await readAgentTasks(root, lines.join("\n"), "t.jsonl").then(
      () => [],
      (error: unknown) => (error as Error).message.split("\n"),
    );

  it("says of each line which agent gets which task", async () => {
    const text = `\uFEFF{"agent":"src/a.ts#A","task":null,"args":[1],"priority":-3,"delayMs":50}\r\n\r\n{"agent":"src/a.ts#default","task":{"q":1}}\r\n`;
    const file = join(root, "src/a.ts");
    expect(await readAgentTasks(root, text, "t.jsonl")).toEqual([
      { root, file, name: "A", task: null, args: [1], priority: -3, delayMs: 50, line: 1 },
      { root, file, name: "default", task: { q: 1 }, args: [], line: 3 },
    ]);
  });

  it("is refused as a whole with every bad line by its number", async () => {
    expect(
      await problems(
        '{"agent":"src/a.ts#A","task":1}',
        "",
        '{"agent":"src/a.ts#A"}',
        '{"agent":"src/a.ts","task":1}',
        '{"agent":7,"task":1,"tast":2}',
        '{"agent":"src/none.ts#A","task":1}',
        '{"agent":"src#A","task":1}',
        '{"agent":"src/b.vue#B","task":1}',
        '{"agent":"src/a.ts#A","task":1,"args":{}}',
        "[1]",
        '{"task":',
        '{"agent":"../a.ts#A","task":1}',
        '{"agent":"src/a.ts#A","task":1,"priority":1001,"delayMs":-1}',
      ),
    ).toEqual([
      't.jsonl:3 has no "task": write {"agent": "FILE#Class", "task": …}.',
      't.jsonl:4 has the "agent" "src/a.ts", which names no class: write {"agent": "FILE#Class", "task": …}.',
      't.jsonl:5 has an "agent" that is no text: write {"agent": "FILE#Class", "task": …}, and has "tast", where only "agent", "task", "args", "priority" and "delayMs" are known.',
      `t.jsonl:6 names the file src/none.ts, which is not there in ${root}.`,
      "t.jsonl:7 names src, which is a folder: name the file of the class.",
      "t.jsonl:8 cannot be run: B stands in the component src/b.vue, which cannot be loaded without its framework: move the class to a file of its own.",
      't.jsonl:9 has "args" that are no array of the constructor\'s arguments.',
      't.jsonl:10 is no object: write {"agent": "FILE#Class", "task": …}.',
      "t.jsonl:11 is not JSON (Unexpected end of JSON input): write one JSON a line.",
      `t.jsonl:12 names the file ../a.ts, which is not in ${root}.`,
      't.jsonl:13 has a "priority" that is no whole number from -1000 to 1000, and has a "delayMs" that is no whole number of milliseconds from 0.',
      "Nothing was started, because 11 lines are wrong.",
    ]);
    expect(await problems("", " ")).toEqual(["t.jsonl holds no task: write one JSON a line."]);
  });

  it("names agents where its first task does", () => {
    expect(nameAgents('\n{"agent":"a.ts#A","task":1}')).toBe(true);
    expect(nameAgents('x\n{"agent":"a.ts#A","task":1}')).toBe(true);
    expect(nameAgents('{"task":1}\n{"agent":"a.ts#A","task":1}')).toBe(false);
    expect(nameAgents("")).toBe(false);
  });

  it("gives every line to one agent where one is named", () => {
    const agent = { root, file: join(root, "src/a.ts"), name: "A" };
    expect(readTasksFor(agent, ["x"], '"tea"\n\n{"agent":"b"}\n', "t.jsonl")).toEqual([
      { ...agent, args: ["x"], task: "tea", line: 1 },
      { ...agent, args: ["x"], task: { agent: "b" }, line: 3 },
    ]);
    const wrapped = '{"task":1}\n{"task":2,"args":[3]}\n{"task":4,"more":5}\n{"task":6,"args":7}';
    expect(readTasksFor(agent, ["x"], wrapped, "t.jsonl").map(({ task, args }) => [task, args])).toEqual([
      [1, ["x"]],
      [2, [3]],
      [{ task: 4, more: 5 }, ["x"]],
      [{ task: 6, args: 7 }, ["x"]],
    ]);
    expect(() => readTasksFor(agent, [], "1\nx", "t.jsonl")).toThrow(
      /^t\.jsonl:2 is not JSON .*\nNothing was/,
    );
  });
});
