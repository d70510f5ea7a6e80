import { rmSync } from "node:fs";
import { format } from "prettier";
import { beforeAll, describe, expect, test } from "vitest";
import { applyPlan } from "./applyPlan.ts";
import { readLog, stateOf } from "../../../src/migration/log.ts";
import { migrateMany } from "../../../src/migration/migrateMany.ts";
import { readPending } from "../../../src/migration/recovery.ts";
import { textAfter } from "../../../src/migration/textEdits.ts";
import { planUndo, undoMigrations } from "../../../src/migration/undo.ts";
import type { AgentRecord } from "../../../src/model/agentRecord.ts";
import type { MigrationPlan } from "../../../src/model/migrationPlan.ts";
import { compile } from "./compiler.ts";
import { InProcessChecker } from "./inProcessChecker.ts";
import { buildCore, Project } from "./project.ts";
import { recordOf } from "./record.ts";

beforeAll(buildCore, 60_000);

const path = "src/parser.ts";
const original = `import { log } from "./log";

export class ParserAgent<T = string> {
  constructor(private readonly seed: T) {}
  run(task: string): T {
    log(task);
    return this.seed;
  }
}
`;
const files = {
  "package.json": `{ "name": "shop" }`,
  "tsconfig.json": `{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "target": "es2022", "noEmit": true, "types": [] } }`,
  "src/log.ts": "export const log = (text: string): string => text;\n",
  [path]: original,
};
const record = recordOf("ParserAgent", path);
const withCapabilities = (...names: string[]): AgentRecord => ({
  ...record,
  capabilities: names.map((name) => ({ name, own: true, method: "run", file_path: path, lineno: 1 })),
});

async function migrated(text = original): Promise<Project> {
  const project = new Project({ ...files, [path]: text });
  const result = await project.plan(path, "ParserAgent", record);
  if (result.status !== "ready") throw new Error(result.reason);
  await applyPlan(project.root, result.plan);
  return project;
}

function edit(project: Project, from: string | RegExp, to: string): void {
  const text = project.read(path);
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`${String(from)} is not in ${path}.`);
  project.write(path, edited);
}

const update = (project: Project, known: AgentRecord | undefined = record, name = "ParserAgent") =>
  project.plan(path, name, known, { action: "update" });

async function planned(project: Project, known = record): Promise<MigrationPlan> {
  const result = await update(project, known);
  if (result.status !== "ready") throw new Error(`${result.status}: ${result.reason}`);
  return result.plan;
}

const adapterOf = (text: string) => text.slice(text.indexOf("/** ParserAgent as a BaseAgent"));
const upToDate = {
  status: "migrated",
  reason: "ParserAgentAdapter is up to date: what it was made from in ParserAgent has not changed.",
};

describe("an adapter is up to date", () => {
  test("right after the migration, and where the body of the class changes", async () => {
    using project = await migrated();
    expect(await update(project)).toEqual(upToDate);
    edit(project, "log(task);", "log(task + task);");
    expect(await update(project)).toEqual(upToDate);
  });

  test.each([
    ["single quotes, no semicolons", { singleQuote: true, semi: false }],
    ["short lines, no trailing commas", { printWidth: 40, trailingComma: "none" as const }],
    ["tabs and tight braces", { useTabs: true, bracketSpacing: false }],
  ])("whatever a formatter made of it: %s", async (_what, options) => {
    using project = await migrated();
    project.write(path, await format(project.read(path), { ...options, parser: "typescript" }));
    expect(await update(project)).toEqual(upToDate);
  });

  test("where the capabilities come in another order", async () => {
    using project = await migrated();
    expect(await update(project, withCapabilities("tool_usage", "task_execution"))).toEqual(upToDate);
  });

  test("where it was edited by hand and the class did not change", async () => {
    using project = await migrated();
    edit(project, `agentType: "research",`, `agentType: "research",\n      version: "2.0.0",`);
    expect(await update(project)).toEqual({
      status: "migrated",
      reason:
        "ParserAgentAdapter was edited by hand, and what it was made from in ParserAgent has not changed: there is nothing to update.",
    });
  });
});

