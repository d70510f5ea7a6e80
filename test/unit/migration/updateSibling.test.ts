import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { readLog, stateOf } from "../../../src/migration/log.ts";
import { undoMigrations } from "../../../src/migration/undo.ts";
import type { AgentRecord } from "../../../src/model/agentRecord.ts";
import type { MigrationPlan } from "../../../src/model/migrationPlan.ts";
import { applyPlan } from "./applyPlan.ts";
import { compile } from "./compiler.ts";
import { buildCore, Project } from "./project.ts";
import { recordOf } from "./record.ts";

beforeAll(buildCore, 60_000);

const path = "src/agents.ts";
const beside = "src/agentsAdapter.ts";
const agent = (name: string) => `export class ${name} {\n  run(n: number) {\n    return n;\n  }\n}\n`;
const text = `export interface Shape {\n  size: number;\n}\n\n${agent("OneAgent")}\n${agent("TwoAgent")}`;
const files = {
  "package.json": `{ "name": "shop" }`,
  "tsconfig.json": `{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "target": "es2022", "noEmit": true, "types": [], "noUnusedLocals": true } }`,
  [path]: text,
};
const upToDate = (name: string) => ({
  status: "migrated",
  reason: `${name}Adapter is up to date: what it was made from in ${name} has not changed.`,
});

const known = (name: string): AgentRecord => ({ ...recordOf(name, path), migrated: true });

const update = (project: Project, name: string, record = known(name), file = path) =>
  project.plan(file, name, record, { action: "update" });

async function updated(project: Project, name: string, record?: AgentRecord, file?: string) {
  const result = await update(project, name, record, file);
  if (result.status !== "ready") throw new Error(`${result.status}: ${result.reason}`);
  await applyPlan(project.root, result.plan);
  return result.plan;
}

async function migrated(...names: string[]): Promise<Project> {
  const project = new Project(files, "sibling-file");
  for (const name of names) await project.migrate(path, name, {}, recordOf(name, path));
  return project;
}

const grown = (source: string, name: string) =>
  source.replace(
    `class ${name} {`,
    `class ${name}<T extends Shape = Shape> {\n  constructor(readonly shape: T) {}\n`,
  );

const grow = (project: Project, name: string) => project.write(path, grown(project.read(path), name));

const undo = (project: Project, name: string) =>
  undoMigrations({ root: project.root, classes: [{ file_path: path, name }] });

