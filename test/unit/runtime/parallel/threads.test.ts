import { execFile } from "node:child_process";
import {
  mkdtempSync,
  readFileSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
  copyFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Answerer, BaseAgent } from "../../../../src/runtime/core/index.ts";
import { ParallelAgentExecutor } from "../../../../src/runtime/parallel/executor.ts";
import type {
  AgentTask,
  BatchResult,
  ExecutorOptions,
  ModuleReference,
} from "../../../../src/runtime/parallel/types.ts";
import { bundleLibrary, type Bundles } from "./library.ts";

const root = join(import.meta.dirname, "../../../..");
let bundles: Bundles;
beforeAll(async () => {
  bundles = await bundleLibrary();
}, 60_000);
afterAll(() => bundles.remove());

const open: ParallelAgentExecutor[] = [];
const executor = (options: ExecutorOptions = {}): ParallelAgentExecutor => {
  const made = new ParallelAgentExecutor({ threadFile: bundles.threadFile, ...options });
  open.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const ref = (name: string, more: Partial<ModuleReference> = {}): ModuleReference => ({
  module: bundles.agents,
  export: name,
  ...more,
});
const shared = (length = 2) => new Int32Array(new SharedArrayBuffer(4 * length));
const values = (results: BatchResult[]) =>
  results.map((result) => (result.status === "success" ? result.value : result.error.message));

async function only(pair: AgentTask, options: ExecutorOptions = {}): Promise<BatchResult> {
  const [result] = await executor(options).executeBatch([pair]);
  if (result === undefined) throw new Error("There is no result.");
  return result;
}

describe("agents by module reference", () => {
  it("compute at the same time: each waits for the other without yielding", async () => {
    const meeting = shared();
    const results = await executor({ threads: 2 }).executeBatch(
      [0, 1].map((): AgentTask => [ref("Meeting"), { shared: meeting, of: 2 }]),
    );
    expect(values(results)).toEqual([2, 2]);
  });

  it("are no more at a time than there are threads, and leave the other slots to instances", async () => {
    class Here extends BaseAgent {
      protected override executeImpl(): number {
        return 0;
      }
    }
    const one = executor({ concurrency: 3, threads: 1 });
    const results = await one.executeBatch([
      [ref("default"), 1],
      [ref("default"), 2],
      [new Here({ name: "here", agentType: "t" }), 3],
      [ref("default"), 4],
    ]);
    expect(values(results)).toEqual([{ count: 1 }, { count: 2 }, 0, { count: 4 }]);
    expect(one.getPerformanceMetrics()).toMatchObject({ totalTasksExecuted: 4, failures: 0, workersUsed: 2 });
  });

  it.each([
    ["the default export", {}, { count: 5 }, "Counter"],
    ["arguments", { args: [10] }, { count: 15 }, "Counter"],
    ["a URL", { url: true }, { count: 5 }, "Counter"],
    ["a name", { name: "mine", agentType: "t" }, { count: 5 }, "mine"],
    ["a factory", { export: "makeCounter", args: [20] }, { count: 25 }, "Counter"],
    ["a factory of agents", { export: "makeTeller" }, null, "teller"],
    ["CommonJS", { cjs: true }, { count: 5 }, "Counter"],
    ["CommonJS by name", { cjs: true, export: "makeCounter", args: [1] }, { count: 6 }, "Counter"],
    ["a mapping", { options: { adapter: { method: "run", init: null } } }, { count: 5 }, "Counter"],
  ])(
    "are made by %s",
    async (
      _,
      { url, cjs, ...more }: Partial<ModuleReference> & { url?: boolean; cjs?: boolean },
      value,
      name,
    ) => {
      const path = cjs === true ? bundles.agents.replace(".mjs", ".cjs") : bundles.agents;
      const module = url === true ? pathToFileURL(path).href : path;
      const result = await only([{ module, ...more }, 5]);
      if (more.export === "makeTeller")
        expect(result).toMatchObject({ status: "failed", agent: name, error: { message: "attempt 1" } });
      else
        expect(result).toMatchObject({ status: "success", value, output: value, agent: name, warnings: [] });
    },
  );

  it("are new for each task, or kept by a thread where the reference says so", async () => {
    const one = executor({ threads: 1 });
    const tasks = (reference: ModuleReference) => [1, 1, 1].map((step): AgentTask => [reference, step]);
    expect(values(await one.executeBatch(tasks(ref("default"))))).toEqual([
      { count: 1 },
      { count: 1 },
      { count: 1 },
    ]);
    const kept = ref("default", { reuse: true });
    expect(values(await one.executeBatch(tasks(kept)))).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
    expect(
      values(
        await one.executeBatch([
          [ref("default", { reuse: true }), 1],
          [kept, 1],
        ]),
      ),
    ).toEqual([{ count: 1 }, { count: 4 }]);
  });

  it("are found in a package of the program", async () => {
    const folder = mkdtempSync(join(tmpdir(), "program-"));
    mkdirSync(join(folder, "node_modules/some-agents"), { recursive: true });
    copyFileSync(bundles.agents, join(folder, "node_modules/some-agents/index.mjs"));
    writeFileSync(
      join(folder, "node_modules/some-agents/package.json"),
      JSON.stringify({ name: "some-agents", exports: "./index.mjs" }),
    );
    const before = process.cwd();
    try {
      // Threads have the working directory of the process: vitest runs tests in processes.
      process.chdir(folder);
      expect(await only([{ module: "some-agents" }, 2])).toMatchObject({ value: { count: 2 } });
      expect(await only([{ module: "no-such-agents" }, 2])).toMatchObject({
        agent: "no-such-agents",
        error: {
          message: expect.stringMatching(
            /^The module no-such-agents cannot be loaded: Cannot find package/,
          ) as string,
        },
      });
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ["nope", /exports .*export "nope" of .* is missing/],
    ["instance", /export "instance" of .* is an object: a class or a function is needed/],
    ["makeNothing", /export "makeNothing" of .* made null, not an agent/],
  ])("that cannot be made of %s say so", async (name, message) => {
    expect(await only([ref(name), 1])).toMatchObject({
      status: "failed",
      started: true,
      error: { name: "AgentUsageError", message: expect.stringMatching(message) as string },
    });
  });
});

describe("what goes to a thread and back", () => {
  const echo = (task: unknown) => only([ref("Echo"), task]);

  it("is cloned as it is", async () => {
    expect(await echo("shared")).toMatchObject({ value: { a: { x: 1 }, b: { x: 1 } }, warnings: [] });
    expect(await echo("map")).toMatchObject({
      value: new Map([["k", new Date(0)]]),
      warnings: [expect.stringContaining("description")],
    });
  });

  it("is described where it cannot be cloned, or says that its class is lost", async () => {
    const result = await echo("class");
    expect(result).toMatchObject({ status: "success", value: { x: 1 }, output: { x: 1 } });
    expect(result.warnings.at(-1)).toMatch(
      /^The value cannot be sent from the thread .*it is described instead\.$/,
    );
    expect((await echo("instance")).warnings).toContain(
      "The value was sent from the thread as a copy without its class, Point.",
    );
  });

  it("has errors with their causes", async () => {
    const result = await echo("error");
    expect(result).toMatchObject({
      status: "failed",
      error: { name: "RangeError", message: "outer" },
      attempts: 1,
      aborted: false,
    });
    const { cause } = result as { cause: Error & { code: string; status: number; callback?: unknown } };
    expect(cause).toBeInstanceOf(Error);
    expect(cause).toMatchObject({ name: "RangeError", message: "outer", code: "E_OUT", status: 7 });
    expect(cause.callback).toBeUndefined();
    expect(cause.stack).toContain("agents.mjs");
    expect(cause.cause).toMatchObject({ name: "TypeError", message: "inner", cause: "root" });
    expect(await echo("aggregate")).toMatchObject({
      cause: { name: "AggregateError", errors: [{ message: "one" }, "two"] },
    });
    expect(await echo("string")).toMatchObject({
      cause: "just text",
      error: { name: "NonError", message: "just text" },
    });
  });

  it("is refused on the way there where it cannot be cloned", async () => {
    const one = executor({ threads: 1 });
    const results = await one.executeBatch([
      [ref("Echo"), () => 1],
      [ref("default", { args: [() => 1] }), 1],
      [ref("Echo"), "still here"],
    ]);
    expect(values(results)).toEqual([
      expect.stringMatching(/^The task cannot be sent to a thread: .*could not be cloned/),
      expect.stringMatching(/^The args of the module reference cannot be sent to a thread/),
      "still here",
    ]);
  });

  it("has events before the result, which keeps warnings of a listener that throws", async () => {
    const folder = mkdtempSync(join(tmpdir(), "stores-"));
    const told: string[] = [];
    const options = {
      retry: { attempts: 2, baseMs: 0 },
      checkpoints: { folder: join(folder, "checkpoints") },
      errors: { folder },
    };
    const result = await executor().executeBatch([[ref("Teller", { options }), 2]], {
      onEvent: (event, { index, agent }) => {
        told.push(`${index} ${agent} ${event.type}`);
        if (event.type === "retry") throw new Error("deaf");
      },
    });
    told.push("result");
    expect(told).toEqual(
      [
        "checkpoint",
        "progress",
        "usage",
        "checkpoint",
        "checkpoint",
        "retry",
        "progress",
        "usage",
        "checkpoint",
        "checkpoint",
      ]
        .map((type) => `0 Teller ${type}`)
        .concat("result"),
    );
    expect(result).toMatchObject([
      {
        status: "success",
        agent: "teller",
        value: 2,
        attempts: 2,
        usage: { tokens: 4, cost: 2 },
        checkpointId: expect.any(String) as string,
        warnings: ["A listener failed: deaf"],
      },
    ]);
    expect(readdirSync(join(folder, "checkpoints/teller")).filter((name) => name.length === 41)).toHaveLength(
      5,
    );
    expect(readdirSync(folder).length).toBeGreaterThan(1);
    rmSync(folder, { recursive: true });
  });
});

it("loses none of many events", async () => {
  let told = 0;
  const [result] = await executor().executeBatch([[ref("Chatterbox"), 5_000]], {
    onEvent: () => (told += 1),
  });
  expect(result).toMatchObject({ status: "success" });
  expect(told).toBe(5_000);
});

it("lets agents write to the channel of their thread", async () => {
  const one = executor({ threads: 1 });
  const messages = [null, "hello", { thread: 1 }, { thread: 1, port: {} }];
  const pairs = messages.map((message): AgentTask => [ref("Intruder"), message]);
  expect(values(await one.executeBatch(pairs))).toEqual(messages.map(() => "written"));
});

describe("what an agent in a thread asks", () => {
  const ask = (how: string, answerer: Answerer | undefined, more: Partial<ModuleReference> = {}) =>
    only([ref("Asking", more), how], { threads: 1, answerer });

  it("is answered by the program, at once or later", async () => {
    const asked: unknown[] = [];
    const at = await ask("first", (question, { agent, runId, signal }) => {
      asked.push({ question, agent, runId, aborted: signal.aborted });
      return "at once";
    });
    expect(at).toMatchObject({ status: "success", value: "at once", warnings: [] });
    expect(asked).toMatchObject([
      {
        question: { kind: "text", message: "first?", default: "as always" },
        agent: { name: "asking", agentType: "test", capabilities: ["asking"], version: "1.0.0" },
        runId: null,
        aborted: false,
      },
    ]);
    expect(await ask("later", () => Promise.resolve("later"))).toMatchObject({ value: "later" });
    expect(await ask("default", () => undefined)).toMatchObject({ value: "as always" });
  });

  it("is told as events too", async () => {
    const told: string[] = [];
    await executor().executeBatch([[ref("Asking"), "what"]], {
      answerer: () => "that",
      onEvent: (event) => told.push(event.type),
    });
    expect(told).toEqual(["question", "answer"]);
  });

  it("is answered by its own answerer where it has one", async () => {
    expect(await ask("own", () => "the program's", { args: ["its own"] })).toMatchObject({
      value: "its own",
    });
  });

  it.each<[string, string, Answerer | undefined, RegExp]>([
    ["nobody answers", "why", undefined, /^Agent "asking" asks "why\?", and nobody answers/],
    ["the agent cannot wait", "sync", () => "late", /ctx\.askSync\(\) cannot wait: use ctx\.ask\(\)/],
    ["the answer is none", "why", (() => 5) as unknown as Answerer, /is a text; the answerer gave .*number/],
    ["the answer cannot be sent", "why", (() => () => 5) as unknown as Answerer, /gave what cannot be sent/],
    ["the answerer throws", "why", () => Promise.reject(new RangeError("not today")), /^not today$/],
  ])("fails where %s", async (_, how, answerer, message) => {
    const result = await ask(how, answerer);
    expect(result).toMatchObject({
      status: "failed",
      error: {
        name: message.test("not today") ? "RangeError" : "AgentUsageError",
        message: expect.stringMatching(message) as string,
      },
    });
  });

  it.each([
    ["the agent ends", "leave", { value: "left" }],
    ["its thread ends", "exit", { error: { name: "ProcessExitError" } }],
    ["the time is over", "wait", { timedOut: true, error: { name: "TimeoutError" } }],
    ["the batch is aborted", "wait", { aborted: true }],
  ])("is no longer waited for when %s", async (why, how, expected) => {
    const controller = new AbortController();
    const withdrawn: Promise<unknown>[] = [];
    const one = executor({ idleTimeoutMs: 600_000 });
    const results = await one.executeBatch([[ref("Asking"), how]], {
      timeoutMs: why === "the time is over" ? 1_000 : undefined,
      signal: controller.signal,
      answerer: (_, { signal }) => {
        withdrawn.push(new Promise((resolve) => signal.addEventListener("abort", resolve)));
        if (why === "the batch is aborted") controller.abort();
        return new Promise(() => undefined);
      },
    });
    expect(results).toMatchObject([expected]);
    expect(withdrawn).toHaveLength(1);
    await Promise.all(withdrawn);
  });

  it("is asked anew by the next attempt", async () => {
    const asked: string[] = [];
    const result = await ask(
      "retry",
      ({ message }, { signal }) => {
        asked.push(message);
        if (message === "again?") return true;
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("late"))));
      },
      { options: { retry: { attempts: 2, baseMs: 0 } } },
    );
    expect(result).toMatchObject({ value: true, attempts: 2 });
    expect(asked).toEqual(["retry?", "again?"]);
  });
});

