import { symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resumeRun } from "../../src/runs/history/resumeRun.ts";
import { recordedTasks } from "../../src/runs/recordedTasks.ts";
import { AgentToolReader } from "../../src/runs/tools/agentToolReader.ts";
import { ToolUses } from "../../src/runs/tools/toolUse.ts";
import { MemoryStore } from "../../src/runtime/index.ts";
import { commandLine } from "./commandLine.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const reader = new AgentToolReader(() => ({
  hostFile: join(dist, "agentHost.cjs"),
  nodePath: process.execPath,
}));
afterEach(() => reader.dispose());

const library = JSON.stringify(join(dist, "library/index.mjs"));
const of = (ref: string, args: unknown[] = []) => {
  const [file_path = "", name = ""] = ref.split("#");
  return reader.of({ root: workspace.root, record: { file_path, name }, args });
};
const brief = (tools: Awaited<ReturnType<typeof of>>) =>
  tools.map(({ name, origin, refusal }) => [name, origin, refusal]);

beforeEach(async () => {
  await symlink(resolve("node_modules"), join(workspace.root, "node_modules"), "junction");
  await workspace.write(
    "tools.ts",
    `import { ToolRegistry } from ${library};
import * as z from "zod";
export const registry = new ToolRegistry();
registry.register("search", ({ words }: { words: string }) => [words], {
  description: "Searches the shelves",
  parameters: z.object({ words: z.string().min(1), since: z.date().optional() }),
});
registry.register("pay", () => "paid", { requiredCapabilities: ["billing"] });
registry.register("erase", () => "gone");
`,
  );
  await workspace.write(
    "finder.ts",
    `import { BaseAgent } from ${library};
import { registry } from "./tools.ts";
export class Finder extends BaseAgent {
  ready = false;
  constructor(private readonly shelf = "left") {
    super({ name: "finder", agentType: "t", tools: ["search", "pay"] }, { tools: registry });
    this.registerTool("where", () => ({ shelf: this.shelf, ready: this.ready }), { description: "Tells the shelf" });
    this.registerTool("fail", () => { console.log("about to fail"); throw new TypeError("no shelf"); });
    this.registerTool("hang", () => { for (;;); });
    this.registerTool("wait", (_: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise((done) => {
        console.log("waiting");
        signal.addEventListener("abort", () => done("heard"));
        setTimeout(done, 60_000);
      }));
  }
  initializeImpl() {
    this.ready = true;
    this.registerTool("late", () => "late");
  }
  async executeImpl() {
    await this.executeTool("search", { words: "lamp" });
    try { this.executeTool("pay"); } catch {}
    try { this.executeTool("fail"); } catch {}
    return this.executeTool("where");
  }
}
`,
  );
});

