import { describe, expect, it } from "vitest";
import { takeCensus } from "../../../src/census/census.ts";
import type { Census } from "../../../src/model/census.ts";
import { indexFiles, indexFolder } from "../indexer/project.ts";
import { record, snapshot } from "../vscode/record.ts";

const SHOP = {
  "src/base.ts": `import { EventEmitter } from "node:events";
export abstract class BaseAgent extends EventEmitter {
  async initialize() {}
  shutdown() {}
  async execute(task: string) { return task; }
  abstract plan(goal: string): void;
}
`,
  "src/agents.ts": `import { BaseAgent } from "./base";
import { Agent } from "somewhere";
export class PriceAgent extends BaseAgent {
  constructor() { super(); }
  async initialize() {}
  plan() {}
  async useTool(name: string) {}
  registerTool(name: string) {}
  remember(key: string) {}
  sendMessage(text: string) {}
}
export class OrderAgent extends PriceAgent { #hidden() {} }
export class EchoAgent extends Agent { run(task: string) { return task; } }
class LoneAgent { run(task: string) { return task; } async *streamText(prompt: string) { yield prompt; } }
`,
  "src/agents.test.ts": `import { OrderAgent } from "./agents";
class FakeAgent extends OrderAgent { connect() {} }
`,
  "src/old.js": `const { EventEmitter } = require("events");
class ClockAgent extends EventEmitter { start() {} handle(message) { return message; } }
module.exports = { ClockAgent };
`,
  "src/error.ts": `export class AgentError extends Error {}`,
};

const census = async (tests = false) =>
  takeCensus([{ name: "shop", snapshot: await indexFiles(SHOP) }], { tests });

const sizes = ({ families }: Census) =>
  families.map(({ name, file_path, module, members }) => [name, file_path ?? module, members.length]);

