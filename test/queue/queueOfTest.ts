import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { AgentLimits } from "../../src/model/agentLimits.ts";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import type { Queue } from "../../src/queue/queue.ts";
import { QueueEngine } from "../../src/queue/queueEngine.ts";
import { RunService, type RunServiceOptions } from "../../src/runs/runService.ts";
import type { Workspace } from "../host/workspace.ts";
import type { TestServer } from "./servers.ts";
import { WorkerProcess } from "./workerProcess.ts";

interface Opening {
  /** See `QueueEngine`. */
  silentMs?: number;
  agentLimits?: AgentLimits;
  onStep?: RunServiceOptions["onStep"];
}

/** A queue for the test that runs, and who works with it: all of that ends with the test. */
export interface QueueOfTest {
  readonly server: TestServer;
  readonly name: string;
  worker: (root: string, ...args: string[]) => WorkerProcess;
  /** As one window, or one call of the command line, has it. */
  opened: (options?: Opening) => Promise<{ service: RunService; queue: Queue }>;
  /** The folder of another machine with the same code. */
  copy: () => Promise<string>;
}

/** @param agents are in the workspace's a.mjs */
export function useQueue(
  workspace: Workspace,
  begin: () => Promise<TestServer>,
  agents: string,
): QueueOfTest {
  let server: TestServer | undefined;
  let name = "";
  let count = 0;
  const workers: WorkerProcess[] = [];
  const services: RunService[] = [];
  const folders: string[] = [];
  const started = (): TestServer => {
    if (server === undefined) throw new Error("The server has not started.");
    return server;
  };

  beforeAll(async () => {
    server = await begin();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    name = `q${Date.now()}-${(count += 1)}`;
    await workspace.write("package.json", "{}");
    await workspace.write("a.mjs", agents);
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.dispose()));
    await Promise.all(workers.splice(0).map((worker) => worker.kill()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });

  return {
    get server() {
      return started();
    },
    get name() {
      return name;
    },
    worker(root, ...args) {
      const worker = new WorkerProcess(started().url, root, "--queue-name", name, ...args);
      workers.push(worker);
      return worker;
    },
    async opened({ silentMs, agentLimits, onStep } = {}) {
      const queue = await openQueue(queueAddress(started().url, name), () => undefined);
      const engine = new QueueEngine(queue, () => undefined, silentMs);
      const service = new RunService({ hostFile: "", engine, agentLimits, onStep });
      services.push(service);
      return { service, queue };
    },
    async copy() {
      const folder = await mkdtemp(join(tmpdir(), "machine-"));
      folders.push(folder);
      await cp(workspace.root, folder, {
        recursive: true,
        filter: (path) => !path.includes(".proj-intel"),
      });
      return folder;
    },
  };
}
