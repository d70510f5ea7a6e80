import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RemoteRun } from "../../src/model/remoteRun.ts";
import { usualLimits } from "../../src/model/runLimits.ts";
import { KnownAgents } from "../../src/queue/worker/knownAgents.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const runOf = (name: string): RemoteRun => ({
  ...{ format: 1, runId: "r", agent: { file_path: "a.mjs", name }, task: {}, args: [], retries: 0 },
  ...usualLimits,
  checkpoint: null,
});

test("a worker whose folder cannot be indexed again keeps the agents that it knows, says why once, and tries again", async () => {
  let index = () => Promise.resolve(["a.mjs#Known"]);
  const faults: string[] = [];
  const known = await KnownAgents.open({
    index: () => index(),
    codeOf: () => Promise.resolve(null),
    onFault: (message) => faults.push(message),
  });
  index = () => Promise.reject(new Error("the disk is full"));
  for (let round = 0; round < 2; round += 1) {
    await vi.advanceTimersByTimeAsync(11_000);
    const refusals = await Promise.all(
      [runOf("Added"), runOf("Added"), runOf("Known")].map((run) => known.refusal(run)),
    );
    const unknown = "has no agent a.mjs#Added in its index";
    expect(refusals).toEqual([unknown, unknown, null]);
  }
  expect(faults).toEqual(["the disk is full"]);
  expect(known.size).toBe(1);

  index = () => Promise.resolve(["a.mjs#Known", "a.mjs#Added"]);
  expect(await known.refusal(runOf("Added"))).not.toBeNull();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(await known.refusal(runOf("Added"))).toBeNull();
  expect(known.size).toBe(2);
});

test("runs that come while the folder is indexed again wait for that, and it is indexed once", async () => {
  let indexed = 0;
  let done: (agents: string[]) => void = () => undefined;
  const known = await KnownAgents.open({
    index: () => {
      indexed += 1;
      if (indexed === 1) return Promise.resolve([]);
      return new Promise<string[]>((resolve) => {
        done = resolve;
      });
    },
    codeOf: () => Promise.resolve(null),
  });
  await vi.advanceTimersByTimeAsync(11_000);
  const asked = Promise.all([known.refusal(runOf("Added")), known.refusal(runOf("Added"))]);
  await vi.advanceTimersByTimeAsync(20_000);
  const late = known.refusal(runOf("Added"));
  done(["a.mjs#Added"]);
  expect(await asked).toEqual([null, null]);
  expect(await late).toBeNull();
  expect(indexed).toBe(2);
});
