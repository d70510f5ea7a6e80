import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Outcome } from "../../src/model/hostProtocol.ts";
import { usualLimits } from "../../src/model/runLimits.ts";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import type { Queue } from "../../src/queue/queue.ts";
import type { Jobs } from "../../src/queue/jobs.ts";
import { QueueEngine } from "../../src/queue/queueEngine.ts";
import { KnownAgents } from "../../src/queue/worker/knownAgents.ts";
import { QueueWorker } from "../../src/queue/worker/queueWorker.ts";
import type { Engine } from "../../src/runs/engine.ts";
import { startRedis, type TestServer } from "./servers.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const done: Outcome = {
  ...{ status: "success", output: {}, checkpointId: null, attempts: 1, durationMs: 0, warnings: [] },
};
const engine: Engine = {
  worker: () =>
    Promise.resolve({
      ...{ pid: 1, node: "24" },
      run: () => Promise.resolve(done),
      cancel: () => Promise.resolve(),
      answer: () => Promise.resolve(false),
      liveState: () => Promise.resolve(null),
    }),
  dispose: () => Promise.resolve(),
};

/** Gives its first worker no job, as a connection that is dead without anyone noticing. */
function deafAtFirst(jobs: Jobs): { jobs: Jobs; begun: () => number } {
  let begun = 0;
  const nothing = { drain: () => Promise.resolve(), leave: () => Promise.resolve() };
  return {
    begun: () => begun,
    jobs: {
      add: (job) => jobs.add(job),
      has: (id) => jobs.has(id),
      remove: (id) => jobs.remove(id),
      counts: () => jobs.counts(),
      close: () => jobs.close(),
      work: (options, process) => ((begun += 1) === 1 ? nothing : jobs.work(options, process)),
    },
  };
}

async function workerOf(
  queue: Queue,
  beatMs: number,
  onNote: (note: string) => void = () => undefined,
): Promise<QueueWorker> {
  const agents = await KnownAgents.open({
    index: () => Promise.resolve(["a.mjs#DoesNothing"]),
    codeOf: () => Promise.resolve(null),
  });
  return new QueueWorker(queue, engine, {
    ...{ root: "/", id: "one", host: "here", version: "0", concurrency: 1, agents, beatMs, onNote },
    surroundings: () => Promise.resolve({ env: {}, secrets: [] }),
  });
}

test("a worker that is given nothing while runs wait begins anew, says so, and leaves one that has nothing to do alone", async () => {
  const address = queueAddress(server.url, "forgotten");
  const opened = await openQueue(address, () => undefined);
  const { jobs, begun } = deafAtFirst(opened.jobs);
  const notes: string[] = [];
  const worker = await workerOf({ ...opened, jobs, close: () => opened.close() }, 100, (note) =>
    notes.push(note),
  );
  await worker.start();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(begun()).toBe(1);

  const submitting = new QueueEngine(await openQueue(address, () => undefined), () => undefined);
  const remote = await submitting.worker("/");
  const outcome = await remote.run(
    {
      ...{ runId: "run", root: "/", file: "/a.mjs", name: "DoesNothing", task: {}, args: [], retries: 0 },
      ...usualLimits,
      checkpoint: null,
    },
    () => undefined,
  );
  expect(outcome.status).toBe("success");
  expect(begun()).toBe(2);
  expect(notes).toEqual(["Runs wait (1), and this worker was given none: it begins anew."]);
  await vi.waitFor(async () => {
    const [told] = await opened.shared.files.list("workers");
    const file = await opened.shared.files.get(told ?? "");
    expect(JSON.parse(Buffer.from(file?.bytes ?? []).toString())).toMatchObject({ restarts: 1, ended: 1 });
  });
  await submitting.dispose();
  await worker.drain();
});

/** A worker without jobs of its own; `slow` is what it waits for while it looks for work. */
async function drainedWhile(slow: "counts" | "leave"): Promise<number> {
  const opened = await openQueue(queueAddress(server.url, `drained-${slow}`), () => undefined);
  let begun = 0;
  let goOn = (): void => undefined;
  let reached = (): void => undefined;
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  let asked = 0;
  const held = async (what: "counts" | "leave") => {
    // A beat looks for work some times before it begins anew.
    if (what !== slow || (what === "counts" && (asked += 1) < 3)) return;
    reached();
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
  };
  const jobs: Jobs = {
    add: () => Promise.resolve(),
    has: () => Promise.resolve(true),
    remove: () => Promise.resolve(false),
    close: () => opened.jobs.close(),
    counts: async () => {
      await held("counts");
      return { waiting: 1, delayed: 0, active: 0 };
    },
    work: () => {
      begun += 1;
      return { drain: () => Promise.resolve(), leave: () => held("leave") };
    },
  };
  const worker = await workerOf({ ...opened, jobs, close: () => opened.close() }, 20);
  await worker.start();
  await isReached;
  const drained = worker.drain();
  goOn();
  await drained;
  return begun;
}

test("a worker that is told to end while it begins anew takes nothing more", async () => {
  expect(await drainedWhile("counts")).toBe(1);
  expect(await drainedWhile("leave")).toBe(1);
});
