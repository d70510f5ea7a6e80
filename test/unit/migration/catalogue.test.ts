import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { checkDeclarations, compile } from "./compiler.ts";
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
  /** Of the sources; "." for that of the package. */
  folder?: string;
  /** The runtime's folder. */
  vendored?: string;
  /** From a source file to the module that is run. */
  built: (project: Project, file: string) => Promise<string> | string;
}

const strict = { strict: true, target: "ES2022", lib: ["ES2022"], types: [], skipLibCheck: false };
const commonJs = {
  target: "ES2018",
  module: "CommonJS",
  moduleResolution: "node10",
  ignoreDeprecations: "6.0",
  esModuleInterop: true,
};
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
      ...commonJs,
    },
    shapes: typescriptShapes,
    helpers,
    built: (project, file) => project.path(file.replace(/^src/, "dist").replace(/ts$/, "js")),
  },
  {
    name: "CommonJS, sources beside package.json",
    manifest: { name: "flat" },
    compilerOptions: {
      ...strict,
      outDir: "dist",
      declaration: true,
      ...commonJs,
    },
    shapes: typescriptShapes,
    helpers,
    folder: ".",
    built: (project, file) => project.path(`dist/${file.replace(/ts$/, "js")}`),
  },
  {
    name: "Node ES modules, output below a copy of the package's folders",
    manifest: { name: "deep", type: "module" },
    compilerOptions: {
      ...strict,
      rootDir: ".",
      outDir: "dist",
      declaration: true,
      module: "Node16",
      verbatimModuleSyntax: true,
      isolatedModules: true,
      noUnusedLocals: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitOverride: true,
    },
    shapes: typescriptShapes,
    helpers,
    built: (project, file) => project.path(`dist/${file.replace(/ts$/, "js")}`),
  },
  {
    name: "CommonJS of ES2015, output deeper than the sources",
    manifest: { name: "build" },
    compilerOptions: {
      ...strict,
      lib: ["ES2017"],
      rootDir: "src",
      outDir: "build/out",
      declaration: true,
      target: "ES2015",
      module: "Node16",
    },
    shapes: typescriptShapes,
    helpers,
    vendored: "src/opsvi-agents",
    built: (project, file) => project.path(file.replace(/^src/, "build/out").replace(/ts$/, "js")),
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
  const { manifest, compilerOptions, shapes, built, folder = "src", vendored = "opsvi-agents" } = setting;
  const inFolder = (name: string) => (folder === "." ? name : `${folder}/${name}`);

  test("every class shape migrates, type-checks, behaves as before, and is restored by undo", async () => {
    using project = new Project({
      "package.json": JSON.stringify(manifest),
      "tsconfig.json": JSON.stringify({ compilerOptions, include: [folder] }),
      ...Object.fromEntries(Object.entries(setting.helpers).map(([name, text]) => [inFolder(name), text])),
      ...Object.fromEntries(shapes.map(({ file, text }) => [inFolder(file), text])),
    });
    expect(compile(project.root)).toEqual([]);

    const cases: Case[] = [];
    for (const shape of shapes) {
      const file = inFolder(shape.file);
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

    expect(existsSync(project.path(vendored))).toBe(true);
    expect(compile(project.root)).toEqual([]);
    expect(checkDeclarations(project.root)).toEqual([]);
    for (const item of cases) item.module = await built(project, item.module);
    for (const { shape, legacy, adapted, sameClass, sameJson } of runBoth(cases)) {
      expect({ shape, ...(adapted as object) }).toEqual({ shape, ...(legacy as object) });
      expect({ shape, sameClass, sameJson }).toEqual({ shape, sameClass: true, sameJson: true });
    }

    const { undoMigrations } = await import("../../../src/migration/undo.ts");
    for (const { file, classes } of shapes) {
      for (const name of classes) {
        await undoMigrations({ root: project.root, classes: [{ file_path: inFolder(file), name }] });
      }
    }
    for (const { file, text } of shapes) expect(project.read(inFolder(file))).toBe(text);
    expect(existsSync(project.path(vendored))).toBe(false);
  }, 120_000);
});

function expectedFile(setting: string, { file }: Shape): string {
  const folder = setting.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  return join(import.meta.dirname, "../../fixtures/migration", folder, `${file}.txt`);
}
