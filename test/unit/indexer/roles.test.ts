import { describe, expect, it } from "vitest";
import { everything, indexFiles, named, type Files } from "./project.ts";

/** The role of the class X, and its first evidence. */
async function verdict(text: string, name: string, more: Files = {}, path = "src/x.ts"): Promise<string> {
  const { role, evidence } = named(await indexFiles({ [path]: text, ...more }), name);
  return `${role}: ${evidence[0] ?? ""}`;
}

describe("a class is an agent when", () => {
  it("its name says so and a method takes a task", async () => {
    const index = await indexFiles({
      "a.ts": "export class ResearchAgent { async executeTask(task: Task) {} }",
    });
    const { role, evidence, confidence } = named(index, "ResearchAgent");
    expect(role).toBe("agent");
    expect(evidence).toEqual(["name ends in Agent", "method executeTask takes a task"]);
    expect(confidence).toBeGreaterThan(0.9);
  });

  it("it extends one, whatever it is called", async () => {
    const text =
      "abstract class BaseAgent { abstract run(t: string): void }\nclass GroupChatManager extends BaseAgent { run() {} }";
    expect(await verdict(text, "GroupChatManager")).toBe("agent: extends BaseAgent (src/x.ts)");
  });

  it("it implements an agent interface", async () => {
    const text =
      'import type { Agent as Role } from "./types";\nexport class Double implements Role { handle(m: string) {} }';
    expect(await verdict(text, "Double")).toBe("agent: implements Agent");
  });

  it("it is the base of agents, even with nothing but upkeep", async () => {
    const text =
      "export class CoreAgent { initialize() {} shutdown() {} }\nexport class TaxAgent extends CoreAgent { run(task: string) {} }";
    expect(await verdict(text, "CoreAgent")).toBe("agent: name ends in Agent");
  });

  it("it is decorated as one, whatever it is called", async () => {
    const text =
      'import { AIAgent } from "@some/kit";\n@AIAgent({ model: "x" })\nexport class Triage { handle(message: string) {} }';
    expect(await verdict(text, "Triage")).toBe("agent: decorated @AIAgent");
  });

  it("it is marked @agent", async () => {
    expect(
      await verdict(
        "/** Answers.\n * @agent */\nexport class Oracle { answer(question: string) {} }",
        "Oracle",
      ),
    ).toBe("agent: marked @agent");
  });

  it("it is a test double of one, and is told as test", async () => {
    const index = await indexFiles({
      "src/agent.ts": "export abstract class Agent { abstract process(input: string): string }",
      "src/agent.test.ts":
        'import { Agent } from "./agent";\nclass MockAgent extends Agent { process() { return "" } }',
    });
    expect(named(index, "MockAgent")).toMatchObject({ role: "agent", test: true });
    expect(named(index, "Agent").test).toBe(false);
  });

  it("it extends an agent of a framework that is called something else", async () => {
    const text =
      'import { Think as Base } from "@cloudflare/think";\nexport class Support extends Base { greet() {} }';
    expect(await verdict(text, "Support")).toBe("agent: extends Think of @cloudflare/think");
  });

  it("it is a double of one in a test, with nothing in it", async () => {
    expect(await verdict("class TaxAgent {}", "TaxAgent", {}, "src/x.test.ts")).toBe(
      "agent: name ends in Agent",
    );
    expect(await verdict("class FakeTaxAgent { close() {} }", "FakeTaxAgent", {}, "src/x.test.ts")).toBe(
      "agent: name ends in Agent",
    );
  });

  it("agents extend it and it takes tasks, whatever it is called", async () => {
    const text =
      "abstract class AgentRunner { chat(message: string) {} }\nexport class TaxAgent extends AgentRunner {}";
    expect(await verdict(text, "AgentRunner")).toBe("agent: classes that are called agents extend it");
    expect(await verdict(text, "TaxAgent")).toBe("agent: extends AgentRunner (src/x.ts)");
  });

  it("its file imports an agent framework, among other things", async () => {
    const index = await indexFiles({
      "a.ts": 'import { tool } from "@openai/agents";\nexport class TaxAgent { run(task: string) {} }',
    });
    expect(named(index, "TaxAgent").evidence).toEqual([
      "name ends in Agent",
      "method run takes a task",
      "its file imports @openai/agents",
    ]);
  });

  it("it adapts one and takes tasks", async () => {
    expect(await verdict("export class AgentAdapter { run(task: string) {} }", "AgentAdapter")).toMatch(
      /^agent/,
    );
    expect(await verdict("export class AgentAdapter { describe() {} }", "AgentAdapter")).toBe(
      "not: not an agent: adapts an agent, but takes no task",
    );
  });
});

