import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AgentRecord, toLine } from "../../../../src/model/agentRecord.ts";
import { linesOf } from "../../../../src/runtime/registry/lines.ts";
import { type DiscoveredAgent, discoverAgents, StoreError } from "../../../../src/runtime/index.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "discover-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function written(content: string | Uint8Array): string {
  const path = join(folder, "agent_architecture.jsonl");
  writeFileSync(path, content);
  return path;
}

/** A line as other programs write it. */
const foreign = (data: Record<string, unknown>, envelope: Record<string, unknown> = {}): string =>
  JSON.stringify({
    type: "collector_item",
    parent_collector: "AgentArchitectureCollector",
    item_type: "agent_class",
    ...envelope,
    data: { name: "A", file_path: "a.py", lineno: 1, bases: [], methods: [], docstring: null, ...data },
  });

function only(line: string): DiscoveredAgent {
  const { agents, warnings } = discoverAgents(written(line));
  expect(warnings).toEqual([]);
  expect(agents).toHaveLength(1);
  return agents[0] as DiscoveredAgent;
}

const record: AgentRecord = {
  name: "SearchAgent",
  file_path: "src/search.ts",
  lineno: 7,
  end_line: 40,
  bases: ["Base"],
  methods: [
    {
      name: "run",
      lineno: 9,
      docstring: "Runs.",
      async: true,
      params: [{ name: "task", type: "Task", optional: false }],
    },
  ],
  docstring: "Searches.",
  agent_type: "research",
  language: "typescript",
  kind: "class",
  framework: null,
  orchestrates: [],
  exported: "SearchAgent",
  abstract: false,
  constructor_params: [{ name: "url", type: "string", optional: true }],
  base_chain: [{ name: "Base", file_path: "src/base.ts", module: null }],
  inherited_methods: [{ name: "stop", from: "Base", file_path: "src/base.ts", params: [] }],
  capabilities: [
    { name: "task_execution", own: true, method: "run", file_path: "src/search.ts", lineno: 9 },
    { name: "lifecycle", own: false, method: "stop", file_path: "src/base.ts", lineno: 2 },
    { name: "lifecycle", own: false, method: "start", file_path: "src/base.ts", lineno: 3 },
  ],
  role: "agent",
  test: false,
  confidence: 0.9,
  evidence: ["the name ends with Agent"],
  migrated: true,
  adapts: null,
};

