import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { planMigrations } from "../../../src/indexer/planning/batch.ts";
import { pendingFile } from "../../../src/migration/journal.ts";
import { readLog } from "../../../src/migration/log.ts";
import { migrateMany, type MigrateMany } from "../../../src/migration/migrateMany.ts";
import { planAll } from "../../../src/migration/planAll.ts";
import { readPending } from "../../../src/migration/recovery.ts";
import { undoMigrations } from "../../../src/migration/undo.ts";
import { defaultPlanOptions, type PendingMigrations } from "../../../src/model/migrationPlan.ts";
import { InProcessChecker } from "./inProcessChecker.ts";
import { buildCore, coreDir, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const agent = (name: string) => `export class ${name} {\n  run(n: number) {\n    return n;\n  }\n}\n`;
const config = (options = {}) =>
  JSON.stringify({
    compilerOptions: { strict: true, target: "es2022", module: "nodenext", noEmit: true, ...options },
    include: ["src"],
  });
const base = { "package.json": `{ "name": "shop", "type": "module" }`, "tsconfig.json": config() };

async function plansOf(project: Project, classes: readonly string[]) {
  const requests = classes.map((ref) => {
    const [file = "", name = ""] = ref.split("#");
    return { file: project.path(file), name };
  });
  const planned = await planAll({
    requests,
    plan: (some) =>
      planMigrations({
        ...{ root: project.root, requests: some, options: defaultPlanOptions, coreDir, version: "0.1.0" },
        signal: new AbortController().signal,
        readText: (path) => (existsSync(path) ? project.read(path.slice(project.root.length + 1)) : null),
        recordOf: () => undefined,
      }),
  });
  return planned.map(({ request, result }) => {
    if (result.status !== "ready") throw new Error(`${request.name} is ${result.status}: ${result.reason}`);
    return result.plan;
  });
}

async function migrate(project: Project, classes: readonly string[], options: Partial<MigrateMany> = {}) {
  const plans = await plansOf(project, classes);
  const checker = new InProcessChecker(project.root);
  const result = await migrateMany({ root: project.root, plans, checker, ...options });
  const outcome = Object.fromEntries(
    result.entries.map(({ data }) => [data.name, data.reason === null ? data.status : data.reason]),
  );
  return { ...result, outcome, checks: checker.checks };
}

/** The texts of the sources. */
const sources = (project: Project, files: Record<string, string>) =>
  Object.fromEntries(Object.keys(files).map((path) => [path, project.read(path)]));

describe("many classes", () => {
  const files = {
    ...base,
    "src/pair.ts": agent("LeftAgent") + "\n" + agent("RightAgent"),
    "src/third.ts": agent("ThirdAgent"),
  };
  const classes = ["src/pair.ts#LeftAgent", "src/pair.ts#RightAgent", "src/third.ts#ThirdAgent"];

  test("are written, checked twice and logged, and one undo brings everything back", async () => {
    using project = new Project(files);
    const { outcome, check, checks } = await migrate(project, classes);
    expect(outcome).toEqual({ LeftAgent: "migrated", RightAgent: "migrated", ThirdAgent: "migrated" });
    expect(check).toMatchObject({
      projects: [{ config: "tsconfig.json", before: 0, after: 0 }],
      unchecked: [],
    });
    expect(checks).toBe(2);
    expect(await readPending(project.root)).toBeNull();
    const { entries, refused } = await undoMigrations({ root: project.root });
    expect([entries.length, refused]).toEqual([3, []]);
    expect(sources(project, files)).toEqual(files);
    expect(existsSync(project.path("opsvi-agents"))).toBe(false);
  });

  test.each([1, 2, 3])("leave nothing where they are stopped at check %i", async (number) => {
    const clash = {
      ...files,
      "src/taken.ts": "export interface LeftAgentAdapter { taken: true }\n",
      "src/index.ts": `export * from "./taken.js";\nexport * from "./pair.js";\n`,
    };
    using project = new Project(clash);
    const controller = new AbortController();
    const checker = new InProcessChecker(project.root);
    checker.onCheck = (count) => {
      if (count !== number) return;
      controller.abort(new Error("stopped"));
      controller.signal.throwIfAborted();
    };
    const { signal } = controller;
    await expect(migrate(project, classes, { checker, signal })).rejects.toThrow("stopped");
    expect(sources(project, clash)).toEqual(clash);
    expect(existsSync(project.path("opsvi-agents"))).toBe(false);
    expect(await readPending(project.root)).toBeNull();
  });

  test("whose adapters get files of their own are checked by the files of the classes before", async () => {
    using project = new Project(files);
    const plan = await project.ready("src/third.ts", "ThirdAgent", undefined, { placement: "sibling-file" });
    const checker = new InProcessChecker(project.root);
    const asked: string[][] = [];
    const check = (paths: readonly string[]) => {
      asked.push(paths.map((path) => path.slice(project.root.length + 1)));
      return checker.check();
    };
    await migrateMany({ root: project.root, plans: [plan], checker: { check } });
    expect(asked).toEqual([["src/third.ts"], ["src/third.ts", "src/thirdAdapter.ts"]]);
  });

  test("are told as they are where nothing is verified", async () => {
    using project = new Project(files);
    const { outcome, check } = await migrate(project, classes, { checker: undefined });
    expect(Object.values(outcome)).toEqual(["migrated", "migrated", "migrated"]);
    expect(check).toBeNull();
  });
});

describe("a class that brings a new type error is rolled back, and the others stay", () => {
  /** A file that nobody migrates says the name of an adapter already. */
  const clash = {
    ...base,
    "src/a.ts": agent("ShopAgent") + "\n" + agent("OtherAgent"),
    "src/taken.ts": "export interface ShopAgentAdapter { taken: true }\n",
    "src/index.ts": `export * from "./taken.js";\nexport * from "./a.js";\n`,
  };

  test("where the error is in its adapter", async () => {
    const files = {
      ...base,
      "src/base.ts": "export class Base {\n  protected constructor(readonly label: string) {}\n}\n",
      "src/hidden.ts": `import { Base } from "./base.js";\n\nexport class HiddenAgent extends Base {\n  run(n: number) {\n    return n;\n  }\n}\n`,
      "src/a.ts": agent("OpenAgent"),
    };
    using project = new Project(files);
    const { outcome, check } = await migrate(project, ["src/hidden.ts#HiddenAgent", "src/a.ts#OpenAgent"]);
    expect(outcome).toEqual({
      HiddenAgent: expect.stringMatching(
        /^It brings a new type error: src\/hidden\.ts:\d+ TS2344: Type .typeof HiddenAgent/,
      ) as string,
      OpenAgent: "migrated",
    });
    expect(check?.projects).toMatchObject([{ before: 0, after: 0 }]);
    expect(project.read("src/hidden.ts")).toBe(files["src/hidden.ts"]);
    expect(existsSync(project.path("opsvi-agents/core.mjs"))).toBe(true);
    expect((await readLog(project.root)).map(({ data }) => `${data.name} ${data.status}`)).toEqual([
      "HiddenAgent migrated",
      "OpenAgent migrated",
      "HiddenAgent undone",
      "HiddenAgent failed",
    ]);
  });

  test("where the error is in a file that nobody migrated, and names the adapter", async () => {
    using project = new Project(clash);
    const { outcome } = await migrate(project, ["src/a.ts#ShopAgent", "src/a.ts#OtherAgent"]);
    expect(outcome).toEqual({
      ShopAgent: expect.stringMatching(/^It brings a new type error: src\/index\.ts:2 TS2308: /) as string,
      OtherAgent: "migrated",
    });
  });

  test("where the error names several, by halving", async () => {
    const names = ["A", "B", "C", "D", "F"].map((letter) => `${letter}Agent`);
    const files = {
      ...base,
      ...Object.fromEntries(names.map((name) => [`src/${name}.ts`, agent(name)])),
      "src/two.ts": `export * from "./CAgent.js";\nexport * from "./FAgent.js";\n`,
      "src/all.ts": `import * as two from "./two.js";\nexport const all: Record<keyof typeof two, true> = { CAgent: true, FAgent: true };\n`,
    };
    using project = new Project(files);
    const checker = new InProcessChecker(project.root);
    const interruptions: string[] = [];
    checker.onCheck = (number) => {
      // A process that was killed here: the note of what it was about.
      if (number === 1) return;
      const { steps, entries } = JSON.parse(
        readFileSync(pendingFile(project.root), "utf8"),
      ) as PendingMigrations;
      interruptions.push(`${entries[0]?.data.status ?? ""} ${entries.length}, ${steps.length} files`);
    };
    const { outcome, check } = await migrate(
      project,
      names.map((name) => `src/${name}.ts#${name}`),
      { checker },
    );
    expect(interruptions).toEqual([
      "migrated 5, 12 files",
      "undone 2, 2 files",
      "undone 3, 3 files",
      "undone 1, 1 files",
      "undone 2, 2 files",
      "migrated 3, 0 files",
    ]);
    expect(
      Object.entries(outcome)
        .filter(([, status]) => status === "migrated")
        .map(([name]) => name),
    ).toEqual(["AAgent", "BAgent", "DAgent"]);
    expect(outcome["CAgent"]).toMatch(/^It brings a new type error: src\/all\.ts:2 TS\d+: /);
    expect(check?.projects).toMatchObject([{ before: 0, after: 0 }]);
    expect(project.read("src/CAgent.ts")).toBe(files["src/CAgent.ts" as keyof typeof files]);
    await undoMigrations({ root: project.root });
    expect(sources(project, files)).toEqual(files);
  }, 120_000);

  test("unless its adapter was edited meanwhile: then it stays, and the reason says so", async () => {
    using project = new Project(clash);
    const checker = new InProcessChecker(project.root);
    checker.onCheck = (number) => {
      if (number !== 2) return;
      project.write(
        "src/a.ts",
        project.read("src/a.ts").replace(/class ShopAgentAdapter [^{]*\{/, "$&\n  edited = true;"),
      );
    };
    const { outcome } = await migrate(project, ["src/a.ts#ShopAgent", "src/a.ts#OtherAgent"], { checker });
    expect(outcome).toEqual({
      ShopAgent: expect.stringMatching(
        /^It brings a new type error: src\/index\.ts:2 TS2308: .* It could not be rolled back: .*edited/,
      ) as string,
      OtherAgent: "migrated",
    });
    expect(project.read("src/a.ts")).toContain("edited = true;");
    expect(await readPending(project.root)).toBeNull();
  });

  test("and errors that were there before count for nothing", async () => {
    const broken = `const wrong: string = 1;\n${agent("ShopAgent")}const alsoWrong: string = 2;\n`;
    using project = new Project({ ...base, "src/a.ts": broken });
    const { outcome, check } = await migrate(project, ["src/a.ts#ShopAgent"]);
    expect(outcome).toEqual({ ShopAgent: "migrated" });
    expect(check?.projects).toMatchObject([{ before: 2, after: 2 }]);
  });
});
