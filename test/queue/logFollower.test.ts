import { expect, test, vi } from "vitest";
import { UserError } from "../../src/model/userError.ts";
import { LogFollower } from "../../src/queue/logFollower.ts";
import type { SharedLogs } from "../../src/queue/sharedLogs.ts";

test("a server that refuses to be read is asked again, but not all the time", async () => {
  vi.useFakeTimers();
  let asked = 0;
  let refuses = true;
  const logs: SharedLogs = {
    claim: () => Promise.resolve(1),
    append: () => Promise.resolve(true),
    read: (from) => {
      asked += 1;
      if (refuses) return Promise.reject(new UserError("It cannot be used."));
      return Promise.resolve(from.get("runs/1") === 0 ? new Map([["runs/1", ["line"]]]) : new Map());
    },
    remove: () => Promise.resolve(),
    watch: () => Promise.resolve(() => Promise.resolve()),
  };
  const heard: string[] = [];
  const follower = new LogFollower(logs, "runs", () => undefined);
  try {
    await follower.follow("runs/1", (lines) => heard.push(...lines));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(10);
    refuses = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(heard).toEqual(["line"]);
  } finally {
    await follower.close();
    vi.useRealTimers();
  }
});

test("where watching could not begin, it begins with the next log that is followed", async () => {
  let watched = 0;
  const logs: SharedLogs = {
    claim: () => Promise.resolve(1),
    append: () => Promise.resolve(true),
    read: (from) => Promise.resolve(from.has("runs/2") ? new Map([["runs/2", ["line"]]]) : new Map()),
    remove: () => Promise.resolve(),
    watch: () => {
      watched += 1;
      if (watched === 1) return Promise.reject(new UserError("It cannot be reached."));
      return Promise.resolve(() => Promise.resolve());
    },
  };
  const told: unknown[] = [];
  const follower = new LogFollower(logs, "runs", (error) => told.push(error));
  await expect(follower.follow("runs/1", () => undefined)).rejects.toThrow("cannot be reached");
  const lines = await new Promise<string[]>((resolve) => void follower.follow("runs/2", resolve));
  expect(lines).toEqual(["line"]);
  expect(told).toHaveLength(1);
  await follower.close();
});