describe("The tools of an agent", () => {
  it("are its own and those it shares, with what they take and why it may not call them", async () => {
    const tools = await of("finder.ts#Finder");
    expect(brief(tools)).toEqual([
      ["erase", { kind: "shared" }, "the agent's metadata declares tools, but not this one"],
      ["fail", { kind: "own" }, null],
      ["hang", { kind: "own" }, null],
      ["pay", { kind: "shared" }, 'it needs the capabilities "billing", which the agent lacks'],
      ["search", { kind: "shared" }, null],
      ["wait", { kind: "own" }, null],
      ["where", { kind: "own" }, null],
    ]);
    expect(tools.find(({ name }) => name === "search")).toMatchObject({
      description: "Searches the shelves",
      parameters: {
        type: "object",
        properties: { words: { type: "string", minLength: 1 }, since: {} },
        required: ["words"],
      },
    });
    expect(tools.find(({ name }) => name === "pay")?.requiredCapabilities).toEqual(["billing"]);
  });

  it("are read anew once a file that they were read from changes", async () => {
    expect((await of("finder.ts#Finder")).length).toBe(7);
    const before = performance.now();
    expect((await of("finder.ts#Finder")).length).toBe(7);
    expect(performance.now() - before).toBeLessThan(50);
    await workspace.write(
      "tools.ts",
      `import { ToolRegistry } from ${library};\nexport const registry = new ToolRegistry();\n`,
    );
    expect((await of("finder.ts#Finder")).map(({ name }) => name)).toEqual(["fail", "hang", "wait", "where"]);
  });

  it("of a class without the runtime are those in its fields, and in registries that its files export", async () => {
    await workspace.write(
      "legacy.ts",
      `import "./tools.ts";
class Box { private tools = new Map([["fold", { description: "Folds", run: (n: number) => n / 2 }]]); get trap(): never { throw new Error("trap"); } }
export class Clerk {
  private calls = 0;
  protected availableTools = { stamp: (text: string) => text + "!", settings: { run: 1 } };
  readonly tools = [{ name: "file", inputSchema: { type: "object", properties: { paper: { type: "string" } }, required: ["paper"] }, execute: ({ paper }: { paper: string }) => ({ filed: paper }) }];
  toolBox = new Box();
  onTools = 3;
  run(task: unknown) { return task; }
}
export class Counting {
  tools = new Map([["double", (n: number) => n * 2]]);
  count = 0;
  async executeTool(name: string, input: number) { this.count += 1; return { got: this.tools.get(name)?.(input), count: this.count }; }
  run() {}
}`,
    );
    expect(brief(await of("legacy.ts#Clerk"))).toEqual([
      ["erase", { kind: "file", path: "tools.ts" }, null],
      ["file", { kind: "field", name: "tools" }, null],
      ["fold", { kind: "field", name: "toolBox" }, null],
      [
        "pay",
        { kind: "file", path: "tools.ts" },
        'it needs the capabilities "billing", which the agent lacks',
      ],
      ["search", { kind: "file", path: "tools.ts" }, null],
      ["stamp", { kind: "field", name: "availableTools" }, null],
    ]);
    const call = async (ref: string, tool: string, task: unknown) => {
      const run = workspace.start(ref, task, { tool });
      await run.finished;
      return run.end.status === "success" ? run.output : run.end.error?.message;
    };
    expect(await call("legacy.ts#Clerk", "file", { paper: "bill" })).toEqual({ filed: "bill" });
    expect(await call("legacy.ts#Clerk", "file", { paper: 3 })).toBe('"paper" must be a text, not 3.');
    expect(await call("legacy.ts#Clerk", "fold", 8)).toEqual({ output: 4 });
    expect(await call("legacy.ts#Counting", "double", 4)).toEqual({ got: 8, count: 1 });
  });

  it("that cannot be made says why in one sentence", async () => {
    await workspace.write(
      "broken.ts",
      "export class Broken { constructor(readonly key: string) { if (!key) throw new Error('no key'); } run() {} }\nexport class Slow { constructor() { for (;;); } run() {} }",
    );
    await expect(of("broken.ts#Broken")).rejects.toThrow(
      "Broken cannot be constructed without arguments (key): give them as a JSON array (--args on the command line). The constructor said: no key",
    );
    expect(await of("broken.ts#Broken", ["k"])).toEqual([]);
    await expect(of("broken.ts#Slow")).rejects.toThrow(
      "Slow was not made within 10 s, and the tools of Slow are told once it is made.",
    );
  }, 40_000);
});