describe("the end of an agent in a thread", () => {
  const diary = async (
    close: string | undefined,
    more: Partial<ModuleReference> = {},
    options: ExecutorOptions = {},
  ) => {
    const folder = mkdtempSync(join(tmpdir(), "diary-"));
    const file = join(folder, "diary.txt");
    const one = executor({ threads: 1, ...options });
    const reference = ref("Diarist", { args: close === undefined ? [file] : [file, close], ...more });
    const results = await one.executeBatch([
      [reference, "one"],
      [reference, "two"],
    ]);
    const lines = readFileSync(file, "utf8").trim().split("\n");
    rmSync(folder, { recursive: true });
    return { results, lines };
  };

  it("is its shutdown, unless it is reused", async () => {
    expect((await diary(undefined)).lines).toEqual(["made", "one", "shut down", "made", "two", "shut down"]);
    expect((await diary(undefined, { reuse: true })).lines).toEqual(["made", "one", "two"]);
  });

  it("is told where the shutdown fails or takes too long", async () => {
    const badly = await diary("badly");
    expect(badly.results.map(({ status, warnings }) => [status, ...warnings])).toEqual(
      Array(2).fill(["success", "The agent was not shut down: the door is stuck"]),
    );
    const never = await diary("never", {}, { graceMs: 20 });
    expect(never.results.map(({ status, warnings }) => [status, ...warnings])).toEqual(
      Array(2).fill(["success", "The agent did not shut down within 20 ms: its thread was ended."]),
    );
    expect(never.lines).toEqual(["made", "one", "shut down", "made", "two", "shut down"]);
  });

  it("does not take its result away where the abort comes during the shutdown", async () => {
    const folder = mkdtempSync(join(tmpdir(), "diary-"));
    const file = join(folder, "diary.txt");
    writeFileSync(file, "");
    const controller = new AbortController();
    const reference = ref("Diarist", { args: [file, "never"] });
    const one = executor({ graceMs: 60_000 });
    const answer = one.executeEach([[reference, "one"]], { signal: controller.signal }).next();
    while (!readFileSync(file, "utf8").includes("shut down")) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    controller.abort();
    expect(await answer).toMatchObject({ value: { status: "success", value: "one", timedOut: false } });
    rmSync(folder, { recursive: true });
  });
});

