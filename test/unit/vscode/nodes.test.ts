import { describe, expect, it } from "vitest";
import type { AgentRecord } from "../../../src/model/agentRecord.ts";
import type { IndexSnapshot } from "../../../src/model/indexerProtocol.ts";
import { parseFilter } from "../../../src/vscode/tree/filter.ts";
import type { Grouping } from "../../../src/vscode/tree/grouping.ts";
import { sayTheSame, type FolderAgents } from "../../../src/vscode/tree/listing.ts";
import type { Node } from "../../../src/vscode/tree/node.ts";
import { treeOf } from "../../../src/vscode/tree/nodes.ts";
import { record, snapshot } from "./record.ts";

const rootNodes = (folders: FolderAgents[]) => treeOf(folders, { grouping: "none", filter: null }).nodes;
const folderOf = (agents: AgentRecord[], name = "w"): FolderAgents => ({
  name,
  root: `/${name}`,
  snapshot: snapshot(agents),
});

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

it("Trees say the same where they are made of the same records", () => {
  const one = folderOf([research]);
  const say = (other: FolderAgents) => sayTheSame([one], [other]);
  const like = (fields: Partial<IndexSnapshot>): FolderAgents => ({
    ...one,
    snapshot: { ...snapshot([research]), ...fields },
  });
  expect(say(like({ durationMs: 7, files: 9 }))).toBe(true);
  const others: Partial<IndexSnapshot>[] = [
    { agents: [{ ...research }] },
    { agents: [research, research] },
    { rejected: [research] },
    { notes: ["unreadable"] },
  ];
  for (const other of others) expect(say(like(other))).toBe(false);
  expect(say({ ...one, name: "v" })).toBe(false);
  expect(say({ ...one, snapshot: null })).toBe(false);
  expect(sayTheSame([one], [one, folderOf([], "v")])).toBe(false);
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

describe("The tree in groups", () => {
  const capability = (name: string) => ({ name, own: true, method: name, file_path: "a.ts", lineno: 1 });
  const base = (name: string) => ({ name, file_path: "src/base.ts", module: null });
  const agents = [
    record({
      name: "Billing",
      file_path: "src/billing/a.ts",
      migrated: true,
      base_chain: [base("Worker"), base("Root")],
      capabilities: [capability("tool_usage"), capability("task_execution")],
    }),
    record({ name: "BillingAdapter", file_path: "src/billing/a.ts", lineno: 30, adapts: "Billing" }),
    record({ name: "Clerk", file_path: "src/billing/b.ts", capabilities: [capability("own_invention")] }),
    record({ name: "Root", file_path: "main.ts", abstract: true }),
    record({ name: "Talk", file_path: "src/talk.ts", kind: "instance", base_chain: [base("Root")] }),
  ];
  /** Groups, and the agents in them. */
  const grouped = (grouping: Grouping, typed = "") =>
    treeOf([folderOf(agents)], { grouping, filter: parseFilter(typed) }).nodes.flatMap((group) => [
      `${group.label} — ${group.description}`,
      ...group.children().map(({ label, description }) => `  ${label} — ${description}`),
    ]);

  it("by folder: the rows name the file alone", () => {
    expect(grouped("folder")).toEqual([
      ". — 1 agent",
      "  Root — main.ts",
      "src — 1 agent",
      "  Talk — talk.ts",
      "src/billing — 2 agents",
      "  Billing — a.ts · migrated",
      "  Clerk — b.ts",
    ]);
  });

  it("by what the class extends directly, those without a base last", () => {
    expect(grouped("base")).toEqual([
      "Root — 1 agent",
      "  Talk — src/talk.ts",
      "Worker — 1 agent",
      "  Billing — src/billing/a.ts · migrated",
      "No base class — 2 agents",
      "  Clerk — src/billing/b.ts",
      "  Root — main.ts",
    ]);
  });

  it("by what the class extends, told apart where bases of one name come from several places", () => {
    const agent = (name: string, file_path: string | null, module: string | null) =>
      record({ name, base_chain: [{ name: "Agent", file_path, module }] });
    const several = [
      agent("A", null, "@openai/agents"),
      agent("B", "src/agent.ts", null),
      agent("C", null, "@openai/agents"),
      agent("D", null, null),
      record({ name: "E", base_chain: [base("Root")] }),
    ];
    const { nodes } = treeOf([folderOf(several)], { grouping: "base", filter: null });
    expect(nodes.map(({ label, description }) => `${label} — ${description}`)).toEqual([
      "Agent — 1 agent · not found in this workspace",
      "Agent — 2 agents · @openai/agents",
      "Agent — 1 agent · src/agent.ts",
      "Root — 1 agent",
    ]);
  });

  it("folded where there are many agents, until something is sought", () => {
    const many = Array.from({ length: 101 }, (_, n) => record({ name: `A${n}` }));
    const opened = (agents: AgentRecord[], typed = "") =>
      treeOf([folderOf(agents)], { grouping: "folder", filter: parseFilter(typed) }).nodes.map(
        ({ open }) => open,
      );
    expect(opened(many)).toEqual([false]);
    expect(opened(many, "a")).toEqual([true]);
    expect(opened(many.slice(1))).toEqual([true]);
  });

  it("by capability: an agent stands under each of its own, in the order of the table", () => {
    expect(grouped("capability")).toEqual([
      "task_execution — 1 agent",
      "  Billing — src/billing/a.ts · migrated",
      "tool_usage — 1 agent",
      "  Billing — src/billing/a.ts · migrated",
      "own_invention — 1 agent",
      "  Clerk — src/billing/b.ts",
      "No capability found — 2 agents",
      "  Root — main.ts",
      "  Talk — src/talk.ts",
    ]);
  });

  it("by migration state", () => {
    expect(grouped("migration")).toEqual([
      "Not migrated — 1 agent",
      "  Clerk — src/billing/b.ts",
      "Migrated — 1 agent",
      "  Billing — src/billing/a.ts · migrated",
      "Abstract — 1 agent",
      "  Root — main.ts",
      "Not to be migrated — 1 agent",
      "  Talk — src/talk.ts",
    ]);
  });

  it("shows of a filter what it finds, with the groups that have any", () => {
    expect(grouped("folder", "is:migrated")).toEqual([
      "src/billing — 1 agent",
      "  Billing — a.ts · migrated",
    ]);
    expect(grouped("capability", "nothing of this name")).toEqual([]);
  });

  it("gives every row an id of its own, the same whatever is filtered", () => {
    const ids = (grouping: Grouping, typed: string) => {
      const all = (nodes: Node[]): string[] => nodes.flatMap((node) => [node.id, ...all(node.children())]);
      return all(treeOf([folderOf(agents)], { grouping, filter: parseFilter(typed) }).nodes);
    };
    for (const grouping of ["none", "folder", "base", "capability", "migration"] as const) {
      const every = ids(grouping, "");
      expect(new Set(every).size).toBe(every.length);
      const some = ids(grouping, "billing");
      expect(some.length).toBeGreaterThan(0);
      expect(every).toEqual(expect.arrayContaining(some));
    }
  });

  it("keeps workspace folders on top, counts what is found in each, and hides those without", () => {
    const folders = [folderOf(agents, "one"), folderOf([record({ name: "Other" })], "two")];
    const tree = treeOf(folders, { grouping: "folder", filter: parseFilter("billing") });
    expect({ all: tree.all, found: tree.found }).toEqual({ all: 5, found: 2 });
    const [one, ...others] = tree.nodes;
    expect(others).toEqual([]);
    expect([one?.label, one?.description]).toEqual(["one", "2 of 4 agents"]);
    const [group] = one?.children() ?? [];
    expect(group?.label).toBe("src/billing");
    expect(group?.parent).toBe(one);
    expect(group?.children()[0]?.parent).toBe(group);
  });

  it("tells below the agents what could not be read, unless a filter is set", () => {
    const notes = ["a.ts has a syntax error in line 3.", "The folder b could not be read (EACCES)."];
    const folder = { ...folderOf([]), snapshot: { ...snapshot([record({ name: "A" })]), notes } };
    const shown = (typed: string) =>
      picture(treeOf([folder], { grouping: "none", filter: parseFilter(typed) }).nodes);
    expect(shown("")).toEqual([
      "A — src/A.ts",
      "2 notes — what could not be read",
      "  a.ts has a syntax error in line 3. — ",
      "  The folder b could not be read (EACCES). — ",
    ]);
    expect(shown("A")).toEqual(["A — src/A.ts"]);
  });

  it("says what agents are made with that are no classes, and what the index tells of other languages", () => {
    const triage = record({
      name: "triage",
      kind: "instance",
      file_path: "src/a.ts",
      evidence: ["instance of Agent of @openai/agents", 'named "Triage agent"'],
      base_chain: [{ name: "Agent", file_path: null, module: "@openai/agents" }],
      capabilities: [{ name: "tool_usage", own: true, method: "tools", file_path: "src/a.ts", lineno: 4 }],
    });
    const make = record({ name: "makeAgent", kind: "factory", file_path: "src/a.ts" });
    const foreign = {
      name: "WriterAgent",
      file_path: "agents/writer.py",
      lineno: 0,
      language: "python",
      bases: [],
      capabilities: [],
      docstring: null,
      reason: "It is written in Python.",
    };
    const all = { ...folderOf([]), snapshot: { ...snapshot([triage, make]), foreign: [foreign] } };
    expect(picture(rootNodes([all]))).toEqual([
      "makeAgent — src/a.ts · factory",
      'triage — src/a.ts · instance of Agent of @openai/agents, named "Triage agent"',
      "  tool_usage — tools · line 4",
      "  Agent — made with · from @openai/agents",
      "Other languages — 1 agent, to be browsed only",
      "  WriterAgent — python · agents/writer.py",
    ]);
    const filtered = (typed: string) =>
      treeOf([all], { grouping: "none", filter: parseFilter(typed) }).nodes.map(({ label }) => label);
    expect(filtered("writer")).toEqual(["Other languages"]);
    expect(filtered("triage")).toEqual(["triage"]);
    const only = { ...folderOf([]), snapshot: { ...snapshot([]), foreign: [foreign] } };
    const [row] = rootNodes([only])[0]?.children() ?? [];
    expect([row?.kind, row?.detail, row?.record, row?.place]).toEqual([
      "foreign",
      "It is written in Python.",
      null,
      { root: "/w", file: "agents/writer.py", line: 1, name: "WriterAgent" },
    ]);
  });
});