describe("A tool that is run alone", () => {
  const run = async (tool: string, task?: unknown) => {
    const started = workspace.start("finder.ts#Finder", task, { tool });
    await started.finished;
    return started;
  };

  it("is called by the agent, made and initialised, and recorded like a run", async () => {
    const where = await run("where");
    expect(where.output).toEqual({ shelf: "left", ready: true });
    expect((await run("late")).output).toEqual({ output: "late" });
    const search = await run("search", { words: "lamp" });
    expect(search.output).toEqual({ output: ["lamp"] });
    const [queued, , called, finished] = await search.record();
    expect(queued).toMatchObject({ type: "queued", task: { words: "lamp" }, tool: "search" });
    expect(called).toMatchObject({ type: "tool", name: "search", ok: true });
    const { memoryBytes } = called as { memoryBytes: number };
    expect(memoryBytes).toBeGreaterThan(2 ** 20);
    expect(finished).toMatchObject({
      tools: [{ name: "search", calls: 1, failures: 0, refusals: 0, memoryBytes }],
    });
    const agent = { file_path: "finder.ts", name: "Finder" };
    expect(await recordedTasks(workspace.root, agent)).toEqual([]);
  });

  it("is refused with parameters that do not fit, and where the agent may not call it", async () => {
    const wrong = await run("search", { words: "" });
    expect(wrong.end).toMatchObject({ status: "failed", error: { name: "ValidationError" } });
    expect(wrong.end.error?.message).toContain('The parameters are not what tool "search" takes: words: ');
    const refused = await run("pay");
    expect(refused.end.error?.message).toBe(
      'Agent "finder" cannot call tool "pay": it needs the capabilities "billing", which the agent lacks.',
    );
    expect(refused.end.tools).toMatchObject([{ name: "pay", calls: 0, failures: 0, refusals: 1 }]);
    const unknown = await run("sing");
    expect(unknown.end.error).toEqual({
      name: "UserError",
      message: 'Finder has no tool "sing": it has erase, fail, hang, late, pay, search, wait, where.',
    });
  });

  it("that fails leaves its error and its log, and cannot be resumed", async () => {
    const failed = await run("fail");
    expect(failed.end).toMatchObject({ status: "failed", error: { name: "TypeError", message: "no shelf" } });
    expect(failed.log()).toBe("about to fail\n");
    const resumed = resumeRun(
      workspace.root,
      failed.id,
      (request) => workspace.service.start(request),
      () => undefined,
    );
    await expect(resumed).rejects.toThrow(
      `Run ${failed.id} called a tool alone, which has no checkpoint: run the tool again.`,
    );
  });

  it("stops when it is cancelled or takes too long, whatever it does", async () => {
    const waiting = workspace.start("finder.ts#Finder", null, { tool: "wait" });
    await waiting.until("log");
    await waiting.cancel();
    expect(waiting.end).toMatchObject({ status: "cancelled", stopped: "signal" });
    const hanging = workspace.start("finder.ts#Finder", null, { tool: "hang", timeoutMs: 1_500 });
    await hanging.finished;
    expect(hanging.end).toMatchObject({
      status: "failed",
      stopped: "thread",
      error: { name: "TimeoutError" },
    });
  });
});

it("What runs did with tools is summed by agent and tool", async () => {
  const uses = new ToolUses();
  expect(await uses.of(workspace.root)).toEqual([]);
  for (const task of [1, 2]) await workspace.start("finder.ts#Finder", task).finished;
  await workspace.start("finder.ts#Finder", { words: "x" }, { tool: "search" }).finished;
  const [use, ...others] = await uses.of(workspace.root);
  expect(others).toEqual([]);
  expect(use?.agent).toEqual({ file_path: "finder.ts", name: "Finder" });
  const counted = use?.tools.map(({ durations = [] }) =>
    durations.reduce((sum, [, count]) => sum + count, 0),
  );
  expect(counted).toEqual(use?.tools.map(({ calls }) => calls));
  const bare = { durationMs: 0, durations: undefined, memoryBytes: undefined };
  expect(use?.tools.map(({ calls, memoryBytes = 0 }) => calls > 0 === memoryBytes > 0)).not.toContain(false);
  expect(use?.tools.map((tool) => ({ ...tool, ...bare }))).toEqual([
    { name: "search", calls: 3, failures: 0, refusals: 0, durationMs: 0 },
    {
      ...{ name: "pay", calls: 0, failures: 0, refusals: 2, durationMs: 0 },
      lastError:
        'Agent "finder" cannot call tool "pay": it needs the capabilities "billing", which the agent lacks.',
    },
    { name: "fail", calls: 2, failures: 2, refusals: 0, durationMs: 0, lastError: "no shelf" },
    { name: "where", calls: 2, failures: 0, refusals: 0, durationMs: 0 },
  ]);
  expect(await uses.of(workspace.root)).toEqual([use]);
});