describe("what runs an agent is one where it takes tasks itself:", () => {
  it.each([
    ["TaxAgentExecutor", "execute(context: Context) {}", "agent: the name says it executes an agent"],
    ["TaxAgentExecutor", "execute = mock();", "agent: the name says it executes an agent"],
    ["TaxAgentExecutor", "cancel() {}", "not: not an agent: executes an agent, but takes no task"],
    ["AgentRuntime", "run(input: string) {}", "agent: the name says it runs as an agent"],
    [
      "AgentRuntime",
      "constructor(own: BaseAgent) {} run(input: string) {}",
      "not: not an agent: only runs the own it is handed",
    ],
    ["AgentRuntime", "enqueue(message: string) {}", "not: not an agent: the name says Runtime, not agent"],
    ["ChatAgent_Nodes", "run(input: string) {}", "agent: the name says it is a kind of ChatAgent"],
    ["ChatAgent_Nodes", "init() {}", "not: not an agent: is a kind of ChatAgent, but takes no task"],
    ["Agent_Registry", "list() {}", "not: not an agent: is a kind of Agent, but takes no task"],
  ])("%s { %s }", async (name, body, expected) => {
    expect(await verdict(`export class ${name} { ${body} }`, name)).toBe(expected);
  });

  it("also where only an interface says so", async () => {
    const text = "export class Echo implements AgentExecutor { execute(context: Context) {} }";
    expect(await verdict(text, "Echo")).toBe("agent: implements AgentExecutor");
  });

  it("and where a framework's class takes them", async () => {
    const text = `import { BaseChain } from "langchain/chains";
export class TaxAgentExecutor extends BaseChain {}`;
    expect(await verdict(text, "TaxAgentExecutor")).toBe("agent: the name says it executes an agent");
  });
});

