import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  type AgentEvent,
  AgentUsageError,
  type ExecutionContext,
  ToolRefusedError,
  ToolRegistry,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";
import { toolSourcesOf } from "../../../../src/runtime/core/agent.ts";
import { fast, TestAgent } from "./testAgent.ts";

const clock = () => {
  let now = 0;
  return {
    now: () => (now += 5),
    random: () => 0,
    sleepSync: () => undefined,
    sleep: () => Promise.resolve(),
  };
};
const toolsOf = (events: readonly AgentEvent[]) => events.filter(({ type }) => type === "tool");

function shared(): ToolRegistry {
  const registry = new ToolRegistry();
  registry.register("add", ({ a, b }: { a: number; b: number }) => a + b);
  registry.register("hello", () => "shared hello");
  registry.register("search", () => "found", { requiredCapabilities: ["web"] });
  registry.register("later", (what: unknown) => Promise.resolve(what));
  return registry;
}

describe("an agent's own tools", () => {
  it("are told to who asks where they are registered", () => {
    const registry = shared();
    const agent = new TestAgent(() => 1, { tools: registry });
    expect(toolSourcesOf(agent)).toEqual({ own: null, shared: registry });
    agent.registerTool("own", () => 1);
    expect(
      toolSourcesOf(agent)
        ?.own?.list()
        .map(({ name }) => name),
    ).toEqual(["own"]);
    expect(toolSourcesOf({})).toBeNull();
  });

  it("are called by name, as they are, outside executions too", async () => {
    const agent = new TestAgent(() => 1);
    const value = { the: "same" };
    agent.registerTool("same", () => value);
    agent.registerTool("later", (n: number) => Promise.resolve(n + 1));
    agent.registerTool("checked", ({ n }: { n: number }) => n, { parameters: z.object({ n: z.number() }) });
    expect(agent.executeTool("same")).toBe(value);
    expect(await agent.executeTool("later", 1)).toBe(2);
    expect(() => agent.executeTool("checked", { n: "x" })).toThrow(/n: /);
    expect(agent.tools()).toEqual(["checked", "later", "same"]);
    expect(() => agent.registerTool("same", () => 1)).toThrow(AgentUsageError);
    agent.registerTool("same", () => 2, { replace: true });
    expect(agent.executeTool("same")).toBe(2);
  });

  it("need not be declared, and come before shared ones", () => {
    const agent = new TestAgent(() => 1, { tools: shared() }, { tools: ["add"] });
    agent.registerTool("hello", () => "own hello");
    expect(agent.tools()).toEqual(["add", "hello"]);
    expect(agent.executeTool("hello")).toBe("own hello");
    expect(agent.executeTool("add", { a: 1, b: 2 })).toBe(3);
  });

  it("may need capabilities as well", () => {
    const agent = new TestAgent(() => 1, {}, { capabilities: ["a"] });
    agent.registerTool("b", () => 1, { requiredCapabilities: ["b"] });
    expect(agent.tools()).toEqual([]);
    expect(() => agent.executeTool("b")).toThrow(ToolRefusedError);
  });
});

describe("the tools that an adapter declares", () => {
  const adapter = (declaredTools?: string[]) =>
    new UniversalAgentAdapter(
      { run: (): number => 1 },
      { agentType: "unit", name: "test", tools: shared(), declaredTools },
    );

  it("are the only shared ones it may call", () => {
    const agent = adapter(["add"]);
    expect(agent.metadata.tools).toEqual(["add"]);
    expect(agent.tools()).toEqual(["add"]);
    expect(agent.executeTool("add", { a: 1, b: 2 })).toBe(3);
    expect(() => agent.executeTool("hello")).toThrow(ToolRefusedError);
    expect(() => adapter([]).executeTool("hello")).toThrow(ToolRefusedError);
  });

  it("are decided by its capabilities alone where none are named", () => {
    expect(adapter().tools()).toEqual(["add", "hello", "later"]);
    expect(() => adapter("add" as unknown as string[])).toThrow("tools that are a list of names");
  });
});

