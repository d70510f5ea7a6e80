import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnrecoverableError } from "bullmq";
import { describe, expect, test, vi } from "vitest";
import type { RunSummary } from "../../src/model/runSummary.ts";
import { queueAddress } from "../../src/queue/address.ts";
import { openJobs } from "../../src/queue/connect.ts";
import type { NewJob } from "../../src/queue/jobs.ts";
import { PipelineSteps } from "../../src/queue/pipeline/pipelineSteps.ts";
import { jobId, logOf } from "../../src/queue/runLog.ts";
import { wholeLog } from "../../src/queue/wholeLog.ts";
import { UserError } from "../../src/model/userError.ts";
import type { Engine } from "../../src/runs/engine.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { recordFile } from "../../src/runs/recordPlace.ts";
import { withStepsBelow } from "../../src/runs/pipeline/asking.ts";
import { sharedContext } from "../../src/runs/pipeline/sharedContext.ts";
import { RunService } from "../../src/runs/runService.ts";
import { dist, useWorkspace, Watched } from "../host/workspace.ts";
import { useQueue } from "./queueOfTest.ts";
import { startPostgres, startRedis } from "./servers.ts";

const AGENTS = `
  import { appendFileSync, existsSync } from "node:fs";
  import { BaseAgent } from ${JSON.stringify(join(dist, "library/index.mjs"))};
  const told = (folder, text) => appendFileSync(folder + "/calls", text + " ");
  const there = async (file) => { while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20)); };
  export class SaysAgent { execute({ in: folder, say }) { told(folder, say); return { said: say }; } }
  export class WaitsAgent { async execute({ in: folder, for: file, say }) { told(folder, "+" + say); await there(folder + "/" + file); told(folder, "-" + say); return { said: say }; } }
  export class FailsAgent { execute({ in: folder, say }) { told(folder, say); if (!existsSync(folder + "/luck")) throw new TypeError("no luck"); return {}; } }
  export class SleepsAgent { async execute({ in: folder, say, ms }) { told(folder, say); await new Promise((resolve) => setTimeout(resolve, ms)); return {}; } }
  export class LargeAgent { execute() { return { text: "x".repeat(5 * 2 ** 20) }; } }
  export class ReadsAgent extends BaseAgent {
    constructor() { super({ name: "reads", agentType: "test" }); }
    executeImpl(task, { shared }) { return { keys: shared.keys().map(({ key }) => key) }; }
  }`;

const workspace = useWorkspace();

