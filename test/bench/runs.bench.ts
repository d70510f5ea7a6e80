import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Piscina } from "piscina";
import { v7 as uuid } from "uuid";
import { Batch } from "../../src/runs/batch/batch.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { RunService } from "../../src/runs/runService.ts";
import { type Bench, type Figure, median, percentile } from "./bench.ts";

const hostFile = join(import.meta.dirname, "../../dist/agentHost.cjs");
const runs = 1_000;
const records = 10_000;
const lanes = 2;

/** Notes when its code begins. */
const AGENT = `export class Trivial { run() { return { at: performance.timeOrigin + performance.now() }; } }
export default () => new Trivial().run();`;

/** Runs through the service, as many at a time as there are threads in the yardstick. */
async function queued(root: string): Promise<Figure[]> {
  const file = join(root, "trivial.mjs");
  writeFileSync(file, AGENT);
  const service = new RunService({ hostFile, nodePath: process.execPath });
  const request = { root, file, name: "Trivial", task: 0 };
  await service.start(request).finished;
  const dispatch: number[] = [];
  const begun = new Map<string, number>();
  const startedAt = performance.now();
  const batch = new Batch(
    service,
    Array.from({ length: runs }, () => request),
    lanes,
  );
  batch.onEvent((event) => {
    if (event.type === "queued") begun.set(event.runId, Date.parse(event.time));
    if (event.type !== "finished" || event.status !== "success") return;
    dispatch.push(Number(event.output?.at) - (begun.get(event.runId) ?? Number.NaN));
  });
  const { succeeded } = await batch.finished;
  const ours = performance.now() - startedAt;
  if (succeeded !== runs) throw new Error(`${runs - succeeded} of ${runs} runs did not succeed.`);
  await service.dispose();

  const pool = new Piscina({ filename: file, minThreads: lanes, maxThreads: lanes });
  await Promise.all([pool.run(0), pool.run(0)]);
  const bareAt = performance.now();
  await Promise.all(Array.from({ length: runs }, () => pool.run(0)));
  const bare = performance.now() - bareAt;
  await pool.destroy();
  const perSecond = (ms: number) => (runs * 1000) / ms;
  const absolute = (name: string, value: number, atMost: number): Figure => ({
    ...{ name, ours: value, yardstick: null, yardstickName: null },
    ...{ unit: "ms", goal: { atMost } },
  });
  return [
    {
      ...{
        name: `${runs} queued runs of a trivial agent`,
        ours: perSecond(ours),
        yardstick: perSecond(bare),
      },
      ...{ yardstickName: "bare piscina", unit: "runs/s", goal: { atLeast: 0.5 } },
    },
    absolute("dispatch p50, queued to agent code", median(dispatch), 10),
    absolute("dispatch p99, queued to agent code", percentile(dispatch, 0.99), 100),
  ];
}

/** Records as short runs leave them. */
async function history(root: string): Promise<Figure> {
  const folder = join(root, ".proj-intel", "runs");
  mkdirSync(folder, { recursive: true });
  const time = new Date().toISOString();
  for (let i = 0; i < records; i += 1) {
    const runId = uuid();
    const agent = { file_path: "src/a.ts", name: "Trivial" };
    const events = [
      { type: "queued", agent, task: { i }, retries: 0, timeoutMs: null },
      { type: "started", pid: 1, node: "24.0.0" },
      { type: "checkpoint", id: runId, label: null },
      { type: "finished", status: "success", checkpointId: runId, attempts: 1, durationMs: 5, warnings: [] },
    ].map(({ type, ...rest }) => JSON.stringify({ type, runId, time, ...rest }));
    writeFileSync(join(folder, `${runId}.jsonl`), `${events.join("\n")}\n`);
  }
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const startedAt = performance.now();
    const { length } = await listRuns(root);
    if (length !== records) throw new Error(`${length} of ${records} runs are listed.`);
    times.push(performance.now() - startedAt);
  }
  return {
    ...{ name: `listing ${records.toLocaleString("en")} recorded runs`, ours: median(times) },
    ...{ yardstick: null, yardstickName: null, unit: "ms", goal: { atMost: 300 } },
  };
}

/** What a run costs over the call it makes, and how fast its history opens. */
export const bench: Bench = {
  async run() {
    if (!existsSync(hostFile)) return ["This runs what is built: npm run build."];
    const roots = ["runs-", "history-"].map((name) => mkdtempSync(join(tmpdir(), name))) as [string, string];
    try {
      return [await history(roots[1]), ...(await queued(roots[0]))];
    } finally {
      for (const root of roots) rmSync(root, { recursive: true, force: true });
    }
  },
};
