import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { UserError } from "../../src/model/userError.ts";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import type { Queue } from "../../src/queue/queue.ts";
import { QueueEngine } from "../../src/queue/queueEngine.ts";
import type { Engine } from "../../src/runs/engine.ts";
import { RunService } from "../../src/runs/runService.ts";
import { startPostgres, startRedis } from "./servers.ts";
import { WorkerProcess } from "./workerProcess.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function folder(): Promise<string> {
  const made = await realpath(await mkdtemp(join(tmpdir(), "away-")));
  closing.push(() => rm(made, { recursive: true, force: true, maxRetries: 5 }));
  await writeFile(join(made, "package.json"), "{}");
  await writeFile(join(made, "a.mjs"), "export class EchoAgent { execute(task) { return task; } }");
  return made;
}

const away = () => Promise.reject(new UserError("The queue cannot be reached: gone."));

/** Takes a run, and is away from then on. */
function queueThatGoesAway(): Queue & { added: Promise<void> } {
  let add = (): void => undefined;
  const added = new Promise<void>((resolve) => {
    add = resolve;
  });
  return {
    added,
    shown: "redis://queue",
    jobs: {
      add: () => {
        add();
        return Promise.resolve();
      },
      has: () => Promise.resolve(false),
      remove: () => new Promise(() => undefined),
      counts: () => Promise.resolve({ waiting: 0, delayed: 0, active: 0 }),
      work: () => ({ drain: () => Promise.resolve(), leave: () => Promise.resolve() }),
      close: () => Promise.resolve(),
    },
    shared: {
      logs: {
        claim: away,
        append: away,
        read: () => Promise.resolve(new Map()),
        remove: away,
        watch: () => Promise.resolve(() => Promise.resolve()),
      },
      files: {
        put: away,
        get: () => Promise.resolve(null),
        list: () => Promise.resolve([]),
        remove: away,
      },
      close: () => Promise.resolve(),
    },
    close: () => Promise.resolve(),
  };
}

test("a run that is cancelled while the server is away ends here, and tells that it may go on there", async () => {
  const root = await folder();
  const queue = queueThatGoesAway();
  const service = new RunService({ hostFile: "", engine: new QueueEngine(queue, () => undefined) });
  closing.push(() => service.dispose());
  const run = service.start({ root, file: join(root, "a.mjs"), name: "EchoAgent", task: 1 });
  await queue.added;
  await run.cancel();
  expect(await run.finished).toMatchObject({
    status: "cancelled",
    warnings: [
      "The queue was not told that this run is cancelled, and a worker may go on with it; runs resume with --queue follows it again. The queue cannot be reached: gone.",
    ],
  });
});

test("an answer that could not be told to the queue may be given again", async () => {
  const root = await folder();
  let given = 0;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const outcome = { checkpointId: null, attempts: 1, durationMs: 0, warnings: [] };
  const engine: Engine = {
    worker: () =>
      Promise.resolve({
        ...{ pid: 1, node: "24", cancel: () => Promise.resolve(), liveState: () => Promise.resolve(null) },
        run: async (_request, onEvent) => {
          onEvent({ type: "question", question: { kind: "approve", message: "Sure?" } });
          await ended;
          return { status: "success", output: { given }, ...outcome };
        },
        answer: () => {
          given += 1;
          if (given === 1) return away();
          end();
          return Promise.resolve(true);
        },
      }),
    dispose: () => Promise.resolve(),
  };
  const service = new RunService({ hostFile: "", engine });
  closing.push(() => service.dispose());
  const run = service.start({ root, file: join(root, "a.mjs"), name: "EchoAgent", task: 1 });
  await vi.waitFor(() => expect(run.question).not.toBeNull());
  await expect(run.answer(true)).rejects.toThrow("cannot be reached");
  expect(run.question).toMatchObject({ question: { message: "Sure?" } });
  await run.answer(true);
  expect(await run.finished).toMatchObject({ status: "success", output: { given: 2 } });
});

test.each([
  { kind: "Redis", begin: () => startRedis() },
  { kind: "PostgreSQL", begin: startPostgres },
])("a worker without a run ends soon where its $kind is gone", { timeout: 90_000 }, async ({ begin }) => {
  const server = await begin();
  closing.push(() => server.stop());
  const worker = new WorkerProcess(server.url, await folder(), "--queue-name", "away");
  closing.push(() => worker.kill());
  await worker.ready();
  await server.kill9();
  // It tries to tell of itself, and to look for runs.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const toldAt = Date.now();
  expect(await worker.stop()).toBe(0);
  expect(Date.now() - toldAt).toBeLessThan(25_000);
});

test(
  "a worker whose PostgreSQL is gone while it begins takes runs once that is back",
  { timeout: 90_000 },
  async () => {
    const server = await startPostgres();
    closing.push(() => server.stop());
    const root = await folder();
    const worker = new WorkerProcess(server.url, root, "--queue-name", "begins");
    closing.push(() => worker.kill());
    await worker.ready();
    await server.kill9();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await server.restart();
    const queue = await openQueue(queueAddress(server.url, "begins"), () => undefined);
    const service = new RunService({ hostFile: "", engine: new QueueEngine(queue, () => undefined) });
    closing.push(() => service.dispose());
    const run = service.start({ root, file: join(root, "a.mjs"), name: "EchoAgent", task: 1 });
    expect(await run.finished).toMatchObject({ status: "success" });
  },
);
