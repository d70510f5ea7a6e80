import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue as BullQueue, Worker as BullWorker } from "bullmq";
import type { Outcome, RunRequest } from "../../src/model/hostProtocol.ts";
import { usualLimits } from "../../src/model/runLimits.ts";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import { QueueEngine } from "../../src/queue/queueEngine.ts";
import { KnownAgents } from "../../src/queue/worker/knownAgents.ts";
import { QueueWorker } from "../../src/queue/worker/queueWorker.ts";
import type { Engine } from "../../src/runs/engine.ts";
import { Batch } from "../../src/runs/batch/batch.ts";
import { RunService } from "../../src/runs/runService.ts";
import { dist } from "../host/workspace.ts";
import { startPostgres, startRedis, type TestServer } from "../queue/servers.ts";
import { WorkerProcess } from "../queue/workerProcess.ts";
import { inTurns, median, type Bench, type Figure } from "./bench.ts";

const JOBS = 2_000;
const ROUNDS = 3;
const AT_A_TIME = 32;
/** What an agent waits for a model, say. */
const WAIT_MS = 200;
const PER_WORKER = 4;
/** With an agent that does nothing. */
const RUNS = 400;
const AGENTS = `export class IdleAgent { execute() { return 1; } }
export class WaitsAgent { execute() { return new Promise((done) => setTimeout(() => done(1), ${WAIT_MS})); } }`;

const done: Outcome = {
  status: "success",
  output: {},
  checkpointId: null,
  attempts: 1,
  durationMs: 0,
  warnings: [],
};
/** Runs nothing. */
const idle: Engine = {
  worker: () =>
    Promise.resolve({
      ...{ pid: 0, node: "" },
      run: () => Promise.resolve(done),
      cancel: () => Promise.resolve(),
      answer: () => Promise.resolve(false),
      liveState: () => Promise.resolve(null),
    }),
  dispose: () => Promise.resolve(),
};

export const bench: Bench = {
  async run() {
    const servers = [await startRedis(), await startPostgres()];
    try {
      const figures: Figure[] = [];
      const [redis] = servers;
      if (redis !== undefined) figures.push(await layer(redis));
      for (const server of servers) figures.push(await againstLocal(server));
      for (const server of servers) figures.push(...(await scaling(server)));
      return figures;
    } finally {
      for (const server of servers) await server.stop();
    }
  },
};

/** What is around an agent: jobs that do nothing, through both. */
async function layer(server: TestServer): Promise<Figure> {
  const root = folder();
  const name = `b${Date.now()}`;
  const open = () => openQueue(queueAddress(server.url, name), () => undefined);
  const agents = await KnownAgents.open({
    index: () => Promise.resolve(["a.mjs#WaitsAgent"]),
    codeOf: () => Promise.resolve(null),
    anyCode: true,
  });
  const worker = new QueueWorker(await open(), idle, {
    ...{ root, id: "bench", host: "bench", version: "0", concurrency: AT_A_TIME, agents },
    surroundings: () => Promise.resolve({ env: {}, secrets: [] }),
    onNote: (sentence) => console.error(sentence),
  });
  await worker.start();
  const engine = new QueueEngine(await open(), (error) => console.error(error));
  const remote = await engine.worker(root);
  let count = 0;
  const ours = async () => {
    const runs = Array.from({ length: JOBS }, () =>
      remote.run(request(root, `r${(count += 1)}`), () => undefined),
    );
    for (const { status } of await Promise.all(runs)) if (status !== "success") throw new Error(status);
  };

  const connection = { url: server.url, maxRetriesPerRequest: null };
  const queue = new BullQueue("bare", { connection });
  let ended = 0;
  let allEnded: () => void = () => undefined;
  const bare = new BullWorker("bare", () => Promise.resolve(), {
    ...{ connection, concurrency: AT_A_TIME, removeOnComplete: { count: 1_000 } },
  });
  bare.on("completed", () => {
    ended += 1;
    if (ended % JOBS === 0) allEnded();
  });
  const yardstick = async () => {
    const all = new Promise<void>((resolve) => {
      allEnded = resolve;
    });
    const data = request(root, "bare");
    await queue.addBulk(Array.from({ length: JOBS }, () => ({ name: "job", data })));
    await all;
  };

  await ours();
  await yardstick();
  const times = await inTurns(ROUNDS, ours, yardstick);
  await engine.dispose();
  await worker.drain();
  await bare.close();
  await queue.close();
  rmSync(root, { recursive: true, force: true });
  return {
    name: `${JOBS.toLocaleString("en")} runs of nothing through the queue on Redis`,
    ...{ ours: (JOBS / median(times.ours)) * 1_000, yardstick: (JOBS / median(times.yardstick)) * 1_000 },
    ...{ yardstickName: "jobs of bare BullMQ", unit: "runs/s", goal: { atLeast: 0.7 } },
  };
}

