import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { StartRequest } from "../../src/runs/runService.ts";
import type { RunEvent } from "../../src/model/runRecord.ts";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import { QueueEngine } from "../../src/queue/queueEngine.ts";
import { RunService } from "../../src/runs/runService.ts";
import { ErrorPatternLearner } from "../../src/runtime/index.ts";
import { useWorkspace, Watched } from "../host/workspace.ts";
import { startPostgres, startRedis, type TestServer } from "./servers.ts";
import { WorkerProcess } from "./workerProcess.ts";

const AGENTS = `
  import { existsSync, writeFileSync } from "node:fs";
  export class FailsAgent { execute(task) { throw new TypeError("no luck with " + task); } }
  export class CausedAgent { execute() { throw new Error("fetch failed", { cause: new RangeError("port 70000 is none") }); } }
  export class OnceAgent {
    async execute() {
      if (!existsSync("failed")) { writeFileSync("failed", ""); throw new TypeError("once"); }
      console.log("waiting");
      while (!existsSync("ready")) await new Promise((resolve) => setTimeout(resolve, 20));
      return true;
    }
  }`;

const workspace = useWorkspace();

describe.each([
  { kind: "Redis", begin: startRedis },
  { kind: "PostgreSQL", begin: startPostgres },
])("the errors of runs in a queue on $kind", ({ begin }) => {
  let server: TestServer;
  let name = "";
  let count = 0;
  const workers: WorkerProcess[] = [];
  const services: RunService[] = [];
  const folders: string[] = [];

  beforeAll(async () => {
    server = await begin();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    name = `l${Date.now()}-${(count += 1)}`;
    await workspace.write("package.json", "{}");
    await workspace.write("a.mjs", AGENTS);
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.dispose()));
    await Promise.all(workers.splice(0).map((worker) => worker.kill()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });

  async function worker(root: string): Promise<void> {
    const started = new WorkerProcess(server.url, root, "--queue-name", name);
    workers.push(started);
    await started.ready();
  }

  async function service(): Promise<RunService> {
    const opened = await openQueue(queueAddress(server.url, name), () => undefined);
    const made = new RunService({ hostFile: "", engine: new QueueEngine(opened, () => undefined) });
    services.push(made);
    return made;
  }

  async function run(agent: string, options: Partial<StartRequest> = {}): Promise<Watched> {
    const { root } = workspace;
    const by = await service();
    return new Watched(root, by.start({ root, file: join(root, "a.mjs"), name: agent, task: 7, ...options }));
  }

  async function copy(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "machine-"));
    folders.push(folder);
    await cp(workspace.root, folder, { recursive: true, filter: (path) => !path.includes(".proj-intel") });
    return folder;
  }

  /** Without what ended runs that were left. */
  const counted = (root: string) =>
    new ErrorPatternLearner(join(root, ".proj-intel"))
      .patterns()
      .filter(({ error_type }) => error_type !== "InterruptedError")
      .map(({ error_signature, occurrences }) => [error_signature, occurrences]);
  const signatures = (events: readonly RunEvent[]) =>
    events.flatMap((event) =>
      event.type === "retry" || event.type === "finished" ? [event.error?.signature] : [],
    );

  test.each(["FailsAgent", "CausedAgent"])(
    "those of %s at a worker elsewhere are counted here once each, under their signature",
    async (agent) => {
      const elsewhere = await copy();
      await worker(elsewhere);
      const failing = await run(agent, { retries: 1 });
      expect((await failing.finished).status).toBe("failed");
      const [first, last] = signatures(failing.events);
      expect(first).toMatch(/^[0-9a-f]{12}$/);
      expect(last).toBe(first);
      expect(counted(workspace.root)).toEqual([[first, 2]]);
      expect(counted(elsewhere)).toEqual([[first, 2]]);
    },
  );

  test("those of a worker in the same folder are counted once, and its place is in no record", async () => {
    await worker(workspace.root);
    const failing = await run("FailsAgent");
    await failing.finished;
    expect(counted(workspace.root)).toEqual([[...signatures(failing.events), 1]]);
    expect((await failing.record()).find(({ type }) => type === "started")).not.toHaveProperty("place");
  });

  test("those of a run that is followed again are not counted again", async () => {
    await worker(await copy());
    const left = await run("OnceAgent", { retries: 1 });
    await left.until("log");
    await services.splice(0)[0]?.dispose();
    expect((await left.finished).status).toBe("interrupted");
    expect(counted(workspace.root)).toEqual([[expect.any(String), 1]]);
    const by = await service();
    const again = new Watched(workspace.root, await by.resume(workspace.root, left.id));
    await again.until("log", ({ text }) => text.includes("waiting"));
    expect(again.events.map(({ type }) => type)).toContain("retry");
    await again.cancel();
    expect(counted(workspace.root)).toEqual([[expect.any(String), 1]]);
  });
});
