import { execFile } from "node:child_process";
import { appendFile, cp, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import { QueueEngine } from "../../src/queue/queueEngine.ts";
import { RunService } from "../../src/runs/runService.ts";
import { dist } from "../host/workspace.ts";
import { startPostgres, startRedis, withoutPassword } from "./servers.ts";
import { WorkerProcess } from "./workerProcess.ts";

/** Sets the clock of a process. */
const AHEAD = `
  const usual = Date;
  globalThis.Date = class extends usual {
    constructor(...values) { super(...(values.length === 0 ? [usual.now() + 60_000] : values)); }
    static now() { return usual.now() + 60_000; }
  };`;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0).reverse()) await close();
});

async function folder(): Promise<string> {
  const made = await realpath(await mkdtemp(join(tmpdir(), "clocks-")));
  closing.push(() => rm(made, { recursive: true, force: true, maxRetries: 5 }));
  return made;
}

/** What `workers` tells. */
async function listed(url: string): Promise<string> {
  const { address, password } = withoutPassword(url);
  const command = [join(dist, "cli.cjs"), "workers", "--queue", address, "--queue-name", "clocks"];
  const env = { ...process.env, OPSVI_AGENTS_QUEUE_PASSWORD: password };
  return (await promisify(execFile)(process.execPath, command, { env })).stdout;
}

test.each([
  { kind: "Redis", begin: () => startRedis() },
  { kind: "PostgreSQL", begin: startPostgres },
])(
  "on $kind, runs that a worker with a clock ahead of the others refuses are taken by the others, and its clock is told",
  { timeout: 90_000 },
  async ({ begin }) => {
    const server = await begin();
    closing.push(() => server.stop());
    const root = await folder();
    await writeFile(join(root, "package.json"), "{}");
    await writeFile(
      join(root, "a.mjs"),
      "export class EchoAgent { execute(task) { return { heard: task }; } }",
    );
    const changed = await folder();
    await cp(root, changed, { recursive: true });
    await appendFile(join(changed, "a.mjs"), "\n// newer");
    await writeFile(join(changed, "ahead.mjs"), AHEAD);
    const worker = (place: string) => {
      const started = new WorkerProcess(server.url, place, "--queue-name", "clocks", "--concurrency", "1");
      closing.push(() => started.kill());
      return started.ready();
    };
    const ready = worker(root);
    vi.stubEnv("NODE_OPTIONS", `--import ${join(changed, "ahead.mjs")}`);
    const other = worker(changed);
    vi.unstubAllEnvs();
    const ahead = await other;
    const here = await ready;
    const queue = await openQueue(queueAddress(server.url, "clocks"), () => undefined);
    const service = new RunService({ hostFile: "", engine: new QueueEngine(queue, () => undefined) });
    closing.push(() => service.dispose());

    for (let task = 0; task < 4; task += 1) {
      const run = service.start({ root, file: join(root, "a.mjs"), name: "EchoAgent", task });
      const workers: unknown[] = [];
      run.onEvent((event) => event.type === "started" && workers.push(event.worker));
      expect(await run.finished).toMatchObject({ status: "success", output: { heard: task } });
      expect(workers).toEqual([here]);
    }
    const lines = (await listed(server.url)).split("\n");
    expect(lines.find((line) => line.startsWith(here))).toMatch(/heard of \d s ago/);
    expect(lines.find((line) => line.startsWith(ahead))).toMatch(
      /its clock is about (5\d|60) s ahead of ours/,
    );
  },
);