describe("a refused tool", () => {
  it.each<[string, string, string[] | undefined]>([
    ["of an unknown name", "nothing", undefined],
    ["that was not declared", "add", ["hello"]],
    ["that needs what the agent lacks", "search", undefined],
  ])("%s is never retried, and recorded", (_, name, tools) => {
    const registry = shared();
    const events: AgentEvent[] = [];
    const agent = new TestAgent((_task, context) => context.tool(name), { tools: registry }, { tools });
    const result = agent.execute({}, { retry: fast, onEvent: (event) => events.push(event) });
    expect(result).toMatchObject({ status: "failed", attempts: 1, error: { name: "PermissionError" } });
    expect(result.status === "failed" && result.cause).toBeInstanceOf(ToolRefusedError);
    expect(toolsOf(events)).toMatchObject([{ name, ok: false, refused: true, error: /./ }]);
    expect(registry.refusals()).toMatchObject([{ tool: name, agent: "test" }]);
  });

  it("without shared tools is refused as well", () => {
    const agent = new TestAgent(() => 1);
    expect(() => agent.executeTool("x")).toThrow(ToolRefusedError);
    expect(agent.tools()).toEqual([]);
  });
});

describe("calls within an execution", () => {
  it("are told as events when they have ended", async () => {
    const events: AgentEvent[] = [];
    const agent = new TestAgent(
      async (_, context, self) => {
        self.executeTool("add", { a: 1, b: 1 });
        expect(toolsOf(events)).toHaveLength(1);
        await context.tool("later", 1);
        await context.toolAsync("later", 1);
        await expect(context.tool("rejects")).rejects.toThrow("soon");
        await expect(context.toolAsync("rejects")).rejects.toThrow("soon");
        expect(() => context.tool("breaks")).toThrow("at once");
      },
      { tools: shared() },
    );
    agent.registerTool("rejects", () => Promise.reject(new Error("soon")));
    agent.registerTool("breaks", () => {
      throw new Error("at once");
    });
    await agent.executeAsync({}, { clock: clock(), onEvent: (event) => events.push(event) });
    const ended = { type: "tool", durationMs: 5 };
    expect(toolsOf(events)).toEqual([
      { ...ended, name: "add", ok: true },
      { ...ended, name: "later", ok: true },
      { ...ended, name: "later", ok: true },
      { ...ended, name: "rejects", ok: false, error: "soon" },
      { ...ended, name: "rejects", ok: false, error: "soon" },
      { ...ended, name: "breaks", ok: false, error: "at once" },
    ]);
    events.length = 0;
    agent.executeTool("add", { a: 1, b: 1 });
    expect(events).toEqual([]);
  });

  it("does not take the tool's own permission error for a refusal", () => {
    const events: AgentEvent[] = [];
    const agent = new TestAgent((_, context) => context.tool("denied"));
    agent.registerTool("denied", () => {
      throw Object.assign(new Error("not you"), { name: "PermissionError" });
    });
    agent.execute({}, { onEvent: (event) => events.push(event) });
    expect(toolsOf(events)).toMatchObject([{ ok: false, error: "not you" }]);
    expect(toolsOf(events)[0]).not.toHaveProperty("refused");
    agent.impl = (_, context) => context.tool("odd");
    agent.registerTool("odd", () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- tools throw anything
      throw "text";
    });
    expect(agent.execute({})).toMatchObject({ status: "failed", error: { message: "text" } });
  });

  it("end when the execution is aborted, and what goes on calls none", async () => {
    const controller = new AbortController();
    let late: ExecutionContext | undefined;
    const agent = new TestAgent(async (_, context) => {
      late = context;
      await context.toolAsync("endless");
    });
    agent.registerTool("endless", () => {
      setTimeout(() => controller.abort(), 0);
      return new Promise(() => undefined);
    });
    agent.registerTool("fine", () => 1);
    const result = await agent.executeAsync({}, { signal: controller.signal });
    expect(result).toMatchObject({ aborted: true });
    expect(() => late?.tool("fine")).toThrow(/aborted/);
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(agent.executeTool("fine")).toBe(1);
  });
});
