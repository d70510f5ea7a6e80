import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import pLimit from "p-limit";
import { Piscina } from "piscina";
import { Batch } from "../../src/runs/batch/batch.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { RunService } from "../../src/runs/runService.ts";
import { type Bench, type Figure, median, percentile } from "./bench.ts";
import { recordRuns } from "./recordedRuns.ts";

const hostFile = join(import.meta.dirname, "../../dist/agentHost.cjs");
const library = join(import.meta.dirname, "../../dist/library/index.mjs");
const runs = 1_000;
const records = 10_000;
const lanes = 2;
const agents = 50;

/** Notes when its code begins. */
const AGENT = `export class Trivial { run() { return { at: performance.timeOrigin + performance.now() }; } }
export class Waits { run() { return new Promise((done) => setTimeout(done, 600_000)); } }
export default () => new Trivial().run();`;
/** The same calls: the agent is made, executed and checkpointed as in a run, by the bare library. */
const CALLS = (library: string) => `
import { FileCheckpointStore, UniversalAgentAdapter } from ${JSON.stringify(library)};
import { Trivial } from "./agents.mjs";
const checkpoints = new FileCheckpointStore(import.meta.dirname + "/calls");
export default async (task) => {
  const agent = new UniversalAgentAdapter(new Trivial(), { agentType: "Trivial", name: "Trivial" });
  const { output } = await agent.executeAsync(task, { checkpoints, restore: false });
  await agent.shutdownAsync();
  return output;
};`;
/** The same call in a thread of its own, and nothing else. */
const BARE = `import { parentPort } from "node:worker_threads";
const { default: call } = await import(process.argv[2]);
parentPort.postMessage(call());`;

/** What as many threads take that do nothing at all. */
const IDLE = `
const { once } = require("node:events");
const { readFileSync } = require("node:fs");
const { Worker } = require("node:worker_threads");
const rss = () => Number(/VmRSS:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
const start = () => once(new Worker("setInterval(() => {}, 1e6)", { eval: true, stdout: true, stderr: true }), "online");
(async () => {
  await start();
  await new Promise((done) => setTimeout(done, 1_000));
  const one = rss();
  for (let thread = 0; thread < ${agents}; thread += 1) await start();
  await new Promise((done) => setTimeout(done, 1_000));
  console.log((rss() - one) / ${agents});
  process.exit();
})();`;

const open = () => new RunService({ hostFile, nodePath: process.execPath });
const absolute = (name: string, ours: number, unit: string, atMost: number): Figure => ({
  ...{ name, ours, yardstick: null, yardstickName: null, unit, goal: { atMost } },
});

/** Runs through the service, as many at a time as there are threads in the yardsticks. */
async function queued(root: string, file: string): Promise<Figure[]> {
  const service = open();
  const request = { root, file, name: "Trivial", task: 0 };
  await service.start(request).finished;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const asked = Array.from({ length: runs }, () => request);
  const batch = async (sharesThreads: boolean) => {
    const startedAt = performance.now();
    const { succeeded } = await new Batch(service, asked, { concurrency: lanes, sharesThreads }).finished;
    if (succeeded !== runs) throw new Error(`${runs - succeeded} of ${runs} runs did not succeed.`);
    return performance.now() - startedAt;
  };
  const ours = await batch(false);
  const shared = await batch(true);
  delay.disable();
  await service.dispose();

  const pooled = async (filename: string) => {
    const pool = new Piscina({ filename, minThreads: lanes, maxThreads: lanes });
    await Promise.all([pool.run(0), pool.run(0)]);
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: runs }, () => pool.run(0)));
    const ms = performance.now() - startedAt;
    await pool.destroy();
    return ms;
  };
  const bare = await pooled(file);
  const callsFile = join(root, "calls.mjs");
  writeFileSync(callsFile, CALLS(pathToFileURL(library).href));
  const calls = await pooled(callsFile);

  const bareFile = join(root, "bare.mjs");
  writeFileSync(bareFile, BARE);
  const limit = pLimit(lanes);
  const fresh = () =>
    limit(async () => {
      const worker = new Worker(bareFile, { argv: [pathToFileURL(file).href] });
      await once(worker, "message");
      await worker.terminate();
    });
  const freshAt = performance.now();
  await Promise.all(Array.from({ length: runs }, fresh));
  const freshly = performance.now() - freshAt;

  const perSecond = (ms: number) => (runs * 1000) / ms;
  const name = `${runs.toLocaleString("en")} queued runs of a trivial agent`;
  const figure = (
    of: string,
    ms: number,
    yardstick: number,
    yardstickName: string,
    goal: Figure["goal"],
  ) => ({
    ...{ name: `${name}${of}`, ours: perSecond(ms), unit: "runs/s" },
    ...{ yardstick: perSecond(yardstick), yardstickName, goal },
  });
  const half = { atLeast: 0.5 };
  return [
    figure(", threads shared", shared, calls, "bare piscina doing the same calls", half),
    figure(", threads shared", shared, bare, "bare piscina that only calls the agent", null),
    figure("", ours, freshly, "a fresh bare thread each", null),
    absolute("event-loop delay meanwhile, p99", delay.percentile(99) / 1e6, "ms", 20),
  ];
}

