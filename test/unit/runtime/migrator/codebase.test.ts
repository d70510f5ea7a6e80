import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  AgentMigrator,
  AgentRegistry,
  type CodebaseOptions,
  type DiscoveredAgent,
  MemoryCheckpointStore,
  type MigrationReport,
  StoreError,
} from "../../../../src/runtime/index.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "migrator-")));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

type Line = Record<string, unknown> & { name: string; file_path: string };

function index(...lines: Line[]): void {
  const text = lines.map((data) =>
    JSON.stringify({
      type: "collector_item",
      parent_collector: "AgentArchitectureCollector",
      item_type: "agent_class",
      file_path: data.file_path,
      name: data.name,
      valid: true,
      data: {
        lineno: 1,
        bases: [],
        methods: [{ name: "run", lineno: 2, docstring: null }],
        docstring: null,
        agent_type: "general",
        ...data,
      },
    }),
  );
  write(".proj-intel/agent_architecture.jsonl", `${text.join("\n")}\n`);
}

const migrate = (options: CodebaseOptions = {}, migrator = new AgentMigrator()) =>
  migrator.migrateCodebase({ root, ...options });

/** `status: reason` by class. */
const outcomes = (report: MigrationReport) =>
  report.entries.map(({ className, status, reason }) => [
    className,
    reason === null ? status : `${status}: ${reason}`,
  ]);

const addsUp = ({ total, migrated, skipped, failed, entries }: MigrationReport) => {
  expect(migrated + skipped + failed).toBe(total);
  expect(entries).toHaveLength(total);
};

