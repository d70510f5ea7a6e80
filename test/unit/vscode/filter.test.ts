import { describe, expect, it } from "vitest";
import { factsOf } from "../../../src/vscode/tree/facts.ts";
import { parseFilter } from "../../../src/vscode/tree/filter.ts";
import { record } from "./record.ts";

const agents = [
  record({
    name: "ResearchAgent",
    file_path: "src/research/deep work/a.ts",
    base_chain: [
      { name: "ToolAgent", file_path: "src/base.ts", module: null },
      { name: "EventEmitter", file_path: null, module: "node:events" },
    ],
    capabilities: [{ name: "tool_usage", own: true, method: "useTool", file_path: "a.ts", lineno: 3 }],
  }),
  record({ name: "ToolAgent", abstract: true }),
  record({ name: "FakeAgent", test: true, exported: null }),
  record({ name: "Dispatcher", role: "orchestrator", migrated: true }),
  record({ name: "helper", kind: "instance" }),
];

/** The names that a filter finds. */
function found(typed: string): string[] {
  const filter = parseFilter(typed);
  return agents.filter((agent) => filter?.matches(factsOf(agent)) ?? true).map(({ name }) => name);
}

describe("A filter", () => {
  it.each([
    ["research", ["ResearchAgent"]],
    ["RESEARCH", ["ResearchAgent"]],
    ["src/Tool", ["ToolAgent"]],
    ["toolagent", ["ResearchAgent", "ToolAgent"]],
    ["tool_usage", ["ResearchAgent"]],
    ["agent research", ["ResearchAgent"]],
    ['"deep work"', ["ResearchAgent"]],
    ['"deep wo', ["ResearchAgent"]],
    ["has:tool", ["ResearchAgent"]],
    ["has:usage", []],
    ["extends:emitter", ["ResearchAgent"]],
    ["extends:Research", []],
    ["is:abstract", ["ToolAgent"]],
    ["is:test", ["FakeAgent"]],
    ["is:migrated", ["Dispatcher"]],
    ["is:legacy", ["ResearchAgent", "FakeAgent"]],
    ["is:orch", ["Dispatcher"]],
    ["is:instance", ["helper"]],
    ["is:class -is:exported", ["FakeAgent"]],
    ["agent -is:test -extends:tool", ["ToolAgent"]],
    ["C++ (", []],
  ])("%s", (typed, names) => {
    expect(found(typed)).toEqual(names);
  });

  it.each(["", "   ", "is:", "has:", "extends:", "-", "-is:", '"'])(
    "finds all while %j is being typed",
    (typed) => {
      expect(found(typed)).toEqual(agents.map(({ name }) => name));
    },
  );

  it("says what `is:` knows where it does not know a word", () => {
    expect(parseFilter("agent -is:Migrated")?.problem).toBe(null);
    expect(parseFilter("is:done tool")?.problem).toBe(
      "is:done is not known. There are: agent, orchestrator, class, instance, factory, abstract, test, exported, migrated, legacy.",
    );
    expect(found("is:done")).toEqual([]);
  });

  it("keeps what was typed, without the space around it", () => {
    expect(parseFilter("  Is:Test  a ")?.text).toBe("Is:Test  a");
    expect(parseFilter(" ")).toBe(null);
  });
});