describe("an adapter in a file beside that of its class", () => {
  test("is up to date right after the migration", async () => {
    using project = await migrated("OneAgent", "TwoAgent");
    expect(await update(project, "OneAgent")).toEqual(upToDate("OneAgent"));
    expect(await update(project, "TwoAgent")).toEqual(upToDate("TwoAgent"));
  });

  test("follows its class, with the types it speaks of then", async () => {
    using project = await migrated("OneAgent");
    grow(project, "OneAgent");
    const plan: MigrationPlan = await updated(project, "OneAgent");
    const { action, file_path, name, adapter, changes } = plan;
    expect({ action, file_path, name, adapter }).toEqual({
      action: "update",
      file_path: path,
      name: "OneAgent",
      adapter: "OneAgentAdapter",
    });
    expect(changes.map((each) => each.path)).toEqual([project.path(beside)]);
    expect(project.read(beside)).toBe(
      [
        'import { UniversalAgentAdapter } from "../opsvi-agents/core.mjs";',
        'import { OneAgent } from "./agents";',
        'import type { Shape } from "./agents";',
        "",
        "/** OneAgent as a BaseAgent; the class itself is unchanged. */",
        "export class OneAgentAdapter<",
        "  T extends Shape = Shape,",
        "> extends UniversalAgentAdapter<OneAgent<T>> {",
        "  constructor(...args: ConstructorParameters<typeof OneAgent<T>>) {",
        "    super(new OneAgent<T>(...args), {",
        '      agentType: "research",',
        '      name: "OneAgent",',
        '      capabilities: ["task_execution", "tool_usage"],',
        "    });",
        "  }",
        "}",
        "",
      ].join("\n"),
    );
    expect(compile(project.root)).toEqual([]);
    expect(await update(project, "OneAgent")).toEqual(upToDate("OneAgent"));
  });

  test("loses the types that it no longer speaks of, once no other speaks of them", async () => {
    using project = await migrated();
    grow(project, "OneAgent");
    grow(project, "TwoAgent");
    for (const name of ["OneAgent", "TwoAgent"]) await project.migrate(path, name, {}, recordOf(name, path));
    const migratedText = project.read(beside);
    const importLine = 'import type { Shape } from "./agents";\n';
    expect(migratedText).toContain(importLine);
    project.write(path, text);
    await updated(project, "OneAgent");
    expect(project.read(beside)).toContain(importLine);
    await updated(project, "TwoAgent");
    expect(project.read(beside)).not.toContain("Shape");
    expect(compile(project.root)).toEqual([]);
    await undo(project, "OneAgent");
    await undo(project, "TwoAgent");
    expect(project.tree()).toEqual(files);
  });

  test("is refused where its types are kept by the file of the class", async () => {
    using project = await migrated("OneAgent");
    project.write(path, grown(text.replace("export interface", "interface"), "OneAgent"));
    expect(await update(project, "OneAgent")).toEqual({
      status: "refused",
      reason:
        "The type parameters of OneAgent speak of types that its file does not export, so an adapter in another file cannot name them: export these types.",
    });
  });

  test("of a class without a name is found there", async () => {
    const unnamed = "export default class {\n  run() {}\n}\n";
    using project = new Project({ "package.json": `{ "name": "shop" }`, "shop-agent.ts": unnamed });
    await project.migrate("shop-agent.ts", "default");
    project.write("shop-agent.ts", unnamed.replace("class {", "class<T = string> {"));
    await updated(project, "default", undefined, "shop-agent.ts");
    expect(project.read("shop-agent-adapter.ts")).toContain(
      "export class ShopAgentAdapter<T = string> extends UniversalAgentAdapter<",
    );
    await undoMigrations({ root: project.root });
    expect(project.tree()).toEqual({
      "package.json": `{ "name": "shop" }`,
      "shop-agent.ts": unnamed.replace("class {", "class<T = string> {"),
    });
  });

  test("in CommonJS keeps its export, and is undone to the byte", async () => {
    const bot =
      "class BotAgent {\r\n  run(task) {\r\n    return task;\r\n  }\r\n}\r\n\r\nmodule.exports = { BotAgent };\r\n";
    const before = { "package.json": `{ "name": "shop" }`, "bot.js": bot };
    using project = new Project(before, "sibling-file");
    await project.migrate("bot.js", "BotAgent");
    await updated(project, "BotAgent", known("BotAgent"), "bot.js");
    expect(project.read("botAdapter.js")).toContain('      agentType: "research",\r\n');
    expect(project.read("botAdapter.js")).toMatch(
      /\r\n\r\nmodule\.exports\.BotAgentAdapter = BotAgentAdapter;\r\n$/,
    );
    await undoMigrations({ root: project.root });
    expect(project.tree()).toEqual(before);
  });
});

describe("undoing after an update beside the class", () => {
  const orders = [
    ["OneAgent", "TwoAgent"],
    ["TwoAgent", "OneAgent"],
  ];

  test.each(orders.flatMap((updates) => orders.map((undoings) => ({ updates, undoings }))))(
    "takes out the newer text to the byte: $updates, $undoings",
    async ({ updates, undoings }) => {
      using project = await migrated("OneAgent", "TwoAgent");
      for (const name of updates) {
        grow(project, name);
        await updated(project, name);
      }
      const { active } = stateOf(await readLog(project.root));
      expect(active.map(({ data }) => data.name).sort()).toEqual(["OneAgent", "TwoAgent"]);
      const [first = "", second = ""] = undoings;
      await undo(project, first);
      expect(project.read(beside)).not.toContain(first);
      expect(project.read(beside)).toContain(`class ${second}Adapter<\n  T extends Shape`);
      await undo(project, second);
      expect(stateOf(await readLog(project.root)).active).toEqual([]);
      expect(existsSync(project.path("opsvi-agents"))).toBe(false);
      expect(project.tree()).toEqual({ ...files, [path]: grown(grown(text, "OneAgent"), "TwoAgent") });
    },
  );

  test("leaves what the team wrote into the file", async () => {
    using project = await migrated("OneAgent");
    const mine = "export const mine = 1;\n";
    project.write(beside, `// ours\n${project.read(beside)}${mine}`);
    grow(project, "OneAgent");
    await updated(project, "OneAgent");
    project.write(beside, project.read(beside) + mine.replace("mine", "more"));
    await undo(project, "OneAgent");
    expect(project.read(beside)).toBe(`// ours\n${mine}${mine.replace("mine", "more")}`);
  });

  test("after several updates takes out the last", async () => {
    using project = await migrated("OneAgent");
    const messaging = { ...known("OneAgent"), agent_type: "messaging" };
    await updated(project, "OneAgent", messaging);
    await updated(project, "OneAgent", { ...messaging, agent_type: "planning" });
    expect(stateOf(await readLog(project.root)).active).toHaveLength(1);
    await undo(project, "OneAgent");
    expect(project.tree()).toEqual(files);
  });
});
