import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createContext, Script } from "node:vm";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compilerHost } from "./compilerHost.ts";
import { emitDeclarations } from "../../scripts/declarations.ts";

const root = join(import.meta.dirname, "../..");
let folder: string;

/** Bundled here as scripts/build.ts does, so that no other build is needed or disturbed. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bundles-"));
  const bundle = (entry: string, out: string, platform: "node" | "neutral") =>
    Promise.all(
      (["esm", "cjs"] as const).map((format) =>
        build({
          bundle: true,
          entryPoints: [join(root, entry)],
          outfile: join(folder, `${out}.${format === "esm" ? "mjs" : "cjs"}`),
          platform,
          format,
          target: "es2022",
          keepNames: true,
          external: ["node:*", "piscina"],
          ...(format === "cjs" && { define: { "import.meta.url": "undefined" } }),
        }),
      ),
    );
  await bundle("src/runtime/core/index.ts", "core/core", "neutral");
  await bundle("src/runtime/index.ts", "library/index", "node");
  emitDeclarations(folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const useCore = `
  class Old { processMessage(text, userId) { return text + userId; } }
  const adapter = new core.UniversalAgentAdapter(new Old(), { agentType: "old" });
  const done = adapter.execute({ userId: "u", text: "t" });
  const failed = adapter.execute({ text: "t" });
  JSON.stringify([done.output, failed.error.name, adapter.state, core.isAgent(adapter)]);
`;
const used = '[{"output":"tu"},"TaskValidationError","error",true]';

describe("the core's bundle", () => {
  it("imports nothing", () => {
    for (const name of ["core.mjs", "core.cjs"]) {
      const code = readFileSync(join(folder, "core", name), "utf8");
      expect(code).not.toMatch(/^import\b|\brequire\(|\bimport\(|\bprocess\.|\bBuffer\b/m);
    }
  });

  it("runs where there is nothing but JavaScript", () => {
    const code = readFileSync(join(folder, "core/core.cjs"), "utf8");
    const context = createContext({ module: { exports: {} } });
    const script = new Script(`${code};const core = module.exports;${useCore}`);
    expect(script.runInContext(context)).toBe(used);
  });

  it("is bundled for a browser, where an asynchronous execution retries", async () => {
    const entry = join(folder, "browser.js");
    writeFileSync(
      entry,
      `import * as core from "./core/core.mjs";
       class Flaky extends core.BaseAgent { n = 0; executeImpl() { if (++this.n < 3) throw new Error("again"); return this.n; } }
       globalThis.answer = new Flaky({ name: "f", agentType: "t" }).executeAsync({}, { retry: { attempts: 3, baseMs: 1 } });`,
    );
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      platform: "browser",
      format: "iife",
      logLevel: "error",
    });
    const context = createContext({ setTimeout, clearTimeout }) as { answer?: Promise<unknown> };
    new Script(outputFiles[0]?.text ?? "").runInContext(context);
    expect(await context.answer).toMatchObject({ status: "success", value: 3, attempts: 3 });
  });
});

describe("the library's bundle", () => {
  it("is loaded by import and by require, and needs no package", async () => {
    const required = createRequire(import.meta.url)(join(folder, "library/index.cjs")) as object;
    const imported = (await import(pathToFileURL(join(folder, "library/index.mjs")).href)) as object;
    expect(Object.keys(required).sort()).toEqual(Object.keys(imported).sort());
    expect(Object.keys(imported)).toEqual(
      expect.arrayContaining([
        "BaseAgent",
        "UniversalAgentAdapter",
        "FileCheckpointStore",
        "ErrorPatternLearner",
      ]),
    );
  });

  it("meets a copy of the core: agents of one are agents of the other", () => {
    const script = `
      import * as core from ${JSON.stringify(pathToFileURL(join(folder, "core/core.mjs")).href)};
      import * as library from ${JSON.stringify(pathToFileURL(join(folder, "library/index.mjs")).href)};
      const agent = new core.BaseAgent({ name: "a", agentType: "t" });
      console.log(agent instanceof library.BaseAgent, library.isAgent(agent));`;
    const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect(out.trim()).toBe("false true");
  });
});

const consumer = (from: string) => `
import { BaseAgent, AgentState, UniversalAgentAdapter, isAgent, type ExecutionContext, type Result } from "${from}";
class Mine extends BaseAgent<{ topic: string }, number> {
  protected override executeImpl(task: { topic: string }, context: ExecutionContext): number {
    context.progress(task.topic, 0.5);
    return task.topic.length;
  }
}
const mine = new Mine({ name: "mine", agentType: "unit" });
const result: Result<number> = mine.execute({ topic: "x" });
export const length: number = result.status === "success" ? result.value : result.attempts;
class Old { name = "old"; run(task: string): string { return task; } }
const adapter = new UniversalAgentAdapter(new Old(), { agentType: "t", retry: { attempts: 2 } });
export const name: string = adapter.legacy.name;
export const stopped: boolean = adapter.state === AgentState.STOPPED || isAgent(adapter);
`;
const nodeParts = `
import { ErrorPatternLearner, FileCheckpointStore } from "./library/index.mjs";
const checkpoints = new FileCheckpointStore("x");
const errors = new ErrorPatternLearner("x");
void new Mine({ name: "m", agentType: "t" }, { checkpoints, errors }).executeAsync(
  { topic: "x" },
  { signal: new AbortController().signal },
);
`;

/** What a strict compiler says of files beside the bundles, by name. */
function diagnostics(files: Record<string, string>, options: ts.CompilerOptions): string[] {
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const settings = {
    strict: true,
    skipLibCheck: false,
    skipDefaultLibCheck: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    ignoreDeprecations: "6.0",
    ...options,
  };
  const names = Object.keys(files).map((file) => join(folder, file));
  const program = ts.createProgram(names, settings, compilerHost(settings));
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe.each([
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- projects that still use it must type-check
  ["node10", ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Node10],
  ["node16", ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
  ["bundler", ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
])(
  "the declarations, strict and with skipLibCheck off, under %s resolution",
  (name, module, moduleResolution) => {
    const check = (files: Record<string, string>, options: ts.CompilerOptions): string[] =>
      diagnostics(files, { module, moduleResolution, ...options });

    it.each(["es2015", "es2022"])("need neither DOM nor Node nor more than %s for the core", (lib) => {
      const options = { lib: [`lib.${lib}.d.ts`], types: [] };
      const both = {
        [`core-${name}.mts`]: consumer("./core/core.mjs"),
        [`core-${name}.cts`]: consumer("./core/core.cjs"),
      };
      expect(check(both, options)).toEqual([]);
    });

    it("need no package but @types/node for the library", () => {
      const options = {
        lib: ["lib.es2022.d.ts"],
        types: ["node"],
        typeRoots: [join(root, "node_modules/@types")],
      };
      const both = {
        [`library-${name}.mts`]: consumer("./library/index.mjs") + nodeParts,
        [`library-${name}.cts`]: consumer("./library/index.cjs"),
      };
      expect(check(both, options)).toEqual([]);
    });
  },
  60_000,
);

const bothCopies = (core: string, library: string) => `
import * as core from "${core}";
import * as library from "${library}";
interface Topics { seen: string[] }
class Mine extends core.BaseAgent<{ topic: string }, number, Topics> {
  protected override context: Topics = { seen: [] };
  protected override executeImpl(task: { topic: string }): number {
    return this.context.seen.push(task.topic);
  }
}
const tools = new library.ToolRegistry();
const mine = new Mine({ name: "mine", agentType: "unit" }, { tools, checkpoints: new library.MemoryCheckpointStore() });
const adapter = new core.UniversalAgentAdapter({ run: (task: string) => task }, { agentType: "old", tools });
const registry = new library.AgentRegistry();
registry.register(mine);
registry.register(adapter);
const lifecycle = new library.LifecycleManager();
lifecycle.add(mine, { dependsOn: [adapter] });
const off: (() => void)[] = [mine, adapter, tools].map((each) => new library.PerformanceMonitor().watch(each));
const own = new library.UniversalAgentAdapter({ run: () => 1 }, { agentType: "old", tools: new core.ToolRegistry() });
void new library.ParallelAgentExecutor().executeBatch([[mine, { topic: "x" }], [adapter, "x"], [own, null]]);
tools.execute("t", mine);
new library.AgentMigrator({ registry }).migrateAgent({ run: () => 1 }, "old");
const found = registry.get("mine");
export const value: unknown = found?.execute({ topic: "x" }, { retry: { attempts: 2 }, tools }).warnings ?? off;
export const all: library.AgentLike[] = [mine, adapter, own, ...registry.find({ agentType: "unit" })];
`;

it.each([
  ["both.mts", "./core/core.mjs", "./library/index.mjs"],
  ["both.cts", "./core/core.cjs", "./library/index.cjs"],
  ["mixed.mts", "./core/core.cjs", "./library/index.mjs"],
  ["libraries.mts", "./library/index.cjs", "./library/index.mjs"],
])("lets the library take agents of another copy: %s", (file, core, library) => {
  const options = {
    module: ts.ModuleKind.Node16,
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  expect(diagnostics({ [file]: bothCopies(core, library) }, options)).toEqual([]);
});

/** Names of exported declarations, and of their public members, that have no docstring. */
function undocumented(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const note = (node: ts.Node, name: string) => {
    if (ts.getJSDocCommentsAndTags(node).length === 0) found.push(name);
  };
  const nameOf = (node: ts.NamedDeclaration) => node.name?.getText() ?? "(unnamed)";
  for (const statement of source.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    const [variable] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
    const name = nameOf(variable ?? (statement as unknown as ts.DeclarationStatement));
    note(statement, name);
    if (!ts.isClassDeclaration(statement) && !ts.isInterfaceDeclaration(statement)) continue;
    for (const member of statement.members as ts.NodeArray<ts.ClassElement | ts.TypeElement>) {
      if (member.name === undefined || !ts.isPrivateIdentifier(member.name))
        note(member, `${name}.${nameOf(member)}`);
    }
  }
  return found;
}

/** Where a declaration file says `any`. */
function anys(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(node.parent.getText());
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

it("says any nowhere in the public API", () => {
  expect(anys(join(folder, "core/core.d.mts"))).toEqual([]);
  expect(anys(join(folder, "library/index.d.mts"))).toEqual([]);
});

it("documents the whole public API", () => {
  expect(undocumented(join(folder, "core/core.d.mts"))).toEqual([]);
  expect(undocumented(join(folder, "library/index.d.mts"))).toEqual([]);
});
