import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { RunEvent } from "../../src/model/runRecord.ts";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { RunService } from "../../src/runs/runService.ts";
import { commandLine, jsonLines } from "../host/commandLine.ts";
import { dist, useWorkspace, Watched } from "../host/workspace.ts";
import { startPostgres, startRedis, withoutPassword } from "./servers.ts";
import { useQueue } from "./queueOfTest.ts";

const AGENTS = `
  import { appendFileSync, existsSync } from "node:fs";
  import { BaseAgent } from ${JSON.stringify(join(dist, "core/core.mjs"))};
  export class EchoAgent { execute(task) { console.log("hears"); return { heard: task, password: process.env.OPSVI_AGENTS_QUEUE_PASSWORD }; } }
  export class FailsAgent { execute() { throw new TypeError("no luck"); } }
  export class StuckAgent { execute() { console.log("begun"); for (;;); } }
  export class WaitsAgent { async execute() { console.log("begun"); while (!existsSync("ready")) await new Promise((resolve) => setTimeout(resolve, 20)); return true; } }
  export class CounterAgent extends BaseAgent {
    state = { counted: 0 };
    constructor() { super({ name: "counter", agentType: "test" }); }
    snapshot() { return this.state; }
    restore(state) { this.state = state; }
    async executeImpl(task, ctx) {
      while (this.state.counted < 3) {
        if (this.state.counted === 2 && !existsSync("ready")) { console.log("waiting"); await new Promise((done) => setTimeout(done, 60000)); }
        this.state.counted += 1;
        appendFileSync(task.file, this.state.counted + "\\n");
        ctx.checkpoint("counted " + this.state.counted);
      }
      return { counted: this.state.counted };
    }
  }`;

const workspace = useWorkspace();
const { start, cli } = commandLine(workspace);