function request(root: string, runId: string): RunRequest {
  return {
    ...{ runId, root, file: join(root, "a.mjs"), name: "WaitsAgent", task: {}, args: [], retries: 0 },
    ...usualLimits,
    checkpoint: null,
  };
}

/** The same runs with real agents, two at a time, by one worker and by the local engine. */
async function againstLocal(server: TestServer): Promise<Figure> {
  const root = folder();
  const name = `l${Date.now()}`;
  const worker = new WorkerProcess(server.url, root, "--queue-name", name, "--concurrency", "2");
  await worker.ready();
  const queue = await openQueue(queueAddress(server.url, name), () => undefined);
  const remote = new RunService({ hostFile: "", engine: new QueueEngine(queue, () => undefined) });
  const local = new RunService({ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath });
  const batch = (service: RunService, concurrency: number) =>
    allOf(service, root, "IdleAgent", RUNS, concurrency);
  await batch(remote, RUNS);
  await batch(local, 2);
  const times = await inTurns(
    ROUNDS,
    () => batch(remote, RUNS),
    () => batch(local, 2),
  );
  await Promise.all([remote.dispose(), local.dispose()]);
  await worker.stop();
  rmSync(root, { recursive: true, force: true });
  return {
    name: `${RUNS} runs of an agent that does nothing, two at a time, through the queue on ${title(server)}`,
    ...{ ours: (RUNS / median(times.ours)) * 1_000, yardstick: (RUNS / median(times.yardstick)) * 1_000 },
    ...{ yardstickName: "the local engine", unit: "runs/s", goal: { atLeast: 0.7 } },
  };
}

const title = ({ kind }: TestServer): string => (kind === "redis" ? "Redis" : "PostgreSQL");

async function allOf(
  service: RunService,
  root: string,
  name: string,
  count: number,
  concurrency: number,
): Promise<void> {
  const request = { root, file: join(root, "a.mjs"), name, task: {} };
  const requests = Array.from({ length: count }, () => request);
  const { succeeded } = await new Batch(service, requests, { concurrency, sharesThreads: true }).finished;
  if (succeeded !== count) throw new Error(`${count - succeeded} of ${count} runs did not succeed.`);
}

/** Agents that wait, with workers as users start them. */
async function scaling(server: TestServer): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const workers of [1, 2, 4]) {
    const root = folder();
    const name = `s${Date.now()}`;
    const started = Array.from(
      { length: workers },
      () => new WorkerProcess(server.url, root, "--queue-name", name, "--concurrency", String(PER_WORKER)),
    );
    await Promise.all(started.map((worker) => worker.ready()));
    const queue = await openQueue(queueAddress(server.url, name), () => undefined);
    const service = new RunService({ hostFile: "", engine: new QueueEngine(queue, () => undefined) });
    const atOnce = workers * PER_WORKER;
    const runs = (count: number) => allOf(service, root, "WaitsAgent", count, count);
    await runs(atOnce);
    const total = atOnce * 25;
    const startedAt = performance.now();
    await runs(total);
    const seconds = (performance.now() - startedAt) / 1_000;
    await service.dispose();
    await Promise.all(started.map((worker) => worker.stop()));
    rmSync(root, { recursive: true, force: true });
    figures.push({
      name: `${workers} worker${workers === 1 ? "" : "s"} on ${title(server)}, ${PER_WORKER} runs of ${WAIT_MS} ms at a time each`,
      ...{ ours: total / seconds, yardstick: (atOnce * 1_000) / WAIT_MS },
      ...{ yardstickName: "what the waiting alone allows", unit: "runs/s", goal: { atLeast: 0.7 } },
    });
  }
  return figures;
}

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), "queue-bench-"));
  writeFileSync(join(root, "package.json"), "{}");
  writeFileSync(join(root, "a.mjs"), AGENTS);
  return root;
}
