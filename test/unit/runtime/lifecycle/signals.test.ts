import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LifecycleManager, UniversalAgentAdapter } from "../../../../src/runtime/index.ts";
import { onStopSignal, type StopSignal } from "../../../../src/runtime/lifecycle/signals.ts";

const script = join(import.meta.dirname, "signalChild.ts");
const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));

/** Starts the program; sends each signal when the text before it was printed. */
async function run(scenario: string, steps: readonly (readonly [after: string, signal: StopSignal])[]) {
  const child = spawn(process.execPath, [script, scenario], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let output = "";
  let errors = "";
  const pending = [...steps];
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
    const [next] = pending;
    if (next !== undefined && output.includes(next[0])) {
      pending.shift();
      child.kill(next[1]);
    }
  });
  const end = await new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  expect(errors).toBe("");
  return { ...end, lines: output.trim().split("\n") };
}

describe.skipIf(process.platform === "win32")("a process that handles signals", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("stops its agents at %s and ends by it", async (signal) => {
    expect(await run("plain", [["ready", signal]])).toEqual({
      code: null,
      signal,
      lines: [
        "ready",
        "stopping web",
        "stopped web",
        "stopping db",
        "stopped db",
        `${signal}: web stopped, db stopped`,
      ],
    });
  });

  it("does not wait for ever for an agent that hangs, and stops the others", async () => {
    expect(await run("hanging", [["ready", "SIGTERM"]])).toEqual({
      code: null,
      signal: "SIGTERM",
      lines: ["ready", "stopping web", "stopping db", "stopped db", "SIGTERM: web timed out, db stopped"],
    });
  });

  it("ends at once at a second signal, whichever", async () => {
    const steps = [
      ["ready", "SIGTERM"],
      ["stopping web", "SIGINT"],
    ] as const;
    expect(await run("for ever", steps)).toEqual({
      code: null,
      signal: "SIGINT",
      lines: ["ready", "stopping web"],
    });
  });

  it("ends while its agents are still starting", async () => {
    expect(await run("starting", [["ready", "SIGTERM"]])).toEqual({
      code: null,
      signal: "SIGTERM",
      lines: ["ready", "SIGTERM: web stopped, db timed out"],
    });
  });

  it("ends by itself where it wants to", async () => {
    expect(await run("no exit", [["ready", "SIGINT"]])).toEqual({
      code: 7,
      signal: null,
      lines: ["ready", "stopping web", "stopped web", "SIGINT: web stopped"],
    });
    const steps = [
      ["ready", "SIGINT"],
      ["stopping web", "SIGINT"],
    ] as const;
    expect(await run("no exit, hanging", steps)).toMatchObject({ code: null, signal: "SIGINT" });
  });

  it("ends with the exit code of the signal where it listens to the signal too, and hears it once", async () => {
    expect(await run("own listener", [["ready", "SIGTERM"]])).toEqual({
      code: 143,
      signal: null,
      lines: ["ready", "own listener", "stopping web", "stopped web", "SIGTERM: web stopped"],
    });
  });

  it("ends when the last of two managers has stopped", async () => {
    expect(await run("two managers", [["ready", "SIGTERM"]])).toMatchObject({
      code: null,
      signal: "SIGTERM",
      lines: expect.arrayContaining(["SIGTERM: web stopped", "SIGTERM: slow stopped"]) as unknown,
    });
  });

  it("ends as always once signals are no longer handled", async () => {
    expect(await run("off", [["ready", "SIGTERM"]])).toEqual({
      code: null,
      signal: "SIGTERM",
      lines: ["ready"],
    });
    expect(await run("off while stopping", [["ready", "SIGTERM"]])).toMatchObject({ code: 9, signal: null });
  });

  it("ends where telling of the report fails", async () => {
    expect(await run("broken report", [["ready", "SIGTERM"]])).toEqual({
      code: null,
      signal: "SIGTERM",
      lines: ["ready", "stopping web", "stopped web"],
    });
  });
});

