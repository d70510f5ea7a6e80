import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { queueAddress } from "../../src/queue/address.ts";
import { Reach, type Problem } from "../../src/queue/reach.ts";

const address = queueAddress("redis://someone:secret@queue.example:6379/2", "work");
const problemOf = (error: unknown): Problem => {
  const reason = (error as Error).message;
  return { kind: reason === "gone" ? "away" : reason === "no" ? "refused" : "unknown", reason };
};

// That of Node is not among the timers that can be faked.
vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number, value?: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      const timer = globalThis.setTimeout(() => resolve(value), ms);
      const end = () => {
        clearTimeout(timer);
        reject(new Error("aborted"));
      };
      if (signal?.aborted === true) end();
      else signal?.addEventListener("abort", end);
    }),
}));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A call that fails as long as the server is not there, and one look at whether it is. */
function server() {
  const state = { isThere: false, calls: 0, pings: 0, atOnce: 0, mostAtOnce: 0 };
  const gone = () => Promise.reject(new Error("gone"));
  const ping = async () => {
    state.pings += 1;
    state.atOnce += 1;
    state.mostAtOnce = Math.max(state.mostAtOnce, state.atOnce);
    await pause(10);
    state.atOnce -= 1;
    return state.isThere ? undefined : gone();
  };
  const call = () => {
    state.calls += 1;
    return state.isThere ? Promise.resolve(state.calls) : gone();
  };
  return { state, call, reach: new Reach({ address, ping, problemOf }) };
}

test("a minute without the server is told in a sentence without the password", async () => {
  const { state, call, reach } = server();
  const failed = reach.call(call).catch((error: unknown) => [error, Date.now()]);
  const began = Date.now();
  await vi.advanceTimersByTimeAsync(120_000);
  const [error, at] = (await failed) as [Error, number];
  expect(error).toMatchObject({
    name: "UserError",
    message: "The queue redis://queue.example:6379/2 (work) cannot be reached: gone.",
  });
  expect(at - began).toBeGreaterThanOrEqual(59_900);
  expect(at - began).toBeLessThan(61_000);
  expect(state.pings).toBeLessThan(50);
  const before = state.pings;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.pings).toBe(before);
});

test("of many calls that wait, one at a time looks for the server, and all go on when it is back", async () => {
  const { state, call, reach } = server();
  const calls = Promise.all(Array.from({ length: 500 }, () => reach.call(call)));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(state.mostAtOnce).toBe(1);
  expect(state.pings).toBeLessThan(20);
  const before = state.calls;
  expect(before).toBe(500);
  state.isThere = true;
  await vi.advanceTimersByTimeAsync(3_000);
  await calls;
  expect(state.calls).toBe(1_000);
});

test("calls that begin while the server is known to be away do not try it", async () => {
  const { state, call, reach } = server();
  const first = reach.call(call);
  await vi.advanceTimersByTimeAsync(1_000);
  const later = reach.call(call);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.calls).toBe(1);
  state.isThere = true;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await Promise.all([first, later])).toEqual([2, 3]);
});

test("what the server does not want is told at once, and what nobody knows is thrown as it is", async () => {
  const { reach } = server();
  await expect(reach.call(() => Promise.reject(new Error("no")))).rejects.toThrow(
    "The queue redis://queue.example:6379/2 (work) cannot be used: no.",
  );
  const odd = new Error("odd");
  await expect(reach.call(() => Promise.reject(odd))).rejects.toBe(odd);
});

test("what is opened is given up within ten seconds, whether it fails or says nothing", async () => {
  for (const call of [() => Promise.reject(new Error("gone")), () => new Promise<never>(() => undefined)]) {
    const began = Date.now();
    const failed = server()
      .reach.open(call)
      .catch((error: unknown) => [error, Date.now()]);
    await vi.advanceTimersByTimeAsync(30_000);
    const [error, at] = (await failed) as [Error, number];
    expect(error).toMatchObject({ name: "UserError" });
    expect(error.message).toMatch(/cannot be reached: (gone|it does not answer)\.$/);
    expect(at - began).toBeLessThanOrEqual(10_100);
    expect(at - began).toBeGreaterThan(5_000);
  }
});
