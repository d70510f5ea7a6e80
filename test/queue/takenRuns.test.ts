import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Outcome } from "../../src/model/hostProtocol.ts";
import { usualLimits } from "../../src/model/runLimits.ts";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import type { TakenJob } from "../../src/queue/jobs.ts";
import { ServerAway } from "../../src/queue/reach.ts";
import type { Shared } from "../../src/queue/shared.ts";
import { KnownAgents } from "../../src/queue/worker/knownAgents.ts";
import { QueueWorker } from "../../src/queue/worker/queueWorker.ts";
import type { Engine } from "../../src/runs/engine.ts";
import { startRedis, type TestServer } from "./servers.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const done: Outcome = {
  ...{ status: "success", output: {}, checkpointId: null, attempts: 1, durationMs: 0, warnings: [] },
};

const agent = { file_path: "a.mjs", name: "DoesNothing" };
const data = {
  format: 1,
  runId: "r",
  agent,
  task: {},
  args: [],
  retries: 0,
  ...usualLimits,
  checkpoint: null,
};
const jobOf = (id: string, further: object = {}): TakenJob => ({
  ...{ id, data: { ...data, ...further }, isFirst: true },
  postpone: () => Promise.reject(new Error("It was put back.")),
  awaitParts: () => Promise.resolve(),
});

/** A worker whose jobs are given here. */
async function workerWith(engine: Engine, shared: (usual: Shared) => Shared = (usual) => usual) {
  const opened = await openQueue(queueAddress(server.url), () => undefined);
  let give: (job: TakenJob) => Promise<void> = () => Promise.resolve();
  const jobs = {
    add: () => Promise.resolve(),
    has: () => Promise.resolve(true),
    remove: () => Promise.resolve(false),
    counts: () => Promise.resolve({ waiting: 0, delayed: 0, active: 0 }),
    close: () => opened.jobs.close(),
    work: (_options: unknown, process: (job: TakenJob) => Promise<void>) => {
      give = process;
      return { drain: () => Promise.resolve(), leave: () => Promise.resolve() };
    },
  };
  const agents = await KnownAgents.open({
    index: () => Promise.resolve(["a.mjs#DoesNothing"]),
    codeOf: () => Promise.resolve(null),
  });
  const queue = { ...opened, jobs, shared: shared(opened.shared), close: () => opened.close() };
  const worker = new QueueWorker(queue, engine, {
    ...{ root: "/nowhere", id: "one", host: "here", version: "0", concurrency: 2, agents },
    surroundings: () => Promise.resolve({ env: {}, secrets: [] }),
    onNote: () => undefined,
  });
  await worker.start();
  const logOf = async (id: string) => {
    const name = `runs/${id}`;
    const lines = (await opened.shared.logs.read(new Map([[name, 0]]))).get(name) ?? [];
    return lines.map((line) => Object.keys(JSON.parse(line) as object)[0]);
  };
  return { give: (job: TakenJob) => give(job), logOf, drain: () => worker.drain() };
}

test("a run that is given to a worker which has it already goes on there, and is not begun again", async () => {
  let begun = 0;
  let end: (outcome: Outcome) => void = () => undefined;
  const worker = await workerWith(
    engineOf(() => {
      begun += 1;
      return new Promise<Outcome>((resolve) => {
        end = resolve;
      });
    }),
  );
  const first = worker.give(jobOf("r.1"));
  await vi.waitFor(() => expect(begun).toBe(1));
  const again = worker.give({ ...jobOf("r.1"), isFirst: false });
  await new Promise((resolve) => setTimeout(resolve, 500));
  end(done);
  await Promise.all([first, again]);
  expect(begun).toBe(1);
  expect(await worker.logOf("r.1")).toEqual(["event", "end"]);
  await worker.drain();
});

test("a run whose checkpoint cannot be brought, as the server is away, does not fail: it is given out again", async () => {
  const away = () => Promise.reject(new ServerAway("The queue cannot be reached: it is gone."));
  const worker = await workerWith(
    engineOf(() => Promise.resolve(done)),
    ({ logs, files, ...rest }) => ({
      ...{ ...rest, logs },
      files: {
        get: away,
        put: (...args) => files.put(...args),
        list: (folder) => files.list(folder),
        remove: (names) => files.remove(names),
      },
    }),
  );
  const checkpoint = "01a224e9-f69f-7036-a3b3-e382b3c95d59";
  await expect(worker.give(jobOf("away.1", { checkpoint }))).rejects.toThrow("cannot be reached");
  expect(await worker.logOf("away.1")).toEqual([]);
  await worker.drain();
});

test("a run whose agent host dies each time is begun ten times, and fails then", async () => {
  const died: Outcome = {
    ...{ ...done, status: "interrupted" },
    error: { name: "InterruptedError", message: "interrupted (host crashed)" },
  };
  let begun = 0;
  const worker = await workerWith(
    engineOf(() => {
      begun += 1;
      return Promise.resolve(died);
    }),
  );
  for (let time = 1; time <= 10; time += 1)
    await expect(worker.give({ ...jobOf("dies.1"), isFirst: time === 1 })).rejects.toThrow("host crashed");
  await worker.give({ ...jobOf("dies.1"), isFirst: false });
  expect(begun).toBe(10);
  expect(await worker.logOf("dies.1")).toEqual([...Array<string>(20).fill("event"), "end"]);
  await worker.drain();
});

function engineOf(run: () => Promise<Outcome>): Engine {
  return {
    worker: () =>
      Promise.resolve({
        ...{ pid: 1, node: "24", run },
        cancel: () => Promise.reject(new Error("It was cancelled.")),
        answer: () => Promise.resolve(false),
        liveState: () => Promise.resolve(null),
      }),
    dispose: () => Promise.resolve(),
  };
}
