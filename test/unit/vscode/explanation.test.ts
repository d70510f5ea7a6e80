import { describe, expect, it } from "vitest";
import {
  explain,
  explainUnknown,
  remediesFor,
  type Explanation,
  type Reason,
} from "../../../src/vscode/why/explanation.ts";
import { record } from "./record.ts";

const signs = { for: "+", against: "-", neither: " " };

function picture({ question, verdict, evidence, heritage, capabilities }: Explanation): string[] {
  const line = ({ sign, text, detail, place }: Reason) =>
    `${signs[sign]} ${text} | ${detail} | ${place === null ? "" : `${place.file}:${place.line}`}`;
  return [question, verdict, ...evidence.map(line), ...heritage.map(line), ...capabilities.map(line)];
}

describe("Why a class is an agent", () => {
  it("shows each evidence with its sign and line, then heritage and capabilities", () => {
    const research = record({
      name: "ResearchAgent",
      lineno: 12,
      confidence: 0.98,
      evidence: [
        "extends ToolAgent (src/core/toolAgent.ts)",
        "method executeTask takes a task",
        "method useTool acts (inherited from ToolAgent)",
        "but has no methods: it only holds data",
      ],
      methods: [{ name: "executeTask", lineno: 20, docstring: null, async: true, params: [] }],
      base_chain: [
        { name: "ToolAgent", file_path: "src/core/toolAgent.ts", module: null },
        { name: "EventEmitter", file_path: null, module: "node:events" },
        { name: "Lost", file_path: null, module: null },
      ],
      capabilities: [
        { name: "tool_usage", own: false, method: "useTool", file_path: "src/core/toolAgent.ts", lineno: 4 },
        { name: "streaming", own: false, method: "stream", file_path: "", lineno: 40 },
      ],
    });
    expect(picture(explain(research, (_, name) => (name === "ToolAgent" ? 3 : null)))).toEqual([
      "Why is ResearchAgent an agent?",
      "An agent, 98 % sure",
      "+ extends ToolAgent (src/core/toolAgent.ts) |  | src/ResearchAgent.ts:12",
      "+ method executeTask takes a task |  | src/ResearchAgent.ts:20",
      "+ method useTool acts (inherited from ToolAgent) |  | src/core/toolAgent.ts:4",
      "- has no methods: it only holds data |  | src/ResearchAgent.ts:12",
      "  extends ToolAgent | src/core/toolAgent.ts | src/core/toolAgent.ts:3",
      "  which extends EventEmitter | from node:events | ",
      "  which extends Lost | not found in this workspace | ",
      "  tool_usage | useTool() · inherited, src/core/toolAgent.ts | src/core/toolAgent.ts:4",
      "  streaming | stream() · inherited | ",
    ]);
  });

  it("turns the signs round where it is none", () => {
    const registry = record({
      name: "AgentRegistry",
      role: "not",
      confidence: 0.88,
      evidence: ["not an agent: the name says registry, not agent", "but method run acts"],
    });
    expect(picture(explain(registry, () => null))).toEqual([
      "Why is AgentRegistry not an agent?",
      "Not an agent, 88 % sure",
      "- the name says registry, not agent |  | src/AgentRegistry.ts:1",
      "+ method run acts |  | src/AgentRegistry.ts:1",
    ]);
  });

  it.each([
    [{ role: "orchestrator" }, "Why is X an orchestrator?", "An orchestrator, 100 % sure"],
    [{ kind: "instance" }, "Why is X an agent?", "An agent (instance), 100 % sure"],
    [{ adapts: "Y" }, "Why is X an agent?", "An adapter for Y"],
  ] as const)("%j", (fields, question, verdict) => {
    expect(explain(record({ name: "X", ...fields }), () => null)).toMatchObject({ question, verdict });
  });

  it("says of a class that was passed over that nothing speaks of agents", () => {
    expect(picture(explainUnknown("Basket", { file: "src/basket.ts", line: 7 }))).toEqual([
      "Why is Basket not an agent?",
      "Not an agent: it was not considered",
      "- neither its name nor its heritage speaks of agents |  | src/basket.ts:7",
      "- methods alone make no agent |  | src/basket.ts:7",
    ]);
  });

  it("names how to decide otherwise", () => {
    expect(remediesFor({ role: "not" }).map(({ text }) => text)).toEqual([
      "Write @agent in its comment",
      "opsviAgents.index.agentNames",
      "opsviAgents.index.agentBases",
    ]);
    expect(remediesFor({ role: "agent" }).map(({ text }) => text)).toEqual([
      "Write @notAgent in its comment",
      "opsviAgents.index.notAgentNames",
    ]);
  });
});
