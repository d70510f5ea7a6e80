import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe } from "vitest";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import { QueueEngine } from "../../src/queue/queueEngine.ts";
import { RunService } from "../../src/runs/runService.ts";
import { engineCases } from "./engineCases.ts";
import { startPostgres, startRedis, type TestServer } from "./servers.ts";
import { WorkerProcess } from "./workerProcess.ts";

/** Runs go to a worker with a copy of the folder, as another machine would have it. */
describe.each([
  { name: "queue on Redis", begin: startRedis },
  { name: "queue on PostgreSQL", begin: startPostgres },
])("$name", ({ name, begin }) => {
  let server: Promise<TestServer> | null = null;
  afterAll(async () => (await server)?.stop());
  let count = 0;

  engineCases({
    name,
    async open({ files, atATime = 4, agentLimits }) {
      const { url } = await (server ??= begin());
      const queue = `e${Date.now()}-${(count += 1)}`;
      const [root, machine] = await Promise.all([folderWith(files), folderWith(files)]);
      const worker = new WorkerProcess(url, machine, "--queue-name", queue, "--concurrency", String(atATime));
      await worker.ready();
      const opened = await openQueue(queueAddress(url, queue), () => undefined);
      const engine = new QueueEngine(opened, () => undefined);
      const service = new RunService({ hostFile: "", engine, agentLimits });
      return {
        ...{ service, root },
        async close() {
          await service.dispose();
          await worker.kill();
          for (const folder of [root, machine])
            await rm(folder, { recursive: true, force: true, maxRetries: 5 });
        },
      };
    },
  });
});

async function folderWith(files: Record<string, string>): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "engine-")));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}
