import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { Piscina } from "piscina";
import { BaseAgent } from "../../src/runtime/core/index.ts";
import { ParallelAgentExecutor } from "../../src/runtime/parallel/executor.ts";
import type { AgentTask } from "../../src/runtime/parallel/types.ts";
import { type Bench, type Figure, inTurns, median, percentile } from "./bench.ts";

const root = join(import.meta.dirname, "../..");
const rounds = 10;
const batch = 1_000;

/** As in the package: threads run bundles. */
async function bundled(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "executor-bench-"));
  await build({
    bundle: true,
    absWorkingDir: root,
    entryPoints: {
      agentWorker: "src/runtime/parallel/agentWorker.ts",
      agents: "test/bench/executorAgents.ts",
      yardstick: "test/bench/executorYardstick.ts",
    },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    platform: "node",
    format: "esm",
    target: "es2022",
    external: ["piscina"],
  });
  return folder;
}

const ratio = (
  name: string,
  times: { ours: number[]; yardstick: number[] },
  per: number,
  yardstickName: string,
  goal: Figure["goal"],
): Figure => ({
  name,
  ours: (median(times.ours) * 1000) / per,
  yardstick: (median(times.yardstick) * 1000) / per,
  yardstickName,
  unit: "µs",
  goal,
});

async function dispatch(folder: string): Promise<(Figure | string)[]> {
  const trivial = { module: join(folder, "agents.mjs"), export: "Trivial" };
  const kept = { ...trivial, reuse: true };
  const figures: (Figure | string)[] = [];
  const executor = new ParallelAgentExecutor({
    concurrency: 2,
    threads: 2,
    threadFile: join(folder, "agentWorker.mjs"),
  });
  const pool = new Piscina({ filename: join(folder, "yardstick.mjs"), minThreads: 2, maxThreads: 2 });
  const pairs = (reference: typeof trivial) =>
    Array.from({ length: batch }, (_, i): AgentTask => [reference, i]);
  /** As many at a time as there are threads, as the executor does. */
  const bare = async (name: string) => {
    let next = 0;
    const lane = async () => {
      while (next < batch) await pool.run((next += 1), { name });
    };
    await Promise.all([lane(), lane()]);
  };
  const ours = (reference: typeof trivial) => async () => {
    for (const result of await executor.executeBatch(pairs(reference)))
      if (result.status === "failed") throw result.cause;
  };
  await Promise.all([ours(trivial)(), bare("direct"), bare("adapted"), bare("kept")]);
  await ours(kept)();
  executor.resetPerformanceMetrics();
  const same = await inTurns(rounds, ours(trivial), () => bare("adapted"));
  const { dispatchMs } = executor.getPerformanceMetrics();
  figures.push(
    ratio("dispatch to a thread, agent made for each task", same, batch, "bare piscina, same agent", {
      atMost: 1.2,
    }),
    ratio(
      "dispatch to a thread, reused agent",
      await inTurns(rounds, ours(kept), () => bare("kept")),
      batch,
      "bare piscina, same agent",
      { atMost: 1.2 },
    ),
    ratio(
      "dispatch to a thread, reused agent",
      await inTurns(rounds, ours(kept), () => bare("direct")),
      batch,
      "bare piscina, no agent, bare method",
      null,
    ),
    {
      name: "dispatch p50, slot to agent",
      ours: dispatchMs.p50,
      yardstick: null,
      yardstickName: null,
      unit: "ms",
      goal: { atMost: 5 },
    },
    {
      name: "dispatch p99, slot to agent",
      ours: dispatchMs.p99,
      yardstick: null,
      yardstickName: null,
      unit: "ms",
      goal: { atMost: 50 },
    },
  );
  await executor.close();
  await pool.destroy();
  return figures;
}

async function cold(folder: string): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const executor = new ParallelAgentExecutor({ threadFile: join(folder, "agentWorker.mjs") });
    await executor.executeBatch([[{ module: join(folder, "agents.mjs"), export: "Trivial" }, 1]]);
    times.push(executor.getPerformanceMetrics().dispatchMs.p50);
    await executor.close();
  }
  return {
    name: "dispatch of the first task, with its thread",
    ours: percentile(times, 0.5),
    yardstick: null,
    yardstickName: null,
    unit: "ms",
    goal: null,
  };
}

class Echo extends BaseAgent<number, number> {
  protected override executeImpl(task: number): number {
    return task + 1;
  }
}

async function eventLoop(): Promise<Figure> {
  const agents = Array.from({ length: 10 }, (_, i) => new Echo({ name: `echo-${i}`, agentType: "bench" }));
  const executor = new ParallelAgentExecutor({ concurrency: 10 });
  const pairs = Array.from({ length: batch }, (_, i): AgentTask => [agents[i % 10] as Echo, i]);
  const bare = async () => {
    for (let i = 0; i < batch; i += 10)
      await Promise.all(agents.map((agent, j) => agent.executeAsync(i + j)));
  };
  const times = await inTurns(rounds * 2, () => executor.executeBatch(pairs), bare);
  await executor.close();
  return ratio("dispatch on the event loop", times, batch, "bare await executeAsync", null);
}