describe("an abort", () => {
  it("reaches an agent that waits, which ends by itself and keeps its thread", async () => {
    const flags = shared();
    const controller = new AbortController();
    const one = executor({ threads: 1, graceMs: 60_000 });
    const answer = one.executeBatch([[ref("Waiter"), flags]], { signal: controller.signal });
    await flag(flags);
    controller.abort(new Error("enough"));
    expect(await answer).toMatchObject([
      {
        status: "failed",
        aborted: true,
        agent: "waiter",
        attempts: 1,
        error: { name: "AbortError", message: "The execution was aborted: The batch was aborted: enough" },
      },
    ]);
    expect(values(await one.executeBatch([[ref("default"), 1]]))).toEqual([{ count: 1 }]);
    expect(flags[1]).toBe(1);
  });

  it("is seen by an agent that computes without yielding", async () => {
    const flags = shared();
    const controller = new AbortController();
    const answer = executor({ graceMs: 60_000 }).executeBatch([[ref("Poller"), flags]], {
      signal: controller.signal,
    });
    await flag(flags);
    controller.abort();
    expect(await answer).toMatchObject([{ status: "failed", aborted: true, attempts: 1, agent: "poller" }]);
  });

  it("ends the thread of an agent that ignores it, and the pool goes on", async () => {
    const flags = shared();
    const controller = new AbortController();
    const one = executor({ threads: 1, graceMs: 50 });
    const answer = one.executeBatch([[ref("Looper"), flags]], { signal: controller.signal });
    await flag(flags);
    controller.abort();
    expect(await answer).toMatchObject([
      {
        status: "failed",
        aborted: true,
        timedOut: false,
        warnings: ["The agent did not end within 50 ms of the abort: its thread was ended."],
      },
    ]);
    expect(values(await one.executeBatch([[ref("Rogue"), "well"]]))).toEqual(["well"]);
  });

  it("comes with the end of the time, wherever the task is then", async () => {
    const one = executor({ threads: 1, graceMs: 5 });
    const results = await one.executeBatch(
      [
        [ref("Rogue"), "loop"],
        [ref("Rogue"), "forever"],
      ],
      { timeoutMs: 200 },
    );
    expect(results).toMatchObject(
      Array(2).fill({ status: "failed", timedOut: true, aborted: true, error: { name: "TimeoutError" } }),
    );
    expect(one.getPerformanceMetrics()).toMatchObject({ totalTasksExecuted: 2, failures: 2, timeouts: 2 });
    expect(values(await one.executeBatch([[ref("Rogue"), "well"]]))).toEqual(["well"]);
  });

  it("gives up a reused agent", async () => {
    const one = executor({ threads: 1, graceMs: 60_000 });
    const reference = ref("Waiter", { reuse: true });
    for (const round of [1, 2]) {
      const flags = shared();
      const controller = new AbortController();
      const answer = one.executeBatch([[reference, flags]], { signal: controller.signal });
      await flag(flags);
      controller.abort();
      expect(await answer, String(round)).toMatchObject([{ aborted: true, attempts: 1 }]);
    }
  });

  it("before a thread took the task only takes it out", async () => {
    const controller = new AbortController();
    const one = executor();
    const answer = one.executeBatch([[ref("Rogue"), "loop"]], { signal: controller.signal });
    controller.abort();
    expect(await answer).toMatchObject([{ status: "failed", aborted: true, attempts: 0, warnings: [] }]);
    const second = executor({ threads: 2 });
    const [flags, gone] = [shared(), new AbortController()];
    const busy = second.executeBatch([[ref("Waiter"), flags]], { signal: gone.signal });
    await flag(flags);
    const later = new AbortController();
    const starting = second.executeBatch([[ref("Rogue"), "loop"]], { signal: later.signal });
    later.abort();
    expect(await starting).toMatchObject([{ status: "failed", aborted: true, attempts: 0, warnings: [] }]);
    gone.abort();
    await busy;
  });

  it("comes with leaving the loop and with closing", async () => {
    const flags = shared();
    const one = executor({ threads: 2, graceMs: 50 });
    for await (const { index } of one.executeEach([
      [ref("Waiter"), flags],
      [ref("default"), 1],
    ])) {
      expect(index).toBe(1);
      break;
    }
    const answer = one.executeBatch([[ref("Rogue"), "loop"]]);
    await one.close();
    expect(await answer).toMatchObject([{ status: "failed", aborted: true }]);
  });
});

