import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { packAgent, unpackAgent } from "../../../../src/runtime/parallel/packedAgent.ts";
import { isPlainData, sendable } from "../../../../src/runtime/parallel/plainData.ts";
import { fromPlainThrown, toPlainThrown } from "../../../../src/runtime/parallel/plainThrown.ts";
import { ThreadLink } from "../../../../src/runtime/parallel/threadLink.ts";
import type {
  FromThread,
  ThreadAgent,
  ThreadRequest,
  ToThread,
} from "../../../../src/runtime/parallel/threadProtocol.ts";
import { fromSent } from "../../../../src/runtime/parallel/sentResult.ts";
import { executeInThread } from "../../../../src/runtime/parallel/threadTask.ts";
import { bundleLibrary, type Bundles } from "./library.ts";

class Point {
  x = 1;
}

// What a thread does, here without one.
let bundles: Bundles;
beforeAll(async () => {
  bundles = await bundleLibrary();
}, 60_000);
afterAll(() => bundles.remove());

const lines: { close(): void }[] = [];
afterEach(() => lines.splice(0).forEach((line) => line.close()));

function line() {
  const { port1, port2 } = new MessageChannel();
  const mail = new Int32Array(new SharedArrayBuffer(4));
  lines.push(port1);
  const told: FromThread[] = [];
  return {
    link: new ThreadLink(port1, mail),
    told: () => {
      for (let next; (next = receiveMessageOnPort(port2)) !== undefined;)
        told.push(next.message as FromThread);
      return told;
    },
    abort: (run: number, ring = true) => {
      const message: ToThread = { type: "abort", run, reason: toPlainThrown(new Error("enough")) };
      port2.postMessage(message);
      if (ring) Atomics.add(mail, 0, 1);
    },
  };
}

const agent = (name: string | undefined, more: Partial<ThreadAgent> = {}): ThreadAgent => ({
  module: pathToFileURL(bundles.agents).href,
  ...(name === undefined ? {} : { export: name }),
  args: [],
  options: {},
  ...more,
});
const request = (made: ThreadAgent, task: unknown, events = false): ThreadRequest => [
  1,
  packAgent(made),
  task,
  events,
  false,
];
/** What the other side makes of the answer. */
async function execute(asked: ThreadRequest, link: ThreadLink, graceMs: number) {
  const [sent, name, begun, ended] = await executeInThread(asked, link, graceMs);
  return { sent, result: fromSent(structuredClone(sent), []), agent: name, begun, ended };
}
const shared = () => new Int32Array(new SharedArrayBuffer(8));