describe("a codebase", () => {
  it("is loaded, wrapped, registered and logged, class by class", async () => {
    write("src/agents.mjs", `export class Mailer { run(task) { return "mail to " + task.to; } }`);
    write(
      "src/plain.cjs",
      `module.exports = { Counter: class Counter { n = 0; execute() { return ++this.n; } } };`,
    );
    write("src/only.cjs", `module.exports = class Only { handle() { return "only"; } };`);
    write("src/default.mjs", `export default class { run() { return "default"; } }`);
    index(
      { name: "Mailer", file_path: "src/agents.mjs", agent_type: "mail", lineno: 7 },
      { name: "Counter", file_path: "src\\plain.cjs" },
      { name: "Only", file_path: "src/only.cjs" },
      { name: "default", file_path: "src/default.mjs", exported: "default" },
    );
    const told: string[] = [];
    const checkpoints = new MemoryCheckpointStore();
    const migrator = new AgentMigrator({
      adapter: { checkpoints },
      onEntry: ({ className }) => told.push(className),
    });
    const progress: [string | null, number, number][] = [];
    const report = await migrate(
      { onProgress: ({ agent }, done, total) => progress.push([agent, done, total]) },
      migrator,
    );
    expect(report).toMatchObject({
      total: 4,
      migrated: 4,
      skipped: 0,
      failed: 0,
      aborted: false,
      warnings: [],
    });
    expect(report.entries[0]).toMatchObject({
      status: "migrated",
      className: "Mailer",
      file: "src/agents.mjs",
      line: 7,
      agentType: "mail",
      agent: "Mailer",
      capabilities: ["task_execution"],
      reason: null,
    });
    expect(migrator.log).toEqual(report.entries);
    expect(told).toEqual(["Mailer", "Counter", "Only", "default"]);
    expect(progress).toEqual([
      ["Mailer", 1, 4],
      ["Counter", 2, 4],
      ["Only", 3, 4],
      ["default", 4, 4],
    ]);
    const registry = migrator.registry;
    expect(registry.get("Mailer")?.execute({ to: "Ada" })).toMatchObject({ value: "mail to Ada" });
    expect(registry.find({ agentType: "general" }).map(({ metadata }) => metadata.name)).toEqual([
      "Counter",
      "Only",
      "default",
    ]);
    expect(checkpoints.latest("Mailer")).not.toBeNull();
  });

  it("of Python alone is skipped as a whole, and the totals add up", async () => {
    const lines = ["AgentTask", "SDLCAgentTeam", "DesignAgent", "DesignAgent"].map((name) => ({
      name,
      file_path: "agents/sdlc.py",
    }));
    index(...lines);
    const report = await migrate();
    expect(report).toMatchObject({ total: 4, migrated: 0, skipped: 4, failed: 0 });
    for (const { reason } of report.entries)
      expect(reason).toBe("It is written in python: only TypeScript and JavaScript are loaded.");
  });

  it.skipIf(Number(process.versions.node.split(".")[0]) < 24)(
    "may be TypeScript where Node runs it",
    async () => {
      write("a.ts", `export class Typed { run(task: { n: number }): number { return task.n + 1; } }`);
      index({ name: "Typed", file_path: "a.ts" });
      const migrator = new AgentMigrator();
      expect(outcomes(await migrate({}, migrator))).toEqual([["Typed", "migrated"]]);
      expect(migrator.registry.get("Typed")?.execute({ n: 1 })).toMatchObject({
        value: 2,
      });
    },
  );

  it("is loaded by the caller's own loader, where there is one", async () => {
    write("a.ts", "enum X { A }");
    index({ name: "Loaded", file_path: "a.ts" });
    const seen: string[] = [];
    const load = (file: string, { name }: DiscoveredAgent) => {
      seen.push(file);
      return {
        [name]: class Loaded {
          run = () => "loaded";
        },
      };
    };
    expect(outcomes(await migrate({ load }))).toEqual([["Loaded", "migrated"]]);
    expect(seen).toEqual([join(root, "a.ts")]);
  });

  it("may export an instance in place of the class", async () => {
    write("a.mjs", `class Single { run() { return "one"; } }\nexport const single = new Single();`);
    index({ name: "Single", file_path: "a.mjs" });
    const migrator = new AgentMigrator();
    expect(outcomes(await migrate({}, migrator))).toEqual([["Single", "migrated"]]);
    expect(migrator.registry.get("Single")?.execute({})).toMatchObject({ value: "one" });
  });

  it("uses the mapping of its folder, or the one it is given", async () => {
    write("a.mjs", `export class Odd { work(a, b) { return a + b; } }`);
    index({ name: "Odd", file_path: "a.mjs", methods: [{ name: "work", lineno: 1 }] });
    expect(outcomes(await migrate())).toEqual([
      [
        "Odd",
        "skipped: It has no method that takes tasks. It has work: if it is an agent, name its method in .proj-intel/adapters.json.",
      ],
    ]);
    write(
      ".proj-intel/adapters.json",
      `{"version":1,"classes":{"Odd":{"method":"work","arguments":["task",{"value":1}]}}}`,
    );
    const migrator = new AgentMigrator();
    expect(outcomes(await migrate({}, migrator))).toEqual([["Odd", "migrated"]]);
    expect(migrator.registry.get("Odd")?.execute(2)).toMatchObject({ value: 3 });
    const own = { Odd: { method: "work", arguments: ["task", { value: 40 }] } };
    const other = new AgentMigrator();
    await migrate({ mapping: own }, other);
    expect(other.registry.get("Odd")?.execute(2)).toMatchObject({ value: 42 });
    write(".proj-intel/adapters.json", "{");
    await expect(migrate()).rejects.toThrow(StoreError);
  });
});

