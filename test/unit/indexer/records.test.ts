import { describe, expect, it } from "vitest";
import { AgentRecord } from "../../../src/model/agentRecord.ts";
import { everything, indexFiles, named } from "./project.ts";

describe("a record", () => {
  it("tells everything of a class", async () => {
    const index = await indexFiles({
      "src/writer.ts": `import { Tool } from "./tool";

/**
 * Writes reports.
 *
 * In two steps.
 * @see nothing
 */
@traced
export abstract class
ReportWriterAgent<T> {
  #secret = 1;
  constructor(private readonly tools: Tool[], name?: string, ...rest: number[]) {}
  /** Runs. */
  async executeTask(task: { text: string }, limit = 3): Promise<string> { return ""; }
  static create() {}
  get size() { return 0; }
  handleMessage = (message: string) => message;
  protected onDone: (ok: boolean) => void;
  abstract plan(goal: string): void;
  remember(this: object, key: string): void;
  remember(this: object, key: string, value?: string): void {}
  #hidden() {}
}
`,
    });
    const record = named(index, "ReportWriterAgent");
    expect(AgentRecord.parse(record)).toEqual(record);
    expect(record).toMatchObject({
      file_path: "src/writer.ts",
      lineno: 11,
      end_line: 24,
      bases: [],
      docstring: "Writes reports.\n\nIn two steps.",
      agent_type: "base",
      language: "typescript",
      kind: "class",
      framework: null,
      orchestrates: [],
      exported: "ReportWriterAgent",
      abstract: true,
      role: "agent",
      constructor_params: [
        { name: "tools", type: "Tool[]", optional: false },
        { name: "name", type: "string", optional: true },
        { name: "...rest", type: "number[]", optional: true },
      ],
    });
    expect(record.methods.map(({ name, lineno, async }) => `${name}:${lineno}:${async}`)).toEqual([
      "executeTask:15:true",
      "create:16:false",
      "size:17:false",
      "handleMessage:18:false",
      "onDone:19:false",
      "plan:20:false",
      "remember:22:false",
    ]);
    expect(record.methods[0]).toMatchObject({
      docstring: "Runs.",
      params: [
        { name: "task", type: "{ text: string }", optional: false },
        { name: "limit", type: "", optional: true },
      ],
    });
    expect(record.methods.at(-1)?.params.map(({ name }) => name)).toEqual(["key", "value"]);
    expect(record.capabilities.map(({ name, method }) => `${name} ${method}`)).toEqual([
      "task_execution executeTask",
      "planning plan",
      "memory_access remember",
    ]);
  });

  it("tells the state version of what extends BaseAgent, as it or the nearest of its bases writes it", async () => {
    const index = await indexFiles({
      "src/agents.ts": `import { BaseAgent } from "opsvi-agents";
export class FirstAgent extends BaseAgent { protected override get stateVersion(): number { return 2; } }
export class NextAgent extends FirstAgent { stateVersion = 3; }
export class HeirAgent extends FirstAgent {}
export class ReckonedAgent extends BaseAgent { get stateVersion() { return 1 + 1; } }
export class PartialAgent extends BaseAgent { static stateVersion = 4; get stateVersion() { log(); return 4; } }
export class ZeroAgent extends BaseAgent { stateVersion = 0; }
export class OtherAgent { stateVersion = 5; execute() {} }
`,
    });
    expect(everything(index).map(({ name, state_version }) => [name, state_version])).toEqual([
      ["FirstAgent", 2],
      ["NextAgent", 3],
      ["HeirAgent", 2],
      ["ReckonedAgent", undefined],
      ["PartialAgent", undefined],
      ["ZeroAgent", undefined],
      ["OtherAgent", undefined],
    ]);
  });

  it("takes types of JavaScript from JSDoc", async () => {
    const index = await indexFiles({
      "a.js": `class TaxAgent {
  /**
   * @param {number} rate in percent
   * @param {string} [country]
   */
  constructor(rate, country) {}
  /** @param {{ id: string }} task */
  async execute(task) {}
}
module.exports = TaxAgent;`,
    });
    expect(named(index, "TaxAgent")).toMatchObject({
      language: "javascript",
      exported: "default",
      constructor_params: [
        { name: "rate", type: "number", optional: false },
        { name: "country", type: "string", optional: true },
      ],
      methods: [{ name: "execute", params: [{ name: "task", type: "{ id: string }", optional: false }] }],
    });
  });

  it("names the inherited constructor's parameters", async () => {
    const index = await indexFiles({
      "a.ts":
        "class BaseAgent { constructor(key: string) {} run(t: string) {} }\nexport class TaxAgent extends BaseAgent {}",
    });
    expect(named(index, "TaxAgent").constructor_params).toEqual([
      { name: "key", type: "string", optional: false },
    ]);
  });

  it("says how a class is exported", async () => {
    const index = await indexFiles({
      "a.ts": "class OneAgent { run(t: string) {} }\nexport default OneAgent;",
      "b.ts": "class TwoAgent { run(t: string) {} }\nexport { TwoAgent as Second };",
      "c.ts": "class ThreeAgent { run(t: string) {} }",
      "d.ts": "export default class FourAgent { run(t: string) {} }",
      "e.ts": "export const FiveAgent = class { run(t: string) {} };",
      "f.js": "class SixAgent { run(t) {} }\nmodule.exports = { SixAgent };",
      "g.js": "exports.SevenAgent = class { run(t) {} };",
      "h.ts": "export class EightAgent { run(t: string) {} }\nexport default EightAgent;",
    });
    expect(Object.fromEntries(index.agents.map(({ name, exported }) => [name, exported]))).toEqual({
      OneAgent: "default",
      TwoAgent: "Second",
      ThreeAgent: null,
      FourAgent: "default",
      FiveAgent: "FiveAgent",
      SixAgent: "SixAgent",
      SevenAgent: "SevenAgent",
      EightAgent: "EightAgent",
    });
  });

  it("calls an anonymous default export default, with its place", async () => {
    const index = await indexFiles({
      "a.ts": 'import { Agent } from "agents";\n\nexport default class extends Agent { run(t: string) {} }',
      "b.js": 'const { Agent } = require("agents");\nmodule.exports = class extends Agent {};',
      "c.ts": 'import { Agent } from "agents";\nexport const make = () => new (class extends Agent {})();',
    });
    expect(
      index.agents.map(({ file_path, name, lineno, exported }) => [file_path, name, lineno, exported]),
    ).toEqual([
      ["a.ts", "default", 3, "default"],
      ["b.js", "default", 2, "default"],
      ["c.ts", "", 2, null],
      ["c.ts", "make", 2, "make"],
    ]);
  });

  it("exists for every class of a name in one file, in functions and namespaces too", async () => {
    const index = await indexFiles({
      "a.ts": `export function first() { class TaxAgent { run(a: string) {} } return TaxAgent; }
namespace Inner { export class TaxAgent { run(b: string) {} } }
if (true) { const kept = { TaxAgent: class { run(c: string) {} } }; }`,
    });
    expect(index.agents.map(({ name, lineno }) => `${name}:${lineno}`)).toEqual([
      "TaxAgent:1",
      "TaxAgent:2",
      "TaxAgent:3",
    ]);
  });

  it("has a sensible agent type", async () => {
    const index = await indexFiles({
      "a.ts": ["DataAnalystAgent", "Agent", "BaseAgent", "HTTPCrawlerAgent", "SubAgent2"]
        .map((name) => `export class ${name} { run(t: string) {} }`)
        .join("\n"),
    });
    expect(Object.fromEntries(index.agents.map(({ name, agent_type }) => [name, agent_type]))).toEqual({
      DataAnalystAgent: "data_analyst",
      Agent: "general",
      BaseAgent: "base",
      HTTPCrawlerAgent: "http_crawler",
      SubAgent2: "sub_2",
    });
  });
});