describe.skipIf(process.platform === "win32")("handling signals in this process", () => {
  /** Real signals come in; how the process would end is kept. */
  function intercepted(others: readonly NodeJS.SignalsListener[] = []) {
    const send = process.kill.bind(process);
    const ended: unknown[] = [];
    vi.spyOn(process, "kill").mockImplementation((...end) => {
      ended.push(end);
      return true;
    });
    vi.spyOn(process, "exit").mockImplementation((code) => ended.push(code) as never);
    // The test runner's own listeners are none of the program's.
    const listening = (signal: StopSignal): unknown[] => process.rawListeners(signal);
    const before = [...listening("SIGINT"), ...listening("SIGTERM")];
    const listeners = (signal: StopSignal) => [
      ...listening(signal).filter((listener) => !before.includes(listener)),
      ...others,
    ];
    vi.spyOn(process, "listeners").mockImplementation(listeners as never);
    return { ended, send: (signal: StopSignal) => send(process.pid, signal) };
  }
  const counts = () => [process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")];
  afterEach(() => vi.restoreAllMocks());

  it("ends by the signal when all is stopped, and leaves no listener", async () => {
    const before = counts();
    const { ended, send } = intercepted();
    const stop = vi.fn(() => Promise.reject(new Error("not even then")));
    onStopSignal(stop, true);
    send("SIGTERM");
    await vi.waitUntil(() => ended.length > 0);
    expect(stop.mock.calls).toEqual([["SIGTERM"]]);
    expect(ended).toEqual([[process.pid, "SIGTERM"]]);
    expect(counts()).toEqual(before);
  });

  it("stops the agents of a manager", async () => {
    const before = counts();
    const { ended, send } = intercepted();
    const manager = new LifecycleManager();
    const agent = new UniversalAgentAdapter({ run: () => 1 }, { name: "a", agentType: "unit" });
    manager.add(agent);
    await manager.start();
    const told = vi.fn();
    manager.handleSignals({ onStopped: told });
    send("SIGINT");
    await vi.waitUntil(() => ended.length > 0);
    expect(told.mock.calls).toEqual([[await manager.stop(), "SIGINT"]]);
    expect(agent.state).toBe("stopped");
    const other = new LifecycleManager();
    other.handleSignals({ exit: false });
    send("SIGTERM");
    await vi.waitUntil(() => other.signal.aborted);
    await other.stop();
    expect(ended).toEqual([[process.pid, "SIGINT"]]);
    expect(counts()).toEqual(before);
  });

  it("ends once at a second signal", async () => {
    const before = counts();
    const { ended, send } = intercepted();
    let finish: () => void = () => undefined;
    const stop = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    onStopSignal(stop, true);
    send("SIGTERM");
    await vi.waitUntil(() => stop.mock.calls.length > 0);
    send("SIGINT");
    await vi.waitUntil(() => ended.length > 0);
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toEqual([[process.pid, "SIGINT"]]);
    expect(stop).toHaveBeenCalledTimes(1);
    expect(counts()).toEqual(before);
  });

  it("exits with the signal's code where others listen, and leaves it to the last that ends the process", async () => {
    const { ended, send } = intercepted([() => undefined]);
    const order: string[] = [];
    let finishLast: () => void = () => undefined;
    const last = new Promise<void>((resolve) => (finishLast = resolve));
    onStopSignal(() => Promise.resolve(order.push("first")), true);
    onStopSignal(() => last.then(() => order.push("last")), true);
    send("SIGINT");
    await vi.waitUntil(() => order.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toEqual([]);
    finishLast();
    await vi.waitUntil(() => ended.length > 0);
    expect(order).toEqual(["first", "last"]);
    expect(ended[0]).toBe(130);
  });

  it("does not end the process without exit, or when it was undone", async () => {
    const before = counts();
    const { ended, send } = intercepted();
    const stop = vi.fn(() => Promise.resolve());
    onStopSignal(stop, false);
    const off = onStopSignal(() => {
      off();
      return stop();
    }, true);
    send("SIGTERM");
    await vi.waitUntil(() => stop.mock.calls.length === 2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toEqual([]);
    expect(counts()).toEqual(before);
  });
});

it("says that a worker thread gets no signals", async () => {
  const module = JSON.stringify(join(import.meta.dirname, "../../../../src/runtime/lifecycle/signals.ts"));
  const worker = new Worker(
    `import(${module}).then(({ onStopSignal }) => onStopSignal(() => {}, true)).catch((error) =>
      require("node:worker_threads").parentPort.postMessage(String(error)));`,
    { eval: true },
  );
  const message = await new Promise((resolve) => worker.once("message", resolve));
  await worker.terminate();
  expect(message).toBe("AgentUsageError: Signals reach the main thread only: handle them there.");
});