const megabytes = (bytes: number): number => bytes / 2 ** 20;

function memoryNow(): { rss: number; heap: number } {
  for (let i = 0; i < 4; i += 1) (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heap: heapUsed };
}

const mb = (
  name: string,
  ours: number,
  atMost: number | null,
  yardstick: number | null = null,
  yardstickName: string | null = null,
): Figure => ({
  name,
  ours,
  yardstick,
  yardstickName,
  unit: "MB",
  goal: atMost === null ? null : { atMost },
});

/** Agents on the event loop: what one more of them adds to the heap. */
async function instanceMemory(): Promise<Figure[]> {
  const count = 1_000;
  const before = memoryNow();
  const agents = Array.from(
    { length: count },
    (_, i) => new Waiting({ name: `waiting-${i}`, agentType: "bench" }),
  );
  for (const agent of agents) agent.initialize();
  const idle = memoryNow();
  const executor = new ParallelAgentExecutor({ concurrency: count });
  const controller = new AbortController();
  const answer = executor.executeBatch(
    agents.map((agent): AgentTask => [agent, 0]),
    { signal: controller.signal },
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const running = memoryNow();
  controller.abort();
  await answer;
  await executor.close();
  return [
    mb("heap of an idle agent on the event loop", megabytes(idle.heap - before.heap) / count, 1),
    mb("heap of a running agent on the event loop", megabytes(running.heap - before.heap) / count, 10),
  ];
}

class Waiting extends BaseAgent {
  protected override executeImpl(): Promise<unknown> {
    return new Promise(() => undefined);
  }
}

/** Agents in threads: what one more thread adds to a process of its own. A thread has a heap of its own. */
function threadMemory(folder: string): Figure[] {
  const measure = (which: string) =>
    JSON.parse(
      execFileSync(
        process.execPath,
        ["--expose-gc", join(import.meta.dirname, "executorMemory.ts"), folder, which],
        {
          encoding: "utf8",
        },
      ),
    ) as { running: number; idle: number };
  const [ours, bare] = [measure("ours"), measure("bare")];
  const added = (state: "running" | "idle") => megabytes(ours[state] - bare[state]);
  const whole = (state: "running" | "idle") => megabytes(ours[state]);
  return [
    mb("rss that an idle agent adds to its thread", added("idle"), 1),
    mb("rss that an agent at work adds to its thread", added("running"), 10),
    mb(
      "rss of a thread with an idle agent",
      whole("idle"),
      null,
      megabytes(bare.idle),
      "a thread of bare piscina",
    ),
    mb(
      "rss of a thread with an agent at work",
      whole("running"),
      null,
      megabytes(bare.running),
      "a thread of bare piscina",
    ),
  ];
}

/** The second figure tells also on a machine whose processors have other work, where nothing is ever twice as fast. */
async function efficiency(folder: string): Promise<(Figure | string)[]> {
  const reference = { module: join(folder, "agents.mjs"), export: "Busy" };
  const work = 1e7;
  const threadFile = join(folder, "agentWorker.mjs");
  const [two, one] = [2, 1].map((threads) => new ParallelAgentExecutor({ threads, threadFile })) as [
    ParallelAgentExecutor,
    ParallelAgentExecutor,
  ];
  const pool = new Piscina({ filename: join(folder, "yardstick.mjs"), minThreads: 2, maxThreads: 2 });
  const run = (executor: ParallelAgentExecutor) =>
    executor.executeBatch([
      [reference, work],
      [reference, work],
    ]);
  const bare = () => Promise.all([pool.run(work, { name: "busy" }), pool.run(work, { name: "busy" })]);
  await Promise.all([run(two), run(one), bare()]);
  two.resetPerformanceMetrics();
  const serial = await inTurns(
    8,
    () => run(two),
    () => run(one),
  );
  const { parallelEfficiency } = two.getPerformanceMetrics();
  const beside = await inTurns(8, () => run(two), bare);
  await Promise.all([two.close(), one.close(), pool.destroy()]);
  const name = "two agents that compute, in two threads";
  return [
    { ...ratio(name, serial, 1000, "one after another", { atMost: 0.6 }), unit: "ms" },
    { ...ratio(name, beside, 1000, "two threads of bare piscina", { atMost: 1.2 }), unit: "ms" },
    `parallelEfficiency as the executor counts it: ${parallelEfficiency.toFixed(3)}`,
  ];
}

export const bench: Bench = {
  async run() {
    const folder = await bundled();
    try {
      // Memory first: what later figures leave behind would count as theirs.
      return [
        ...threadMemory(folder),
        ...(await instanceMemory()),
        ...(await dispatch(folder)),
        await cold(folder),
        await eventLoop(),
        ...(await efficiency(folder)),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