describe("a thread", () => {
  it("executes what it is asked to", async () => {
    const { link, told } = line();
    const answer = await execute(request(agent(undefined), 5), link, 10);
    expect(answer).toMatchObject({ agent: "Counter", result: { status: "success", value: { count: 5 } } });
    // Of plain data the other side makes it.
    expect(Object.keys(answer.sent).sort()).toEqual(["durationMs", "value", "warnings"]);
    expect(answer.ended).toBeGreaterThanOrEqual(answer.begun ?? Infinity);
    expect(told()).toEqual([]);
  });

  it("finds the default of compiled CommonJS, the only class, or says what there is", async () => {
    const { link } = line();
    const folder = mkdtempSync(join(tmpdir(), "modules-"));
    const run = async (name: string, text: string, more: Partial<ThreadAgent> = {}) => {
      writeFileSync(join(folder, name), text);
      const { result } = await execute(
        request({ ...agent(undefined, more), module: pathToFileURL(join(folder, name)).href }, 1),
        link,
        10,
      );
      return result.status === "success" ? result.value : result.error.message;
    };
    const double = "run(task) { return task * 2; }";
    expect(
      await run("only.mjs", `export const x = 1; export function make() {} export class Only { ${double} }`),
    ).toBe(2);
    expect(
      await run("inner.cjs", `exports.__esModule = true; exports.default = class Inner { ${double} };`),
    ).toBe(2);
    expect(
      await run(
        "old.cjs",
        `function Old() {} Old.prototype.run = function (task) { return task * 2; }; module.exports = { Old };`,
      ),
    ).toBe(2);
    expect(
      await run(
        "made.mjs",
        `export const make = async () => Object.assign(() => 0, { run: (task) => task * 2 });`,
        { export: "make" },
      ),
    ).toBe(2);
    expect(await run("two.mjs", `export class A { ${double} } export class B { ${double} }`)).toMatch(
      /exports A, B; it has no default class or function, and not exactly one class: name a class/,
    );
    expect(
      await run("two.cjs", `exports.A = class A { ${double} }; exports.B = class B { ${double} };`),
    ).toMatch(/not exactly one class: name a class/);
    expect(await run("none.mjs", ``)).toMatch(/exports nothing; it has no default/);
    expect(await run("callable.mjs", `export default Object.assign(() => 0, { run: () => 1 });`)).toMatch(
      /each task gets an agent of its own/,
    );
    expect(await run("number.mjs", `export const five = 5;`, { export: "five" })).toMatch(
      /export "five" of .* is a number/,
    );
    expect(await run("primitive.mjs", `export default () => 5;`)).toMatch(
      /^the export of .* made number, not an agent/,
    );
    expect(
      await run(
        "constructor.mjs",
        `export default class Needy { constructor(llm) { llm.ask(); } ${double} }`,
      ),
    ).toMatch(/Needy failed to make an agent.*\(llm\)/);
    rmSync(folder, { recursive: true });
  });

  it("looks for packages from the working directory, then from the library", async () => {
    const { link } = line();
    const run = async (module: string) => {
      const { result } = await execute(request({ ...agent(undefined), module }, 1), link, 10);
      return result.status === "failed" ? result.error.message : "";
    };
    expect(await run("diff")).toMatch(/^Diff has no method that takes tasks/);
    expect(await run("no-such-package")).toMatch(/^The module no-such-package cannot be loaded: /);
    expect(await run("file:///no/such/file.mjs")).toMatch(/cannot be loaded: /);
  });

  it("tells events, and keeps stores for all its tasks", async () => {
    const { link, told } = line();
    const folder = mkdtempSync(join(tmpdir(), "stores-"));
    const options = {
      retry: { attempts: 2, baseMs: 0 },
      checkpoints: { folder: join(folder, "checkpoints") },
      errors: { folder },
    };
    for (let round = 0; round < 2; round += 1) {
      const answer = await execute(request(agent("Teller", { options }), 2, true), link, 10);
      expect(answer.result).toMatchObject({
        status: "success",
        attempts: 2,
        checkpointId: expect.any(String) as string,
      });
    }
    expect(
      told().filter((message) => message.type === "event" && message.event.type === "retry"),
    ).toHaveLength(2);
    rmSync(folder, { recursive: true });
  });

  it("hears of aborts while the agent waits, and tells its result at once", async () => {
    const { link, told, abort } = line();
    const flags = shared();
    const answer = execute(request(agent("Waiter"), flags), link, 10);
    while (flags[0] === 0) await new Promise((resolve) => setImmediate(resolve));
    abort(7, false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(flags[1]).toBe(0);
    abort(1, false);
    expect((await answer).result).toMatchObject({
      status: "failed",
      aborted: true,
      error: { message: "The execution was aborted: enough" },
    });
    expect(told()).toMatchObject([{ type: "early", run: 1, stuck: false }]);
  });

  it("looks for aborts when the agent asks", () => {
    const { link, abort } = line();
    const signal = link.begin(1);
    const heard: unknown[] = [];
    signal.addEventListener("abort", () => heard.push(signal.reason));
    expect(signal.aborted).toBe(false);
    signal.throwIfAborted();
    abort(1);
    expect(signal.aborted).toBe(true);
    expect(() => signal.throwIfAborted()).toThrow("enough");
    expect(heard).toEqual([expect.objectContaining({ message: "enough" })]);
    link.end();
    const next = link.begin(2);
    abort(1);
    expect(next.aborted).toBe(false);
    expect(AbortSignal.any([signal]).aborted).toBe(true);
  });

  it("keeps reused agents, but not aborted ones", async () => {
    const { link } = line();
    const kept = agent(undefined, { reuse: 99 });
    const count = async () => (await execute(request(kept, 1), link, 10)).result;
    expect(await count()).toMatchObject({ value: { count: 1 } });
    expect(await count()).toMatchObject({ value: { count: 2 } });
    const flags = shared();
    const waiter = agent("Waiter", { reuse: 98 });
    for (let round = 0; round < 2; round += 1) {
      const { link: other, abort } = line();
      const answer = execute(request(waiter, flags), other, 10);
      while (flags[0] === 0) await new Promise((resolve) => setImmediate(resolve));
      Atomics.store(flags, 0, 0);
      abort(1);
      expect((await answer).result).toMatchObject({ aborted: true, attempts: 1 });
    }
  });

  it.each(["badly", "never"])("tells of agents that end %s", async (close) => {
    const { link, told } = line();
    const folder = mkdtempSync(join(tmpdir(), "diary-"));
    const answer = execute(request(agent("Diarist", { args: [join(folder, "diary"), close] }), "t"), link, 5);
    if (close === "badly")
      expect((await answer).result.warnings).toEqual(["The agent was not shut down: the door is stuck"]);
    else {
      while (told().length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(told()).toMatchObject([
        {
          type: "early",
          stuck: true,
          answer: [
            { warnings: [expect.stringContaining("within 5 ms") as string] },
            "diarist",
            expect.any(Number),
            expect.any(Number),
          ],
        },
      ]);
    }
    rmSync(folder, { recursive: true });
  });

  it("survives agents of another make whose methods do not do what they should", async () => {
    const { link } = line();
    const module = join(bundles.folder, "odd.mjs");
    const metadata = `metadata: { name: "odd", agentType: "t" }, [Symbol.for("opsvi-agents.agent")]: 1`;
    writeFileSync(
      module,
      `export const rejects = () => ({ ${metadata}, executeAsync: () => Promise.reject(new Error("odd")), shutdownAsync: async () => false });
       export const sticks = () => ({ ${metadata}, executeAsync: async () => ({ status: "success", value: 1, output: {}, warnings: [] }), shutdownAsync: () => Promise.reject(new Error("stuck")) });`,
    );
    const run = (name: string) =>
      execute(request({ ...agent(name), module: pathToFileURL(module).href }, 1), link, 10);
    expect(await run("rejects")).toMatchObject({
      agent: "odd",
      result: {
        status: "failed",
        error: { message: "odd" },
        warnings: ["The agent was not shut down: it does not say why"],
      },
    });
    expect(await run("sticks")).toMatchObject({
      result: { status: "success", warnings: ["The agent was not shut down: stuck"] },
    });
  });
});

describe("a reference on its way", () => {
  const made = { module: "m", args: [{ a: ["ü"] }], options: {} };

  it("is packed, with arguments of its own for each agent", () => {
    const packed = packAgent(made);
    expect(packed).toBeTypeOf("string");
    expect(unpackAgent(packed)).toEqual(made);
    expect(unpackAgent(packed).args[0]).not.toBe(unpackAgent(packed).args[0]);
    const simple = packAgent({ ...made, args: [] });
    expect(unpackAgent(simple)).toBe(unpackAgent(simple));
  });

  it("stays as it is where it is large or cannot be packed", () => {
    for (const args of [["x".repeat(70_000)], [new Int32Array(new SharedArrayBuffer(4))], [() => 1]]) {
      const large = { ...made, args };
      expect(packAgent(large)).toBe(large);
      expect(unpackAgent(large)).toBe(large);
    }
  });
});

describe("plain data", () => {
  it("is cloned as it is", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withNullPrototype: true,
          withMap: true,
          withTypedArray: true,
          withDate: true,
          withBigInt: true,
          withSparseArray: true,
        }),
        (value) => {
          if (isPlainData(value)) expect(structuredClone(value)).toEqual(value);
          const { value: sent, warning } = sendable(value, "otherwise");
          // Whatever comes out can be sent.
          expect(structuredClone(sent)).toEqual(sent);
          expect(warning).toBeNull();
        },
      ),
    );
  });

  it("is no function, symbol, proxy, cycle or class, nor anything that throws, nor too large", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const thrower = {
      get x() {
        throw new Error("no");
      },
    };
    for (const value of [
      () => 1,
      Symbol("s"),
      { a: [Symbol("s")] },
      new Proxy({}, {}),
      cycle,
      new Point(),
      thrower,
      Array(10_001).fill(0),
      new Map(),
    ])
      expect(isPlainData(value)).toBe(false);
    for (const value of [undefined, null, 1n, "s", [], {}, { a: [{ b: undefined }] }])
      expect(isPlainData(value)).toBe(true);
    expect(sendable(cycle, 0)).toMatchObject({ plain: false, warning: null });
    expect(sendable(Object.assign([], { f: () => 1 }), "otherwise")).toMatchObject({
      value: "otherwise",
      warning: expect.stringContaining("cannot be sent") as string,
    });
    expect(sendable(new Point(), 0).warning).toContain("without its class, Point");
    expect(sendable(new (class Mine extends Map {})(), 0).warning).toContain("without its class, Mine");
    expect(sendable(Buffer.from("b"), 0).warning).toContain("without its class, Buffer");
    for (const value of [
      new Error("e"),
      new Uint8Array(2),
      new ArrayBuffer(2),
      /x/,
      Array(10_001).fill(0),
      Object.assign(Object.create(null) as object, { m: new Map() }),
    ])
      expect(sendable(value, 0).warning).toBeNull();
  });
});

