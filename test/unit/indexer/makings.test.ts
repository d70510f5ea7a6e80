import { describe, expect, it } from "vitest";
import type { AgentRecord } from "../../../src/model/agentRecord.ts";
import { indexFiles, named, type Files } from "./project.ts";

const text = ({ kind, name, exported, framework, bases, evidence }: AgentRecord): string =>
  [kind, name, exported ?? "-", framework ?? "-", bases.join(), evidence[0]].join(" | ");

async function nonClasses(files: Files): Promise<AgentRecord[]> {
  const { agents } = await indexFiles(files);
  return agents.filter(({ kind }) => kind !== "class");
}

const found = async (files: Files): Promise<string[]> => (await nonClasses(files)).map(text);

describe("an instance of a framework's agent", () => {
  it.each([
    ["@openai/agents", "Agent", "new Agent({ name: 'x' })"],
    ["@openai/agents/realtime", "RealtimeAgent", "new RealtimeAgent({ name: 'x' })"],
    ["@voltagent/core", "Agent", "new Agent({ name: 'x' })"],
    ["@mastra/core/agent", "Agent", "new Agent({ name: 'x' })"],
    ["@google/adk", "LlmAgent", "new LlmAgent({ name: 'x' })"],
    ["@google/adk", "SequentialAgent", "new SequentialAgent({ name: 'x' })"],
    ["agent-squad", "BedrockLLMAgent", "new BedrockLLMAgent({ name: 'x' })"],
    ["beeai-framework/agents/react/agent", "ReActAgent", "new ReActAgent({ llm })"],
    ["beeai-framework/agents/requirement/agent", "RequirementAgent", "new RequirementAgent({ llm })"],
    ["beeai-framework/agents/toolCalling/agent", "ToolCallingAgent", "new ToolCallingAgent({ llm })"],
    ["ai", "ToolLoopAgent", "new ToolLoopAgent({ model })"],
    ["ai", "Experimental_Agent", "new Experimental_Agent({ model })"],
    ["llamaindex", "ReActAgent", "new ReActAgent({ tools })"],
    ["@ag-ui/client", "HttpAgent", "new HttpAgent({ url })"],
    ["@livekit/agents", "voice.Agent", "new voice.Agent({ instructions })"],
    ["langchain/agents", "AgentExecutor", "new AgentExecutor({ agent, tools })"],
    ["@strands-agents/sdk", "Agent", "new Agent()"],
    ["@agentica/core", "Agentica", "new Agentica({})"],
  ])("of %s: %s", async (module, callee, made) => {
    const [name = "", member = name] = callee.split(".");
    const framework = module.replace(/(?<=^@[^/]+\/[^/]+|^[^@/]+)\/.*$/, "");
    const code = `import { ${name} } from "${module}";\nexport const helper = ${made};`;
    expect(await found({ "src/a.ts": code })).toEqual([
      `instance | helper | helper | ${framework} | ${callee} | instance of ${member} of ${framework}`,
    ]);
  });

  it.each([
    ["langchain", "createAgent", "createAgent({ model, tools })"],
    ["@langchain/langgraph/prebuilt", "createReactAgent", "createReactAgent({ llm, tools })"],
    ["@langchain/langgraph-supervisor", "createSupervisor", "createSupervisor({ agents: [a], llm })"],
    ["langchain/agents", "createToolCallingAgent", "await createToolCallingAgent({ llm })"],
    ["@inngest/agent-kit", "createAgent", "createAgent({ name: 'x' })"],
    ["deepagents", "createDeepAgent", "createDeepAgent({ tools })"],
    ["llamaindex", "agent", "agent({ tools })"],
    ["@llamaindex/workflow", "agent", "agent({ tools })"],
  ])("made by a function of %s: %s", async (module, callee, made) => {
    const [record, ...more] = await nonClasses({
      "src/a.ts": `import { ${callee} } from "${module}";\nexport const helper = ${made};`,
    });
    expect(more).toEqual([]);
    expect(record?.kind).toBe("instance");
    expect(record?.evidence[0]).toBe(`made by ${callee} of ${record?.framework}`);
    expect(record?.base_chain).toEqual([
      { name: callee, file_path: null, module: expect.any(String) as string },
    ]);
  });

  it("is found under other names, in namespaces, through barrels and CommonJS", async () => {
    expect(
      await found({
        "renamed.ts": 'import { Agent as Helper } from "@openai/agents";\nexport const a = new Helper({});',
        "namespace.ts": 'import * as adk from "@google/adk";\nexport const b = new adk.LlmAgent({});',
        "barrel.ts": 'export { Agent as Worker } from "@mastra/core/agent";',
        "through.ts": 'import { Worker } from "./barrel";\nexport const c = new Worker({});',
        "old.cjs": 'const { Agent } = require("@voltagent/core");\nmodule.exports = { d: new Agent({}) };',
        "static.ts": 'import { Agent } from "@openai/agents";\nexport const e = Agent.create({ name: "E" });',
      }),
    ).toEqual([
      "instance | b | b | @google/adk | adk.LlmAgent | instance of LlmAgent of @google/adk",
      "instance | d | d | @voltagent/core | Agent | instance of Agent of @voltagent/core",
      "instance | a | a | @openai/agents | Helper | instance of Agent of @openai/agents",
      "instance | e | e | @openai/agents | Agent.create | instance of Agent of @openai/agents",
      "instance | c | c | @mastra/core | Worker | instance of Agent of @mastra/core",
    ]);
  });

  it("has the name of where it stands, and what its options call it", async () => {
    const records = await nonClasses({
      "a.ts": `import { Agent, run } from "@openai/agents";
/** Sends people to others. */
export const triage = new Agent({ name: "Triage agent" });
const hidden = new Agent({ name: "Hidden" }) as Agent;
export { hidden as shown };
export const all = { first: new Agent({ name: "First" }) };
class Desk { helper = new Agent({ name: "Desk" }); constructor() { this.other = new Agent({}); } }
async function main() {
  const local = new Agent({ name: "Local" });
  await run(new Agent({ name: "Passed on" }), "hi");
}
export default new Agent({ name: "Main" });`,
    });
    expect(
      records.map(({ name, exported, lineno, docstring, evidence }) => [
        name,
        exported,
        lineno,
        docstring,
        evidence[1],
      ]),
    ).toEqual([
      ["triage", "triage", 3, "Sends people to others.", 'named "Triage agent"'],
      ["hidden", "shown", 4, null, 'named "Hidden"'],
      ["first", "all.first", 6, null, 'named "First"'],
      ["helper", null, 7, null, 'named "Desk"'],
      ["other", null, 7, null, undefined],
      ["local", null, 9, null, 'named "Local"'],
      ["Passed on", null, 10, null, undefined],
      ["default", "default", 12, null, 'named "Main"'],
    ]);
  });

  it("proves its capabilities by its options, and names the agents it is given", async () => {
    const records = await nonClasses({
      "billing.ts":
        'import { Agent } from "@openai/agents";\nexport const billing = new Agent({ name: "Billing", tools: [] });',
      "triage.ts": `import { Agent, handoff } from "@openai/agents";
import { billing } from "./billing";
const refunds = new Agent({ name: "Refunds" });
export const triage = Agent.create({
  name: "Triage",
  tools: [lookup, refunds.asTool({})],
  memory: undefined,
  handoffs: [billing, handoff(refunds), new Agent({ name: "Inline" })],
});`,
    });
    const of = (name: string) => records.find((record) => record.name === name);
    expect(of("billing")?.capabilities.map(({ name }) => name)).toEqual(["task_execution"]);
    expect(of("triage")?.capabilities).toEqual([
      { name: "task_execution", method: "Agent", own: true, file_path: "triage.ts", lineno: 4 },
      { name: "tool_usage", method: "tools", own: true, file_path: "triage.ts", lineno: 6 },
      { name: "orchestration", method: "handoffs", own: true, file_path: "triage.ts", lineno: 8 },
    ]);
    expect(of("triage")?.orchestrates).toEqual([
      { name: "refunds", file_path: "triage.ts", how: "registers", lineno: 8 },
      { name: "billing", file_path: "billing.ts", how: "registers", lineno: 8 },
      { name: "Inline", file_path: "triage.ts", how: "registers", lineno: 8 },
    ]);
  });

  it("is found where the workspace holds the framework itself", async () => {
    expect(
      await found({
        "packages/core/package.json": '{ "name": "@voltagent/core", "main": "src/index.ts" }',
        "packages/core/src/index.ts": 'export { Agent } from "./agent";',
        "packages/core/src/agent.ts": "export class Agent { async generateText(input: string) {} }",
        "app/package.json": '{ "name": "app" }',
        "app/main.ts":
          'import { Agent } from "@voltagent/core";\nconst local = new Agent({ name: "Local" });',
      }),
    ).toEqual(["instance | local | - | @voltagent/core | Agent | instance of Agent of @voltagent/core"]);
  });

  it("is listed of tests where it stands at their top level", async () => {
    const records = await nonClasses({
      "a.test.ts":
        'import { Agent } from "@openai/agents";\nconst shared = new Agent({});\nit("x", () => { const local = new Agent({ name: "L" }); });',
    });
    expect(records.map(({ name, test }) => [name, test])).toEqual([["shared", true]]);
  });
});