describe.each([
  { kind: "Redis", begin: startRedis },
  { kind: "PostgreSQL", begin: startPostgres },
])("pipelines in a queue on $kind", ({ begin }) => {
  const inUse = useQueue(workspace, begin, AGENTS);
  const { opened, copy } = inUse;
  const worker = async (...args: string[]) => {
    const started = inUse.worker(await copy(), ...args);
    await started.ready();
    return started;
  };

  const step = (id: string, agent: string, further: object = {}, task: object = {}) => ({
    ...{ id, agent: `a.mjs#${agent}Agent`, task: { in: workspace.root, say: id, ...task } },
    ...further,
  });
  const waits = (id: string, file = "ready") => step(id, "Waits", {}, { for: file });
  const write = (steps: unknown[], further: object = {}) =>
    workspace.write("p.agents.json", JSON.stringify({ steps, ...further }));
  const start = (service: RunService): Watched => {
    const { root } = workspace;
    const file = join(root, "p.agents.json");
    return new Watched(root, service.start({ root, file, name: "p", task: null, retries: 0 }));
  };
  const resumed = async (service: RunService, runId: string): Promise<Watched> =>
    new Watched(workspace.root, await service.resume(workspace.root, runId));
  const calls = async (): Promise<string[]> => {
    const file = join(workspace.root, "calls");
    return existsSync(file) ? (await readFile(file, "utf8")).trim().split(" ") : [];
  };
  const called = (...all: string[]) =>
    vi.waitFor(async () => expect((await calls()).toSorted()).toEqual(all.toSorted()), {
      timeout: 30_000,
      interval: 50,
    });
  const stepsOf = async (...pipelines: Watched[]): Promise<RunSummary[]> =>
    (await listRuns(workspace.root)).filter(({ batch }) => pipelines.some(({ id }) => id === batch));
  const stepOf = async (pipeline: Watched, id: string): Promise<RunSummary | undefined> =>
    (await stepsOf(pipeline)).find((run) => run.step === id);
  /** What whoever started it is gone from, once its steps have called so. */
  const leftAfter = async (...all: string[]): Promise<Watched> => {
    const { service } = await opened();
    const left = start(service);
    await called(...all);
    await service.dispose();
    return left;
  };
  /** A step that may fail and one after it, while another one is at work. */
  const writeBeside = (id: string) =>
    write([
      {
        parallel: [
          waits("slow"),
          { sequence: [step(id, "Says", { continueOnFailure: true }), step("next", "Says")] },
        ],
      },
    ]);
  const statesOf = async (...pipelines: Watched[]) =>
    (await stepsOf(...pipelines)).map(({ step: id, state }) => `${id ?? ""} ${state}`).toSorted();

  test("go on when whoever started them is gone, and are followed again with all that happened meanwhile", async () => {
    await write([
      waits("first"),
      { parallel: [step("left", "Says"), { sequence: [step("right", "Says"), step("further", "Says")] }] },
      step("last", "Says", {}, { of: { $from: "/further/said" } }),
    ]);
    await worker("--concurrency", "2");
    const one = await opened();
    const left = start(one.service);
    await called("+first");
    await one.service.dispose();
    expect(await left.finished).toMatchObject({
      ...{
        status: "interrupted",
        error: { message: expect.stringContaining("goes on in the queue") as string },
      },
    });
    await workspace.write("ready", "");
    await called("+first", "-first", "left", "right", "further", "last");
    const again = await resumed((await opened()).service, left.id);
    expect(await again.finished).toMatchObject({
      status: "success",
      output: {
        ...{ first: { said: "first" }, left: { said: "left" }, right: { said: "right" } },
        ...{ further: { said: "further" }, last: { said: "last" } },
      },
    });
    expect(await statesOf(left, again)).toEqual([
      ...["first interrupted", "first success", "further success"],
      ...["last success", "left success", "right success"],
    ]);
    const last = await stepOf(again, "last");
    const context = await sharedContext(workspace.root, last?.runId ?? "");
    expect(Object.keys(context).toSorted()).toEqual(["first", "further", "left", "right"]);
    // Nothing was done twice.
    expect(await calls()).toHaveLength(6);
  });

  test("are followed again while they go on, also where a step was told as ended before", async () => {
    await write([step("one", "Says"), waits("two"), step("three", "Says")]);
    await worker();
    const left = await leftAfter("one", "+two");
    const again = await resumed((await opened()).service, left.id);
    await vi.waitFor(async () => expect(await statesOf(again)).toEqual(["two running"]));
    await workspace.write("ready", "");
    expect(await again.finished).toMatchObject({
      ...{ status: "success", output: { one: { said: "one" }, three: { said: "three" } } },
    });
    const listed = withStepsBelow(await listRuns(workspace.root)).filter(({ run }) => run.batch === again.id);
    expect(listed.map(({ run }) => run.step)).toEqual(["two", "three"]);
    expect(await statesOf(left, again)).toEqual([
      ...["one success", "three success", "two interrupted", "two success"],
    ]);
    expect(await calls()).toEqual(["one", "+two", "-two", "three"]);
  });

  test("go on where a worker dies at a step", { timeout: 90_000 }, async () => {
    await write([waits("first"), step("last", "Says")]);
    const dying = await worker();
    const pipeline = start((await opened()).service);
    await called("+first");
    await worker();
    await dying.kill();
    await vi.waitFor(async () => expect(await calls()).toEqual(["+first", "+first"]), 40_000);
    await workspace.write("ready", "");
    expect((await pipeline.finished).status).toBe("success");
    expect(await calls()).toEqual(["+first", "+first", "-first", "last"]);
    expect(await statesOf(pipeline)).toEqual(["first success", "last success"]);
  });

  test("begin what comes next in a branch while another one is at work, with the results so far", async () => {
    await write(
      [
        { parallel: [waits("slow"), { sequence: [step("a", "Says"), step("b", "Reads")] }] },
        step("end", "Reads"),
      ],
      { input: { tea: true } },
    );
    await worker("--concurrency", "3");
    const pipeline = start((await opened()).service);
    await vi.waitFor(async () => expect(await statesOf(pipeline)).toContain("b success"), 20_000);
    expect(await statesOf(pipeline)).toEqual(["a success", "b success", "slow running"]);
    await workspace.write("ready", "");
    expect(await pipeline.finished).toMatchObject({
      status: "success",
      output: { b: { keys: ["input", "a"] }, end: { keys: ["input", "a", "b", "slow"] } },
    });
  });

  test("begin nothing further after a step that may not fail, and let the others end", async () => {
    await write([{ parallel: [step("bad", "Fails"), waits("other")] }, step("never", "Says")]);
    await worker("--concurrency", "2");
    const pipeline = start((await opened()).service);
    await vi.waitFor(async () => expect(await statesOf(pipeline)).toContain("bad failed"), 20_000);
    await workspace.write("ready", "");
    expect(await pipeline.finished).toMatchObject({
      ...{ status: "failed", error: { name: "StepError", message: 'The step "bad": TypeError: no luck' } },
    });
    expect(await statesOf(pipeline)).toEqual(["bad failed", "other success"]);
    // What failed is run again where it is resumed, and what succeeded is not.
    await workspace.write("luck", "");
    const again = await resumed((await opened()).service, pipeline.id);
    expect(await again.finished).toMatchObject({ status: "success", output: { never: { said: "never" } } });
    expect(await calls()).toEqual(expect.arrayContaining(["bad", "bad", "+other", "-other", "never"]));
    expect(await calls()).toHaveLength(5);
  });

  test("fail with a step whose task lacks a result, or is too large, and go on where it may fail", async () => {
    await write([
      step("large", "Large"),
      step("lacks", "Says", { continueOnFailure: true }, { of: { $from: "/large/nothing" } }),
      step("big", "Says", { continueOnFailure: true }, { of: { $from: "/large/text" } }),
      step("last", "Says"),
    ]);
    await worker();
    const { status, error } = await start((await opened()).service).finished;
    expect(status).toBe("failed");
    expect(error?.message).toContain('"lacks": there is no nothing in what "large" gave, only text');
    expect(error?.message).toContain('"big": The task is larger than what a queue takes (');
    expect(error?.message).toContain('"last": The task is larger than what a queue takes (');
    expect(await calls()).toEqual([]);
  });

  test("begin nothing more once they are cancelled, at work or waiting", async () => {
    await write([{ parallel: [waits("one"), waits("two")] }, step("never", "Says")]);
    await worker("--concurrency", "1");
    const { service, queue } = await opened();
    const pipeline = start(service);
    await vi.waitFor(async () => expect(await calls()).toHaveLength(1), 20_000);
    await service.cancel(workspace.root, pipeline.id);
    expect((await pipeline.finished).status).toBe("cancelled");
    expect(await statesOf(pipeline)).toEqual(["one cancelled", "two cancelled"]);
    await vi.waitFor(
      async () => expect(await queue.jobs.counts()).toEqual({ waiting: 0, delayed: 0, active: 0 }),
      20_000,
    );
    await vi.waitFor(async () => expect(await queue.jobs.has(jobId(pipeline.id, 1))).toBe(false), 20_000);
    expect(await calls()).toHaveLength(1);
  });

  test("are cancelled before any worker was there, and never begin", async () => {
    await write([step("never", "Says")]);
    const { service, queue } = await opened();
    const pipeline = start(service);
    await vi.waitFor(async () => expect((await queue.jobs.counts()).waiting).toBe(1));
    await service.cancel(workspace.root, pipeline.id);
    expect((await pipeline.finished).status).toBe("cancelled");
    await worker();
    await vi.waitFor(async () => expect(await queue.jobs.has(jobId(pipeline.id, 1))).toBe(false), 20_000);
    expect(await calls()).toEqual([]);
  });

  test("go on after a step that somebody cancelled, where it may fail", async () => {
    await write([{ ...waits("stuck"), continueOnFailure: true }, step("last", "Says")]);
    await worker();
    const { service } = await opened();
    const pipeline = start(service);
    await called("+stuck");
    const [stuck] = await stepsOf(pipeline);
    await service.cancel(workspace.root, stuck?.runId ?? "");
    const { status, error } = await pipeline.finished;
    expect({ status, message: error?.message }).toEqual({
      status: "failed",
      message: expect.stringContaining('The step "stuck": ') as string,
    });
    expect(await statesOf(pipeline)).toEqual(["last success", "stuck cancelled"]);
  });

  test("begin what follows a step that was cancelled where it waited, while others are at work", async () => {
    await writeBeside("waiting");
    await worker("--concurrency", "1");
    const { service } = await opened();
    const pipeline = start(service);
    await called("+slow");
    const waiting = await stepOf(pipeline, "waiting");
    await service.cancel(workspace.root, waiting?.runId ?? "");
    await vi.waitFor(async () =>
      expect(await statesOf(pipeline)).toEqual(["next queued", "slow running", "waiting cancelled"]),
    );
    await workspace.write("ready", "");
    expect((await pipeline.finished).status).toBe("failed");
    expect(await calls()).toEqual(["+slow", "-slow", "next"]);
  });

  test("begin a step once more that the queue has lost", async () => {
    await write([{ parallel: [waits("slow"), step("lost", "Says")] }, step("last", "Says")]);
    await worker("--concurrency", "1");
    const { service, queue } = await opened();
    const pipeline = start(service);
    await called("+slow");
    const lost = await stepOf(pipeline, "lost");
    const job = jobId(lost?.runId ?? "", 1);
    expect(await queue.jobs.remove(job)).toBe(true);
    await workspace.write("ready", "");
    expect((await pipeline.finished).status).toBe("success");
    expect(await calls()).toEqual(["+slow", "-slow", "lost", "last"]);
  });

  test("end where the queue has given a step up", async () => {
    await write([step("lost", "Says"), step("last", "Says")]);
    const { service, queue } = await opened();
    const pipeline = start(service);
    await vi.waitFor(async () => expect((await queue.jobs.counts()).waiting).toBe(1));
    // As BullMQ does after a hundred tries.
    const jobs = {
      add: () => Promise.resolve(),
      has: () => Promise.resolve(false),
      remove: () => Promise.resolve(true),
    };
    const steps = new PipelineSteps({ jobs, shared: queue.shared });
    const awaitParts = () => Promise.resolve();
    const postpone = () => Promise.resolve();
    await steps.take({ id: jobId(pipeline.id, 1), data: {}, isFirst: true, awaitParts, postpone });
    const { status, error } = await pipeline.finished;
    expect({ status, message: error?.message }).toEqual({
      ...{
        status: "failed",
        message: 'The step "lost": The queue gave it up: no worker could tell how it ended.',
      },
    });
  });

  test("go on where a worker died between telling that a step begins and putting it into the queue", async () => {
    await write([waits("first"), step("second", "Says"), step("third", "Says")]);
    await worker();
    const { service, queue } = await opened();
    const pipeline = start(service);
    await called("+first");
    const log = logOf(jobId(pipeline.id, 1));
    const begun = { id: "second", task: { in: workspace.root, say: "second" }, args: [] };
    await queue.shared.logs.append(log, null, [JSON.stringify({ begun })]);
    await workspace.write("ready", "");
    expect((await pipeline.finished).status).toBe("success");
    expect(await calls()).toEqual(["+first", "-first", "second", "third"]);
  });

  test("are parents of their steps in the queue, which say what becomes of these where one is given up", async () => {
    await write([waits("first"), step("last", "Says")]);
    await worker();
    const { service, queue } = await opened();
    const pipeline = start(service);
    await called("+first");
    const [first] = await stepsOf(pipeline);
    const jobs = await openJobs(queueAddress(inUse.server.url, inUse.name), () => undefined);
    try {
      const parent = jobId(pipeline.id, 1);
      const job = await jobs.queue.getJob(jobId(first?.runId ?? "", 1));
      expect(job?.opts).toMatchObject({ continueParentOnFailure: true });
      expect(job?.parent?.id).toBe(parent);
      expect(await jobs.queue.getJobState(parent)).toBe("waiting-children");
      // A worker that waits for steps could take none.
      expect((await queue.jobs.counts()).active).toBe(1);
    } finally {
      await jobs.close();
    }
    await workspace.write("ready", "");
    expect((await pipeline.finished).status).toBe("success");
    const lines = (await wholeLog(queue.shared.logs, logOf(jobId(pipeline.id, 1)))).map(
      (line) => Object.keys(JSON.parse(line) as object)[0],
    );
    expect(lines).toEqual(["pipeline", "begun", "ended", "begun", "ended", "end"]);
  });

  test(
    "end each once, and begin each step once more at most, where workers die",
    { timeout: 180_000 },
    async () => {
      const brief = (id: string) => step(id, "Sleeps", {}, { ms: 20 });
      await write([
        brief("a"),
        { parallel: [{ sequence: [brief("b"), brief("c")] }, brief("d")] },
        brief("e"),
      ]);
      const workers = [await worker("--concurrency", "4"), await worker("--concurrency", "4")];
      const { service } = await opened();
      const pipelines = Array.from({ length: 40 }, () => start(service));
      for (const dying of workers) {
        await vi.waitFor(
          async () => expect((await calls()).length).toBeGreaterThan(dying === workers[0] ? 10 : 40),
          { timeout: 60_000 },
        );
        await dying.kill();
        await worker("--concurrency", "4");
      }
      const ends = await Promise.all(pipelines.map(({ finished }) => finished));
      expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(["success"]));
      const told = (await listRuns(workspace.root)).map(({ state }) => state);
      expect(told).toHaveLength(40 * 6);
      expect(new Set(told)).toEqual(new Set(["success"]));
      const begun = await calls();
      // At most what two workers had at a time was begun once more.
      expect(begun.length).toBeGreaterThanOrEqual(40 * 5);
      expect(begun.length).toBeLessThanOrEqual(40 * 5 + 8);
    },
  );

  test("are cancelled while they are read, and never begin", async () => {
    await write([step("never", "Says")]);
    await worker();
    const { service, queue } = await opened();
    const pipeline = start(service);
    await pipeline.until("started");
    await service.cancel(workspace.root, pipeline.id);
    expect((await pipeline.finished).status).toBe("cancelled");
    await vi.waitFor(async () => expect(await queue.jobs.has(jobId(pipeline.id, 1))).toBe(false), 20_000);
    expect(await calls()).toEqual([]);
  });

  test("are cancelled before it was heard that a step begins, which then never does", async () => {
    await write([step("never", "Says")]);
    const { service, queue } = await opened();
    const pipeline = start(service);
    await vi.waitFor(async () => expect((await queue.jobs.counts()).waiting).toBe(1));
    const job = jobId(pipeline.id, 1);
    // As a worker does that takes it.
    await new PipelineSteps(queue).lookAfter(job);
    await service.cancel(workspace.root, pipeline.id);
    expect((await pipeline.finished).status).toBe("cancelled");
    await worker();
    await vi.waitFor(async () => expect(await queue.jobs.has(job)).toBe(false), 20_000);
    expect(await statesOf(pipeline)).toEqual(["never cancelled"]);
    expect(await calls()).toEqual([]);
  });

  test("are cancelled while a worker puts a step into the queue, which then never begins", async () => {
    await write([step("never", "Says")]);
    const { service, queue } = await opened();
    const pipeline = start(service);
    await vi.waitFor(async () => expect((await queue.jobs.counts()).waiting).toBe(1));
    const job = jobId(pipeline.id, 1);
    const late: NewJob[] = [];
    const jobs = {
      add: (added: NewJob) => Promise.resolve(void late.push(added)),
      has: () => Promise.resolve(true),
      remove: () => Promise.resolve(true),
    };
    await new PipelineSteps({ jobs, shared: queue.shared }).lookAfter(job);
    await service.cancel(workspace.root, pipeline.id);
    await Promise.all(late.map((added) => queue.jobs.add(added)));
    await worker();
    await vi.waitFor(async () => expect(await queue.jobs.has(job)).toBe(false), 20_000);
    expect(late).toHaveLength(1);
    expect(await calls()).toEqual([]);
  });

  test("go on after a step that was cancelled before it was followed", async () => {
    await write([step("never", "Says", { continueOnFailure: true }), step("last", "Says")]);
    const { service, queue } = await opened({
      onStep: (run, { step: id }) =>
        run.onEvent(({ type }) => void (type === "queued" && id === "never" && run.cancel())),
    });
    const pipeline = start(service);
    await vi.waitFor(async () => expect((await queue.jobs.counts()).waiting).toBe(1));
    await new PipelineSteps(queue).lookAfter(jobId(pipeline.id, 1));
    await vi.waitFor(async () =>
      expect(await statesOf(pipeline)).toEqual(["last queued", "never cancelled"]),
    );
    await worker();
    expect((await pipeline.finished).error?.message).toBe('The step "never": Error: It was cancelled.');
    expect(await statesOf(pipeline)).toEqual(["last success", "never cancelled"]);
    expect(await calls()).toEqual(["last"]);
  });

  test("go on while a step is at work where the queue has given another one up", async () => {
    await writeBeside("lost");
    await worker("--concurrency", "1");
    const { service, queue } = await opened();
    const pipeline = start(service);
    await called("+slow");
    const lost = await stepOf(pipeline, "lost");
    const job = jobId(lost?.runId ?? "", 1);
    const options = { concurrency: 2, name: "gives up", onError: () => undefined };
    const other = queue.jobs.work(options, async (taken) => {
      // As BullMQ does after a hundred tries.
      if (taken.id === job) throw new UnrecoverableError("given up");
      if (taken.id !== jobId(pipeline.id, 1)) return taken.postpone(100);
      await new PipelineSteps(queue).take(taken);
    });
    try {
      await vi.waitFor(async () => expect(await statesOf(pipeline)).toContain("next queued"), 20_000);
    } finally {
      await other.drain();
    }
    await workspace.write("ready", "");
    expect((await pipeline.finished).error?.message).toContain('"lost": The queue gave it up');
    await vi.waitFor(async () => expect(await queue.jobs.has(jobId(pipeline.id, 1))).toBe(false), 10_000);
  });

  /** Resumes a run where the queue cannot be reached. */
  const resumedInVain = async (runId: string): Promise<Watched> => {
    const away = () => Promise.reject(new UserError("The queue cannot be reached."));
    const engine: Engine = {
      worker: away,
      dispose: () => Promise.resolve(),
      pipelines: { run: away, cancel: away, stepCancelled: away },
    };
    const offline = new RunService({ hostFile: "", engine });
    const failed = await resumed(offline, runId);
    expect((await failed.finished).status).toBe("failed");
    await offline.dispose();
    return failed;
  };

  test("are followed again by whoever resumes a run that could not follow them", async () => {
    await write([waits("first"), step("last", "Says")]);
    await worker();
    const left = await leftAfter("+first");
    const failed = await resumedInVain(left.id);
    const again = await resumed((await opened()).service, failed.id);
    await vi.waitFor(async () => expect(await statesOf(again)).toEqual(["first running"]), 20_000);
    await workspace.write("ready", "");
    expect((await again.finished).status).toBe("success");
    expect(await calls()).toEqual(["+first", "-first", "last"]);
  });

  test("tell a failure that nobody heard, also to whoever resumes a run that could not follow them", async () => {
    await write([waits("first"), step("bad", "Fails")]);
    await worker();
    const left = await leftAfter("+first");
    await workspace.write("ready", "");
    await called("+first", "-first", "bad");
    const { service, queue } = await opened();
    await vi.waitFor(async () => expect(await queue.jobs.has(jobId(left.id, 1))).toBe(false), 20_000);
    const again = await resumed(service, (await resumedInVain(left.id)).id);
    expect((await again.finished).error?.message).toBe('The step "bad": TypeError: no luck');
    await workspace.write("luck", "");
    const last = await resumed(service, again.id);
    expect((await last.finished).status).toBe("success");
    expect(await calls()).toEqual(["+first", "-first", "bad", "bad"]);
  });

  test("are followed again where the record of a step lacks its task or its beginning", async () => {
    await write([
      step("torn", "Says"),
      step("one", "Waits", {}, { for: "ready", password: "correct horse battery" }),
    ]);
    await worker();
    const before = await opened();
    const left = start(before.service);
    await called("torn", "+one");
    await vi.waitFor(async () => expect(await stepsOf(left)).toHaveLength(2));
    await before.service.dispose();
    const torn = await stepOf(left, "torn");
    await workspace.write(`.proj-intel/runs/${torn?.runId ?? ""}.jsonl`, "");
    await workspace.write("ready", "");
    const again = await resumed((await opened()).service, left.id);
    expect(await again.finished).toMatchObject({
      ...{ status: "success", output: { torn: { said: "torn" }, one: { said: "one" } } },
    });
    expect(await calls()).toEqual(["torn", "+one", "-one"]);
  });

  test("are followed again where a step was cancelled without telling the queue", async () => {
    await write([waits("first"), step("last", "Says")]);
    await worker();
    const before = await opened();
    const left = start(before.service);
    await called("+first");
    const [first] = await stepsOf(left);
    await before.service.dispose();
    const record = recordFile(workspace.root, first?.runId ?? "");
    const text = await readFile(record, "utf8");
    await writeFile(record, text.replace('"status":"interrupted"', '"status":"cancelled"'));
    const again = await resumed((await opened()).service, left.id);
    await vi.waitFor(async () => expect(await statesOf(again)).toEqual(["first running"]), 20_000);
    await workspace.write("ready", "");
    expect((await again.finished).status).toBe("success");
    expect(await statesOf(left, again)).toEqual(["first cancelled", "first success", "last success"]);
  });

  test("are followed again where the log of a step is gone before theirs", async () => {
    await write([waits("first"), step("last", "Says")]);
    await worker();
    const before = await opened();
    const left = start(before.service);
    await called("+first");
    const [first] = await stepsOf(left);
    await before.service.dispose();
    await workspace.write("ready", "");
    await called("+first", "-first", "last");
    const { service, queue } = await opened({ silentMs: 300 });
    const job = jobId(first?.runId ?? "", 1);
    await vi.waitFor(async () => expect(await queue.jobs.has(job)).toBe(false), 20_000);
    await queue.shared.logs.remove([logOf(job)]);
    const again = await resumed(service, left.id);
    expect(await again.finished).toMatchObject({
      ...{ status: "success", output: { first: { said: "first" }, last: { said: "last" } } },
    });
  });

  test("are run by whoever started them where that limits how many of their agents are at work", async () => {
    await write([{ parallel: [waits("one"), waits("two")] }]);
    await worker("--concurrency", "2");
    const { service, queue } = await opened({ agentLimits: { WaitsAgent: 1 } });
    const pipeline = start(service);
    await vi.waitFor(async () => expect(await calls()).toHaveLength(1), 20_000);
    expect(await queue.jobs.has(jobId(pipeline.id, 1))).toBe(false);
    await workspace.write("ready", "");
    expect((await pipeline.finished).status).toBe("success");
  });
});