describe("what is skipped, and why", () => {
  it("is what the index shows to be no agent, and nothing of it is loaded", async () => {
    index(
      { name: "FooError", file_path: "a.ts", role: "not", evidence: ["it extends Error"] },
      { name: "Color", file_path: "a.ts", methods: [], bases: [] },
      { name: "Model", file_path: "a.ts", bases: ["BaseModel"], methods: [{ name: "validate", lineno: 1 }] },
      { name: "FooAdapter", file_path: "a.ts", role: "agent", adapts: "Foo" },
      { name: "Base", file_path: "a.ts", role: "agent", abstract: true },
      { name: "Fake", file_path: "a.test.ts", role: "agent", test: true },
      { name: "Gone", file_path: "gone.ts" },
      { name: "Folder", file_path: ".proj-intel", language: "typescript" },
      { name: "Notes", file_path: "notes.md" },
    );
    const load = () => {
      throw new Error("must not be loaded");
    };
    const report = await migrate({ load });
    addsUp(report);
    expect(outcomes(report)).toEqual([
      ["FooError", "skipped: It is no agent: it extends Error."],
      ["Color", "skipped: It is no agent: it has no methods."],
      ["Model", "skipped: It is no agent: it is a data model: it extends BaseModel."],
      ["FooAdapter", "skipped: It is the adapter of Foo already."],
      ["Base", "skipped: It is abstract: only classes that extend it can be made."],
      ["Fake", "skipped: It stands in a test file."],
      ["Gone", "skipped: There is no file gone.ts."],
      ["Folder", "skipped: .proj-intel is no file."],
      [
        "Notes",
        "skipped: It is written in a language that is not known: only TypeScript and JavaScript are loaded.",
      ],
    ]);
  });

  it("is what the module shows to be no agent", async () => {
    write(
      "a.mjs",
      `
      export const Kinds = { A: 0, B: 1 };
      export class Broken extends Error { run() {} }
      export class Data { constructor() { this.x = 1; } toJSON() {} }
      export const arrow = () => ({});`,
    );
    index(
      { name: "Kinds", file_path: "a.mjs" },
      { name: "Broken", file_path: "a.mjs" },
      { name: "Data", file_path: "a.mjs" },
      { name: "arrow", file_path: "a.mjs" },
    );
    expect(outcomes(await migrate())).toEqual([
      ["Kinds", "skipped: It is no agent: what a.mjs exports as Kinds is no class."],
      ["Broken", "skipped: It is no agent: it is an exception."],
      [
        "Data",
        "skipped: It has no method that takes tasks. It has toJSON: if it is an agent, name its method in .proj-intel/adapters.json.",
      ],
      ["arrow", "skipped: It is no agent: what a.mjs exports as arrow is no class."],
    ]);
  });

  it("is what the index names twice", async () => {
    write("a.mjs", `export class A { run() {} }`);
    index({ name: "A", file_path: "a.mjs" }, { name: "A", file_path: "a.mjs" });
    expect(outcomes(await migrate())).toEqual([
      ["A", "migrated"],
      ["A", "skipped: The index names it twice."],
    ]);
  });

  it("is an agent already, what the filter leaves out, what was migrated before", async () => {
    const { BaseAgent } = await import("../../../../src/runtime/index.ts");
    write("a.mjs", `export class A { run() {} }\nexport class B { run() {} }`);
    class Made extends BaseAgent {}
    const own = { Own: class Own extends BaseAgent {}, made: new Made({ name: "m", agentType: "x" }) };
    write("own.mjs", "");
    index(
      { name: "A", file_path: "a.mjs" },
      { name: "B", file_path: "a.mjs" },
      { name: "Own", file_path: "own.mjs" },
      { name: "Made", file_path: "own.mjs" },
    );
    const load = (file: string) => (file.endsWith("own.mjs") ? own : import(file));
    const migrator = new AgentMigrator();
    const first = await migrate({ load, filter: ({ name }) => name !== "B" }, migrator);
    expect(outcomes(first)).toEqual([
      ["A", "migrated"],
      ["B", "skipped: The filter left it out."],
      ["Own", "skipped: It is a BaseAgent already."],
      ["Made", "skipped: It is a BaseAgent already."],
    ]);
    expect(outcomes(await migrate({ load }, migrator)).slice(0, 2)).toEqual([
      ["A", "skipped: It was migrated before."],
      ["B", "migrated"],
    ]);
    expect(migrator.log).toHaveLength(8);
  });
});