describe("an instance of the workspace's own agents", () => {
  const planner = "export class PlannerAgent { async execute(task: string) {}\n  useTool(name: string) {} }";

  it("is an exported constant, with what its class has", async () => {
    const { agents } = await indexFiles({
      "planner.ts": planner,
      "index.ts":
        'import { PlannerAgent as P } from "./planner";\nexport const planner = new P();\nconst local = new P();',
    });
    const record = agents.find(({ kind }) => kind === "instance");
    expect(agents.map(({ name }) => name)).toEqual(["planner", "PlannerAgent"]);
    expect(record).toMatchObject({
      name: "planner",
      bases: ["P"],
      methods: [],
      framework: null,
      base_chain: [{ name: "PlannerAgent", file_path: "planner.ts", module: null }],
      inherited_methods: [
        {
          name: "execute",
          from: "PlannerAgent",
          file_path: "planner.ts",
          params: [{ name: "task", type: "string", optional: false }],
        },
        {
          name: "useTool",
          from: "PlannerAgent",
          file_path: "planner.ts",
          params: [{ name: "name", type: "string", optional: false }],
        },
      ],
      capabilities: [
        { name: "task_execution", own: false, method: "execute", file_path: "planner.ts", lineno: 1 },
        { name: "tool_usage", own: false, method: "useTool", file_path: "planner.ts", lineno: 2 },
      ],
      role: "agent",
    });
  });

  it("may be of a class whose name does not tell", async () => {
    expect(
      await found({
        "base.ts": "export abstract class BaseAgent { abstract run(task: string): void }",
        "planner.ts":
          'import { BaseAgent } from "./base";\nexport default class extends BaseAgent { run(task: string) {} }',
        "use.ts": 'import Planner from "./planner";\nexport const planner = new Planner();',
      }),
    ).toEqual(["instance | planner | planner | - | Planner | instance of default (planner.ts)"]);
  });
});