describe("a class is no agent, and the reason is told, when it", () => {
  const impostors: Record<string, [text: string, name: string, reason: string]> = {
    "is an error": ["export class AgentError extends Error {}", "AgentError", "extends Error"],
    "is an error of a package": [
      'import { BaseError } from "errors";\nexport class AgentFailure extends BaseError {}',
      "AgentFailure",
      "extends BaseError of errors",
    ],
    "extends an error of agents": [
      "class AgentError extends Error {}\nexport class ToolFailure extends AgentError {}",
      "ToolFailure",
      "extends AgentError (src/x.ts), an error",
    ],
    "is an HTTP agent": [
      'import { Agent } from "node:http";\nexport class CorpAgent extends Agent {}',
      "CorpAgent",
      "extends Agent of node:http, a network connection",
    ],
    "is an HTTP agent through a namespace": [
      'import * as https from "https";\nexport class CorpAgent extends https.Agent { request(task: string) {} }',
      "CorpAgent",
      "extends Agent of https, a network connection",
    ],
    "is a proxy agent by name": [
      "export class HttpsProxyAgent { connect() {} }",
      "HttpsProxyAgent",
      "the name HttpsProxyAgent means a network connection",
    ],
    "parses user agents": [
      "export class UserAgent { parse(text: string) {} }",
      "UserAgent",
      "the name UserAgent means a network connection",
    ],
    "is an HTTP agent of this workspace": [
      "class Dispatcher {}\nclass Pool extends Dispatcher {}\nexport class Agent extends Pool { close() {} }\nexport class RetryAgent extends Agent {}",
      "RetryAgent",
      "extends Agent (src/x.ts), a network connection",
    ],
    "answers for itself only": [
      "export class PageAgent { dispose() {} _click(task: string) {} }",
      "PageAgent",
      "can only be started, stopped and asked for its state",
    ],
    "is a configuration": [
      "export class AgentConfig { model = 1 }",
      "AgentConfig",
      "the name says Config, not agent",
    ],
    "is a registry": [
      "export class AgentRegistry { agents = new Map<string, Agent>(); register(a: Agent) {} }",
      "AgentRegistry",
      "the name says Registry, not agent",
    ],
    "is a factory": [
      "export class AgentFactory { create(type: string) { return new FooAgent() } }",
      "AgentFactory",
      "the name says Factory, not agent",
    ],
    "holds data only": [
      "export class Agent { constructor(public id: string, public name: string) {} }",
      "Agent",
      "has no methods: it only holds data",
    ],
    "is a database entity": [
      'import { Entity } from "typeorm";\n@Entity()\nexport class Agent { id = 1; execute(x: string) {} }',
      "Agent",
      "decorated @Entity: a data model",
    ],
    "is a user interface element": [
      'import React from "react";\nexport class ChatAgent extends React.Component { render() {} }',
      "ChatAgent",
      "extends Component of react, user interface",
    ],
    "is infrastructure": [
      'import { Construct } from "constructs";\nexport class LexAgent extends Construct {}',
      "LexAgent",
      "extends Construct of constructs, infrastructure",
    ],
    "is an operation on agents": [
      "export class CreateAgent { execute(input: string) {} }",
      "CreateAgent",
      "the name CreateAgent means an operation on agents",
    ],
    "only keeps agents": [
      "export class MegaAgent { registerAgent(a: object) {} getAgents() {} startServer() {} }",
      "MegaAgent",
      "keeps agents (registerAgent), but takes no task",
    ],
    "can only be started and stopped": [
      "export class MetricsAgent { start() {} stop() {} getStatus() {} }",
      "MetricsAgent",
      "can only be started, stopped and asked for its state",
    ],
  };
  for (const [what, [text, name, reason]] of Object.entries(impostors)) {
    it(what, async () => {
      expect(await verdict(text, name)).toBe(`not: not an agent: ${reason}`);
    });
  }

  it("measures programs", async () => {
    const text = "class Agent { startTransaction(name) {} startSpan(name) {} captureError(error) {} }";
    expect(await verdict(text, "Agent")).toBe(
      "not: not an agent: measures programs (startTransaction), but takes no task",
    );
    expect(await verdict(`${text.slice(0, -1)} run(task) {} }`, "Agent")).toBe("agent: name ends in Agent");
  });

  it("keeps cookies or sockets and takes no task", async () => {
    const tunnel = "class TunnelingAgent { addRequest(request) {} createSocket(options, then) {} }";
    expect(await verdict(tunnel, "TunnelingAgent")).toBe(
      "not: not an agent: handles connections (createSocket) and takes no task: a network connection",
    );
    const index = await indexFiles({
      "base.js":
        "module.exports = Agent;\nfunction Agent() { this._defaults = []; }\nAgent.prototype._setDefaults = function (req) {};",
      "node.js": `const Base = require("./base");
function Agent() { this.jar = new Jar(); }
Agent.prototype = Object.create(Base.prototype);
Agent.prototype._saveCookies = function (res) {};`,
    });
    expect(index.agents).toEqual([]);
    expect(index.rejected.map(({ file_path }) => file_path)).toEqual(["base.js", "node.js"]);
  });

  it("has nothing to do with agents: then it is not even mentioned", async () => {
    const index = await indexFiles({
      "a.ts":
        "export class Reagent { execute(task: string) {} }\nexport class Magentas {}\nexport class Provider { generate(prompt: string) {} }",
      "b.ts":
        "export class AgentList<T> {}\nexport class Other extends Map<string, AgentConfig> { run(task: string) {} }",
    });
    expect(everything(index).map(({ name }) => name)).toEqual(["AgentList"]);
  });
});

