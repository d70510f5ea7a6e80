import { describe, expect, it } from "vitest";
import type { AgentTool } from "../../../src/model/agentTools.ts";
import {
  mayHaveTools,
  toolDescription,
  toolTooltip,
  usedText,
  usesText,
} from "../../../src/vscode/tools/toolText.ts";
import { record } from "./record.ts";

const tool: AgentTool = {
  ...{ name: "search", description: "Searches", parameters: null, requiredCapabilities: [] },
  ...{ origin: { kind: "own" }, refusal: null },
};
const calls = { name: "search", calls: 4, failures: 1, refusals: 2, durationMs: 10, lastError: "no shelf" };

describe("An agent has a row of its own in the Tools view", () => {
  const capability = { name: "tool_usage", own: true, method: "callTool", file_path: "a.ts", lineno: 1 };
  const base = { name: "BaseAgent", file_path: null, module: "opsvi-agents" };

  it("where it calls tools, may register some, or is made already", () => {
    expect(mayHaveTools(record({ name: "A", exported: "A", capabilities: [capability] }))).toBe(true);
    expect(mayHaveTools(record({ name: "A", exported: "A", base_chain: [base] }))).toBe(true);
    expect(mayHaveTools(record({ name: "A", exported: "a", kind: "instance" }))).toBe(true);
  });

  it("but not where it has nothing to do with tools, or cannot be made", () => {
    expect(mayHaveTools(record({ name: "A", exported: "A" }))).toBe(false);
    expect(
      mayHaveTools(record({ name: "A", exported: "a", kind: "instance", framework: "@openai/agents" })),
    ).toBe(false);
    expect(
      mayHaveTools(record({ name: "BaseAgent", exported: "BaseAgent", capabilities: [capability] })),
    ).toBe(false);
    expect(mayHaveTools(record({ name: "A", exported: null, capabilities: [capability] }))).toBe(false);
    expect(
      mayHaveTools(record({ name: "A", exported: "A", capabilities: [capability], abstract: true })),
    ).toBe(false);
  });
});

describe("The row of a tool", () => {
  it("says how it was used, where it is from and whether it may be called", () => {
    expect(usedText(undefined)).toBe("not used yet");
    expect(usedText(calls)).toBe("used 4 times, 1 failed, 2 refused");
    expect(usedText({ ...calls, calls: 0, failures: 0 })).toBe("2 refused");
    expect(toolDescription(tool, undefined)).toBe("not used yet");
    expect(toolDescription({ ...tool, origin: { kind: "shared" } }, calls)).toBe(
      "used 4 times, 1 failed, 2 refused · shared",
    );
    expect(toolDescription({ ...tool, origin: { kind: "field", name: "tools" } }, undefined)).toBe(
      "not used yet · in tools",
    );
    expect(toolDescription({ ...tool, origin: { kind: "file", path: "src/t.ts" } }, undefined)).toBe(
      "not used yet · src/t.ts",
    );
    expect(toolDescription({ ...tool, refusal: "why" }, undefined)).toBe("not used yet · may not be called");
    expect(toolDescription(null, { ...calls, calls: 1, failures: 0, refusals: 0 })).toBe(
      "used 1 time · not registered now",
    );
  });

  it("tells the rest on hover", () => {
    const parameters = { type: "object", properties: { words: {}, since: {} }, required: ["words"] };
    const closed = { ...tool, parameters, requiredCapabilities: ["web"], refusal: "it needs web" };
    expect(toolTooltip("search", closed, calls)).toEqual([
      "search: Searches",
      "Takes words, since?",
      "Needs web",
      "May not be called: it needs web.",
      "Took 3 ms on average",
      "Last error: no shelf",
    ]);
    expect(toolTooltip("search", { ...tool, description: "" }, undefined)).toEqual([
      "search",
      "Takes anything: its parameters are not described",
    ]);
    expect(toolTooltip("search", { ...tool, parameters: { type: "string" } }, undefined)[1]).toBe(
      "Takes string",
    );
    expect(toolTooltip("gone", null, undefined)).toEqual(["gone"]);
  });

  it("is summed in that of its agent", () => {
    expect(usesText([])).toBe("");
    expect(usesText([{ ...calls, calls: 0 }])).toBe("");
    expect(usesText([calls, { ...calls, failures: 0 }])).toBe("8 calls, 1 failed");
  });
});