describe("migration state", () => {
  const legacy = "export class TaxAgent { run(task: string) {} }\n";
  const adapter = (type: string) =>
    `export class TaxAgentAdapter extends UniversalAgentAdapter${type} {\n  constructor(...args) {\n    super(new TaxAgent(...args), { agentType: "tax" });\n  }\n}\n`;

  for (const [where, files] of Object.entries({
    "the same file": {
      "tax.ts": `import { UniversalAgentAdapter } from "opsvi-agents/core";\n${legacy}${adapter("<TaxAgent>")}`,
    },
    "a sibling file": {
      "tax.ts": legacy,
      "taxAdapter.ts": `import { UniversalAgentAdapter } from "opsvi-agents";\nimport { TaxAgent } from "./tax";\n${adapter("<TaxAgent>")}`,
    },
    "TypeScript with a runtime that is compiled along": {
      "opsvi-agents/core.ts":
        "/*! opsvi-agents 0.1.0, MIT License. */\nexport class BaseAgent { execute(t) {} }\nexport class UniversalAgentAdapter extends BaseAgent {}\n",
      "tax.ts": `import { UniversalAgentAdapter } from "./opsvi-agents/core";\n${legacy}${adapter("<TaxAgent>")}`,
    },
    "JavaScript with a vendored runtime": {
      "opsvi-agents/core.cjs":
        "/*! opsvi-agents 0.1.0, MIT License. */\nclass BaseAgent { execute(t) {} }\nclass UniversalAgentAdapter extends BaseAgent {}\nmodule.exports = { BaseAgent, UniversalAgentAdapter };",
      "tax.js": `const { UniversalAgentAdapter } = require("./opsvi-agents/core.cjs");\n${(legacy + adapter("")).replaceAll("export ", "").replaceAll(": string", "")}module.exports = { TaxAgent, TaxAgentAdapter };`,
    },
  })) {
    it(`is seen through an adapter in ${where}`, async () => {
      const index = await indexFiles(files);
      expect(named(index, "TaxAgent")).toMatchObject({ migrated: true, adapts: null });
      expect(named(index, "TaxAgentAdapter")).toMatchObject({
        role: "agent",
        migrated: false,
        adapts: "TaxAgent",
      });
      expect(everything(index)).toHaveLength(2);
    });
  }
});
