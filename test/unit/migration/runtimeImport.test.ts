import { existsSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { MigrationPlan } from "../../../src/model/migrationPlan.ts";
import { textAfter } from "../../../src/migration/textEdits.ts";
import { compile } from "./compiler.ts";
import { buildCore, Project } from "./project.ts";

beforeAll(buildCore, 60_000);

const agent = "export class ShopAgent {\n  run(n: number) {\n    return n;\n  }\n}\n";
const script = "export class ShopAgent {\n  run(n) {\n    return n;\n  }\n}\n";
const config = (compilerOptions: object) => JSON.stringify({ compilerOptions });

/** What the migrated file imports the runtime from. */
function importedFrom({ changes: [change] }: MigrationPlan): string | undefined {
  const text = change === undefined ? "" : textAfter(change);
  return /(?:from|require\()\s*["']([^"']+)["']/.exec(text)?.[1];
}

async function importIn(files: Record<string, string>, file: string): Promise<string | undefined> {
  using project = new Project(files);
  return importedFrom(await project.ready(file, "ShopAgent"));
}

describe("the runtime is imported", () => {
  test.each(["dependencies", "devDependencies", "peerDependencies"])(
    "from the package if it is among the %s",
    async (kind) => {
      using project = new Project({
        "package.json": JSON.stringify({ name: "shop", [kind]: { "opsvi-agents": "^0.1.0" } }),
        "src/agent.ts": agent,
      });
      const plan = await project.ready("src/agent.ts", "ShopAgent");
      expect(importedFrom(plan)).toBe("opsvi-agents/core");
      expect(plan.changes).toHaveLength(1);
    },
  );

  test("from a folder beside the nearest package.json, not that of the whole repository", async () => {
    const files = {
      "package.json": `{ "name": "all", "dependencies": { "opsvi-agents": "1" } }`,
      "packages/shop/package.json": `{ "name": "shop" }`,
      "packages/shop/src/deep/agent.ts": agent,
    };
    expect(await importIn(files, "packages/shop/src/deep/agent.ts")).toBe("../../opsvi-agents/core.mjs");
  });

  test("past a package.json that only marks the module format", async () => {
    const files = {
      "package.json": `{ "name": "shop" }`,
      "tsconfig.json": config({ module: "nodenext" }),
      "src/package.json": `{ "type": "module" }`,
      "src/agent.ts": agent,
    };
    expect(await importIn(files, "src/agent.ts")).toBe("../opsvi-agents/core.mjs");
  });

  test("from the workspace folder where there is no package.json", async () => {
    expect(await importIn({ "lib/agent.js": script }, "lib/agent.js")).toBe("../opsvi-agents/core.mjs");
  });

  test("from another folder where a foreign one has the name", async () => {
    const files = { "package.json": "{}", "opsvi-agents/notes.md": "ours", "agent.ts": agent };
    expect(await importIn(files, "agent.ts")).toBe("./opsvi-agents-2/core.mjs");
  });

  test.each([
    [
      "CommonJS compilation",
      { module: "commonjs", target: "es2020" },
      {},
      "agent.ts",
      "./opsvi-agents/core.cjs",
    ],
    [
      "ES module compilation",
      { module: "esnext", target: "es2020" },
      {},
      "agent.ts",
      "./opsvi-agents/core.mjs",
    ],
    ["Node's rules without a type", { module: "node16" }, {}, "agent.ts", "./opsvi-agents/core.cjs"],
    [
      "Node's rules with type module",
      { module: "node16" },
      { type: "module" },
      "agent.ts",
      "./opsvi-agents/core.mjs",
    ],
    [
      ".cts despite type module",
      { module: "node16" },
      { type: "module" },
      "agent.cts",
      "./opsvi-agents/core.cjs",
    ],
    [".mts despite CommonJS", { module: "commonjs" }, {}, "agent.mts", "./opsvi-agents/core.mjs"],
    [
      "no module option before TypeScript 6",
      { strict: true },
      { devDependencies: { typescript: "^5.4.0" } },
      "agent.ts",
      "./opsvi-agents/core.cjs",
    ],
    [
      "no module option since TypeScript 6",
      { strict: true },
      { devDependencies: { typescript: "~6.0.3" } },
      "agent.ts",
      "./opsvi-agents/core.mjs",
    ],
    [
      "Jest, which loads no .mjs",
      { module: "esnext", target: "es2020" },
      { devDependencies: { jest: "29" } },
      "agent.ts",
      "./opsvi-agents/core.cjs",
    ],
    [
      "Jest beside Vite",
      { module: "esnext", target: "es2020" },
      { devDependencies: { jest: "29", vite: "7" } },
      "agent.ts",
      "./opsvi-agents/core.mjs",
    ],
  ])("as the file is loaded: %s", async (_what, options, manifest, file, expected) => {
    const files = {
      "package.json": JSON.stringify({ name: "shop", ...manifest }),
      "tsconfig.json": config(options),
      [file]: agent,
    };
    expect(await importIn(files, file)).toBe(expected);
  });

  test("as the referenced configuration that includes the file says", async () => {
    const files = {
      "package.json": `{ "name": "shop" }`,
      "tsconfig.json": `{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./server" }] }`,
      "tsconfig.app.json": `{ "compilerOptions": { "module": "esnext", "noEmit": true }, "include": ["src"] }`,
      "server/tsconfig.json": `{ "compilerOptions": { "module": "commonjs", "target": "es2020" } }`,
      "src/agent.ts": agent,
      "server/agent.ts": agent,
    };
    expect(await importIn(files, "src/agent.ts")).toBe("../opsvi-agents/core.mjs");
    expect(await importIn(files, "server/agent.ts")).toBe("../opsvi-agents/core.cjs");
  });
});

describe("where the compiler writes its output elsewhere", () => {
  const files = (options: object, more: Record<string, string> = {}) => ({
    "package.json": `{ "name": "shop" }`,
    "tsconfig.json": JSON.stringify({
      compilerOptions: { module: "commonjs", target: "es2020", ...options },
      include: ["src"],
    }),
    "src/agents/agent.ts": agent,
    ...more,
  });
  const vendored = "../../opsvi-agents/core.cjs";

  test.each([
    ["rootDir and outDir side by side", { rootDir: "src", outDir: "dist" }],
    ["output beside the sources", {}],
    ["nothing written", { outDir: "build/out", noEmit: true }],
    ["a bundler takes over", { outDir: "build/out", module: "preserve" }],
  ])("%s: the same path holds", async (_what, options) => {
    expect(await importIn(files(options), "src/agents/agent.ts")).toMatch(
      /^\.\.\/\.\.\/opsvi-agents\/core\.[cm]js$/,
    );
  });

  test("the common folder of the sources counts where rootDir is missing", async () => {
    const common = files({ outDir: "dist" }, { "src/index.ts": "export {};\n" });
    expect(await importIn(common, "src/agents/agent.ts")).toBe(vendored);
  });

  test.each([
    ["in the package's folder where the compiler takes it from there", { rootDir: ".", outDir: "dist" }, ""],
    ["in rootDir where that lies deeper", { rootDir: "src", outDir: "build/out" }, "src/"],
    ["in the common folder of the sources, which stays that", { outDir: "dist" }, "src/agents/"],
  ])("the runtime is TypeScript %s", async (_what, options, parent) => {
    using project = new Project(files(options));
    const { changes } = await project.migrate("src/agents/agent.ts", "ShopAgent");
    const folder = `${parent}opsvi-agents`;
    const names = ["core.ts", "types.ts", ".prettierrc.json", "README.md", "opsvi-agents.json"];
    expect(changes.slice(1).map(({ path }) => path)).toEqual(
      names.map((name) => project.path(`${folder}/${name}`)),
    );
    const { undoMigrations } = await import("../../../src/migration/undo.ts");
    await undoMigrations({ root: project.root });
    expect(project.read("src/agents/agent.ts")).toBe(agent);
    expect(existsSync(project.path(folder))).toBe(false);
  });

  test.each([
    ["as the file's other imports end: .js", 'import "./a.js";\n', {}, "../../opsvi-agents/core.js"],
    ["as the file's other imports end: nothing", 'export * from "./a";\n', {}, "../../opsvi-agents/core"],
    ["as the file's other imports end: .ts", 'import "./a.ts";\n', {}, "../../opsvi-agents/core.ts"],
    ["with .js in an ES module package", "", { type: "module" }, "../../opsvi-agents/core.js"],
    ["without extension in CommonJS", 'import "./data.json";\n', {}, "../../opsvi-agents/core"],
  ])("TypeScript is imported %s", async (_what, imports, manifest, expected) => {
    using project = new Project({
      ...files({ rootDir: ".", outDir: "dist", module: "nodenext" }),
      "package.json": JSON.stringify({ name: "shop", ...manifest }),
      "src/agents/agent.ts": imports + agent,
    });
    const plan = await project.migrate("src/agents/agent.ts", "ShopAgent");
    const text = project.read("src/agents/agent.ts");
    expect(/\} from "([^"]+)"/.exec(text)?.[1]).toBe(expected);
    expect(await project.plan("src/agents/agent.ts", "ShopAgent")).toMatchObject({
      status: "migrated",
      reason: expect.stringContaining(plan.adapter) as string,
    });
  });

  test("JavaScript of the same package has its own folder, and each is removed with its last importer", async () => {
    using project = new Project({
      ...files({ rootDir: ".", outDir: "dist" }),
      "lib/agent.js": script,
      "src/other.ts": agent.replaceAll("ShopAgent", "OtherAgent"),
    });
    const { undoMigrations } = await import("../../../src/migration/undo.ts");
    const undo = (file_path: string, name: string) =>
      undoMigrations({ root: project.root, classes: [{ file_path, name }] });
    const [source, bundle] = ["opsvi-agents/core.ts", "opsvi-agents-2/core.mjs"].map((path) =>
      project.path(path),
    );
    await project.migrate("src/agents/agent.ts", "ShopAgent");
    await project.migrate("lib/agent.js", "ShopAgent");
    await project.migrate("src/other.ts", "OtherAgent");
    expect([source, bundle].map((path) => existsSync(path ?? ""))).toEqual([true, true]);
    await undo("src/agents/agent.ts", "ShopAgent");
    await undo("lib/agent.js", "ShopAgent");
    expect([source, bundle].map((path) => existsSync(path ?? ""))).toEqual([true, false]);
    await undo("src/other.ts", "OtherAgent");
    expect(readdirSync(project.root).filter((name) => name.startsWith("opsvi"))).toEqual([]);
  });

  test.each([
    ["JavaScript", "src/agents/script.js", script, { allowJs: true }, {}],
    ["a module that is compiled to CommonJS", "src/agents/agent.mts", agent, {}, {}],
    [
      "CommonJS in a package of ES modules",
      "src/agents/agent.cts",
      agent,
      { module: "nodenext" },
      { "package.json": `{ "name": "shop", "type": "module" }` },
    ],
    [
      "a module whose runtime would be CommonJS that is written as it is loaded",
      "src/agents/agent.mts",
      agent,
      { module: "nodenext", verbatimModuleSyntax: true },
      {},
    ],
    [
      "a composite project that does not include the folder",
      "src/agents/agent.ts",
      agent,
      { composite: true },
      {},
    ],
    [
      "a source folder of another module format",
      "src/agents/agent.ts",
      agent,
      { module: "nodenext" },
      { "src/package.json": `{ "type": "module" }` },
    ],
  ])("%s is refused with what to do", async (_what, file, text, options, more) => {
    using project = new Project({
      ...files({ rootDir: ".", outDir: "dist", ...options }, more),
      [file]: text,
    });
    const output = `dist/${file.replace(/ts$/, "js")}`;
    expect(await project.reason(file, "ShopAgent")).toBe(
      `tsconfig.json writes ${file} to ${output}, from where the runtime's folder is not found under the same relative path: choose the runtime "package" instead of "vendored", or let "rootDir" and "outDir" lie side by side in the package's folder.`,
    );
  });

  const formats: [string, object, string, string][] = [
    ["agent.mts", {}, "agent.mjs", "../../opsvi-agents/core.js"],
    ["agent.mts", { type: "module" }, "agent.mjs", "../../opsvi-agents/core.js"],
    ["agent.cts", {}, "agent.cjs", "../../opsvi-agents/core"],
  ];

  test.each(formats)(
    "%s in a package %j imports TypeScript, compiles and runs",
    async (name, manifest, built, expected) => {
      using project = new Project({
        "package.json": JSON.stringify({ name: "shop", ...manifest }),
        "tsconfig.json": JSON.stringify({
          compilerOptions: {
            strict: true,
            module: "nodenext",
            target: "es2022",
            rootDir: ".",
            outDir: "dist",
            types: [],
          },
          include: ["src"],
        }),
        [`src/agents/${name}`]: agent,
      });
      const plan = await project.migrate(`src/agents/${name}`, "ShopAgent");
      expect(importedFrom(plan)).toBe(expected);
      expect(compile(project.root)).toEqual([]);
      const module = (await import(pathToFileURL(project.path(`dist/src/agents/${built}`)).href)) as {
        ShopAgentAdapter: new () => { execute: (task: unknown) => { value: unknown } };
      };
      expect(new module.ShopAgentAdapter().execute(5).value).toBe(5);
      const { undoMigrations } = await import("../../../src/migration/undo.ts");
      await undoMigrations({ root: project.root });
      expect(existsSync(project.path("opsvi-agents"))).toBe(false);
      expect(project.read(`src/agents/${name}`)).toBe(agent);
    },
  );

  test("a composite project that includes whole folders has it in one of them", async () => {
    const composite = {
      ...files({}),
      "tsconfig.json": config({ composite: true, outDir: "dist", module: "commonjs", target: "es2020" }),
    };
    expect(await importIn(composite, "src/agents/agent.ts")).toBe("../../opsvi-agents/core");
  });

  test("with the package among the dependencies any depth is right", async () => {
    const withPackage = {
      ...files({ rootDir: ".", outDir: "dist" }),
      "package.json": `{ "name": "shop", "dependencies": { "opsvi-agents": "*" } }`,
    };
    expect(await importIn(withPackage, "src/agents/agent.ts")).toBe("opsvi-agents/core");
  });

  test("files below outDir are built output", async () => {
    using project = new Project(files({ outDir: "lib" }, { "lib/agent.js": script }));
    expect(await project.reason("lib/agent.js", "ShopAgent")).toBe(
      "lib/agent.js is built output: migrate the source it is made from.",
    );
  });
});
