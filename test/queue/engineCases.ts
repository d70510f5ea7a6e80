import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AgentLimits } from "../../src/model/agentLimits.ts";
import type { RunEvent } from "../../src/model/runRecord.ts";
import { UserError } from "../../src/model/userError.ts";
import { Batch } from "../../src/runs/batch/batch.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { readRun } from "../../src/runs/readRun.ts";
import type { RunService, StartRequest } from "../../src/runs/runService.ts";
import { dist, Watched } from "../host/workspace.ts";
import { engineFiles } from "./engineAgents.ts";

export interface EngineOptions {
  /** What stands in the workspace folder, by path: there before the engine is opened, and never changed. */
  files: Record<string, string>;
  /** How many runs may be at work at a time; default: at least four. */
  atATime?: number;
  agentLimits?: AgentLimits;
}

export interface OpenEngine {
  /** Records its runs in the workspace folder. Where they execute is its own affair. */
  service: RunService;
  /** The workspace folder. */
  root: string;
  /** Disposes the service, then removes all that was there. */
  close(): Promise<void>;
}

/** A kind of engine that runs can execute on. */
export interface EngineSubject {
  name: string;
  /** Opens one in a folder of its own. */
  open(options: EngineOptions): Promise<OpenEngine>;
}

/** An engine, as the cases use it. */
class Engine {
  readonly #open: OpenEngine;

  constructor(open: OpenEngine) {
    this.#open = open;
  }

  get root(): string {
    return this.#open.root;
  }

  get service(): RunService {
    return this.#open.service;
  }

  request(name: string, task: unknown, options: Partial<StartRequest> = {}): StartRequest {
    return { root: this.root, file: join(this.root, "agents.mjs"), name, task, ...options };
  }

  start(name: string, task: unknown, options: Partial<StartRequest> = {}): Watched {
    return new Watched(this.root, this.service.start(this.request(name, task, options)));
  }

  pipeline(name: string, options: Partial<StartRequest> = {}): Watched {
    const file = join(this.root, `${name}.agents.json`);
    return new Watched(
      this.root,
      this.service.start({ root: this.root, file, name, task: null, ...options }),
    );
  }