describe("discovering agents", () => {
  it("reads all that our own index tells", () => {
    expect(only(JSON.stringify(toLine(record)))).toEqual({
      name: "SearchAgent",
      file: "src/search.ts",
      line: 7,
      language: "typescript",
      agentType: "research",
      docstring: "Searches.",
      bases: ["Base"],
      methods: [
        {
          name: "run",
          line: 9,
          docstring: "Runs.",
          async: true,
          params: [{ name: "task", type: "Task", optional: false }],
        },
      ],
      capabilities: ["task_execution", "lifecycle"],
      isAgent: true,
      reason: null,
      exported: "SearchAgent",
      abstract: false,
      constructorParams: [{ name: "url", type: "string", optional: true }],
      test: false,
      migrated: true,
      adapts: null,
    });
    const not = { ...record, role: "not" as const, evidence: ["it extends Error", "it has no methods"] };
    expect(only(JSON.stringify(toLine(not)))).toMatchObject({
      isAgent: false,
      reason: "it extends Error; it has no methods",
    });
    expect(only(JSON.stringify(toLine({ ...not, evidence: [] })))).toMatchObject({
      isAgent: false,
      reason: "the index says that it is none",
    });
    expect(only(JSON.stringify(toLine({ ...record, bases: ["Error"], role: "orchestrator" }))).isAgent).toBe(
      true,
    );
  });

  it("reads what other programs tell, and what method names prove", () => {
    const line = foreign({
      name: "Helper",
      file_path: "agents\\helper.py",
      bases: ["BaseAgent"],
      methods: [
        { name: "__init__", lineno: 3, docstring: null },
        { name: "execute_task", lineno: 5, docstring: "Does it." },
        "initialize",
      ],
      agent_type: "bot",
    });
    expect(only(line)).toEqual({
      name: "Helper",
      file: "agents/helper.py",
      line: 1,
      language: "python",
      agentType: "bot",
      docstring: null,
      bases: ["BaseAgent"],
      methods: [
        { name: "__init__", line: 3, docstring: null, async: null, params: null },
        { name: "execute_task", line: 5, docstring: "Does it.", async: null, params: null },
        { name: "initialize", line: 0, docstring: null, async: null, params: null },
      ],
      capabilities: ["task_execution", "lifecycle"],
      isAgent: true,
      reason: null,
      exported: null,
      abstract: false,
      constructorParams: null,
      test: false,
      migrated: false,
      adapts: null,
    });
  });

  it("takes what is of the wrong type as not told", () => {
    const line = foreign({
      lineno: "x",
      bases: "Base",
      methods: [
        { lineno: 1 },
        7,
        { name: "run", lineno: -1, docstring: 3, async: "no", params: [{}, { name: "a" }] },
      ],
      capabilities: ["search", 3, { name: "plan" }],
      docstring: {},
      agent_type: 5,
      abstract: 1,
      constructor_params: "none",
      language: null,
      role: [],
    });
    expect(only(line)).toMatchObject({
      line: 0,
      bases: [],
      methods: [
        {
          name: "run",
          line: 0,
          docstring: null,
          async: null,
          params: [{ name: "a", type: "", optional: false }],
        },
      ],
      capabilities: ["search", "plan"],
      docstring: null,
      agentType: "general",
      abstract: false,
      constructorParams: [],
    });
  });

  it.each([
    ["a.TSX", "typescript"],
    ["b/c.mjs", "javascript"],
    ["d.pyi", "python"],
    ["e.constructor", "unknown"],
    ["f.rb", "unknown"],
    ["noextension", "unknown"],
  ])("tells the language of %s: %s", (file_path, language) => {
    expect(only(foreign({ file_path })).language).toBe(language);
  });

  it.each([
    [["enum.Enum"], [], "it is an enum: it extends Enum"],
    [["str", "IntEnum"], ["label"], "it is an enum: it extends IntEnum"],
    [["BraveMCPError"], [], "it is an exception: it extends BraveMCPError"],
    [["Exception"], ["run"], "it is an exception: it extends Exception"],
    [["pydantic.BaseModel"], ["validate"], "it is a data model: it extends BaseModel"],
    [["BaseModel"], ["execute_task"], null],
    [["Protocol[T]"], ["run"], "it is a protocol: it extends Protocol"],
    [["TypedDict"], [], "it is a data type: it extends TypedDict"],
    [["unittest.TestCase"], ["test_run"], "it is a test: it extends TestCase"],
    [[], [], "it has no methods"],
    [["ABC", "Generic[T]"], [], "it has no methods"],
    [["ABC"], ["run"], null],
    [["BaseAgent"], [], null],
    [["BaseModelRouter"], ["route"], null],
    [["FeatureFlags"], ["run"], null],
  ])("of bases %j and methods %j says: %s", (bases, methods, reason) => {
    expect(only(foreign({ bases, methods }))).toMatchObject({ isAgent: reason === null, reason });
  });

  it("skips, counts and names lines that cannot be read", () => {
    const path = written(
      [
        foreign({ name: "First" }),
        "{ torn",
        "",
        "[]",
        "null",
        '{"item_type":"agent_class"}',
        foreign({ name: 5 }),
        foreign({ file_path: "" }),
        '{"item_type":"other_thing","data":{}}',
        foreign({ name: "Last" }),
      ].join("\n"),
    );
    const found = discoverAgents(path);
    expect(found.agents.map(({ name }) => name)).toEqual(["First", "Last"]);
    expect(found).toMatchObject({ lines: 9, skipped: 6 });
    expect(found.warnings).toEqual([
      `Line 2 of ${path} was skipped: it is not JSON.`,
      `Line 4 of ${path} was skipped: it is not a line of an index.`,
      `Line 5 of ${path} was skipped: it is not a line of an index.`,
      `Line 6 of ${path} was skipped: its data is missing or of the wrong type.`,
      `Line 7 of ${path} was skipped: its data.name is missing or of the wrong type.`,
      `Line 8 of ${path} was skipped: its data.file_path is missing or of the wrong type.`,
    ]);
    expect(discoverAgents(path, { mostWarnings: 5 }).warnings[5]).toBe(
      `1 more line of ${path} cannot be read.`,
    );
    expect(discoverAgents(path, { mostWarnings: 0 }).warnings).toEqual([
      `6 more lines of ${path} cannot be read.`,
    ]);
  });

  it("takes names of prototypes as ordinary names", () => {
    const line = foreign({ name: "__proto__", bases: ["constructor"], methods: ["__proto__", "toString"] });
    expect(only(line.replace('"lineno":1', '"lineno":1,"__proto__":{"polluted":true}'))).toMatchObject({
      name: "__proto__",
      bases: ["constructor"],
    });
    expect({}).not.toHaveProperty("polluted");
  });

  it("keeps what the filter answers true for, and closes the file where it throws", () => {
    const path = written(["A", "B", "C"].map((name) => foreign({ name })).join("\n"));
    const { agents, lines } = discoverAgents(path, { filter: ({ name }) => name !== "B" });
    expect(agents.map(({ name }) => name)).toEqual(["A", "C"]);
    expect(lines).toBe(3);
    const open = () => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);
    const before = open();
    const failing = () => {
      throw new Error("the filter's own");
    };
    expect(() => discoverAgents(path, { filter: failing })).toThrow("the filter's own");
    expect(open()).toBe(before);
  });

  it("says what to do where there is no index", () => {
    const path = join(folder, "none.jsonl");
    expect(() => discoverAgents(path)).toThrow(
      new StoreError(
        `There is no index at ${path}: make it with "opsvi-agents index DIR --write", which writes DIR/.proj-intel/agent_architecture.jsonl.`,
      ),
    );
    mkdirSync(path);
    expect(() => discoverAgents(path)).toThrow(
      new StoreError(`The index ${path} cannot be read: it is a folder.`),
    );
  });

  it.skipIf(process.platform === "win32")("does not wait for a pipe", () => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    expect(() => discoverAgents(path)).toThrow(
      new StoreError(`The index ${path} cannot be read: it is not a regular file.`),
    );
  });

  it("reads a line that is longer than what is read at once, and skips one that is far too long", () => {
    const long = foreign({ name: "Long", docstring: "ä".repeat(400_000) });
    const path = written([long, "x".repeat(9 * 2 ** 20), foreign({ name: "After" })].join("\n"));
    const { agents, warnings } = discoverAgents(path);
    expect(agents.map(({ name }) => name)).toEqual(["Long", "After"]);
    expect(agents[0]?.docstring).toBe("ä".repeat(400_000));
    expect(warnings).toEqual([`Line 2 of ${path} was skipped: it is longer than 8 MiB.`]);
  });
});

describe("the lines of a file", () => {
  it("are what splitting the whole text gives", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 20 }),
      fc.constantFrom("\n", "\r\n", "\n\n", "\r", "\uFEFF", "ä".repeat(131_072), "x".repeat(262_143)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        const expected = text
          .replace(/\n$/, "")
          .split("\n")
          .map((line) => line.replace(/\r$/, ""));
        expected[0] = expected[0]?.replace(/^\uFEFF/, "") ?? "";
        const lines = [...linesOf(written(text), 2 ** 20 * 2)];
        expect(lines.map((line) => line.text)).toEqual(text === "" ? [] : expected);
        expect(lines.map((line) => line.number)).toEqual(lines.map((_, index) => index + 1));
      }),
    );
  });
});
