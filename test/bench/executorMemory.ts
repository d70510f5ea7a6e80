import { join } from "node:path";
import { Piscina } from "piscina";
import { ParallelAgentExecutor } from "../../src/runtime/parallel/executor.ts";
import type { AgentTask } from "../../src/runtime/parallel/types.ts";

// node --expose-gc executorMemory.ts FOLDER ours|bare: what one more thread adds to the process, in bytes, idle and at
// work. The first threads are not counted: they bring in what all share.
const [folder = "", which] = process.argv.slice(2);
const file = (name: string) => join(folder, `${name}.mjs`);

function rss(): number {
  for (let i = 0; i < 4; i += 1) (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage.rss();
}

/** Makes as many threads busy at the same time, then idle; what the process holds at both times. */
type Start = (count: number) => (flags: Int32Array) => Promise<unknown>;
const ours: Start = (count) => {
  const executor = new ParallelAgentExecutor({
    concurrency: count,
    threads: count,
    threadFile: file("agentWorker"),
    idleTimeoutMs: 60_000,
  });
  const reference = { module: file("agents"), export: "Holder", reuse: true };
  return (flags) => executor.executeBatch(Array.from({ length: count }, (): AgentTask => [reference, flags]));
};
const bare: Start = (count) => {
  const pool = new Piscina({ filename: file("yardstick"), minThreads: count, maxThreads: count });
  return (flags) => Promise.all(Array.from({ length: count }, () => pool.run(flags, { name: "hold" })));
};

async function measure(count: number, start: (flags: Int32Array) => Promise<unknown>) {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const done = start(flags);
  while (Atomics.load(flags, 0) < count) await new Promise((resolve) => setTimeout(resolve, 10));
  const running = rss();
  Atomics.store(flags, 1, 1);
  Atomics.notify(flags, 1);
  await done;
  return { running, idle: rss() };
}

const make = which === "bare" ? bare : ours;
const before = await measure(4, make(4));
const after = await measure(8, make(8));
const each = { running: (after.running - before.idle) / 8, idle: (after.idle - before.idle) / 8 };
process.stdout.write(JSON.stringify(each));
process.exit(0);
