import { cp, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import { QueueEngine } from "../../src/queue/queueEngine.ts";
import { jobId, logOf } from "../../src/queue/runLog.ts";
import { wholeLog } from "../../src/queue/wholeLog.ts";
import { RunService } from "../../src/runs/runService.ts";
import { startRedis } from "./servers.ts";
import { WorkerProcess } from "./workerProcess.ts";

const SECRET = 'open "sesame" 4711';
const AGENTS = `
  export class LeaksAgent {
    execute(task) {
      const secret = process.env.MY_API_KEY;
      console.log("log", secret);
      if (task === "fails") throw new Error("no entry with " + secret);
      return { [secret]: 1, inherited: process.env.CONTAINER_API_KEY, folder: process.env.PWD, list: ["x" + secret], json: JSON.stringify({ secret }) };
    }
  }`;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0).reverse()) await close();
});

async function folder(name: string): Promise<string> {
  const made = await realpath(await mkdtemp(join(tmpdir(), `${name}-`)));
  closing.push(() => rm(made, { recursive: true, force: true, maxRetries: 5 }));
  return made;
}

/** Of a container. */
const INHERITED = "of-the-container-0815";

test("a secret of a worker is neither in the server nor in the folder that the run was started from", async () => {
  const server = await startRedis();
  closing.push(() => server.stop());
  const root = await folder("submits");
  await writeFile(join(root, "package.json"), "{}");
  await writeFile(join(root, "a.mjs"), AGENTS);
  const machine = await folder("works");
  await cp(root, machine, { recursive: true });
  await writeFile(join(machine, ".env"), `MY_API_KEY='${SECRET}'`);
  vi.stubEnv("CONTAINER_API_KEY", INHERITED);
  const worker = new WorkerProcess(server.url, machine, "--queue-name", "secrets");
  closing.push(() => worker.kill());
  await worker.ready();
  const queue = await openQueue(queueAddress(server.url, "secrets"), () => undefined);
  const service = new RunService({ hostFile: "", engine: new QueueEngine(queue, () => undefined) });
  closing.push(() => service.dispose());

  const start = (task: string) =>
    service.start({ root, file: join(root, "a.mjs"), name: "LeaksAgent", task });
  const [returns, fails] = [start("returns"), start("fails")];
  expect((await returns.finished).output).toEqual({
    ...{ inherited: "[redacted]", folder: process.env["PWD"] },
    ...{ "[redacted]": 1, list: ["x[redacted]"], json: '{"secret":"[redacted]"}' },
  });
  expect((await fails.finished).error?.message).toBe("no entry with [redacted]");
  for (const { id } of [returns, fails]) {
    const told = await wholeLog(queue.shared.logs, logOf(jobId(id, 1)));
    const record = await readFile(join(root, ".proj-intel", "runs", `${id}.jsonl`), "utf8");
    expect(told.join("\n") + record).toContain("[redacted]");
    expect(told.join("\n") + record).not.toMatch(/sesame|4711|0815/);
  }
});