describe("an adapter is replaced", () => {
  test("in its own text alone, where the type parameters changed", async () => {
    using project = await migrated();
    edit(project, "ParserAgent<T = string>", "ParserAgent<T extends object, U = T>");
    const before = project.read(path);
    const plan = await planned(project);
    const { changes, ...rest } = plan;
    expect(rest).toEqual({
      action: "update",
      file_path: path,
      name: "ParserAgent",
      adapter: "ParserAgentAdapter",
    });
    const [change] = changes;
    expect(changes.map((each) => each.path)).toEqual([project.path(path)]);
    expect(change?.edits).toHaveLength(1);
    const [{ start, end } = { start: 0, end: 0 }] = change?.edits ?? [];
    expect(before.slice(start, end)).toMatch(/^class ParserAgentAdapter<T = string> [\s\S]*\}$/);
    await applyPlan(project.root, plan);
    expect(adapterOf(project.read(path)))
      .toBe(`/** ParserAgent as a BaseAgent; the class above is unchanged. */
export class ParserAgentAdapter<
  T extends object,
  U = T,
> extends UniversalAgentAdapter<ParserAgent<T, U>> {
  constructor(...args: ConstructorParameters<typeof ParserAgent<T, U>>) {
    super(new ParserAgent<T, U>(...args), {
      agentType: "research",
      name: "ParserAgent",
      capabilities: ["task_execution", "tool_usage"],
    });
  }
}
`);
    expect(compile(project.root)).toEqual([]);
    expect(await update(project)).toEqual(upToDate);
  });

  test("where the constructor got overloads", async () => {
    using project = await migrated();
    edit(
      project,
      "constructor(private readonly seed: T) {}",
      "private readonly seed: T;\n  constructor(seed: T);\n  constructor(seed: T, extra: number);\n  constructor(seed: T) {\n    this.seed = seed;\n  }",
    );
    await applyPlan(project.root, await planned(project));
    expect(adapterOf(project.read(path))).toContain(
      "  constructor(seed: T);\n  constructor(seed: T, extra: number);\n",
    );
    expect(compile(project.root)).toEqual([]);
    expect(await update(project)).toEqual(upToDate);
  });

  test.each([
    ["capabilities", withCapabilities("task_execution", "messaging"), `["task_execution", "messaging"]`],
    ["type", { ...record, agent_type: "parsing" }, `agentType: "parsing"`],
  ])("where the index knows other %s", async (_what, known, expected) => {
    using project = await migrated();
    const plan = await planned(project, known);
    expect(plan.changes.map(textAfter).join("")).toContain(expected);
  });

  test("under the names it has, with what its authors put before it", async () => {
    using project = await migrated();
    edit(project, "import { UniversalAgentAdapter }", "import { UniversalAgentAdapter as Base }");
    edit(project, "extends UniversalAgentAdapter", "extends Base");
    edit(project, /\/\*\* ParserAgent as .*\nexport /, "/** Ours. */\n@registered\nexport default ");
    edit(project, /class ParserAgentAdapter/, "class Parser");
    edit(project, "<T = string>", "<T = number>");
    const { adapter, changes } = await planned(project);
    expect(adapter).toBe("Parser");
    expect(changes.map(textAfter).join("")).toContain(
      "/** Ours. */\n@registered\nexport default class Parser<T = number> extends Base<ParserAgent<T>> {",
    );
  });

  test("where only its names and what stands before it are others than were inserted", async () => {
    using project = await migrated();
    edit(project, "import { UniversalAgentAdapter }", "import { UniversalAgentAdapter as Base }");
    edit(project, "extends UniversalAgentAdapter", "extends Base");
    edit(project, "/** ParserAgent as a BaseAgent", "/** Ours, as a BaseAgent");
    expect((await planned(project, withCapabilities("messaging"))).adapter).toBe("ParserAgentAdapter");
  });

  test("in JavaScript with the types of its comments", async () => {
    using project = new Project({
      "package.json": `{ "name": "shop", "type": "module" }`,
      "bot.js": "export class BotAgent {\n  run(task) {\n    return task;\n  }\n}\n",
    });
    await project.migrate("bot.js", "BotAgent");
    expect((await project.plan("bot.js", "BotAgent", undefined, { action: "update" })).status).toBe(
      "migrated",
    );
    const documented = "/** @template T */\nexport class BotAgent {";
    project.write("bot.js", project.read("bot.js").replace("export class BotAgent {", documented));
    const result = await project.plan("bot.js", "BotAgent", undefined, { action: "update" });
    if (result.status !== "ready") throw new Error(result.reason);
    await applyPlan(project.root, result.plan);
    expect(project.read("bot.js")).toContain(`
/**
 * BotAgent as a BaseAgent; the class above is unchanged.
 * @template T
 * @extends {UniversalAgentAdapter<BotAgent<T>>}
 */
export class BotAgentAdapter extends UniversalAgentAdapter {
  /** @param {ConstructorParameters<typeof BotAgent<T>>} args */
`);
    await undoMigrations({ root: project.root });
    expect(project.read("bot.js")).toBe(
      "/** @template T */\nexport class BotAgent {\n  run(task) {\n    return task;\n  }\n}\n",
    );
  });
});

