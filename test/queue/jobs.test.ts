import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import type { JobWorker, TakenJob } from "../../src/queue/jobs.ts";
import { startPostgres, startRedis, type TestServer } from "./servers.ts";

describe.each([
  { kind: "Redis", begin: () => startRedis() },
  { kind: "PostgreSQL", begin: () => startPostgres() },
])("jobs on $kind", ({ begin }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await begin();
  });
  afterAll(() => server.stop());

  async function opened(name: string) {
    const queue = await openQueue(queueAddress(server.url, name), () => undefined);
    onTestFinished(() => queue.close());
    return queue.jobs;
  }
  const job = { id: "r.1", title: "r", data: {}, priority: 0, delayMs: 0 };

  test("tell whether somebody was given them before, who failed or put them back", async () => {
    const jobs = await opened(`j${Date.now()}`);
    const taken: boolean[] = [];
    const take = async (given: TakenJob) => {
      taken.push(given.isFirst);
      if (taken.length === 1) await given.postpone(0);
      if (taken.length === 2) throw new Error("It could not be told.");
    };
    await jobs.add(job);
    const worker = jobs.work({ concurrency: 1, name: "one", onError: () => undefined }, take);
    await vi.waitFor(() => expect(taken).toEqual([true, false, false]), 20_000);
    await worker.drain();
  });

  test("tell that of those whose worker has died, too", async () => {
    const name = `k${Date.now()}`;
    const [jobs, others] = [await opened(name), await opened(name)];
    const taken: string[] = [];
    const workers: JobWorker[] = [];
    const take = (by: string, ends: boolean) => {
      const process = ({ isFirst }: TakenJob) => {
        taken.push(`${by} ${isFirst ? "first" : "again"}`);
        return ends ? Promise.resolve() : new Promise<void>(() => undefined);
      };
      const options = { concurrency: 1, name: by, onError: () => undefined };
      workers.push((by === "one" ? jobs : others).work(options, process));
    };
    await jobs.add(job);
    take("one", false);
    await vi.waitFor(() => expect(taken).toEqual(["one first"]), 20_000);
    await workers[0]?.leave();
    take("two", true);
    await vi.waitFor(() => expect(taken).toEqual(["one first", "two again"]), 40_000);
    await workers[1]?.drain();
  });
});
