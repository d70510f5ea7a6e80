import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  abortError,
  linkAbort,
  nativeSignal,
  neverAborted,
  onAbort,
  throwIfAborted,
} from "../../../../src/runtime/core/abort.ts";
import { systemClock } from "../../../../src/runtime/core/clock.ts";
import { LifecycleManager } from "../../../../src/runtime/index.ts";
import { TestAgent } from "./testAgent.ts";

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

describe("a native signal", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("is the environment's own, which fetch and the like take", () => {
    const { signal } = new AbortController();
    expect(nativeSignal(signal)).toBe(signal);
    expect(nativeSignal(neverAborted)).toBeInstanceOf(AbortSignal);
    expect(nativeSignal(neverAborted)).not.toBe(nativeSignal(neverAborted));
  });

  it("aborts with one that is not, and listens to it once", () => {
    const { signal, abort } = foreignSignal();
    const native = nativeSignal(signal);
    expect(nativeSignal(signal)).toBe(native);
    expect(native).toBeInstanceOf(AbortSignal);
    expect(signal.addEventListener).toHaveBeenCalledTimes(1);
    abort("why");
    expect(native).toMatchObject({ aborted: true, reason: "why" });
  });

  it("is what there is where there are none", () => {
    vi.stubGlobal("AbortSignal", undefined);
    expect(nativeSignal(neverAborted)).toBe(neverAborted);
  });
});

/** A signal of another realm, or one that somebody wrote. */
function foreignSignal() {
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    reason: undefined as unknown,
    addEventListener: vi.fn((_: "abort", listener: () => void) => void listeners.add(listener)),
    removeEventListener: (_: "abort", listener: () => void) => void listeners.delete(listener),
  };
  const abort = (reason: unknown) => {
    Object.assign(signal, { aborted: true, reason });
    for (const listener of listeners) listener();
  };
  return { signal, abort };
}

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

describe("listening to a signal", () => {
  it("takes one listener of the signal, for as long as anybody listens", () => {
    const { signal } = new AbortController();
    const listeners = () => getEventListeners(signal, "abort").length;
    const forget = Array.from({ length: 11 }, () => onAbort(signal, () => undefined));
    expect(listeners()).toBe(1);
    for (const each of forget.slice(1)) each();
    expect(listeners()).toBe(1);
    forget[0]?.();
    forget[0]?.();
    expect(listeners()).toBe(0);
    onAbort(signal, () => undefined);
    expect(listeners()).toBe(1);
  });

  it("tells everybody who has not left, in order and once", () => {
    const told: string[] = [];
    const controller = new AbortController();
    const { signal } = controller;
    const first = () => {
      told.push("first");
      forget();
    };
    onAbort(signal, first);
    const forget = onAbort(signal, () => told.push("left"));
    onAbort(signal, first);
    controller.abort();
    signal.dispatchEvent(new Event("abort"));
    expect(told).toEqual(["first", "first"]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("that ends many executions is no leak, whoever made it", async () => {
    const warned = vi.spyOn(process, "emitWarning");
    const run = (signal: AbortSignal) =>
      Array.from({ length: 11 }, (_, i) => {
        const agent = new TestAgent(
          (_, context) => (i < 5 ? new Promise(() => undefined) : context.toolAsync("wait")),
          i > 8 ? { retry: { attempts: 2, baseMs: 10_000 } } : {},
        );
        agent.registerTool(
          "wait",
          () => new Promise((resolve, reject) => (i > 8 ? reject(new Error("x")) : resolve)),
        );
        return agent.executeAsync({}, { signal });
      });
    const controller = new AbortController();
    const lifecycle = new LifecycleManager();
    const running = [...run(controller.signal), ...run(lifecycle.signal)];
    for (let i = 0; i < 11; i += 1) lifecycle.signal.addEventListener("abort", () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    controller.abort();
    await lifecycle.stop();
    for (const result of await Promise.all(running)) expect(result).toMatchObject({ aborted: true });
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});