describe("a factory", () => {
  it("is a function that returns an agent, declared or assigned, async or not", async () => {
    const records = await nonClasses({
      "a.ts": `import { Agent } from "@openai/agents";
/** For customers. */
export function createSupport(options: Options, name = "Support"): Agent {
  return new Agent({ name: "Support", tools: options.tools });
}
export const createSales = async (region?: string) => new Agent({ name: region });
const createHidden = () => { const agent = new Agent({}); agent.on("x", y); return agent; };
export const make = function () { return createSupport({}); };
export default function () { return new Agent({}); }`,
    });
    expect(
      records.map(({ kind, name, exported, lineno, end_line, constructor_params, evidence }) => [
        `${kind} ${name}`,
        exported,
        lineno,
        end_line,
        constructor_params.map((param) => param.name + (param.optional ? "?" : "")).join(),
        evidence,
      ]),
    ).toEqual([
      [
        "factory createSupport",
        "createSupport",
        3,
        5,
        "options,name?",
        ["returns an agent: instance of Agent of @openai/agents (line 4)", 'named "Support"'],
      ],
      [
        "factory createSales",
        "createSales",
        6,
        6,
        "region?",
        ["returns an agent: instance of Agent of @openai/agents (line 6)"],
      ],
      [
        "factory createHidden",
        null,
        7,
        7,
        "",
        ["returns an agent: instance of Agent of @openai/agents (line 7)"],
      ],
      ["factory make", "make", 8, 8, "", ["returns an agent: made by createSupport (a.ts) (line 8)"]],
      [
        "factory default",
        "default",
        9,
        9,
        "",
        ["returns an agent: instance of Agent of @openai/agents (line 9)"],
      ],
    ]);
    expect(records[0]).toMatchObject({
      docstring: "For customers.",
      framework: "@openai/agents",
      capabilities: [
        { name: "task_execution", method: "Agent", lineno: 4 },
        { name: "tool_usage", method: "tools", lineno: 4 },
      ],
    });
  });

  it("makes instances in other files, step by step", async () => {
    expect(
      await found({
        "planner.ts": "export class PlannerAgent { execute(task: string) {} }",
        "make.ts":
          'import { PlannerAgent } from "./planner";\nexport const build = () => new PlannerAgent();',
        "more.ts":
          'import { build } from "./make";\nexport function another() { return build(); }\n\nexport const one = build();',
        "use.ts": 'import { another as other } from "./more";\nexport const two = other();',
      }),
    ).toEqual([
      "factory | build | build | - | PlannerAgent | returns an agent: instance of PlannerAgent (planner.ts) (line 2)",
      "factory | another | another | - | build | returns an agent: made by build (make.ts) (line 2)",
      "instance | one | one | - | build | made by build (make.ts)",
      "instance | two | two | - | other | made by another (more.ts)",
    ]);
  });

  it("is no method, no function that also returns something else, and none that hands out what is there", async () => {
    expect(
      await found({
        "a.ts": `import { Agent } from "@openai/agents";
import { Tool } from "tools";
export class Builder { build() { return new Agent({}); } }
export const api = { build: () => new Agent({}) };
export function either(x: boolean) { if (x) return new Agent({}); return new Tool(); }
const only = new Agent({});
export function getAgent() { return only; }`,
      }),
    ).toEqual(["instance | only | - | @openai/agents | Agent | instance of Agent of @openai/agents"]);
  });
});

