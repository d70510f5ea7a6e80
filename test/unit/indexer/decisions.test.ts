import { describe, expect, it } from "vitest";
import { WorkspaceIndex } from "../../../src/indexer/workspaceIndex.ts";
import type { AgentRecord } from "../../../src/model/agentRecord.ts";
import { noSettings } from "../../../src/model/indexSettings.ts";
import { everything, indexFiles, indexWith, named, never, project } from "./project.ts";

const told = ({ role, evidence }: AgentRecord): string => `${role}: ${evidence.join("; ")}`;

describe("a comment", () => {
  it("makes an agent of any class, even of an error", async () => {
    const index = await indexFiles({
      "a.ts": `/** @agent */
export class Oracle extends Error { answer(question: string) {} }
// @agent
class Seer {}
/* @agent */ class Witch {}`,
    });
    expect(index.agents.map(told)).toEqual(
      ["agent: marked @agent", "agent: marked @agent", "agent: marked @agent"].map((text, at) =>
        at === 0 ? `${text}; method answer takes a question; but extends Error` : text,
      ),
    );
  });

  it("keeps any class from being one, whatever it extends", async () => {
    const index = await indexFiles({
      "a.ts": `export class BaseAgent { run(task: string) {} }
/**
 * Helps.
 * @notAgent
 */
export class HelperAgent extends BaseAgent {}
export class TaxAgent extends HelperAgent {}`,
    });
    expect(told(named(index, "HelperAgent"))).toMatch(/^not: not an agent: marked @notAgent; /);
    expect(named(index, "HelperAgent").confidence).toBe(1);
    expect(named(index, "TaxAgent").role).toBe("agent");
  });

  it("decides only where it is one, and stands right before the class", async () => {
    const index = await indexFiles({
      "a.ts": `const mark = "/** @agent */"; class Text { run(task: string) {} }
class Quoted { note = \`
// @agent
class Inner { run(task: string) {} }\`; }
/** @agent */
const other = 1;
class Neighbour { run(task: string) {} }
class TaxAgent { /** @notAgent */ run(task: string) {} text = "@notAgent"; }`,
    });
    expect(everything(index).map(({ name, role }) => `${name} ${role}`)).toEqual(["TaxAgent agent"]);
  });
});

describe("the settings", () => {
  const files = {
    "src/workers.ts": `export class MailWorker { post(letter: string) {} }
export class WorkerPool {}
export class Sorter extends MailWorker {}
export class OldAgent { run(task: string) {} }`,
    "src/deep.ts": 'import { Sorter } from "./workers.js";\nexport class Deep extends Sorter {}',
    "src/legacy.ts": `import { Pipeline } from "pipelines";
export class Nightly extends Pipeline { start() {} }`,
  };

  it("change nothing where they are empty", async () => {
    expect(everything(await indexWith({}, files)).map(({ name }) => name)).toEqual(["OldAgent"]);
  });

  it("name agents, and their heirs are agents", async () => {
    const index = await indexWith({ agentNames: ["*Worker"] }, files);
    expect(index.agents.map((record) => `${record.name} ${told(record)}`)).toEqual([
      "Deep agent: extends Sorter (src/workers.ts)",
      "MailWorker agent: the name matches *Worker of opsviAgents.index.agentNames",
      "Sorter agent: extends MailWorker (src/workers.ts)",
      "OldAgent agent: name ends in Agent; method run takes a task",
    ]);
  });

  it("name what is none, before all other rules", async () => {
    const index = await indexWith({ agentNames: ["Old*"], notAgentNames: ["OldAgent"] }, files);
    expect(told(named(index, "OldAgent"))).toBe(
      "not: not an agent: the name matches OldAgent of opsviAgents.index.notAgentNames; but method run takes a task; but name ends in Agent",
    );
  });

  it("yield to a comment", async () => {
    const index = await indexWith(
      { notAgentNames: ["*"] },
      { "a.ts": "/** @agent */\nexport class Oracle {}" },
    );
    expect(told(named(index, "Oracle"))).toBe("agent: marked @agent");
  });

  it("name bases, of packages and of the workspace", async () => {
    const index = await indexWith({ agentBases: ["Pipeline", "MailWorker"] }, files);
    expect(index.agents.map((record) => `${record.name} ${told(record)}`)).toEqual([
      "Deep agent: extends Sorter (src/workers.ts)",
      "Nightly agent: extends Pipeline of pipelines, one of opsviAgents.index.agentBases",
      "MailWorker agent: is one of opsviAgents.index.agentBases",
      "Sorter agent: extends MailWorker (src/workers.ts), one of opsviAgents.index.agentBases",
      "OldAgent agent: name ends in Agent; method run takes a task",
    ]);
  });

  it("add method names to a capability, own and inherited", async () => {
    const index = await indexWith(
      { agentNames: ["MailWorker"], capabilities: { task_execution: ["post"], memory_access: ["*Letters"] } },
      {
        "a.ts": `export class MailWorker { post(letter: string) {} keepLetters() {} keepLettersNot() {} }
export class Sorter extends MailWorker {}`,
      },
    );
    expect(named(index, "MailWorker").evidence).toContain("method post takes a letter");
    for (const [name, own] of [
      ["MailWorker", true],
      ["Sorter", false],
    ] as const) {
      expect(named(index, name).capabilities).toEqual([
        { name: "task_execution", own, method: "post", file_path: "a.ts", lineno: 1 },
        { name: "memory_access", own, method: "keepLetters", file_path: "a.ts", lineno: 1 },
      ]);
    }
  });

  it("count from the next snapshot on", async () => {
    const index = new WorkspaceIndex(project(files), () => undefined);
    expect((await index.snapshot(never)).agents.map(({ name }) => name)).toEqual(["OldAgent"]);
    index.configure({ ...noSettings, agentNames: ["Nightly"] });
    expect((await index.snapshot(never)).agents.map(({ name }) => name)).toEqual(["Nightly", "OldAgent"]);
    index.configure(noSettings);
    expect((await index.snapshot(never)).agents.map(({ name }) => name)).toEqual(["OldAgent"]);
  });
});
