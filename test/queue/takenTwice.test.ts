import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Outcome } from "../../src/model/hostProtocol.ts";
import { usualLimits } from "../../src/model/runLimits.ts";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import type { TakenJob } from "../../src/queue/jobs.ts";
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

test("a run that is given to a worker which has it already goes on there, and is not begun again", async () => {
  let begun = 0;
  let end: (outcome: Outcome) => void = () => undefined;
  const engine: Engine = {
    worker: () =>
      Promise.resolve({
        ...{ pid: 1, node: "24" },
        run: () => {
          begun += 1;
          return new Promise<Outcome>((resolve) => (end = resolve));
        },
        cancel: () => Promise.reject(new Error("It was cancelled.")),
        answer: () => Promise.resolve(false),
        liveState: () => Promise.resolve(null),
      }),
    dispose: () => Promise.resolve(),
  };
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
  const worker = new QueueWorker({ ...opened, jobs, close: () => opened.close() }, engine, {
    ...{ root: "/", id: "one", host: "here", version: "0", concurrency: 2, agents },
    surroundings: () => Promise.resolve({ env: {}, secrets: [] }),
    onNote: () => undefined,
  });
  await worker.start();
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
  const job: TakenJob = { id: "r.1", data, postpone: () => Promise.reject(new Error("It was put back.")) };
  const first = give(job);
  await vi.waitFor(() => expect(begun).toBe(1));
  const again = give(job);
  await new Promise((resolve) => setTimeout(resolve, 500));
  end(done);
  await Promise.all([first, again]);
  expect(begun).toBe(1);
  const lines = (await opened.shared.logs.read(new Map([["runs/r.1", 0]]))).get("runs/r.1") ?? [];
  expect(lines.map((line) => Object.keys(JSON.parse(line) as object)[0])).toEqual(["event", "end"]);
  await worker.drain();
});