describe("an impostor", () => {
  it.each([
    ["undici", 'import { Agent } from "undici";\nexport const agent = new Agent({ connect: {} });'],
    ["http", 'import { Agent } from "node:http";\nexport const agent = new Agent({ keepAlive: true });'],
    [
      "a proxy",
      'import { HttpsProxyAgent } from "https-proxy-agent";\nexport const agent = new HttpsProxyAgent("x");',
    ],
    [
      "atproto",
      'import { AtpAgent } from "@atproto/api";\nexport const agent = new AtpAgent({ service: "x" });',
    ],
    [
      "a class that is none",
      "class AgentRegistry { register(agent: object) {} }\nexport const registry = new AgentRegistry();",
    ],
    ["a global", "export const agent = new Agent({ name: 'x' });"],
    [
      "other exports",
      'import { Runner, tool, AgentHooks } from "@openai/agents";\nexport const a = new Runner(); export const b = tool({ name: "x" }); export const c = new AgentHooks();',
    ],
    [
      "the host of agents",
      'import { VoltAgent } from "@voltagent/core";\nexport const app = new VoltAgent({ agents: {} });',
    ],
    ["an error", "class AgentError extends Error {}\nexport const failure = new AgentError();"],
    [
      "a function of an unknown package",
      'import { createAgent } from "some-http";\nexport const agent = createAgent({});',
    ],
    [
      "a comment",
      '// import { Agent } from "@openai/agents"; export const a = new Agent({});\nexport const x = "new Agent()";',
    ],
  ])("is left out: %s", async (_what, code) => {
    expect(await found({ "a.ts": code })).toEqual([]);
  });

  it("is a class that is abstract, or none that is known", async () => {
    const index = await indexFiles({
      "a.ts":
        "export class PlannerAgent { execute(t: string) {} }\nexport const list = [new PlannerAgent()];",
    });
    expect(index.agents.map(({ name }) => name)).toEqual(["PlannerAgent"]);
    expect(named(index, "PlannerAgent").kind).toBe("class");
  });
});