describe("an orchestrator", () => {
  it("keeps several agents and hands them work", async () => {
    const index = await indexFiles({
      "a.ts": `export class AgentHub {
  private agents = new Map<string, Agent>();
  addAgent(agent: Agent) { this.agents.set(agent.name, agent); }
  async processMessage(message: string) { return this.agents.get("first")!.execute(message); }
}`,
    });
    expect(named(index, "AgentHub")).toMatchObject({
      role: "orchestrator",
      evidence: [
        "keeps several agents (agents)",
        "hands them work (processMessage calls execute, line 4)",
        "but the name says Hub, not agent",
      ],
    });
  });

  it("may be JavaScript that fills its fields in the constructor", async () => {
    const text = `class AgentRouter {
  constructor() { this.agents = {}; }
  routeRequest(text) { return this.pick(text).run(text); }
}
module.exports = { AgentRouter };`;
    expect(await verdict(text, "AgentRouter", {}, "a.js")).toBe(
      "orchestrator: keeps several agents (agents)",
    );
  });

  it("passes that on to its heirs", async () => {
    const text =
      "class AgentDesk { agents: Agent[] = []; route(m: string) {} }\nexport class Frontdesk extends AgentDesk {}";
    expect(await verdict(text, "Frontdesk")).toBe(
      "orchestrator: extends AgentDesk (src/x.ts), an orchestrator",
    );
  });

  it("may keep its agents as members", async () => {
    const text = `export class AgentTeamRuntime {
  members: Map<string, Member> = new Map();
  async routeToTeammate(name: string, message: string) { return this.members.get(name)?.session.run(message); }
}`;
    expect(await verdict(text, "AgentTeamRuntime")).toBe("orchestrator: keeps several agents (members)");
  });

  it("may hand work to what runs elsewhere", async () => {
    const text =
      "export class SubagentManager { subagents = new Map<string, Entry>(); invokeSubagent(id: string) {} }";
    expect(await verdict(text, "SubagentManager")).toBe("orchestrator: keeps several agents (subagents)");
  });

  it("may say so by an interface", async () => {
    const text = "export class Graph implements MultiAgent { invoke(input: string) {} }";
    expect(await verdict(text, "Graph")).toBe("orchestrator: implements MultiAgent");
  });

  it("may have a name that says nothing of agents", async () => {
    const index = await indexFiles({
      "crew.ts": `import type { Agent } from "./agent";
export class Crew { agents: Agent[] = []; async run(input: string) { for (const agent of this.agents) await agent.run(input); } }`,
      "steps.ts": `import { PlannerAgent, WriterAgent } from "./agent";
export class ReportWorkflow {
  planner = new PlannerAgent();
  writer = new WriterAgent();
  async execute(task: string) { await this.writer.run(await this.planner.run(task)); }
}`,
      "agent.ts": `export interface Agent { run(input: string): Promise<string> }
export class PlannerAgent implements Agent { async run(input: string) { return input; } }
export class WriterAgent implements Agent { async run(input: string) { return input; } }`,
      "network.ts": `import type { Agent } from "./agent";
export class Network { agents: Map<string, Agent> = new Map(); run(input: string) { return start(this, input); } }
export class NetworkRun extends Network {}`,
      "sockets.ts": `import http from "node:http";
export class RequestScheduler { agents: http.Agent[] = []; run(input: string) { return "Agent"; } }`,
      "router.ts": `export class HttpRouter { agents = new Map<string, Agent>(); dispatch(to: string) { this.agents.get(to)?.connect(); } }`,
      "one.ts": `import { PlannerAgent } from "./agent";
export class OneWorkflow { async execute(task: string) { return new PlannerAgent().run(task); } }`,
    });
    const told = [...index.agents, ...index.rejected].map(({ name, role }) => `${name}: ${role}`);
    expect(told.sort()).toEqual([
      "Crew: orchestrator",
      "Network: orchestrator",
      "NetworkRun: orchestrator",
      "PlannerAgent: agent",
      "ReportWorkflow: orchestrator",
      "WriterAgent: agent",
    ]);
    expect(named(index, "ReportWorkflow").evidence).toEqual([
      "works with several agents (PlannerAgent, WriterAgent)",
      "method execute takes a task",
    ]);
    expect(named(index, "ReportWorkflow").orchestrates.map(({ name }) => name)).toContain("WriterAgent");
  });

  it("executes agents rather than being one", async () => {
    const text = `export class ParallelAgentExecutor { agents: Agent[] = []; async execute(task: string) { return this.agents[0].run(task); } }`;
    expect(await verdict(text, "ParallelAgentExecutor")).toBe("orchestrator: keeps several agents (agents)");
  });

  it("is not what only inherits a method such as assign", async () => {
    const index = await indexFiles({
      "a.ts": `class Runnable { assign(x: object) {} invoke(x: object) {} }
export class AgentChain extends Runnable { tools: this["agent"]["tools"][] = []; }`,
    });
    expect(index.agents).toEqual([]);
  });

  it("is not what keeps one agent and options for it", async () => {
    const text = `export class AgentSession { agentOptions: Record<string, string> = {}; agent: Agent; runQuery(q: string) { return this.agent.run(q); } }`;
    expect(await verdict(text, "AgentSession")).toBe("not: not an agent: the name says Session, not agent");
  });

  it("is not a queue around one agent, nor a broadcast", async () => {
    const index = await indexFiles({
      "a.ts": `export class AgentRuntime { constructor(private agent: BaseAgent) {} process(m: string) { return this.agent.execute(m); } }
export class AgentBus { agents: Agent[] = []; broadcast(m: string) { for (const agent of this.agents) agent.handleMessage(m); } }`,
    });
    expect(index.agents).toEqual([]);
    expect(index.rejected.map(({ name }) => name)).toEqual(["AgentRuntime", "AgentBus"]);
  });
});
