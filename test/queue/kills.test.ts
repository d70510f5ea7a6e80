import { cp, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { remoteLine } from "../../src/model/remoteRun.ts";
import type { RunEvent } from "../../src/model/runRecord.ts";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import { QueueEngine } from "../../src/queue/queueEngine.ts";
import { jobId, logOf } from "../../src/queue/runLog.ts";
import { wholeLog } from "../../src/queue/wholeLog.ts";
import { Batch } from "../../src/runs/batch/batch.ts";
import { readRun } from "../../src/runs/readRun.ts";
import { RunService } from "../../src/runs/runService.ts";
import { startProxy } from "./proxy.ts";
import { startPostgres, startRedis } from "./servers.ts";
import { WorkerProcess } from "./workerProcess.ts";

const AGENTS = `
  import { appendFileSync } from "node:fs";
  export class CountsAgent { execute(n) { appendFileSync("effects", n + "\\n"); return { n }; } }`;
const WORKERS = 4;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function folder(name: string): Promise<string> {
  const made = await realpath(await mkdtemp(join(tmpdir(), `${name}-`)));
  closing.push(() => rm(made, { recursive: true, force: true, maxRetries: 5 }));
  return made;
}

/** So many runs over four workers, of which one is killed every few seconds, while their server is killed and the network is cut. */
describe.each([
  { kind: "Redis", begin: () => startRedis("always"), total: 10_000 },
  { kind: "PostgreSQL", begin: startPostgres, total: 3_000 },
])("a queue on $kind", ({ begin, total }) => {
  test(
    `loses none of ${total.toLocaleString("en")} runs and ends none twice, whoever is killed`,
    { timeout: 600_000 },
    async () => {
      const server = await begin();
      closing.push(() => server.stop());
      const proxy = await startProxy(server.url);
      closing.push(() => proxy.close());
      const root = await folder("submits");
      await writeFile(join(root, "package.json"), "{}");
      await writeFile(join(root, "a.mjs"), AGENTS);
      const machine = await folder("works");
      await cp(root, machine, { recursive: true });

      const name = `k${Date.now()}`;
      const worker = async () => {
        const started = new WorkerProcess(proxy.url, machine, "--queue-name", name, "--concurrency", "2");
        await started.ready();
        return started;
      };
      const workers = await Promise.all(Array.from({ length: WORKERS }, worker));
      closing.push(() => Promise.all(workers.map((each) => each.kill())));
      const queue = await openQueue(queueAddress(proxy.url, name), () => undefined);
      const service = new RunService({ hostFile: "", engine: new QueueEngine(queue, () => undefined) });
      closing.push(() => service.dispose());

      const file = join(root, "a.mjs");
      const requests = Array.from({ length: total }, (_, task) => ({
        root,
        file,
        name: "CountsAgent",
        task,
      }));
      const batch = new Batch(service, requests, { concurrency: total, sharesThreads: true });
      const runIds = new Set<string>();
      const ends = new Map<string, Extract<RunEvent, { type: "finished" }>[]>();
      const done = { count: 0 };
      batch.onEvent((event) => {
        runIds.add(event.runId);
        if (event.type !== "finished") return;
        ends.set(event.runId, [...(ends.get(event.runId) ?? []), event]);
        done.count += 1;
      });
      const reached = async (part: number) => {
        while (done.count < total * part) await new Promise((resolve) => setTimeout(resolve, 50));
      };
      const killed: number[] = [];
      const killOne = async () => {
        const index = killed.length % WORKERS;
        killed.push(index);
        await workers[index]?.kill();
        workers[index] = await worker();
      };

      for (const part of [0.1, 0.2, 0.3]) {
        await reached(part);
        await killOne();
      }
      await reached(0.4);
      await server.kill9();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await server.restart();
      await reached(0.5);
      await killOne();
      await reached(0.6);
      await proxy.cut();
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await proxy.mend();
      await reached(0.8);
      await killOne();
      const summary = await batch.finished;

      expect(summary).toMatchObject({ total, succeeded: total });
      expect(runIds.size).toBe(total);
      expect([...ends.values()].every((list) => list.length === 1)).toBe(true);
      let takenAgain = 0;
      for (const runId of runIds) {
        const lines = (await wholeLog(queue.shared.logs, logOf(jobId(runId, 1)))).map(remoteLine);
        expect(lines.filter((line) => line !== null && "end" in line)).toHaveLength(1);
        const started = lines.filter(
          (line) => line !== null && "event" in line && line.event.type === "started",
        );
        if (started.length > 1) takenAgain += 1;
        const record = await readRun(root, runId);
        expect(record.filter(({ type }) => type === "finished")).toEqual([record.at(-1)]);
        expect(record.filter(({ type }) => type === "started")).toHaveLength(started.length);
      }
      // What was at work when its worker or server was gone is done again, and nothing else.
      const effects = (await readFile(join(machine, "effects"), "utf8")).trim().split("\n").map(Number);
      expect(new Set(effects).size).toBe(total);
      expect(effects.length - total).toBeLessThanOrEqual(takenAgain);
      console.log(
        `${total} runs, ${killed.length} workers killed, ${takenAgain} runs taken again, ${effects.length - total} done twice`,
      );
    },
  );
});