/** Of runs that need not wait for others. */
async function dispatched(root: string, file: string): Promise<Figure[]> {
  const service = open();
  const times: number[] = [];
  for (let run = 0; run < 100; run += 1) {
    const started = service.start({ root, file, name: "Trivial", task: 0 });
    let queuedAt = Number.NaN;
    started.onEvent((event) => {
      if (event.type === "queued") queuedAt = Date.parse(event.time);
    });
    const { output } = await started.finished;
    // The first starts the host.
    if (run > 0) times.push(Number(output?.at) - queuedAt);
    await sleep(200);
  }
  await service.dispose();
  return [
    absolute("dispatch p50, queued to agent code", median(times), "ms", 10),
    absolute("dispatch p99, queued to agent code", percentile(times, 0.99), "ms", 100),
  ];
}

/** What the host's process takes for each agent that is loaded and at work. */
async function loaded(root: string, file: string): Promise<(Figure | string)[]> {
  if (process.platform !== "linux") return ["the memory of the host is read from /proc, on Linux"];
  const service = open();
  let pid = 0;
  const begun: Promise<void>[] = [];
  const start = () => {
    const run = service.start({ root, file, name: "Waits", task: 0 });
    begun.push(
      new Promise((resolve) => {
        run.onEvent((event) => {
          if (event.type === "started") pid = event.pid;
          if (event.type === "checkpoint") resolve();
        });
      }),
    );
  };
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  start();
  await Promise.all(begun);
  await sleep(1_000);
  const one = rss();
  for (let agent = 0; agent < agents; agent += 1) start();
  await Promise.all(begun);
  await sleep(1_000);
  const each = (rss() - one) / agents;
  await service.dispose();
  const bare = Number(execFileSync(process.execPath, ["-e", IDLE], { encoding: "utf8" }));
  const name = `memory of an agent, ${agents} at work`;
  return [
    absolute(name, each, "MiB", 10),
    {
      name,
      ours: each,
      unit: "MiB",
      yardstick: bare,
      yardstickName: "a bare thread that does nothing",
      goal: null,
    },
  ];
}

/** How fast the records are read. */
async function history(root: string): Promise<Figure[]> {
  await recordRuns(root, records);
  const time = async (limit: number): Promise<number> => {
    const startedAt = performance.now();
    const { length } = await listRuns(root, limit);
    if (length !== Math.min(limit, records)) throw new Error(`${length} of ${limit} runs are listed.`);
    return performance.now() - startedAt;
  };
  const medianOf = async (limit: number) => {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) times.push(await time(limit));
    return median(times);
  };
  const of = `of ${records.toLocaleString("en")} recorded runs`;
  return [
    absolute(`opening the first page ${of}`, await medianOf(201), "ms", 300),
    { ...absolute(`listing all ${of}`, await medianOf(records), "ms", 0), goal: null },
  ];
}

/** What a run costs over the call it makes, and how fast its history opens. */
export const bench: Bench = {
  async run() {
    if (!existsSync(hostFile)) return ["This runs what is built: npm run build."];
    const roots = ["runs-", "history-"].map((name) => mkdtempSync(join(tmpdir(), name))) as [string, string];
    const file = join(roots[0], "agents.mjs");
    writeFileSync(file, AGENT);
    try {
      return [
        ...(await history(roots[1])),
        ...(await dispatched(roots[0], file)),
        ...(await loaded(roots[0], file)),
        ...(await queued(roots[0], file)),
      ];
    } finally {
      for (const root of roots) rmSync(root, { recursive: true, force: true });
    }
  },
};
