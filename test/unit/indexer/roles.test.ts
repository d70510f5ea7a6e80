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

  it("it is a double of one in a test, with nothing in it", async () => {
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