describe("a thread that dies", () => {
  it("fails its task only", async () => {
    const one = executor({
      threads: 2,
      resourceLimits: { maxOldGenerationSizeMb: 24, stackSizeMb: undefined },
    });
    const results = await one.executeBatch([
      [ref("Rogue"), "exit"],
      [ref("default"), 1],
      [ref("Rogue"), "memory"],
      [ref("default"), 2],
      [ref("Rogue"), "uncaught"],
      [ref("default"), 3],
    ]);
    expect(
      results.map((result) =>
        result.status === "success" ? "well" : `${result.error.name}: ${result.error.message}`,
      ),
    ).toEqual([
      "ProcessExitError: The agent called process.exit(3), which ended its thread.",
      "well",
      "OutOfMemoryError: The agent used more memory than 24 MiB: its thread was ended.",
      "well",
      "Error: thrown aside",
      "well",
    ]);
  });

  it("fails its task where the module throws at import, again and again", async () => {
    const module = join(bundles.folder, "broken.mjs");
    writeFileSync(module, `throw new TypeError("broken module");`);
    const results = await executor({ threads: 1 }).executeBatch([
      [{ module }, 1],
      [{ module }, 2],
      [ref("default"), 3],
    ]);
    expect(values(results)).toEqual([
      expect.stringMatching(/^The module file:.*broken\.mjs cannot be loaded: broken module/),
      expect.stringMatching(/cannot be loaded: broken module/),
      { count: 3 },
    ]);
    expect(results[0]).toMatchObject({
      agent: "broken",
      cause: { cause: { name: "TypeError", message: "broken module" } },
    });
  });

  it("is not what a file becomes that Node cannot run", async () => {
    const module = join(bundles.folder, "agent.xyz");
    writeFileSync(module, "");
    expect((await only([{ module }, 1])).status).toBe("failed");
  });

  it("before it takes a task leaves none behind", async () => {
    const tasks = (options: ExecutorOptions) =>
      executor({ threads: 2, ...options }).executeBatch(
        [1, 2, 3].map((step): AgentTask => [ref("default"), step]),
      );
    for (const result of await tasks({ threadFile: join(bundles.folder, "missing.mjs") })) {
      expect(result).toMatchObject({
        status: "failed",
        error: {
          name: "ThreadStartError",
          message: expect.stringMatching(/did not start .*option threadFile\.$/s) as string,
        },
      });
    }
    for (const result of await tasks({ execArgv: ["--import", join(bundles.folder, "missing.mjs")] })) {
      expect(result).toMatchObject({ status: "failed", error: { name: "ThreadStartError" } });
    }
    for (const result of await tasks({ execArgv: ["--no-such-option"] })) {
      expect(result).toMatchObject({ status: "failed", error: { name: "ThreadStartError" } });
    }
    const exits = join(bundles.folder, "exits.mjs");
    writeFileSync(exits, "process.exit(0);");
    for (const result of await tasks({ threadFile: exits })) {
      expect(result).toMatchObject({
        status: "failed",
        error: { name: "ThreadStartError", message: expect.stringContaining("it ended at once") as string },
      });
    }
  });
});

