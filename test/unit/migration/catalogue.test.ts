import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "./compiler.ts";
import { runBoth, type Case } from "./parity.ts";
import { buildCore, Project, withoutInsertions } from "./project.ts";
import {
  commonjsHelpers,
  commonjsShapes,
  esmShapes,
  helpers,
  scriptHelpers,
  typescriptShapes,
  type Shape,
} from "./shapes.ts";

interface Setting {
  name: string;
  manifest: object;
  compilerOptions: object;
  shapes: Shape[];
  helpers: Record<string, string>;
  /** From a source file to the module that is run. */
  built: (project: Project, file: string) => Promise<string> | string;
}

const strict = { strict: true, target: "ES2022", lib: ["ES2022"], types: [], skipLibCheck: false };
const emitted = { rootDir: "src", outDir: "dist", declaration: true };
const javascript = { allowJs: true, checkJs: true, noEmit: true };

const settings: Setting[] = [
  {
    name: "bundler",
    manifest: { name: "web", private: true },
    compilerOptions: {
      ...strict,
      module: "ESNext",
      moduleResolution: "bundler",
      noEmit: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      noUnusedLocals: true,
      noUnusedParameters: false,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitOverride: true,
    },
    shapes: typescriptShapes,
    helpers,
    built: bundled,
  },
  {
    name: "Node ES modules",
    manifest: { name: "service", type: "module" },
    compilerOptions: { ...strict, ...emitted, module: "NodeNext" },
    shapes: typescriptShapes,
    helpers,
    built: (project, file) => project.path(file.replace(/^src/, "dist").replace(/ts$/, "js")),
  },
  {
    name: "CommonJS",
    manifest: { name: "server" },
    compilerOptions: {
      ...strict,
      ...emitted,
      target: "ES2018",
      module: "CommonJS",
      moduleResolution: "node10",
      ignoreDeprecations: "6.0",
      esModuleInterop: true,
    },
    shapes: typescriptShapes,
    helpers,
    built: (project, file) => project.path(file.replace(/^src/, "dist").replace(/ts$/, "js")),
  },
  {
    name: "checked JavaScript, ES modules",
    manifest: { name: "scripts", type: "module" },
    compilerOptions: { ...strict, ...javascript, module: "NodeNext" },
    shapes: esmShapes,
    helpers: scriptHelpers,
    built: (project, file) => project.path(file),
  },
  {
    name: "checked JavaScript, CommonJS",
    manifest: { name: "tools" },
    compilerOptions: { ...strict, ...javascript, module: "NodeNext" },
    shapes: commonjsShapes,
    helpers: commonjsHelpers,
    built: (project, file) => project.path(file),
  },
];

async function bundled(project: Project, file: string): Promise<string> {
  const outfile = project.path(file.replace(/^src/, "bundle").replace(/ts$/, "mjs"));
  const options = {
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
  } as const;
  await build({ ...options, entryPoints: [project.path(file)], outfile });
  return outfile;
}

beforeAll(buildCore, 60_000);

describe.each(settings)("in a project for $name", (setting) => {
  const { manifest, compilerOptions, shapes, built } = setting;

  test("every class shape migrates, type-checks, behaves as before, and is restored by undo", async () => {
    using project = new Project({
      "package.json": JSON.stringify(manifest),
      "tsconfig.json": JSON.stringify({ compilerOptions, include: ["src"] }),
      ...inSource(setting.helpers),
      ...Object.fromEntries(shapes.map(({ file, text }) => [`src/${file}`, text])),
    });
    expect(compile(project.root)).toEqual([]);

    const cases: Case[] = [];
    for (const shape of shapes) {
      const file = `src/${shape.file}`;
      const plans = [];
      for (const name of shape.classes) plans.push(await project.migrate(file, name));
      const after = project.read(file);
      expect(plans.reduceRight((text, plan) => withoutInsertions(plan, text), after)).toBe(shape.text);
      await expect(after).toMatchFileSnapshot(expectedFile(setting.name, shape));
      for (const name of shape.classes) {
        expect(await project.plan(file, name)).toMatchObject({
          status: "migrated",
          reason: expect.stringMatching(/is migrated already/) as string,
        });
      }
      const [plan] = plans;
      if (shape.run !== null && plan !== undefined) {
        cases.push({ module: file, shape, adapter: plan.adapter });
      }
    }

    expect(compile(project.root)).toEqual([]);
    for (const item of cases) item.module = await built(project, item.module);
    for (const { shape, legacy, adapted, sameClass, sameJson } of runBoth(cases)) {
      expect({ shape, ...(adapted as object) }).toEqual({ shape, ...(legacy as object) });
      expect({ shape, sameClass, sameJson }).toEqual({ shape, sameClass: true, sameJson: true });
    }

    const { undoMigration } = await import("../../../src/migration/undo.ts");
    for (const { file, classes } of shapes) {
      for (const name of classes) {
        await undoMigration({ root: project.root, file_path: `src/${file}`, name });
      }
    }
    for (const { file, text } of shapes) expect(project.read(`src/${file}`)).toBe(text);
    expect(existsSync(project.path("opsvi-agents"))).toBe(false);
  }, 120_000);
});

const inSource = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`src/${name}`, text]));

function expectedFile(setting: string, { file }: Shape): string {
  const folder = setting.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  return join(import.meta.dirname, "../../fixtures/migration", folder, `${file}.txt`);
}
