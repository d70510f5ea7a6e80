import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { undoMigrations } from "../../../src/migration/undo.ts";
import type { MigrationPlan, PlanOptions } from "../../../src/model/migrationPlan.ts";
import { checkDeclarations, compile } from "./compiler.ts";
import { runBoth, type Case } from "./parity.ts";
import { buildCore, Project, withoutInsertions } from "./project.ts";
import { recordOf } from "./record.ts";
import {
  commonjsHelpers,
  commonjsTypescriptShapes,
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
  /** Those that hold for adapters in files of their own too. */
  placements?: PlanOptions["placement"][];
  /** From source files to the modules that are run. */
  built: (project: Project, files: string[]) => Promise<string[]> | string[];
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
    placements: ["same-file", "sibling-file"],
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
    placements: ["same-file", "sibling-file"],
    manifest: { name: "service", type: "module" },
    compilerOptions: { ...strict, ...emitted, module: "NodeNext" },
    shapes: typescriptShapes,
    helpers,
    built: emittedTo("dist"),
  },
  {
    name: "CommonJS",
    placements: ["same-file", "sibling-file"],
    manifest: { name: "server" },
    compilerOptions: {
      ...strict,
      ...emitted,
      ...commonJs,
    },
    shapes: [...typescriptShapes, ...commonjsTypescriptShapes],
    helpers,
    built: emittedTo("dist"),
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
    built: emittedTo("dist", ""),
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
    built: emittedTo("dist", ""),
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
    built: emittedTo("build/out"),
  },
  {
    name: "checked JavaScript, ES modules",
    placements: ["same-file", "sibling-file"],
    manifest: { name: "scripts", type: "module" },
    compilerOptions: { ...strict, ...javascript, module: "NodeNext" },
    shapes: esmShapes,
    helpers: scriptHelpers,
    built: (project, files) => files.map((file) => project.path(file)),
  },
  {
    name: "checked JavaScript, CommonJS",
    placements: ["same-file", "sibling-file"],
    manifest: { name: "tools" },
    compilerOptions: { ...strict, ...javascript, module: "NodeNext" },
    shapes: commonjsShapes,
    helpers: commonjsHelpers,
    built: (project, files) => files.map((file) => project.path(file)),
  },
];

function emittedTo(folder: string, from = "src/"): Setting["built"] {
  return (project, files) =>
    files.map((file) => project.path(`${folder}/${file.slice(from.length).replace(/ts$/, "js")}`));
}

async function bundled(project: Project, files: string[]): Promise<string[]> {
  const outdir = project.path("bundle");
  await build({
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
    outExtension: { ".js": ".mjs" },
    entryPoints: files.map((file) => project.path(file)),
    outbase: project.path("src"),
    outdir,
  });
  return files.map((file) => join(outdir, file.slice("src/".length).replace(/ts$/, "mjs")));
}

beforeAll(buildCore, 60_000);

const trials = settings.flatMap((setting) =>
  (setting.placements ?? ["same-file"]).map((placement) => ({ ...setting, placement })),
);

describe.each(trials)("in a project for $name, adapters wanted in the $placement", (trial) => {
  const { manifest, compilerOptions, shapes, built, folder = "src", vendored = "opsvi-agents" } = trial;
  const { placement } = trial;
  const inFolder = (name: string) => (folder === "." ? name : `${folder}/${name}`);

  test("every class shape migrates, type-checks, behaves as before, and is restored by undo", async () => {
    const files = {
      "package.json": JSON.stringify(manifest),
      "tsconfig.json": JSON.stringify({ compilerOptions, include: [folder] }),
      ...Object.fromEntries(Object.entries(trial.helpers).map(([name, text]) => [inFolder(name), text])),
      ...Object.fromEntries(shapes.map(({ file, text }) => [inFolder(file), text])),
    };
    using project = new Project(files, placement);
    expect(compile(project.root)).toEqual([]);

    const cases: Case[] = [];
    for (const shape of shapes) {
      const file = inFolder(shape.file);
      const plans: MigrationPlan[] = [];
      const known = (name: string) =>
        shape.bases &&
        recordOf(
          name,
          file,
          shape.bases.map(([base, path]) => link(base, inFolder(path))),
        );
      for (const name of shape.classes) plans.push(await project.migrate(file, name, {}, known(name)));
      const own = plans.filter(({ changes: [change] }) => change?.path === project.path(file));
      const after = project.read(file);
      expect(own.reduceRight((text, plan) => withoutInsertions(plan, text), after)).toBe(shape.text);
      const holders = new Set(plans.map(({ changes: [change] }) => change?.path ?? ""));
      const texts = [...holders].map((path) => project.read(relative(project.root, path)));
      await expect(texts.join("")).toMatchFileSnapshot(expectedFile(trial.name, placement, shape));
      for (const name of shape.classes) {
        expect(await project.plan(file, name, known(name))).toMatchObject({
          status: "migrated",
          reason: expect.stringMatching(/is migrated already: \w+ (?:in \S+ )?wraps it\.$/) as string,
        });
      }
      const [plan] = plans;
      const [adapterFile] = plan?.changes ?? [];
      if (shape.run !== null && plan !== undefined && adapterFile !== undefined) {
        const adapterModule = relative(project.root, adapterFile.path);
        cases.push({ module: file, adapterModule, shape, adapter: plan.adapter });
      }
    }

    expect(existsSync(project.path(vendored))).toBe(true);
    expect(compile(project.root)).toEqual([]);
    expect(checkDeclarations(project.root)).toEqual([]);
    const sources = [...new Set(cases.flatMap(({ module, adapterModule }) => [module, adapterModule]))];
    const modules = new Map((await built(project, sources)).map((path, index) => [sources[index], path]));
    for (const item of cases) {
      item.module = modules.get(item.module) ?? "";
      item.adapterModule = modules.get(item.adapterModule) ?? "";
    }
    for (const { shape, legacy, adapted, sameClass, sameJson } of runBoth(cases)) {
      expect({ shape, ...(adapted as object) }).toEqual({ shape, ...(legacy as object) });
      expect({ shape, sameClass, sameJson }).toEqual({ shape, sameClass: true, sameJson: true });
    }

    for (const { file, classes } of shapes) {
      for (const name of classes) {
        await undoMigrations({ root: project.root, classes: [{ file_path: inFolder(file), name }] });
      }
    }
    expect(project.tree(["dist", "build", "bundle"])).toEqual(files);
    expect(existsSync(project.path(vendored))).toBe(false);
  }, 120_000);
});

const link = (name: string, file_path: string) => ({ name, file_path, module: null });

function expectedFile(setting: string, placement: string, { file }: Shape): string {
  const folder = setting.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  const beside = placement === "sibling-file" ? "/sibling" : "";
  return join(import.meta.dirname, "../../fixtures/migration", folder + beside, `${file}.txt`);
}
