import { afterEach, describe, expect, it, vi } from "vitest";
import { abortError, linkAbort, neverAborted, throwIfAborted } from "../../../../src/runtime/core/abort.ts";
import { systemClock } from "../../../../src/runtime/core/clock.ts";

describe("a linked signal", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("aborts with the one it is linked to, for its reason", () => {
    const parent = new AbortController();
    const { signal } = linkAbort(parent.signal);
    expect(signal.aborted).toBe(false);
    parent.abort("why");
    expect(signal).toMatchObject({ aborted: true, reason: "why" });
    expect(linkAbort(parent.signal).signal).toMatchObject({ aborted: true, reason: "why" });
  });

  it("aborts by itself, which the other does not notice", () => {
    const parent = new AbortController();
    const linked = linkAbort(parent.signal);
    linked.abort("own");
    parent.abort("late");
    expect(linked.signal.reason).toBe("own");
    const other = linkAbort(neverAborted);
    other.abort("own");
    expect(neverAborted.aborted).toBe(false);
  });

  it("is the other one where there is no AbortController", () => {
    vi.stubGlobal("AbortController", undefined);
    const linked = linkAbort(neverAborted);
    linked.abort("nothing happens");
    expect(linked.signal).toBe(neverAborted);
  });
});

it.each<[unknown, string]>([
  ["enough", "The execution was aborted: enough"],
  [new Error("timeout"), "The execution was aborted: timeout"],
  [undefined, "The execution was aborted."],
  [{ any: 1 }, "The execution was aborted."],
])("an abort for %j is an error with the reason as cause", (reason, message) => {
  const signal = { ...neverAborted, aborted: true, reason };
  expect(abortError(signal)).toMatchObject({ name: "AbortError", message, cause: reason });
  expect(() => throwIfAborted(signal)).toThrow(message);
});

describe("the system's clock", () => {
  it("does not wait for nothing, nor where the signal has aborted", async () => {
    systemClock.sleepSync(0);
    systemClock.sleepSync(-1);
    await expect(systemClock.sleep(1e9, AbortSignal.abort("x"))).rejects.toThrow("aborted: x");
    expect(systemClock.random()).toBeLessThan(1);
  });
});