describe("what fails, and why", () => {
  it("is what is not exported, cannot be loaded or throws while it is made", async () => {
    write(
      "a.mjs",
      `class Hidden { run() {} }\nexport class Other {}\nexport class Throws { constructor() { throw new Error("no key"); } run() {} }`,
    );
    write("broken.mjs", `export class X {`);
    write("dies.mjs", `throw new Error("at the top");`);
    write("empty.mjs", "");
    index(
      { name: "Hidden", file_path: "a.mjs" },
      { name: "Throws", file_path: "a.mjs" },
      { name: "Y", file_path: "dies.mjs" },
      { name: "Z", file_path: "empty.mjs" },
      { name: "X", file_path: "broken.mjs" },
    );
    const report = await migrate();
    addsUp(report);
    expect(outcomes(report).slice(0, 4)).toEqual([
      ["Hidden", "failed: a.mjs does not export Hidden: it exports Other, Throws."],
      [
        "Throws",
        'failed: Its constructor failed: no key. Where it needs arguments, give a factory for Throws with the option "factories".',
      ],
      ["Y", "failed: dies.mjs cannot be loaded: at the top."],
      ["Z", "failed: empty.mjs does not export Z: it exports nothing."],
    ]);
    expect(report.entries[4]).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("broken.mjs cannot be loaded: ") as string,
    });
  });

  it("is said in one line, with what to do where modules are not found", async () => {
    write("esm.mjs", `import "./helper"; export class A { run() {} }`);
    write("required.cjs", `require("./helper");`);
    index({ name: "A", file_path: "esm.mjs" }, { name: "C", file_path: "required.cjs" });
    const advice = /where its imports are written for a bundler, give .* the option "load"\.$/;
    for (const { status, reason } of (await migrate()).entries) {
      expect(status).toBe("failed");
      expect(reason).toMatch(advice);
      expect(reason).not.toMatch(/\n|Require stack/);
    }
    const load = () => {
      throw Object.assign(new Error("Cannot find module 'x'\nRequire stack:\n- y"), {
        code: "MODULE_NOT_FOUND",
      });
    };
    const [own] = (await migrate({ load })).entries;
    expect(own?.reason).toBe("esm.mjs cannot be loaded: Cannot find module 'x'.");
  });

  it("is a constructor that needs arguments, until there is a factory for it", async () => {
    write(
      "a.mjs",
      `
      let made = 0;
      export const count = () => made;
      export class Base { constructor(llm, { tools }, options = {}) { made++; this.llm = llm; } run(t) { return this.llm + t; } }
      export class Heir extends Base {}
      export class Indexed { constructor(name, nick) { this.name = name; } run() { return this.name; } }`,
    );
    index(
      { name: "Base", file_path: "a.mjs" },
      { name: "Heir", file_path: "a.mjs" },
      {
        name: "Indexed",
        file_path: "a.mjs",
        constructor_params: [
          { name: "name", type: "string", optional: false },
          { name: "nick", type: "string", optional: true },
          { name: "...more", type: "", optional: false },
        ],
      },
    );
    expect(outcomes(await migrate())).toEqual([
      [
        "Base",
        'failed: Its constructor needs (llm, {…}): give a factory for Base with the option "factories".',
      ],
      [
        "Heir",
        'failed: Its constructor needs (llm, {…}): give a factory for Heir with the option "factories".',
      ],
      [
        "Indexed",
        'failed: Its constructor needs (name): give a factory for Indexed with the option "factories".',
      ],
    ]);
    const migrator = new AgentMigrator();
    const make = (type: unknown) => new (type as new (...args: unknown[]) => object)("llm ", {});
    const report = await migrate(
      {
        factories: {
          Base: make,
          "a.mjs#Heir": (type) => Promise.resolve(make(type)),
          Heir: () => {
            throw new Error("the nearer one counts");
          },
          Indexed: () => {
            throw new Error("no name");
          },
          Mistyped: make,
        },
      },
      migrator,
    );
    expect(outcomes(report)).toEqual([
      ["Base", "migrated"],
      ["Heir", "migrated"],
      ["Indexed", "failed: Its factory failed: no name."],
    ]);
    expect(report.warnings).toEqual([
      'The factory "Heir" fits no class of the index.',
      'The factory "Mistyped" fits no class of the index.',
    ]);
    expect(migrator.registry.get("Heir")?.execute("x")).toMatchObject({ value: "llm x" });
  });

  it("is a path that leads out of the folder", async () => {
    write("inside/a.mjs", "");
    const outside = mkdtempSync(join(tmpdir(), "outside-"));
    writeFileSync(join(outside, "evil.mjs"), "globalThis.evil = true; export class Evil { run() {} }");
    const files = [
      "../evil.mjs",
      join(outside, "evil.mjs"),
      "inside/../../evil.mjs",
      "C:\\evil.mjs",
      "\\\\host\\evil.mjs",
      "a\0.mjs",
    ];
    if (process.platform !== "win32") {
      symlinkSync(join(outside, "evil.mjs"), join(root, "inside/link.mjs"));
      symlinkSync(outside, join(root, "folder"));
      files.push("inside/link.mjs", "folder/evil.mjs");
    }
    index(...files.map((file_path) => ({ name: "Evil", file_path, language: "javascript" })));
    const report = await migrate();
    addsUp(report);
    expect(new Set(report.entries.map(({ status }) => status))).toEqual(new Set(["failed"]));
    for (const { reason } of report.entries) expect(reason).toContain("leads out of the folder");
    expect("evil" in globalThis).toBe(false);
    rmSync(outside, { recursive: true });
  });

  it("is what the registry refuses, and classes of one name are told apart", async () => {
    for (const file of ["a.mjs", "b.mjs"]) write(file, `export class Same { run() { return "${file}"; } }`);
    index({ name: "Same", file_path: "a.mjs" }, { name: "Same", file_path: "b.mjs" });
    const migrator = new AgentMigrator();
    const report = await migrate({}, migrator);
    expect(report.entries.map(({ agent }) => agent)).toEqual(["Same", "Same (b.mjs)"]);
    const registry = new AgentRegistry();
    for (const agent of migrator.registry.list()) registry.register(agent);
    const again = await migrate({}, new AgentMigrator({ registry }));
    expect(outcomes(again)[0]?.[1]).toMatch(/^failed: An agent "Same" is registered already/);
    addsUp(again);
  });

  it("is a filter or a module that throws anything, and listeners that throw change nothing", async () => {
    write("a.mjs", `export class A { run() {} }`);
    index({ name: "A", file_path: "a.mjs" });
    const thrower = () => {
      throw new Error("x");
    };
    expect(outcomes(await migrate({ filter: thrower }))).toEqual([["A", "failed: The filter failed: x."]]);
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect((await migrate({ load: () => revoked.proxy })).failed).toBe(1);
    const report = await migrate({ onProgress: thrower }, new AgentMigrator({ onEntry: thrower }));
    expect(report.migrated).toBe(1);
  });

  it("is what takes too long", async () => {
    write("a.mjs", "");
    index({ name: "A", file_path: "a.mjs" });
    const load = () => new Promise(() => undefined);
    expect(outcomes(await migrate({ load, timeoutMs: 5 }))).toEqual([
      ["A", 'failed: Loading and making it took longer than 5 ms (the option "timeoutMs").'],
    ]);
  });
});