describe("an adapter that was written or edited by hand is left alone, with what to do", () => {
  const reason =
    "ParserAgentAdapter was written or edited by hand, and an update would undo that: make it follow ParserAgent by hand, or delete it and migrate ParserAgent again.";
  const edits: [string, string, string][] = [
    ["an option more", `agentType: "research",`, `agentType: "research",\n      version: "2.0.0",`],
    ["another value", `agentType: "research",`, `agentType: kind,`],
    [
      "a member more",
      "  constructor(...args: ConstructorParameters",
      "  mine = 1;\n  constructor(...args: ConstructorParameters",
    ],
    ["a statement more", `name: "ParserAgent",`, `name: "ParserAgent",\n    });\n    log("made", {`],
    ["other parameters", "new ParserAgent<T>(...args)", `new ParserAgent<T>("mine" as T)`],
    ["an interface", "\n> {\n", "\n> implements Iface {\n"],
  ];

  test.each(edits)("%s", async (_what, from, to) => {
    using project = await migrated();
    edit(project, from, to);
    edit(project, "<T = string>", "<T = number>");
    const edited = project.read(path);
    expect(await update(project)).toEqual({ status: "refused", reason });
    // As in a checkout without the log.
    rmSync(project.path(".proj-intel"), { recursive: true });
    expect(await update(project)).toEqual({ status: "refused", reason });
    expect(project.read(path)).toBe(edited);
  });

  test("one that is as migrations write it is updated without a log too", async () => {
    using project = await migrated();
    rmSync(project.path(".proj-intel"), { recursive: true });
    edit(project, "<T = string>", "<T = number>");
    expect(await planned(project)).toMatchObject({ adapter: "ParserAgentAdapter" });
  });

  test("deleted and made again, it is undone to the byte", async () => {
    using project = await migrated();
    edit(project, `agentType: "research",`, `agentType: "mine",`);
    edit(project, "<T = string>", "<T = number>");
    edit(project, /\n\/\*\* ParserAgent as [\s\S]*/, "");
    await project.migrate(path, "ParserAgent", {}, record);
    expect(project.read(path)).toContain("class ParserAgentAdapter<T = number>");
    await undoMigrations({ root: project.root });
    expect(project.tree()).toEqual({ ...files, [path]: original.replace("<T = string>", "<T = number>") });
  });
});

describe("refused", () => {
  test.each([
    ["a class without an adapter", original, record, "ParserAgent has no adapter yet: migrate it first."],
    [
      "an adapter in a file of another name",
      original,
      { ...record, migrated: true },
      "The adapter of ParserAgent stands where no migration puts one, and is not updated there: change it by hand.",
    ],
    [
      "a class that became abstract",
      original.replace("export class", "export abstract class"),
      record,
      "ParserAgent is abstract and cannot be constructed: migrate the classes that extend it.",
    ],
  ])("%s", async (_what, text, known, reason) => {
    using project = new Project({ ...files, [path]: text });
    expect(await update(project, known)).toEqual({ status: "refused", reason });
  });
});