describe("what was thrown", () => {
  const back = (thrown: unknown) => fromPlainThrown(structuredClone(toPlainThrown(thrown)));

  it("comes back as it was, as far as it is data", () => {
    expect(back("text")).toBe("text");
    expect(back({ code: 5 })).toEqual({ code: 5 });
    expect(back(() => 1)).toEqual(expect.any(String));
    const error = back(Object.assign(new TypeError("t"), { code: "E", fn: () => 1, nested: { a: 1 } }));
    expect(error).toMatchObject({ name: "TypeError", message: "t", code: "E", nested: { a: 1 } });
    expect(error).not.toHaveProperty("fn");
    expect(Object.keys(error as object)).toEqual(["code", "nested"]);
    expect(String(error)).toBe("TypeError: t");
    const bare = new Error("bare");
    delete bare.stack;
    expect((back(bare) as Error).stack).toBe("Error: bare");
    expect(back({ message: "m", stack: "s", name: "Foreign" })).toMatchObject({
      name: "Foreign",
      message: "m",
      stack: "s",
    });
  });

  it("may be hostile, or endless", () => {
    const endless = new Error("endless");
    endless.cause = endless;
    let depth = 0;
    for (let at: unknown = back(endless); at instanceof Error; at = at.cause) depth += 1;
    expect(depth).toBe(9);
    const hostile = new Proxy(new Error("h"), {
      ownKeys: () => {
        throw new Error("no");
      },
    });
    expect(back(hostile)).toMatchObject({ message: "h" });
    expect(back(new AggregateError([1, new Error("two")], "both"))).toMatchObject({
      errors: [1, { message: "two" }],
    });
  });
});
