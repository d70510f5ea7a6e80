import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { WorkerTold } from "../../src/model/workerTold.ts";
import { Refusals } from "../../src/queue/refusals.ts";
import type { SharedFiles } from "../../src/queue/sharedFiles.ts";
import { Workers } from "../../src/queue/workers.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Files that are gone when their time is over. */
function lastingFiles(): SharedFiles {
  const files = new Map<string, { bytes: Uint8Array; until: number }>();
  const there = (name: string) => {
    const file = files.get(name);
    return file !== undefined && file.until > performance.now() ? file : null;
  };
  return {
    put: (name, bytes, { lastsMs = Infinity } = {}) => {
      files.set(name, { bytes, until: performance.now() + lastsMs });
      return Promise.resolve("tag");
    },
    get: (name) => {
      const file = there(name);
      return Promise.resolve(file === null ? null : { bytes: file.bytes, tag: "tag" });
    },
    list: (folder) =>
      Promise.resolve(
        [...files.keys()].filter((name) => name.startsWith(`${folder}/`) && there(name)).sort(),
      ),
    remove: (names) => {
      for (const name of names) files.delete(name);
      return Promise.resolve();
    },
  };
}

const told = (id: string): WorkerTold => ({
  ...{ id, host: "here", pid: 1, node: "24", version: "0", agents: 1, concurrency: 1, busy: 0, ended: 0 },
  ...{
    draining: false,
    restarts: 0,
    startedAt: "2026-01-01T00:00:00.000Z",
    told: "2026-01-01T00:00:00.000Z",
  },
});

/** A worker that has told of itself, and refuses runs. */
async function worker(files: SharedFiles, id: string) {
  const workers = new Workers(files);
  const refusals = new Refusals(files, workers);
  const tell = () => workers.tell(told(id));
  await tell();
  return { tell, refuse: () => refusals.add("job", id, "has no such agent") };
}

test("a run that all workers refuse fails at once, one that another worker may take does not", async () => {
  const files = lastingFiles();
  const [first, second] = [await worker(files, "one"), await worker(files, "two")];
  expect(await first.refuse()).toBeNull();
  expect(await second.refuse()).toEqual(["one has no such agent", "two has no such agent"]);
});

test("after the server was away, a run waits for workers that have not told of themselves again", async () => {
  const files = lastingFiles();
  const [first, second] = [await worker(files, "one"), await worker(files, "two")];
  await vi.advanceTimersByTimeAsync(22_000);
  // It is back, and the first one has not even told of itself.
  expect(await first.refuse()).toBeNull();
  await first.tell();
  expect(await first.refuse()).toBeNull();
  await vi.advanceTimersByTimeAsync(4_000);
  await second.tell();
  for (let beat = 0; beat < 5; beat += 1) {
    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all([first.tell(), second.tell()]);
  }
  expect(await first.refuse()).toBeNull();
  expect(await second.refuse()).toEqual(["one has no such agent", "two has no such agent"]);
});

test("after the server was away, a run that nobody takes fails once all have had the time to tell of themselves", async () => {
  const files = lastingFiles();
  const only = await worker(files, "one");
  await vi.advanceTimersByTimeAsync(17_000);
  await only.tell();
  const refusals: (string[] | null)[] = [];
  for (let beat = 0; beat < 6; beat += 1) {
    refusals.push(await only.refuse());
    await vi.advanceTimersByTimeAsync(5_000);
    await only.tell();
  }
  expect(refusals).toEqual([null, null, null, null, null, ["one has no such agent"]]);
});