describe("undoing after an update", () => {
  const undo = (project: Project, name = "ParserAgent") =>
    undoMigrations({ root: project.root, classes: [{ file_path: path, name }] });

  test("brings back the file as it was before the migration, and is on record once", async () => {
    using project = await migrated();
    await applyPlan(project.root, await planned(project, withCapabilities("messaging")));
    await applyPlan(project.root, await planned(project, withCapabilities("planning", "messaging")));
    expect(stateOf(await readLog(project.root)).active).toHaveLength(1);
    await undo(project);
    expect(project.read(path)).toBe(original);
    expect(stateOf(await readLog(project.root)).active).toEqual([]);
    expect(() => project.read("opsvi-agents/core.mjs")).toThrow(/ENOENT/);
    const { refused } = await planUndo({
      root: project.root,
      classes: [{ file_path: path, name: "ParserAgent" }],
    });
    expect(refused).toHaveLength(1);
  });

  test("keeps what changed in the class", async () => {
    using project = await migrated();
    edit(project, "<T = string>", "<T = number>");
    await applyPlan(project.root, await planned(project));
    await undo(project);
    expect(project.read(path)).toBe(original.replace("<T = string>", "<T = number>"));
  });

  test("follows a class that was renamed", async () => {
    using project = await migrated();
    project.write(path, project.read(path).replaceAll(/(?<!")\bParserAgent\b(?! as a)/g, "ReaderAgent"));
    const result = await update(project, recordOf("ReaderAgent", path), "ReaderAgent");
    if (result.status !== "ready") throw new Error(result.reason);
    await applyPlan(project.root, result.plan);
    expect(project.read(path)).toContain(
      `new ReaderAgent<T>(...args), {\n      agentType: "research",\n      name: "ReaderAgent"`,
    );
    await undo(project, "ReaderAgent");
    expect(project.read(path)).toBe(original.replace("ParserAgent", "ReaderAgent"));
  });

  test("takes out an adapter that was renamed before", async () => {
    using project = await migrated();
    edit(project, "class ParserAgentAdapter", "class Parser");
    await applyPlan(project.root, await planned(project, withCapabilities("messaging")));
    expect(stateOf(await readLog(project.root)).active.map(({ data }) => data.adapter)).toEqual(["Parser"]);
    await undo(project);
    expect(project.tree()).toEqual({ ...files, [path]: original });
  });

  test("keeps the import that a second adapter of the file needs", async () => {
    const second = "\nexport class SecondAgent {\n  run(n: number) {\n    return n;\n  }\n}\n";
    using project = await migrated(original + second);
    await project.migrate(path, "SecondAgent");
    await applyPlan(project.root, await planned(project, withCapabilities("messaging")));
    await undo(project);
    expect(project.read(path)).toContain("import { UniversalAgentAdapter }");
    await undo(project, "SecondAgent");
    expect(project.read(path)).toBe(original + second);
  });

  test("takes out CommonJS exports too", async () => {
    const text =
      "class BotAgent {\n  run(task) {\n    return task;\n  }\n}\n\nmodule.exports = { BotAgent };\n";
    using project = new Project({ "package.json": `{ "name": "shop" }`, "bot.js": text });
    await project.migrate("bot.js", "BotAgent");
    const known = { ...recordOf("BotAgent", "bot.js"), capabilities: [] };
    const result = await project.plan("bot.js", "BotAgent", known, { action: "update" });
    if (result.status !== "ready") throw new Error(result.reason);
    await applyPlan(project.root, result.plan);
    expect(project.read("bot.js")).toContain(`agentType: "research"`);
    await undoMigrations({ root: project.root });
    expect(project.read("bot.js")).toBe(text);
  });
});

describe("an update that brings a new type error", () => {
  const use = `import type { ParserAgentAdapter } from "./parser";\n\nexport const used: ParserAgentAdapter<string>[] = [];\n`;

  async function outgrown(): Promise<Project> {
    const project = await migrated();
    project.write("src/use.ts", use);
    edit(project, "class ParserAgent<T = string>", "class ParserAgent<T, U>");
    return project;
  }

  test("is taken back, and the adapter from before stays on record", async () => {
    using project = await outgrown();
    const before = project.read(path);
    const plans = [await planned(project)];
    const checker = new InProcessChecker(project.root);
    const { entries } = await migrateMany({ root: project.root, plans, checker });
    expect(entries.map(({ data }) => [data.status, data.reason])).toEqual([
      ["failed", expect.stringMatching(/^It brings a new type error: src\/use\.ts:3 TS\d+: /) as string],
    ]);
    expect(project.read(path)).toBe(before);
    expect(await readPending(project.root)).toBeNull();
    edit(project, "class ParserAgent<T, U>", "class ParserAgent<T = string>");
    await undoMigrations({ root: project.root });
    expect(project.read(path)).toBe(original);
  });

  test("is taken back where it is stopped", async () => {
    using project = await outgrown();
    const before = project.read(path);
    const plans = [await planned(project)];
    const checker = new InProcessChecker(project.root);
    checker.onCheck = (number) => {
      if (number === 2) throw new Error("stopped");
    };
    await expect(migrateMany({ root: project.root, plans, checker })).rejects.toThrow("stopped");
    expect(project.read(path)).toBe(before);
    expect(await readPending(project.root)).toBeNull();
  });
});