it("gives threads the environment it is told to", async () => {
  const module = join(bundles.folder, "environment.mjs");
  writeFileSync(module, `export class Env { run(name) { return process.env[name] ?? "none"; } }`);
  expect(await only([{ module }, "GIVEN"], { env: { GIVEN: "here" } })).toMatchObject({ value: "here" });
  expect(await only([{ module }, "PATH"], { env: {} })).toMatchObject({ value: "none" });
  expect(await only([{ module }, "PATH"])).toMatchObject({ value: process.env["PATH"] });
});

describe.skipIf(Number(process.versions.node.split(".")[0]) < 24)("TypeScript, where Node runs it", () => {
  it("is what agents and the thread's own file may be written in", async () => {
    const module = join(bundles.folder, "typed.ts");
    writeFileSync(module, `export class Typed { run(task: number): number { return task * 2; } }`);
    const source = new ParallelAgentExecutor();
    expect(await source.executeBatch([[{ module }, 2]])).toMatchObject([{ value: 4, agent: "Typed" }]);
    await source.close();
  });

  it("must be erasable", async () => {
    const module = join(bundles.folder, "enum.ts");
    writeFileSync(module, `enum A { B } export class Typed { run(): number { return A.B; } }`);
    expect(await only([{ module }, 2])).toMatchObject({
      error: { message: expect.stringMatching(/execArgv/) as string },
    });
  });
});

