import { describe, expect, it } from "vitest";
import { indexFiles, named, type Files } from "./project.ts";

const agents: Files = {
  "agents/base.ts": "export abstract class BaseAgent { abstract execute(task: string): string }",
  "agents/planner.ts": `import { BaseAgent } from "./base.js";
export class Planner extends BaseAgent { static shared() { return new Planner(); } execute(task: string) { return task; } }
export default class WriterAgent extends BaseAgent { execute(task: string) { return task; } }`,
  "agents/index.ts": 'export * from "./planner.js";\nexport { default as Scribe } from "./planner.js";',
};

/** "how Name:line" of the class X. */
async function orchestrated(text: string, name: string): Promise<string[]> {
  const record = named(await indexFiles({ ...agents, "lead.ts": text }), name);
  return record.orchestrates.map((found) => `${found.how} ${found.name}:${found.lineno}`);
}

describe("a class orchestrates the agents it", () => {
  it("constructs, and calls through what holds them", async () => {
    const index = await indexFiles({
      ...agents,
      "lead.ts": `import { Planner, Scribe as Writer } from "./agents/index.js";
export class LeadAgent {
  private readonly planner = new Planner();
  private readonly seen = new Map<string, string>();
  run(task: string) {
    const writer = new Writer();
    this.seen.set(task, this.planner.execute(task));
    return writer.execute(task);
  }
}`,
    });
    expect(named(index, "LeadAgent").orchestrates).toEqual([
      { name: "Planner", file_path: "agents/planner.ts", how: "constructs", lineno: 3 },
      { name: "WriterAgent", file_path: "agents/planner.ts", how: "constructs", lineno: 6 },
      { name: "Planner", file_path: "agents/planner.ts", how: "calls", lineno: 7 },
      { name: "WriterAgent", file_path: "agents/planner.ts", how: "calls", lineno: 8 },
    ]);
    expect(named(index, "Planner").orchestrates).toEqual([]);
  });

  it("is given by its constructor, with the type as property or as parameter", async () => {
    const text = `import type { Planner } from "./agents/planner.js";
import Writer from "./agents/planner.js";
export class LeadAgent {
  #writer: unknown;
  writer;
  constructor(private planner: Planner, writer: Writer, count: number) { this.writer = writer; }
  run(task: string) { return this.planner.execute(task) + this.writer.execute(task); }
}`;
    expect(await orchestrated(text, "LeadAgent")).toEqual(["calls Planner:7", "calls WriterAgent:7"]);
  });

  it("keeps in collections", async () => {
    const text = `import { BaseAgent } from "./agents/base.js";
export class LeadAgent {
  agents = new Map<string, BaseAgent>();
  run(task: string) { for (const agent of this.agents.values()) agent.execute(task); }
}
export class EachAgent { constructor(private team: BaseAgent[]) {} run(task: string) { return this.team.map((one) => one.execute(task)); } }
export class PickAgent { team: Record<string, BaseAgent> = {}; run(task: string) { return this.team["a"]!.execute(task); } }
export class AskAgent { pick(): BaseAgent { throw 1; } run(task: string) { return this.pick().execute(task); } }
export class IdleAgent { agents = new Map<string, BaseAgent>(); run(task: string) { return this.agents.get(task) !== undefined && this.agents.size; } }`;
    expect(await orchestrated(text, "LeadAgent")).toEqual(["calls BaseAgent:4"]);
    expect(await orchestrated(text, "EachAgent")).toEqual(["calls BaseAgent:6"]);
    expect(await orchestrated(text, "PickAgent")).toEqual(["calls BaseAgent:7"]);
    expect(await orchestrated(text, "AskAgent")).toEqual(["calls BaseAgent:8"]);
    expect(await orchestrated(text, "IdleAgent")).toEqual([]);
  });

  it("registers, whatever it is itself", async () => {
    const text = `import * as team from "./agents/index.js";
const { Planner } = team;
export class AgentRegistry {
  register(agent: object) {}
  fill() {
    this.register(new team.Planner());
    this.register(team.Scribe);
    return Planner.shared();
  }
}`;
    expect(await orchestrated(text, "AgentRegistry")).toEqual([
      "registers Planner:6",
      "constructs Planner:6",
      "registers WriterAgent:7",
      "calls Planner:8",
    ]);
  });

  it("may be JavaScript", async () => {
    const index = await indexFiles({
      "a.js": `class TaxAgent { run(task) {} }
class LeadAgent { constructor() { this.tax = new TaxAgent(); } run(task) { return this.tax.run(task); } }
module.exports = { LeadAgent };`,
    });
    expect(named(index, "LeadAgent").orchestrates).toEqual([
      { name: "TaxAgent", file_path: "a.js", how: "constructs", lineno: 2 },
      { name: "TaxAgent", file_path: "a.js", how: "calls", lineno: 2 },
    ]);
  });

  it("is neither itself, nor what is no agent, nor of a package", async () => {
    const text = `import { Agent } from "agents";
class AgentConfig { load() {} }
export class LeadAgent extends Agent {
  config = new AgentConfig();
  run(task: string) { this.config.load(); new Agent(); return new LeadAgent(); }
}`;
    expect(await orchestrated(text, "LeadAgent")).toEqual([]);
  });
});

it("classes in comments, strings, built output and declarations are not listed", async () => {
  const text = "export class TaxAgent { run(task) {} }";
  const index = await indexFiles({
    "comment.ts": `// ${text}\n/* ${text}\n${text} */\nexport const none = 1;`,
    "string.ts": `export const a = "${text}", b = \`\n${text}\n\`, c = /class RegexAgent {/;`,
    "dist/tax.js": text,
    "packages/a/dist/tax.js": text,
    "build/tax.js": text,
    "types.d.ts": "export declare class TaxAgent { run(task: string): void }",
    "ambient.ts": "declare class TaxAgent { run(task: string): void }\nexport {};",
  });
  expect([index.agents, index.rejected]).toEqual([[], []]);
});