describe("an abort", () => {
  it("skips what is left, also what is being loaded", async () => {
    write("a.mjs", `export class A { run() {} }`);
    index(
      { name: "A", file_path: "a.mjs" },
      { name: "B", file_path: "a.mjs" },
      { name: "C", file_path: "a.mjs" },
    );
    const controller = new AbortController();
    const load = (_: string, { name }: DiscoveredAgent) => {
      if (name === "A")
        return {
          A: class A {
            run = () => 1;
          },
        };
      controller.abort();
      return new Promise(() => undefined);
    };
    const report = await migrate({ load, signal: controller.signal });
    addsUp(report);
    expect(report.aborted).toBe(true);
    expect(outcomes(report)).toEqual([
      ["A", "migrated"],
      ["B", "skipped: The migration was aborted."],
      ["C", "skipped: The migration was aborted."],
    ]);
  });
});

it("rejects where there is no folder or no index", async () => {
  await expect(migrate({ root: join(root, "gone") })).rejects.toThrow(StoreError);
  await expect(migrate()).rejects.toThrow("There is no index at");
});

it("names the lines of the index that cannot be read", async () => {
  index({ name: "A", file_path: "a.py" });
  const file = join(root, ".proj-intel/agent_architecture.jsonl");
  writeFileSync(file, `nonsense\n${readFileSync(file, "utf8")}`);
  const report = await migrate();
  expect(report.total).toBe(1);
  expect(report.warnings).toHaveLength(1);
});

it("adds up for any index", async () => {
  write(
    "a.mjs",
    `export class A { run() {} }\nexport class B { constructor(x) {} run() {} }\nexport class C {}`,
  );
  const line = fc.record({
    name: fc.constantFrom("A", "B", "C", "D", ""),
    file_path: fc.constantFrom("a.mjs", "gone.mjs", "../a.mjs", "a.py", "/a.mjs"),
    role: fc.constantFrom("agent", "not", null),
    abstract: fc.boolean(),
    exported: fc.constantFrom("A", "default", null),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      index(...lines);
      const migrator = new AgentMigrator();
      const report = await migrate({}, migrator);
      addsUp(report);
      expect(report.total).toBe(lines.length);
      expect(migrator.registry.size).toBe(report.migrated);
      for (const { status, reason } of report.entries) expect(reason === null).toBe(status === "migrated");
    }),
    { numRuns: 60 },
  );
});
