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

  test("come with their data as it was, whatever text is in it", async () => {
    const jobs = await opened(`t${Date.now()}`);
    const texts = ["a\0b", "\ud800", "\udc00\ud800", "\\u0000", "ü\u{1F600}\n", "\u2028"];
    const all = texts.map((text, index) => ({
      ...{ ...job, id: `r.${index}a` },
      data: { z: text, [text]: [1.5, null, { b: 1, a: -0.1 }] },
    }));
    await Promise.all(all.map((each) => jobs.add(each)));
    const taken = new Map<string, string>();
    const take = ({ id, data }: TakenJob) => Promise.resolve(void taken.set(id, JSON.stringify(data)));
    const worker = jobs.work({ concurrency: 1, name: "one", onError: () => undefined }, take);
    await vi.waitFor(() => expect(taken.size).toBe(all.length), 20_000);
    for (const { id, data } of all) expect(taken.get(id)).toBe(JSON.stringify(data));
    await worker.drain();
  });

  test("that a server does not take fail alone", async () => {
    const jobs = await opened(`f${Date.now()}`);
    // BullMQ refuses it.
    const wrong = { ...job, id: "12", priority: 0 };
    const added = ["r.1", "12", "r.3"].map((id) => jobs.add({ ...wrong, id }));
    const settled = await Promise.allSettled(added);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((await jobs.counts()).waiting).toBe(2);
  });

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
