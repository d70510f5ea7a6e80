import { describe, expect, it } from "vitest";
import { rootNodes, type Node } from "../../../src/vscode/tree/nodes.ts";
import { record, snapshot } from "./record.ts";

/** The tree as text: two spaces a level. */
function picture(nodes: Node[], depth = 0): string[] {
  return nodes.flatMap((node) => [
    `${"  ".repeat(depth)}${node.label} — ${node.description}`,
    ...picture(node.children(), depth + 1),
  ]);
}

const research = record({
  name: "ResearchAgent",
  lineno: 12,
  base_chain: [
    { name: "BaseAgent", file_path: "src/base.ts", module: null },
    { name: "EventEmitter", file_path: null, module: "node:events" },
    { name: "Gone", file_path: null, module: null },
  ],
  inherited_methods: [{ name: "onStart", from: "BaseAgent", file_path: "src/base.ts", params: [] }],
  capabilities: [
    { name: "task_execution", own: true, method: "execute", file_path: "src/ResearchAgent.ts", lineno: 20 },
    { name: "lifecycle", own: false, method: "onStart", file_path: "src/base.ts", lineno: 7 },
  ],
});

describe("The tree of agents", () => {
  it("shows capabilities with their proof, then the chain of base classes", () => {
    const nodes = rootNodes([{ name: "w", root: "/w", snapshot: snapshot([research]) }]);
    expect(picture(nodes)).toEqual([
      "ResearchAgent — src/ResearchAgent.ts",
      "  task_execution — execute · line 20",
      "  lifecycle — onStart · inherited from BaseAgent",
      "  BaseAgent — extends · src/base.ts",
      "  EventEmitter — which extends · from node:events",
      "  Gone — which extends · not found in this workspace",
    ]);
  });

  it("shows an adapter under its class, and on its own where the class is unknown", () => {
    const agents = [
      record({ name: "B", migrated: true }),
      record({ name: "BAdapter", file_path: "src/B.ts", lineno: 30, adapts: "B" }),
      record({ name: "LostAdapter", adapts: "Lost" }),
    ];
    expect(picture(rootNodes([{ name: "w", root: "/w", snapshot: snapshot(agents) }]))).toEqual([
      "B — src/B.ts · migrated",
      "  BAdapter — adapter · line 30",
      "LostAdapter — src/LostAdapter.ts",
    ]);
  });

  it("prefers the class in the adapter's own file", () => {
    const agents = [
      record({ name: "A", file_path: "one.ts" }),
      record({ name: "A", file_path: "two.ts" }),
      record({ name: "AAdapter", file_path: "two.ts", lineno: 9, adapts: "A" }),
    ];
    expect(picture(rootNodes([{ name: "w", root: "/w", snapshot: snapshot(agents) }]))).toEqual([
      "A — one.ts",
      "A — two.ts",
      "  AAdapter — adapter · line 9",
    ]);
  });

  it("has folder rows only for several folders", () => {
    const nodes = rootNodes([
      { name: "one", root: "/one", snapshot: snapshot([record({ name: "A" })]) },
      { name: "two", root: "/two", snapshot: null },
    ]);
    expect(picture(nodes)).toEqual(["one — 1 agent", "  A — src/A.ts", "two — "]);
    expect(nodes[0]?.children()[0]?.parent).toBe(nodes[0]);
  });

  it("gives every row an id of its own that survives edits above it", () => {
    const before = [record({ name: "A" }), record({ name: "A", lineno: 5 }), record({ name: "", lineno: 8 })];
    const after = before.map((agent) => ({ ...agent, lineno: agent.lineno + 3 }));
    const ids = (agents: typeof before) =>
      rootNodes([{ name: "w", root: "/w", snapshot: snapshot(agents) }]).map(({ id }) => id);
    expect(new Set(ids(before)).size).toBe(3);
    expect(ids(after)).toEqual(ids(before));
  });
});