describe("On the command line", () => {
  const { cli } = commandLine(workspace);

  it("tools are listed with their use, and one is called alone", async () => {
    await workspace.write("package.json", "{}");
    const called = await cli("tools", "run", "finder.ts#Finder", "where", "--args", '["right"]');
    expect([called.code, JSON.parse(called.out)]).toEqual([0, { shelf: "right", ready: true }]);
    const refused = await cli("tools", "run", "finder.ts#Finder", "search", "--params", '{"words": ""}');
    expect([refused.code, refused.out]).toEqual([1, ""]);
    expect(refused.err).toContain('The parameters are not what tool "search" takes: words: ');
    const { code, out } = await cli("tools", "list", "finder.ts#Finder");
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "erase   0 calls  0 failed  may not be called: the agent's metadata declares tools, but not this one",
      "fail    0 calls  0 failed",
      "hang    0 calls  0 failed",
      'pay     0 calls  0 failed  may not be called: it needs the capabilities "billing", which the agent lacks',
      "search  1 calls  1 failed  Searches the shelves",
      "wait    0 calls  0 failed",
      "where   1 calls  0 failed  Tells the shelf",
      "",
    ]);
  });

  it("tools find the environment that --env names", async () => {
    await workspace.write("package.json", "{}");
    await workspace.write(
      "clerk.ts",
      `import { BaseAgent } from ${library};
export class Clerk extends BaseAgent {
  constructor() {
    super({ name: "clerk", agentType: "t" });
    this.registerTool(process.env.TOOL ?? "none", () => ({ city: process.env.CITY }));
  }
  executeImpl() {}
}
`,
    );
    await workspace.write("desk.env", "TOOL=stamp\nCITY=Lima\n");
    const env = ["--env", join(workspace.root, "desk.env")];
    expect((await cli("tools", "list", "clerk.ts#Clerk", ...env)).out).toMatch(/^stamp /);
    const called = await cli("tools", "run", "clerk.ts#Clerk", "stamp", ...env);
    expect([called.code, JSON.parse(called.out)]).toEqual([0, { city: "Lima" }]);
  });

  it("memory is listed, shown and forgotten", async () => {
    await workspace.write("package.json", "{}");
    expect(await cli("memory", "list")).toEqual({
      ...{ code: 0, out: "" },
      err: "No agent remembers anything here.\n",
    });
    const guide = new MemoryStore({ folder: join(workspace.root, ".proj-intel/memory") }).of("guide");
    guide.set("city", { name: "Bern" });
    guide.set("trip.1", "Thun", { namespace: "log" });
    guide.set("trip.2", "Biel", { namespace: "log" });
    guide.grant({ to: "helper", namespace: "log", keyPrefix: "trip." });
    expect((await cli("memory", "list")).out).toBe(
      [
        'guide  default  city    {"name":"Bern"}',
        'guide  log      trip.1  "Thun"',
        'guide  log      trip.2  "Biel"',
        "grant  helper may read trip.* of guide, namespace log",
        "",
      ].join("\n"),
    );
    expect((await cli("memory", "get", "guide", "city")).out).toBe('{\n  "name": "Bern"\n}\n');
    const unknown = await cli("memory", "forget", "guide", "trip.1", "trip.9", "--namespace", "log");
    expect([unknown.code, unknown.err]).toEqual([
      2,
      'Agent "guide" remembers no "trip.9" there: memory list tells what it does.\n',
    ]);
    const forgotten = await cli("memory", "forget", "guide", "trip.1", "--namespace", "log");
    expect(forgotten).toEqual({ code: 0, out: "", err: "1 value forgotten.\n" });
    expect(guide.keys({ namespace: "log" })).toEqual(["trip.2"]);
    expect((await cli("memory", "forget", "guide", "--all", "--namespace", "log")).code).toBe(0);
    expect(guide.keys({ namespace: "log" })).toEqual([]);
    expect((await cli("memory", "forget", "guide")).code).toBe(2);
  });
});