describe.each([
  { kind: "Redis", begin: startRedis },
  { kind: "PostgreSQL", begin: startPostgres },
])("workers of a queue on $kind", ({ begin }) => {
  const ofTest = useQueue(workspace, begin, AGENTS);
  const { opened, copy } = ofTest;
  /** Without its password, which is in the environment. */
  let address = "";
  beforeAll(() => {
    const { password, ...shown } = withoutPassword(ofTest.server.url);
    vi.stubEnv("OPSVI_AGENTS_QUEUE_PASSWORD", password);
    ({ address } = shown);
  });
  afterAll(() => void vi.unstubAllEnvs());

  const worker = (root = workspace.root, ...args: string[]) => ofTest.worker(root, ...args);
  const queue = () => ["--queue", address, "--queue-name", ofTest.name];
  const service = async () => (await opened()).service;

  async function run(agent: string, task: unknown = {}, by?: RunService): Promise<Watched> {
    const { root } = workspace;
    const started = (by ?? (await service())).start({ root, file: join(root, "a.mjs"), name: agent, task });
    return new Watched(root, started);
  }

  test("a run is executed by a worker, and its record tells all of it and who that was", async () => {
    const id = await worker().ready();
    const { code, out, err } = await cli(
      "run",
      "a.mjs#EchoAgent",
      "--task",
      '{"topic":"tea"}',
      ...queue(),
      "--json",
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const events = jsonLines(out) as RunEvent[];
    expect(events.map(({ type }) => type)).toEqual([
      ...["queued", "started", "checkpoint", "log", "checkpoint", "finished"],
    ]);
    expect(events[1]).toMatchObject({ worker: id, node: process.versions.node });
    expect(events.at(-1)).toMatchObject({
      status: "success",
      output: { heard: { topic: "tea" } },
      attempts: 1,
    });
    const failed = await cli("run", "a.mjs#FailsAgent", "--task", "{}", ...queue());
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(new RegExp(`^worker {4}${id}$`, "m"));
    expect(failed.err).toContain("TypeError: no luck");
  });

  test("a batch goes to the workers, which are listed with their load", async () => {
    const ids = await Promise.all(
      [worker(await copy(), "--concurrency", "2"), worker(await copy())].map((each) => each.ready()),
    );
    const tasks = Array.from({ length: 40 }, (_, index) =>
      JSON.stringify({ agent: "a.mjs#EchoAgent", task: index }),
    );
    await workspace.write("tasks.jsonl", tasks.join("\n"));
    const { code, out } = await cli("batch", "tasks.jsonl", ...queue(), "--json");
    expect(code).toBe(0);
    const events = jsonLines(out) as (RunEvent & { worker?: string; line: number; output: unknown })[];
    expect(events.at(-1)).toMatchObject({ type: "summary", total: 40, succeeded: 40 });
    const outputs = events.filter(({ type }) => type === "finished").sort((a, b) => a.line - b.line);
    expect(outputs.map(({ output }) => output)).toEqual(tasks.map((_, index) => ({ heard: index })));
    expect(new Set(events.flatMap(({ worker: by }) => by ?? []))).toEqual(new Set(ids));
    const listed = await cli("workers", ...queue(), "--json");
    expect(listed.code).toBe(0);
    expect(jsonLines(listed.out)).toMatchObject(
      expect.arrayContaining(
        ids.map((id) => expect.objectContaining({ id, agents: 5 }) as unknown),
      ) as object,
    );
    expect((await cli("workers", ...queue())).err).toBe(
      "2 workers; runs: 0 waiting, 0 delayed, 0 at work.\n",
    );
  });

  test("the run of a worker that dies goes on with another one from its last checkpoint, once", async () => {
    const [first, second] = [await copy(), await copy()];
    const killed = worker(first);
    const before = await killed.ready();
    const counted = join(workspace.root, "counted");
    const watched = await run("CounterAgent", { file: counted });
    await watched.until("log", ({ text }) => text.includes("waiting"));
    await writeFile(join(second, "ready"), "");
    const after = await worker(second).ready();
    await killed.kill();
    expect(await watched.finished).toMatchObject({ status: "success", output: { counted: 3 } });
    expect(await readFile(counted, "utf8")).toBe("1\n2\n3\n");
    const record = await watched.record();
    const started = record.filter((event) => event.type === "started");
    const saved = record.filter((event) => event.type === "checkpoint").map(({ id }) => id);
    expect(started).toMatchObject([{ worker: before }, { worker: after, checkpoint: saved[2] }]);
    // The payloads are where the run was started.
    const listed = await cli("checkpoints", "list", "--json");
    expect((jsonLines(listed.out) as { data: { id: string } }[]).map(({ data }) => data.id).sort()).toEqual(
      saved.sort(),
    );
  });

  test("runs whose agent host dies are begun again from their last checkpoints, also by the same worker", async () => {
    const id = await worker().ready();
    const by = await service();
    const counted = join(workspace.root, "counted");
    const counts = await run("CounterAgent", { file: counted }, by);
    const waits = await run("WaitsAgent", {}, by);
    await counts.until("log", ({ text }) => text.includes("waiting"));
    await waits.until("log");
    const { pid } = await counts.until("started");
    await workspace.write("ready", "");
    process.kill(pid, "SIGKILL");
    expect(await counts.finished).toMatchObject({ status: "success", output: { counted: 3 } });
    expect((await waits.finished).status).toBe("success");
    expect(await readFile(counted, "utf8")).toBe("1\n2\n3\n");
    const record = await counts.record();
    const saved = record.filter((event) => event.type === "checkpoint").map((event) => event.id);
    const started = record.filter((event) => event.type === "started");
    expect(started).toMatchObject([{ worker: id }, { worker: id, checkpoint: saved[2] }]);
    expect(counts.log("stderr")).toContain("ended with SIGKILL: the run is given to a worker again\n");
    expect((await waits.record()).filter((event) => event.type === "started")).toHaveLength(2);
  });

  test("a run is cancelled while it waits, and in an endless loop; another process can do so too", async () => {
    const by = await service();
    const waiting = await run("EchoAgent", {}, by);
    await waiting.until("queued");
    await waiting.cancel();
    expect(waiting.end).toMatchObject({ status: "cancelled", attempts: 0 });
    await worker().ready();
    const stuck = await run("StuckAgent", {}, by);
    await stuck.until("log", ({ text }) => text.includes("begun"));
    expect((await cli("runs", "cancel", stuck.id)).code).toBe(0);
    expect(await stuck.finished).toMatchObject({ status: "cancelled", stopped: "thread" });
    expect((await (await run("EchoAgent", 1, by)).finished).status).toBe("success");
  });

  test("a worker that is told to end finishes what it has, and takes nothing more", async () => {
    const ending = worker(workspace.root, "--concurrency", "1");
    const id = await ending.ready();
    const by = await service();
    const running = await run("WaitsAgent", {}, by);
    await running.until("log");
    const ended = ending.stop();
    // As a service manager does, which tells all processes of a service.
    process.kill((await running.until("started")).pid, "SIGTERM");
    await ending.says(/Taking no further run/);
    const next = await run("EchoAgent", {}, by);
    await next.until("queued");
    await workspace.write("ready", "");
    expect((await running.finished).status).toBe("success");
    expect(await ended).toBe(0);
    expect(next.events.map(({ type }) => type)).toEqual(["queued"]);
    const other = await worker().ready();
    expect((await next.finished).status).toBe("success");
    expect(next.events[1]).toMatchObject({ worker: other });
    expect((await cli("workers", ...queue(), "--json")).out).not.toContain(id);
  });

  test("a worker with other code refuses, and one that has the code takes the run; with none left, it is told why", async () => {
    const changed = await copy();
    await appendFile(join(changed, "a.mjs"), "\n// newer");
    const other = await worker(changed).ready();
    const by = await service();
    const refused = await run("EchoAgent", {}, by);
    const { status, error } = await refused.finished;
    expect(status).toBe("failed");
    expect(error?.name).toBe("UserError");
    expect(error?.message).toMatch(
      new RegExp(
        `^No worker of the queue takes the run\\. Worker ${other} has [0-9a-f]{12}, where the run was started with version [0-9a-f]{12} of a\\.mjs: bring its checkout up to date, or start it with --any-code\\.$`,
      ),
    );
    const same = await worker().ready();
    const taken = await Promise.all(Array.from({ length: 6 }, () => run("EchoAgent", {}, by)));
    for (const each of taken) {
      expect((await each.finished).status).toBe("success");
      expect(each.events[1]).toMatchObject({ type: "started", worker: same });
    }
  });

  test("with --any-code other code is taken; with --agents only runs of those; a path that was not indexed never", async () => {
    const changed = await copy();
    await appendFile(join(changed, "a.mjs"), "\n// newer");
    await worker(changed, "--any-code", "--agents", "Echo*").ready();
    const by = await service();
    expect((await (await run("EchoAgent", 1, by)).finished).status).toBe("success");
    expect((await (await run("FailsAgent", 1, by)).finished).error?.message).toContain(
      "was told with --agents not to run a.mjs#FailsAgent",
    );
    const outside = join(workspace.root, "..", "outside.mjs");
    const forged = by.start({ root: workspace.root, file: outside, name: "EchoAgent", task: {} });
    expect((await forged.finished).error?.message).toContain(
      "has no agent ../outside.mjs#EchoAgent in its index",
    );
  });

  test("workers with the same limit of an agent keep to it together, and go on where one of them dies", async () => {
    const limit = ["--concurrency", "3", "--agent-limit", "WaitsAgent=2"];
    const killed = worker(workspace.root, ...limit);
    await Promise.all([killed.ready(), worker(workspace.root, ...limit).ready()]);
    const by = await service();
    const runs = await Promise.all([1, 2, 3, 4].map((n) => run("WaitsAgent", n, by)));
    const begun = () => runs.filter(({ events }) => events.some(({ type }) => type === "log")).length;
    await vi.waitFor(() => expect(begun()).toBe(2), 10_000);
    expect((await (await run("EchoAgent", 1, by)).finished).status).toBe("success");
    expect(begun()).toBe(2);
    await killed.kill();
    await workspace.write("ready", "");
    for (const each of runs) expect((await each.finished).status).toBe("success");
  });

  test("what others put into the queue and its logs does no harm", async () => {
    await worker().ready();
    const opened = await openQueue(queueAddress(ofTest.server.url, ofTest.name), () => undefined);
    const { jobs, shared } = opened;
    const add = (id: string, data: unknown) =>
      jobs.add({ id, title: "forged", data, priority: 0, delayMs: 0 });
    const forged = {
      ...{ format: 1, runId: "f", task: {}, args: [], retries: 0, checkpoint: "../../../etc/passwd" },
      ...{ timeoutMs: null, memoryMb: 64, logMb: 1, resultMb: 1 },
    };
    await shared.logs.append("runs/lines", null, ["no JSON", '{"event":{"type":"__proto__"}}', "{}"]);
    await Promise.all([
      ...[
        add("text", "x"),
        add("newer", { ...forged, format: 2, agent: { file_path: "a.mjs", name: "EchoAgent" } }),
      ],
      add("path", { ...forged, agent: { file_path: "../../a.mjs", name: "EchoAgent" } }),
      add("saved", { ...forged, agent: { file_path: "a.mjs", name: "EchoAgent" } }),
      add("lines", { ...forged, checkpoint: null, agent: { file_path: "a.mjs", name: "EchoAgent" } }),
    ]);
    const endOf = async (id: string) => {
      const lines = await vi.waitFor(
        async () => {
          const all = (await shared.logs.read(new Map([[`runs/${id}`, 0]]))).get(`runs/${id}`) ?? [];
          expect(all.at(-1)).toContain('"end"');
          return all;
        },
        { timeout: 15_000, interval: 50 },
      );
      const { end } = JSON.parse(lines.at(-1) ?? "") as {
        end: { status: string; error?: { message: string } };
      };
      return [end.status, end.error?.message];
    };
    const version = "The job is of another version of opsvi-agents than its worker: use one version.";
    expect(await endOf("text")).toEqual(["failed", version]);
    expect(await endOf("newer")).toEqual(["failed", version]);
    expect((await endOf("path"))[1]).toContain("has no agent ../../a.mjs#EchoAgent in its index");
    expect((await endOf("saved"))[1]).toContain("The checkpoint ../../../etc/passwd is neither in");
    expect((await endOf("lines"))[0]).toBe("success");
    await opened.close();
    expect((await (await run("EchoAgent", 1)).finished).status).toBe("success");
  });

  test("a task that is too large for a queue is refused where it is started", async () => {
    const large = await run("EchoAgent", "x".repeat(4 * 2 ** 20));
    expect((await large.finished).error?.message).toMatch(/^The task is larger than what a queue takes/);
  });

  test.each(["SIGTERM", "SIGHUP"] as const)(
    "a command that gets %s leaves its run in the queue, where it is executed once, and whoever resumes it has its result",
    async (signal) => {
      const { child, ended } = start("run", "a.mjs#EchoAgent", "--task", "[7]", ...queue(), "--json");
      let said = "";
      child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
      await vi.waitFor(
        async () => expect((await cli("workers", ...queue())).err).toContain("1 waiting"),
        20_000,
      );
      child.kill(signal);
      const { code, err } = await ended;
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringMatching(/^Leaving: what is in the queue goes on there/) as unknown,
      });
      const events = jsonLines(said) as RunEvent[];
      expect(events.at(-1)).toMatchObject({ type: "finished", status: "interrupted" });
      await worker().ready();
      await vi.waitFor(
        async () =>
          expect((await cli("workers", ...queue())).err).toContain("0 waiting, 0 delayed, 0 at work"),
        20_000,
      );
      const resumed = await cli("runs", "resume", events[0]?.runId ?? "", ...queue(), "--json");
      expect(resumed.code).toBe(0);
      const told = jsonLines(resumed.out) as RunEvent[];
      expect(told.at(-1)).toMatchObject({ status: "success", output: { heard: [7] } });
      expect(told.filter(({ type }) => type === "started")).toHaveLength(1);
    },
  );

  test("a batch that is told to end leaves its runs in the queue; Ctrl+C cancels them", async () => {
    const tasks = await workspace.write("tasks.jsonl", "1\n2\n3\n");
    const states = async () => (await listRuns(workspace.root)).map(({ state }) => state);
    const left = async (waiting: number, signal: "SIGTERM" | "SIGINT") => {
      const { child, ended } = start("batch", tasks, "--agent", "a.mjs#EchoAgent", ...queue());
      await vi.waitFor(
        async () => expect((await cli("workers", ...queue())).err).toContain(`${waiting} waiting`),
        20_000,
      );
      child.kill(signal);
      return (await ended).code;
    };
    expect(await left(3, "SIGTERM")).toBe(1);
    expect(await states()).toEqual(["interrupted", "interrupted", "interrupted"]);
    expect((await cli("workers", ...queue())).err).toContain("3 waiting");
    expect(await left(6, "SIGINT")).toBe(130);
    expect((await states()).sort()).toEqual([
      ...Array<string>(3).fill("cancelled"),
      ...Array<string>(3).fill("interrupted"),
    ]);
    expect((await cli("workers", ...queue())).err).toContain("3 waiting");
  });

  test("whoever left a run in the queue follows it again, and it is executed once", async () => {
    const working = worker(await copy());
    await working.ready();
    const counted = join(workspace.root, "counted");
    const { child, ended } = start(
      "run",
      "a.mjs#CounterAgent",
      "--task",
      JSON.stringify({ file: counted }),
      ...queue(),
      "--json",
    );
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes("waiting")) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGKILL");
    await ended;
    const { runId } = JSON.parse(said.split("\n")[0] ?? "") as RunEvent;
    const by = await service();
    const again = new Watched(workspace.root, await by.resume(workspace.root, runId));
    await again.until("log", ({ text }) => text.includes("waiting"));
    await again.cancel();
    expect(again.end.status).toBe("cancelled");
    expect(await readFile(counted, "utf8")).toBe("1\n2\n");
    expect(again.events.filter(({ type }) => type === "started")).toHaveLength(1);
  });
});

test("a wrong address, a password in it and a name without an address are sentences", async () => {
  await workspace.write("a.mjs", AGENTS);
  const unnamed = await cli("run", "a.mjs#EchoAgent", "--task", "1", "--queue-name", "other");
  expect(unnamed).toMatchObject({ code: 2, out: "" });
  expect(unnamed.err).toBe("--queue-name goes with --queue, which says where the queue is.\n");
  const wrong = await cli("workers", "--queue", "http://localhost");
  expect(wrong).toMatchObject({ code: 2, out: "" });
  expect(wrong.err).toBe(
    "The address of a queue is redis://HOST:PORT, rediss://… (TLS) or postgres://USER@HOST/DATABASE.\n",
  );
  for (const address of ["redis://:secret@localhost", "redis://127.0.0.1:1?password=secret"]) {
    const open = await cli("workers", "--queue", address);
    expect(open.code).toBe(2);
    expect(open.err).not.toContain("secret");
    expect(open.err).toContain("OPSVI_AGENTS_QUEUE_PASSWORD");
  }
  const nobody = await cli("workers", "--queue", "redis://127.0.0.1:1");
  expect(nobody.code).toBe(2);
  expect(nobody.err).toMatch(/redis:\/\/127\.0\.0\.1:1/);
});
