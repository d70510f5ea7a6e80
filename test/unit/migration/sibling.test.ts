import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { applyPlan } from "./applyPlan.ts";
import { planUndo, undoMigrations } from "../../../src/migration/undo.ts";
import { buildCore, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const agent = (name: string) => `export class ${name} {\n  run(n: number) {\n    return n;\n  }\n}\n`;
const three = [agent("OneAgent"), agent("TwoAgent"), agent("ThreeAgent")].join("\n");
const manifest = `{ "name": "shop" }`;
const files = { "package.json": manifest, "src/agents.ts": three };

const undo = (project: Project, file_path: string, name: string) =>
  undoMigrations({ root: project.root, classes: [{ file_path, name }] });

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

test.each([
  ["researchAgent.ts", "researchAgentAdapter.ts"],
  ["ResearchAgent.tsx", "ResearchAgentAdapter.tsx"],
  ["research-agent.ts", "research-agent-adapter.ts"],
  ["research_agent.mts", "research_agent_adapter.mts"],
  ["research.agent.ts", "research.agent.adapter.ts"],
  ["customer-care.agent.cts", "customer-care.agent.adapter.cts"],
  ["agent.ts", "agentAdapter.ts"],
])("the adapter of a class in %s goes into %s", async (file, sibling) => {
  using project = new Project(
    { "package.json": manifest, [`src/${file}`]: agent("ResearchAgent") },
    "sibling-file",
  );
  const plan = await project.migrate(`src/${file}`, "ResearchAgent");
  expect(plan.changes[0]?.path).toBe(project.path(`src/${sibling}`));
  expect(project.read(`src/${file}`)).toBe(agent("ResearchAgent"));
  expect(plan).toMatchObject({ file_path: `src/${file}`, adapter: "ResearchAgentAdapter" });
});

describe("a name that is taken", () => {
  test.each([
    ["by a file of the team", "src/agentsAdapter.ts", "export const mine = 1;\n"],
    ["by a module of another extension", "src/agentsAdapter.js", "export const mine = 1;\n"],
    ["by a folder", "src/agentsAdapter/index.ts", "export const mine = 1;\n"],
    [
      "by adapters of another file's classes",
      "src/agentsAdapter.ts",
      'import { UniversalAgentAdapter } from "opsvi-agents";\nimport { OneAgent } from "./others";\nexport class X extends UniversalAgentAdapter<OneAgent> {\n  constructor() {\n    super(new OneAgent(), { agentType: "x" });\n  }\n}\n',
    ],
  ])("%s is left alone", async (_what, path, text) => {
    using project = new Project({ ...files, [path]: text }, "sibling-file");
    for (const name of ["OneAgent", "TwoAgent"]) {
      const plan = await project.migrate("src/agents.ts", name);
      expect(plan.changes[0]?.path).toBe(project.path("src/agentsAdapter2.ts"));
    }
    for (const name of ["OneAgent", "TwoAgent"]) await undo(project, "src/agents.ts", name);
    expect(project.tree()).toEqual({ ...files, [path]: text });
  });
});

describe("several classes of one file", () => {
  const names = ["OneAgent", "TwoAgent", "ThreeAgent"];

  test.each(permutations(names))(
    "share a file, and are undone in any order: %s, %s, %s",
    async (...order) => {
      using project = new Project(files, "sibling-file");
      const states = [project.tree()];
      for (const name of names) {
        await project.migrate("src/agents.ts", name);
        states.push(project.tree());
      }
      expect(project.read("src/agents.ts")).toBe(three);
      expect(project.read("src/agentsAdapter.ts").match(/^export class \w+/gm)).toEqual(
        names.map((name) => `export class ${name}Adapter`),
      );
      const left = new Set(names);
      for (const name of order) {
        await undo(project, "src/agents.ts", name);
        left.delete(name);
        using fresh = new Project(files, "sibling-file");
        for (const each of left) await fresh.migrate("src/agents.ts", each);
        expect(project.tree()).toEqual(fresh.tree());
      }
      expect(project.tree()).toEqual(files);
    },
  );

  test("are undone all at once", async () => {
    using project = new Project(files, "sibling-file");
    for (const name of names) await project.migrate("src/agents.ts", name);
    await undoMigrations({ root: project.root });
    expect(project.tree()).toEqual(files);
  });

  test("are undone past edits of the team, whose code stays", async () => {
    using project = new Project(files, "sibling-file");
    for (const name of names) await project.migrate("src/agents.ts", name);
    const path = "src/agentsAdapter.ts";
    const mine = "export const mine = new OneAgentAdapter();\n";
    project.write(path, `// ours\r\n${project.read(path).replaceAll("\n", "\r\n")}${mine}`);
    for (const name of names) await undo(project, "src/agents.ts", name);
    expect(project.tree()).toEqual({ ...files, [path]: `// ours\r\n${mine}` });
  });

  test("an adapter that was edited is not undone", async () => {
    using project = new Project(files, "sibling-file");
    for (const name of names) await project.migrate("src/agents.ts", name);
    const path = "src/agentsAdapter.ts";
    project.write(path, project.read(path).replace('agentType: "two"', 'agentType: "second"'));
    const classes = [{ file_path: "src/agents.ts", name: "TwoAgent" }];
    expect((await planUndo({ root: project.root, classes })).refused).toEqual([
      {
        ...classes[0],
        reason:
          "TwoAgentAdapter in src/agentsAdapter.ts was edited since the migration of TwoAgent: restore it, or remove it by hand.",
      },
    ]);
  });

  test("after an editor's undo, and after migrating once more, everything is removed", async () => {
    using project = new Project(files, "sibling-file");
    const plan = await project.migrate("src/agents.ts", "OneAgent");
    const { rmSync } = await import("node:fs");
    rmSync(plan.changes[0]?.path ?? "");
    await project.migrate("src/agents.ts", "OneAgent");
    await undo(project, "src/agents.ts", "OneAgent");
    expect(project.tree()).toEqual(files);
    expect(existsSync(project.path("opsvi-agents"))).toBe(false);
  });
});

test("a class is known as migrated whatever the setting says now", async () => {
  using project = new Project(files, "sibling-file");
  await project.migrate("src/agents.ts", "TwoAgent");
  using same = new Project(project.tree());
  expect(await same.plan("src/agents.ts", "TwoAgent")).toEqual({
    status: "migrated",
    reason: "TwoAgent is migrated already: TwoAgentAdapter in src/agentsAdapter.ts wraps it.",
  });
  await same.migrate("src/agents.ts", "OneAgent");
  using back = new Project(same.tree(), "sibling-file");
  expect(await back.plan("src/agents.ts", "OneAgent")).toEqual({
    status: "migrated",
    reason: "OneAgent is migrated already: OneAgentAdapter wraps it.",
  });
});

test("what is not exported gets its adapter in its own file", async () => {
  const text = "class InnerAgent {\n  run() {}\n}\n\nexport const agent = new InnerAgent();\n";
  using project = new Project({ "package.json": manifest, "src/inner.ts": text }, "sibling-file");
  const { changes } = await project.migrate("src/inner.ts", "InnerAgent");
  expect(changes[0]?.path).toBe(project.path("src/inner.ts"));
});

test("where the file has no room, the adapter goes beside it whatever the setting", async () => {
  const text = "export default class {\n  run() {}\n}\n";
  using project = new Project({ "package.json": manifest, "src/shop-agent.ts": text });
  const plan = await project.ready("src/shop-agent.ts", "default");
  expect(plan).toMatchObject({ name: "default", adapter: "ShopAgentAdapter" });
  expect(plan.changes[0]?.path).toBe(project.path("src/shop-agent-adapter.ts"));
  await applyPlan(project.root, plan);
  expect(project.read("src/shop-agent-adapter.ts")).toBe(
    [
      'import { UniversalAgentAdapter } from "../opsvi-agents/core.mjs";',
      'import ShopAgent from "./shop-agent";',
      "",
      "/** ShopAgent as a BaseAgent; the class itself is unchanged. */",
      "export class ShopAgentAdapter extends UniversalAgentAdapter<ShopAgent> {",
      "  constructor(...args: ConstructorParameters<typeof ShopAgent>) {",
      "    super(new ShopAgent(...args), {",
      '      agentType: "shop",',
      '      name: "ShopAgent",',
      "    });",
      "  }",
      "}",
      "",
    ].join("\n"),
  );
});

describe("the class is imported", () => {
  const config = (compilerOptions: object) => JSON.stringify({ compilerOptions, include: ["src"] });
  test.each([
    [
      "as the file's other imports end",
      { "src/agents.ts": `import "./x.js";\n${agent("OneAgent")}` },
      "./agents.js",
    ],
    ["without extension for a bundler", {}, "./agents"],
    [
      "as Node's ES modules need it",
      {
        "package.json": `{ "name": "shop", "type": "module" }`,
        "tsconfig.json": config({ module: "nodenext" }),
      },
      "./agents.js",
    ],
    [
      "as its source where Node runs that",
      {
        "package.json": `{ "name": "shop", "type": "module" }`,
        "tsconfig.json": config({ module: "nodenext", allowImportingTsExtensions: true, noEmit: true }),
      },
      "./agents.ts",
    ],
    ["without extension in CommonJS", { "tsconfig.json": config({ module: "node16" }) }, "./agents"],
  ])("%s", async (_what, more, specifier) => {
    using project = new Project({ ...files, ...more }, "sibling-file");
    await project.migrate("src/agents.ts", "OneAgent");
    expect(project.read("src/agentsAdapter.ts")).toContain(`import { OneAgent } from "${specifier}";\n`);
  });

  test.each([
    ["agent.mts", "", "./agent.mjs"],
    ["agent.cts", "", "./agent.cjs"],
    ["agent.mts", 'import "./x.mts";\n', "./agent.mts"],
  ])("from %s as its format needs it (%s)", async (file, imports, specifier) => {
    using project = new Project(
      { "package.json": manifest, [file]: imports + agent("OneAgent") },
      "sibling-file",
    );
    const { changes } = await project.migrate(file, "OneAgent");
    expect(changes[0]?.edits.map(({ text }) => text)[1]).toBe(`import { OneAgent } from "${specifier}";\n`);
  });
});