describe("A census", () => {
  it("counts the agents outside of tests", async () => {
    expect(await census()).toMatchObject({
      folders: ["shop"],
      files: 5,
      tests: { agents: 1, counted: false },
      agents: 6,
      orchestrators: 0,
      kinds: { class: 6, instance: 0, factory: 0 },
      languages: { typescript: 5, javascript: 1 },
      abstract: 1,
      exported: 5,
      withoutCapability: 0,
      migration: { migrated: 0, possible: 5 },
      foreign: {},
    });
  });

  it("counts test doubles where it is asked to", async () => {
    const { agents, tests, methods } = await census(true);
    expect({ agents, tests }).toEqual({ agents: 7, tests: { agents: 1, counted: true } });
    expect(methods.capabilities["lifecycle"]).toEqual({ async: 2, sync: 3 });
  });

  it("counts a method once, where it is declared, and no constructor", async () => {
    const { methods } = await census();
    expect(methods).toEqual({
      async: 5,
      sync: 10,
      capabilities: {
        lifecycle: { async: 2, sync: 2 },
        task_execution: { async: 1, sync: 3 },
        tool_usage: { async: 1, sync: 1 },
        memory_access: { async: 0, sync: 1 },
        messaging: { async: 0, sync: 1 },
        orchestration: { async: 0, sync: 0 },
        planning: { async: 0, sync: 2 },
        streaming: { async: 1, sync: 0 },
      },
    });
  });

  it("tells async entry points from others, also inherited ones", async () => {
    expect((await census()).entryPoints).toEqual({ async: 3, sync: 3, none: 0 });
  });

  it("counts distinct direct bases, and those of packages by package", async () => {
    expect((await census()).bases).toEqual({
      all: 4,
      workspace: 2,
      packages: [
        { module: "events", bases: ["EventEmitter"], agents: 2 },
        { module: "somewhere", bases: ["Agent"], agents: 1 },
      ],
      unresolved: 0,
    });
  });

  it("puts agents into the family of their root; Node's classes are a root where there is no other", async () => {
    const shop = await census();
    expect(sizes(shop)).toEqual([
      ["BaseAgent", "src/base.ts", 3],
      ["Agent", "somewhere", 1],
      ["EventEmitter", "events", 1],
    ]);
    expect(shop.families[0]?.members.map(({ name, base }) => [name, base])).toEqual([
      ["PriceAgent", "BaseAgent"],
      ["OrderAgent", "PriceAgent"],
      ["BaseAgent", null],
    ]);
    expect(shop.standalone.map(({ name }) => name)).toEqual(["LoneAgent"]);
  });

  it("counts files, agents and pairs of orchestration", () => {
    const calls = (name: string) => ({ name, file_path: "src/x.ts", how: "calls" as const, lineno: 3 });
    const agents = [
      record({ name: "Coordinator", role: "orchestrator", file_path: "src/a.ts" }),
      record({
        name: "BossAgent",
        orchestrates: [calls("X"), calls("Y"), calls("X")],
        file_path: "src/a.ts",
      }),
      record({ name: "LeadAgent", orchestrates: [calls("X")], file_path: "src/b.ts" }),
      record({ name: "X", file_path: "src/x.ts" }),
    ];
    const { orchestration, orchestrators } = takeCensus([{ name: "w", snapshot: snapshot(agents) }], {
      tests: false,
    });
    expect({ orchestration, orchestrators }).toEqual({
      orchestration: { files: 2, agents: 3, pairs: 3 },
      orchestrators: 1,
    });
  });

  it("leaves adapters out and counts what they migrated", () => {
    const agents = [
      record({ name: "PriceAgent", migrated: true }),
      record({ name: "PriceAgentAdapter", adapts: "PriceAgent" }),
      record({ name: "BaseAgent", abstract: true, capabilities: [] }),
      record({ name: "writer", kind: "instance", framework: "@openai/agents" }),
    ];
    const counted = takeCensus([{ name: "w", snapshot: snapshot(agents) }], { tests: false });
    expect(counted).toMatchObject({
      agents: 3,
      migration: { migrated: 1, possible: 1 },
      kinds: { class: 2, instance: 1, factory: 0 },
      frameworks: { "@openai/agents": 1 },
    });
  });

  it("counts a method that only the settings make a proof", () => {
    const agents = [
      record({
        name: "OvenAgent",
        methods: [{ name: "bake", lineno: 2, docstring: null, async: true, params: [] }],
        capabilities: [
          { name: "baking", own: true, method: "bake", file_path: "src/OvenAgent.ts", lineno: 2 },
        ],
      }),
    ];
    const { methods } = takeCensus([{ name: "w", snapshot: snapshot(agents) }], { tests: false });
    expect(methods.capabilities["baking"]).toEqual({ async: 1, sync: 0 });
  });

  it("of several folders keeps equal paths apart and joins the bases of packages", () => {
    const link = { name: "Agent", file_path: null, module: "kit" };
    const own = { name: "BaseAgent", file_path: "src/base.ts", module: null };
    const agents = [
      record({ name: "BaseAgent", file_path: "src/base.ts" }),
      record({ name: "OneAgent", base_chain: [own] }),
      record({ name: "KitAgent", base_chain: [link] }),
    ];
    const one = snapshot(agents);
    const both = takeCensus(
      [
        { name: "a", snapshot: one },
        { name: "b", snapshot: { ...one, files: 7 } },
      ],
      { tests: false },
    );
    expect(both).toMatchObject({ folders: ["a", "b"], files: 10, agents: 6 });
    expect(both.bases).toMatchObject({ all: 3, workspace: 2, packages: [{ module: "kit", agents: 2 }] });
    expect(both.families.map(({ name, folder, members }) => [name, folder, members.length])).toEqual([
      ["Agent", null, 2],
      ["BaseAgent", "a", 2],
      ["BaseAgent", "b", 2],
    ]);
  });

  it("of the examples", async () => {
    const examples = takeCensus([{ name: "examples", snapshot: await indexFolder("examples") }], {
      tests: false,
    });
    expect(sizes(examples).slice(0, 4)).toEqual([
      ["ConversationAgent", "src/core/conversationAgent.ts", 3],
      ["ScheduledAgent", "src/core/scheduledAgent.ts", 3],
      ["WorkflowAgent", "src/core/workflowAgent.ts", 3],
      ["ToolAgent", "src/core/toolAgent.ts", 2],
    ]);
    expect(examples).toMatchObject({ orchestrators: 1, abstract: 4, tests: { agents: 1, counted: false } });
  });
});