  /** Runs the command line in the folder, as a person would beside the process that has the service. */
  async commandLine(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const child = spawn(process.execPath, [join(dist, "cli.cjs"), ...args], { cwd: this.root });
    const [code, out, err] = await Promise.all([
      new Promise<number | null>((resolve) => child.once("close", resolve)),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, out, err };
  }

  close(): Promise<void> {
    return this.#open.close();
  }
}

const typesOf = (events: readonly RunEvent[]) => events.map(({ type }) => type);
const timeOf = (events: readonly RunEvent[], type: RunEvent["type"]): number =>
  Date.parse(events.find((event) => event.type === type)?.time ?? "");

/** The most that were at work at a time, as agents that are timed tell it. */
function mostAtWork(outputs: readonly unknown[]): number {
  const changes = (outputs as { from: number; to: number }[]).flatMap(({ from, to }) => [
    { at: from, by: 1 },
    { at: to, by: -1 },
  ]);
  changes.sort((a, b) => a.at - b.at);
  let atWork = 0;
  return Math.max(...changes.map(({ by }) => (atWork += by)));
}

/**
 * What holds for runs whatever engine they execute on, at the level of the service: requests, events, what the records
 * on the disk say, and what other processes can do.
 */
export function engineCases(subject: EngineSubject): void {
  describe(`The engine "${subject.name}"`, () => {
    const files = engineFiles();
    let engine: Engine;
    beforeAll(async () => {
      engine = new Engine(await subject.open({ files }));
    }, 60_000);
    afterAll(() => engine.close(), 60_000);

    const own: Engine[] = [];
    /** For one case alone. */
    const open = async (options: Omit<EngineOptions, "files">): Promise<Engine> => {
      const opened = new Engine(await subject.open({ files, ...options }));
      own.push(opened);
      return opened;
    };
    afterEach(async () => {
      for (const each of own.splice(0)) await each.close();
    });

    test("gives the result of a run, and records it from queued to finished", async () => {
      const run = engine.start(
        "EchoAgent",
        { tea: [1, null] },
        { args: ["!"], retries: 1, timeoutMs: 60_000 },
      );
      const { status, output, attempts, warnings, checkpointId, ...end } = await run.finished;
      expect({ status, output, attempts, warnings }).toEqual({
        ...{ status: "success", output: { heard: { tea: [1, null] }, mark: "!" }, attempts: 1, warnings: [] },
      });
      const record = await run.record();
      expect(typesOf(record)).toEqual(["queued", "started", "checkpoint", "checkpoint", "finished"]);
      expect(record).toMatchObject([
        {
          ...{
            runId: run.id,
            agent: { file_path: "agents.mjs", name: "EchoAgent" },
            task: { tea: [1, null] },
          },
          ...{ args: ["!"], retries: 1, timeoutMs: 60_000 },
        },
        { pid: expect.any(Number) as number, node: expect.any(String) as string },
        { id: checkpointId, label: "started" },
        { label: "completed" },
        { status: "success" },
      ]);
      expect(record[0]).not.toHaveProperty("priority");
      expect(record[0]).not.toHaveProperty("delayMs");
      expect(end.durationMs).toBeGreaterThanOrEqual(0);
      expect(end.use?.memoryBytes).toBeGreaterThan(0);
      expect(end.use?.busy).toBeGreaterThanOrEqual(0);
      expect(end.use?.busy).toBeLessThanOrEqual(1);
    });

    test("tells progress, log, calls of tools and usage in the order in which they happen", async () => {
      const run = engine.start("TellsAgent", 1);
      const { usage, tools } = await run.finished;
      const told = (await run.record()).flatMap((event): unknown[][] => {
        if (event.type === "progress") return [["progress", event.message, event.fraction]];
        if (event.type === "log") return [[event.stream, event.text]];
        if (event.type === "tool") return [["tool", event.name, event.ok]];
        return event.type === "usage" ? [["usage", event.tokens, event.cost]] : [];
      });
      expect(told).toEqual([
        ["progress", "begun", 0.25],
        ["stdout", "hello\n"],
        ["tool", "double", true],
        ["usage", 3, 0.5],
        ["stderr", "bye\n"],
      ]);
      expect(usage).toEqual({ tokens: 3, cost: 0.5 });
      expect(tools).toMatchObject([{ name: "double", calls: 1 }]);
    });

    test("gives values that JSON does not have as it always does", async () => {
      const { output, warnings } = await engine.start("ValuesAgent", 1).finished;
      expect(output).toEqual({
        ...{ when: "1970-01-01T00:00:00.000Z", map: "[object Map]", set: "[object Set]", big: "10n" },
        ...{ bytes: "[object Uint8Array]", nan: "NaN", list: [1, null], text: "é€" },
        fault: { name: "RangeError", message: "far" },
      });
      expect(warnings).toEqual([
        "The output holds a description in place of map: [object Map].",
        "The output holds a description in place of set: [object Set].",
        "The output holds a description in place of big: 10n.",
        "… and 2 more values.",
      ]);
    });

    test("tells the error of a run that fails, with a signature that equal errors share", async () => {
      const runs = [{ of: 1 }, { of: 1 }, { of: "none" }].map((task) => engine.start("FailsAgent", task));
      const [first, second, third] = await Promise.all(runs.map((run) => run.finished));
      expect(first).toMatchObject({
        ...{ status: "failed", attempts: 1 },
        error: { name: "TypeError", message: "no luck with 1" },
      });
      expect(first?.error?.stack).toContain("agents.mjs");
      expect(first?.error?.signature).toMatch(/./);
      expect(second?.error?.signature).toBe(first?.error?.signature);
      expect(third?.error?.message).toBe("no luck with none");
      await Promise.all(runs.map((run) => run.record()));
    });

    test("fails in a sentence where a run cannot begin", async () => {
      const reasonOf = async (run: Watched) => {
        const { status, error } = await run.finished;
        expect({ status, name: error?.name }).toEqual({ status: "failed", name: "UserError" });
        return error?.message;
      };
      expect(await reasonOf(engine.start("NobodyAgent", 1))).toMatch(
        /agents\.mjs has no class NobodyAgent; it exports |has no agent agents\.mjs#NobodyAgent in its index/,
      );
      expect(await reasonOf(engine.start("EchoAgent", 1, { priority: 1001 }))).toBe(
        "The priority 1001 of a run is no whole number from -1000 to 1000.",
      );
      expect(await reasonOf(engine.start("EchoAgent", 1, { delayMs: -1 }))).toBe(
        "The delay -1 of a run is no whole number of milliseconds from 0.",
      );
    });

    test("tries again after growing delays, and counts the attempts", async () => {
      const run = engine.start("FlakyAgent", { until: 3 }, { retries: 2 });
      expect(await run.finished).toMatchObject({ status: "success", attempts: 3, output: { attempt: 3 } });
      const record = await run.record();
      const retries = record.filter((event) => event.type === "retry");
      expect(retries).toMatchObject([
        { attempt: 1, of: 3, error: { message: "not yet 1" } },
        { attempt: 2, of: 3, error: { message: "not yet 2" } },
      ]);
      const [first = 0, second = 0] = retries.map(({ delayMs }) => delayMs);
      expect(first).toBeGreaterThan(0);
      expect(second).toBeGreaterThan(first);
      // What another machine tells is recorded when it is heard.
      const took = timeOf(record, "finished") - timeOf(record, "queued");
      expect(took).toBeGreaterThan(first + second - 50);
      const given = engine.start("FlakyAgent", { until: 9 }, { retries: 1 });
      expect(await given.finished).toMatchObject({ status: "failed", attempts: 2 });
    });

    test("ends a run at its time limit, also one that lets go of nothing", async () => {
      const runs = [
        engine.start("WaitsAgent", 60_000, { timeoutMs: 300 }),
        engine.start("LoopAgent", 1, { timeoutMs: 300 }),
      ];
      for (const run of runs) {
        expect(await run.finished).toMatchObject({
          ...{ status: "failed", attempts: 1, error: { name: "TimeoutError" } },
        });
        await run.record();
      }
    });

    test("cancels a run at work: by its signal, or with its thread where it does not heed that", async () => {
      const heeds = engine.start("HeedsAgent", 1);
      const loops = engine.start("LoopAgent", 1);
      await Promise.all([heeds.until("log"), loops.until("log")]);
      const startedAt = Date.now();
      await Promise.all([heeds.cancel(), engine.service.cancel(engine.root, loops.id)]);
      expect(Date.now() - startedAt).toBeLessThan(5_000);
      expect(heeds.end).toMatchObject({ status: "cancelled", stopped: "signal", attempts: 1 });
      expect(loops.end).toMatchObject({ status: "cancelled", stopped: "thread", attempts: 1 });
      await Promise.all([heeds.record(), loops.record()]);
      await expect(engine.service.cancel(engine.root, heeds.id)).rejects.toThrow(UserError);
    });

    test("cancels a run that waits, which then never begins", async () => {
      const { start } = bound(await open({ atATime: 1 }));
      const first = start("WaitsAgent", 60_000);
      await first.until("checkpoint");
      const second = start("EchoAgent", 2);
      const third = start("EchoAgent", 3);
      await Promise.all([second.until("queued"), third.until("queued")]);
      await second.cancel();
      expect(second.end).toMatchObject({ status: "cancelled", attempts: 0, checkpointId: null });
      expect(typesOf(await second.record())).toEqual(["queued", "finished"]);
      expect(typesOf(third.events)).toEqual(["queued"]);
      await first.cancel();
      expect(await third.finished).toMatchObject({ status: "success", output: { heard: 3 } });
    });

    test("gives an agent the answers to what it asks", async () => {
      const run = engine.start("AsksAgent", 1);
      const { question, time } = await run.until("question");
      expect(question).toEqual({ kind: "approve", message: "Sure?" });
      await expect(run.answer("perhaps")).rejects.toThrow(UserError);
      await run.answer(true, time);
      await run.until("question", (event) => event.question.message === "Which?");
      await engine.service.answer(engine.root, run.id, "blue");
      expect((await run.finished).output).toEqual({ sure: true, colour: "blue" });
      const told = (await run.record()).flatMap((event) => (event.type === "answer" ? [event.answer] : []));
      expect(told).toEqual([true, "blue"]);
      await expect(run.answer(true)).rejects.toThrow(UserError);
    });

    test("lets other processes answer and cancel", async () => {
      const asks = engine.start("AsksAgent", 1);
      const loops = engine.start("LoopAgent", 1);
      await Promise.all([asks.until("question"), loops.until("log")]);
      expect(await engine.commandLine("runs", "answer", asks.id, "yes")).toMatchObject({ code: 0 });
      await asks.until("question", (event) => event.question.message === "Which?");
      const answered = engine.commandLine("runs", "answer", asks.id, "red");
      const cancelled = engine.commandLine("runs", "cancel", loops.id);
      expect(await answered).toMatchObject({ code: 0 });
      expect(await cancelled).toMatchObject({ code: 0, out: `cancelled  ${loops.id.slice(-8)}\n` });
      expect((await asks.finished).output).toEqual({ sure: true, colour: "red" });
      expect((await loops.finished).status).toBe("cancelled");
      const states = (await listRuns(engine.root)).map(({ runId, state }) => [runId, state]);
      expect(states).toContainEqual([asks.id, "success"]);
      expect(states).toContainEqual([loops.id, "cancelled"]);
    });

    test("begins what waits by priority, then in the order of the start", async () => {
      const { start } = bound(await open({ atATime: 1 }));
      const first = start("WaitsAgent", 60_000);
      await first.until("checkpoint");
      const begun: number[] = [];
      const runs = [0, 5, -5, undefined, 5, 1000].map((priority, index) => {
        const run = start("EchoAgent", index, { priority });
        void run.until("started").then(() => begun.push(index));
        return run;
      });
      await Promise.all(runs.map((run) => run.until("queued")));
      await first.cancel();
      await Promise.all(runs.map((run) => run.finished));
      expect(begun).toEqual([5, 1, 4, 0, 3, 2]);
      const records = await Promise.all(runs.map((run) => run.record()));
      expect(records.map(([queued]) => queued?.type === "queued" && queued.priority)).toEqual([
        ...[undefined, 5, -5, undefined, 5, 1000],
      ]);
    });

    test("begins a delayed run once its time has come, and lets others go before it", async () => {
      const { start } = bound(await open({ atATime: 1 }));
      const delayed = start("EchoAgent", "late", { delayMs: 1_500, priority: 9 });
      await delayed.until("queued");
      const other = start("EchoAgent", "soon");
      expect((await other.finished).status).toBe("success");
      expect(typesOf(delayed.events)).toEqual(["queued"]);
      expect(await delayed.finished).toMatchObject({ status: "success", output: { heard: "late" } });
      const record = await delayed.record();
      expect(record[0]).toMatchObject({ type: "queued", delayMs: 1_500, priority: 9 });
      // The clock of the records has whole milliseconds.
      expect(timeOf(record, "started") - timeOf(record, "queued")).toBeGreaterThan(1_450);
    });

    test("a delayed run is cancelled at once; resumed, it keeps its priority and not its delay", async () => {
      const run = engine.start("EchoAgent", 1, { delayMs: 600_000, priority: 7 });
      await run.until("queued");
      const startedAt = Date.now();
      await run.cancel();
      expect(Date.now() - startedAt).toBeLessThan(2_000);
      expect(run.end).toMatchObject({ status: "cancelled", attempts: 0 });
      const resumed = await engine.service.resume(engine.root, run.id);
      expect((await resumed.finished).output).toMatchObject({ heard: 1 });
      const [queued] = await readRun(engine.root, resumed.id);
      expect(queued).toMatchObject({ type: "queued", resumes: run.id, priority: 7 });
      expect(queued).not.toHaveProperty("delayMs");
    });

    test("interrupts what is at work, waits or is delayed where the service closes", async () => {
      const { service, start } = bound(await open({ atATime: 1 }));
      const atWork = start("WaitsAgent", 60_000);
      await atWork.until("checkpoint");
      const waits = start("EchoAgent", 1);
      const delayed = start("EchoAgent", 2, { delayMs: 600_000 });
      await Promise.all([waits.until("queued"), delayed.until("queued")]);
      await service.dispose();
      for (const run of [atWork, waits, delayed]) {
        expect(await run.finished).toMatchObject({ status: "interrupted" });
        await run.record();
      }
    });

    test("keeps to the limit of an agent, which holds up no others", async () => {
      const { start } = bound(await open({ atATime: 4, agentLimits: { LimitedAgent: 1 } }));
      const limited = [1, 2, 3, 4].map((n) => start("LimitedAgent", { n, ms: 300 }));
      const other = start("EchoAgent", 1);
      await other.finished;
      expect(limited.filter(({ events }) => typesOf(events).includes("finished")).length).toBeLessThan(3);
      const ends = await Promise.all(limited.map((run) => run.finished));
      expect(ends.map(({ output }) => output)).toMatchObject([1, 2, 3, 4].map((n) => ({ n })));
      expect(mostAtWork(ends.map(({ output }) => output))).toBe(1);
    });

    test("goes on with a batch where a run of it fails", async () => {
      const requests = [
        engine.request("EchoAgent", 1),
        engine.request("FailsAgent", { of: 2 }),
        engine.request("EchoAgent", 3, { priority: 5 }),
        engine.request("EchoAgent", 4),
      ];
      const batch = new Batch(engine.service, requests, { concurrency: 2 });
      const ends: unknown[] = [];
      batch.onEvent((event, row) => event.type === "finished" && ends.push([row.index, event.status]));
      expect(await batch.finished).toMatchObject({ total: 4, succeeded: 3, failed: 1, cancelled: 0 });
      expect(ends.toSorted()).toEqual([
        [0, "success"],
        [1, "failed"],
        [2, "success"],
        [3, "success"],
      ]);
      const runs = (await listRuns(engine.root)).filter((run) => run.batch === batch.id);
      expect(runs.map(({ state }) => state).sort()).toEqual(["failed", "success", "success", "success"]);
    });

    test("begins the runs of a batch by priority, and nothing more once that is cancelled", async () => {
      const priorities = [0, 0, 3, 9, 3];
      const requests = priorities.map((priority) => engine.request("WaitsAgent", 60_000, { priority }));
      const batch = new Batch(engine.service, requests, { concurrency: 1 });
      const begun: number[] = [];
      batch.onEvent((event, { index }) => {
        if (event.type === "started") begun.push(index);
        if (event.type !== "checkpoint" || event.label !== "started") return;
        if (begun.length < 4) void engine.service.cancel(engine.root, event.runId);
        else void batch.cancel();
      });
      expect(await batch.finished).toMatchObject({ total: 5, cancelled: 5, unbegun: 1 });
      // Where it began there was room.
      expect(begun).toEqual([0, 3, 2, 4]);
    });

    test("goes on with a pipeline after a step that may fail", async () => {
      const pipeline = engine.pipeline("goesOn", { priority: 4 });
      expect(await pipeline.finished).toMatchObject({ status: "failed", error: { name: "StepError" } });
      await pipeline.record();
      const steps = (await listRuns(engine.root)).filter(({ batch }) => batch === pipeline.id);
      expect(steps.map(({ step, state }) => [step, state]).toSorted()).toEqual([
        ["bad", "failed"],
        ["good", "success"],
        ["last", "success"],
        ["shared", "success"],
      ]);
      for (const { runId, step } of steps) {
        const events = await readRun(engine.root, runId);
        expect(events[0]).toMatchObject({ type: "queued", priority: 4 });
        if (step === "last") expect(events.at(-1)).toMatchObject({ output: { heard: "nothing" } });
        if (step === "shared") expect(events.at(-1)).toMatchObject({ output: { heard: "tea" } });
      }
    });

    test("begins nothing further in a pipeline after a step that may not fail", async () => {
      const pipeline = engine.pipeline("stops");
      const { status, error } = await pipeline.finished;
      expect(status).toBe("failed");
      expect(error).toMatchObject({
        name: "StepError",
        message: 'The step "bad": TypeError: no luck with 2',
      });
      const steps = (await listRuns(engine.root)).filter(({ batch }) => batch === pipeline.id);
      expect(steps.map(({ step }) => step)).toEqual(["bad"]);
    });

    test("saves checkpoints, and goes on from the last one, once", async () => {
      const failed = engine.start("CounterAgent", "tea");
      expect(await failed.finished).toMatchObject({ status: "failed", error: { message: "broken" } });
      const saved = (await failed.record()).filter((event) => event.type === "checkpoint");
      expect(saved.map(({ label }) => label)).toEqual(["started", "counted 1", "counted 2", "rollback"]);
      const run = await engine.service.resume(engine.root, failed.id);
      expect(await run.finished).toMatchObject({
        ...{ status: "success", output: { task: "tea", from: 2, counted: 3 } },
      });
      const [queued] = await readRun(engine.root, run.id);
      expect(queued).toMatchObject({ resumes: failed.id, checkpoint: saved[2]?.id });
      expect((await readRun(engine.root, failed.id)).at(-1)).toMatchObject({ type: "resumed", by: run.id });
      await expect(engine.service.resume(engine.root, failed.id)).rejects.toThrow("was resumed already");
    });

    test("loses none of 200 runs, four at a time", { timeout: 120_000 }, async () => {
      const requests = Array.from({ length: 200 }, (_, n) => engine.request("TimedAgent", { n, ms: 5 }));
      const batch = new Batch(engine.service, requests, { concurrency: 4 });
      const outputs: unknown[] = [];
      batch.onEvent((event, { index }) => {
        if (event.type === "finished") outputs[index] = event.output;
      });
      expect(await batch.finished).toMatchObject({ total: 200, succeeded: 200 });
      expect(outputs).toMatchObject(requests.map((_, n) => ({ n })));
      expect(mostAtWork(outputs)).toBeLessThanOrEqual(4);
      expect(mostAtWork(outputs)).toBeGreaterThan(1);
      const runs = (await listRuns(engine.root)).filter((run) => run.batch === batch.id);
      const records = await Promise.all(runs.map(({ runId }) => readRun(engine.root, runId)));
      expect(records.length).toBe(200);
      for (const record of records)
        expect(typesOf(record)).toEqual(["queued", "started", "checkpoint", "checkpoint", "finished"]);
    });
  });
}

function bound(engine: Engine): { service: RunService; start: Engine["start"] } {
  return { service: engine.service, start: engine.start.bind(engine) };
}
