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