describe("the bundles", () => {
  const program = (body: string) => `
    (async () => {
      const executor = new ParallelAgentExecutor();
      const results = await executor.executeBatch([[{ module: ${JSON.stringify(bundles.agents)} }, 1], [{ module: ${JSON.stringify(bundles.agents)} }, 2]]);
      console.log(JSON.stringify(results.map((result) => result.value ?? result.error.message)));
      ${body}
    })();`;
  const run = async (name: string, text: string, folder = bundles.folder): Promise<string> => {
    const file = join(folder, name);
    writeFileSync(file, text);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 });
    return stderr + stdout;
  };

  beforeAll(() => symlinkSync(join(root, "node_modules"), join(bundles.folder, "node_modules"), "junction"));

  it.each([
    ["ES modules", "program.mjs", `import { ParallelAgentExecutor } from "./index.mjs";`],
    ["CommonJS", "program.cjs", `const { ParallelAgentExecutor } = require("./index.cjs");`],
  ])("find the thread's file as %s, and idle threads let the program end", async (_, name, load) => {
    expect(await run(name, load + program(""))).toBe('[{"count":1},{"count":2}]\n');
  });

  it("say what is missing where there is no piscina", async () => {
    const folder = mkdtempSync(join(tmpdir(), "alone-"));
    for (const name of ["index.mjs", "agentWorker.mjs"])
      copyFileSync(join(bundles.folder, name), join(folder, name));
    const out = await run(
      "program.mjs",
      `import { ParallelAgentExecutor } from "./index.mjs";${program("await executor.close();")}`,
      folder,
    );
    const sentence =
      "Agents given by module reference run in threads of the package piscina, which is not installed: npm install piscina.";
    expect(out).toBe(`${JSON.stringify([sentence, sentence])}\n`);
    rmSync(folder, { recursive: true });
  });
});

async function flag(flags: Int32Array): Promise<void> {
  while (Atomics.load(flags, 0) === 0) await new Promise((resolve) => setImmediate(resolve));
}
