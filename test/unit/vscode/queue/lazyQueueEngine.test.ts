import { describe, expect, it } from "vitest";
import type { RunRequest } from "../../../../src/model/hostProtocol.ts";
import { UserError } from "../../../../src/model/userError.ts";
import type { Queue } from "../../../../src/queue/queue.ts";
import { LazyQueueEngine } from "../../../../src/vscode/queue/lazyQueueEngine.ts";
import { FakeQueue } from "./fakeQueue.ts";

const ignore = () => undefined;

describe("The engine of a queue", () => {
  it("opens it once, when it is needed, and closes it in the end", async () => {
    const queue = new FakeQueue();
    let opened = 0;
    const open = () => {
      opened += 1;
      return Promise.resolve<Queue>(queue);
    };
    const engine = new LazyQueueEngine(open, ignore);
    expect(opened).toBe(0);
    await Promise.all([engine.worker("/a"), engine.worker("/b")]);
    await engine.worker("/a");
    expect(opened).toBe(1);
    await engine.dispose();
    expect(queue.closed).toBe(1);
    await expect(engine.worker("/a")).rejects.toThrow("everything is closing");
  });

  it("tries again where it could not be opened", async () => {
    const queues = [null, new FakeQueue()];
    const open = () => {
      const queue = queues.shift() ?? null;
      return queue === null ? Promise.reject(new UserError("It is away.")) : Promise.resolve<Queue>(queue);
    };
    const engine = new LazyQueueEngine(open, ignore);
    const both = await Promise.allSettled([engine.worker("/a"), engine.worker("/b")]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect((await engine.worker("/a")).tellsStart).toBe(true);
    await engine.dispose();
  });

  it("that closes while it is opened leaves no connection", async () => {
    const queue = new FakeQueue();
    let resolve: (queue: Queue) => void = () => undefined;
    const promise = new Promise<Queue>((done) => (resolve = done));
    const engine = new LazyQueueEngine(() => promise, ignore);
    const worker = engine.worker("/a");
    const disposed = engine.dispose();
    resolve(queue);
    await worker;
    await disposed;
    expect(queue.closed).toBe(1);
  });

  it("that was never needed closes without opening anything, and opens nothing after that", async () => {
    const engine = new LazyQueueEngine(() => Promise.reject(new Error("opened")), ignore);
    await engine.pipelines.cancel("r1");
    await expect(engine.dispose()).resolves.toBeUndefined();
    const request: RunRequest = {
      ...{ runId: "r1", root: "/a", file: "/a/p.agents.json", name: "p", task: null, args: [], retries: 0 },
      ...{ checkpoint: null, timeoutMs: null, memoryMb: 1, logMb: 1, resultMb: 1 },
    };
    const run = engine.pipelines.run(request, () => Promise.reject(new Error("read")), ignore);
    await expect(run).rejects.toThrow("everything is closing");
  });
});
