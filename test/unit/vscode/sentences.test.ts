import { describe, expect, it } from "vitest";
import { statusText } from "../../../src/vscode/statusText.ts";
import { parseFilter } from "../../../src/vscode/tree/filter.ts";
import { messageOf, type Situation } from "../../../src/vscode/tree/sentences.ts";
import { row } from "../../../src/vscode/tree/node.ts";
import { record } from "./record.ts";

const quiet: Situation = {
  tree: { nodes: [row({ kind: "agent", id: "a", label: "A", description: "" })], all: 18, found: 18 },
  view: { grouping: "none", filter: null },
  records: [],
  failure: null,
  stopped: false,
  trusted: true,
};
const message = (fields: Partial<Situation>) => messageOf({ ...quiet, ...fields });

describe("The Agents view says", () => {
  it("how many there are, and how many of them are migrated", () => {
    const agents = [
      record({ name: "A" }),
      record({ name: "B", migrated: true }),
      record({ name: "BAdapter", adapts: "B" }),
    ];
    expect(message({ records: [] })).toBe("");
    expect(message({ records: agents.slice(0, 1) })).toBe("1 agent.");
    expect(message({ records: agents })).toBe("2 agents, 1 migrated.");
  });

  it("that it may not show everything after indexing was stopped", () => {
    expect(message({ records: [record({ name: "A" })], stopped: true })).toBe(
      "Indexing was stopped, so not everything may be shown: Refresh looks again. 1 agent.",
    );
  });

  it("what it is filtered by, and that the workspace is restricted", () => {
    const view = { grouping: "none", filter: parseFilter("has:tool -is:test") } as const;
    const tree = { ...quiet.tree, found: 3 };
    expect(message({ view, tree })).toBe("Filtered by “has:tool -is:test” (3 of 18).");
    expect(message({ view, tree, trusted: false })).toBe(
      "Filtered by “has:tool -is:test” (3 of 18). Restricted Mode: agents can be browsed, not run or migrated.",
    );
  });

  it("why indexing failed", () => {
    expect(message({ failure: "There is no folder /w." })).toBe("There is no folder /w.");
  });

  it("nothing where there are no rows: a text stands in their place, and would not be shown", () => {
    const tree = { nodes: [], all: 18, found: 0 };
    const view = { grouping: "none", filter: parseFilter("x") } as const;
    expect(message({ tree, view, failure: "There is no folder /w.", trusted: false })).toBe("");
  });
});

describe("The status bar says", () => {
  it.each([
    ["idle", 0, null, null],
    ["indexing", 0, null, { text: "$(loading~spin) Agents", label: "Looking for agents" }],
    [
      "indexing",
      3,
      { done: 1, total: 3 },
      { text: "$(loading~spin) Agents 33 %", label: "Looking for agents: 1 of 3 files" },
    ],
    [
      "indexing",
      3,
      { done: 40, total: 0 },
      { text: "$(loading~spin) Agents", label: "Looking for agents: 40 files found" },
    ],
    ["ready", 1, null, { text: "$(robot) 1 agent", label: "1 agent in this workspace" }],
    ["ready", 0, null, { text: "$(robot) 0 agents", label: "0 agents in this workspace" }],
    ["stopped", 0, null, { text: "$(circle-slash) Agents", label: "Looking for agents was stopped" }],
    ["failed", 0, null, { text: "$(error) Agents", label: "Looking for agents failed: Gone." }],
  ] as const)("%s, %d", (state, agents, progress, said) => {
    expect(statusText({ state, agents, progress, failure: "Gone." })).toEqual(said);
  });
});
