import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { ts } from "ts-morph";
import type { ImportExtension } from "../../migration/facts.ts";
import { isWithin } from "../../migration/packageFacts.ts";

/** What the compiler configuration says about one file. */
export interface ConfigFacts {
  /** Absolute path of the configuration that governs the file; null where there is none. */
  config: string | null;
  /** The file is part of the configured program, so that the project's compiler writes its output. */
  included: boolean;
  /** The module format of the output; "package" where package.json and the extension decide. */
  module: "commonjs" | "esm" | "package" | "amd" | "umd" | "system" | null;
  /** Relative imports have to end as the output is called, or end as the source is; "" where neither is needed. */
  importExtension: ImportExtension;
  /** Modules are written as they are loaded: no `export` in CommonJS. */
  verbatim: boolean;
  /** Compiles classes to functions, which cannot extend classes. */
  es5: boolean;
  /** Where the compiler writes the file's output to; null where it writes none, or a bundler takes over. */
  output: Output | null;
  /** The file itself lies where the compiler writes its output. */
  built: boolean;
}

export interface Output {
  path: string;
  /** Output lies in `outDir` as its source lies in this folder. */
  base: string;
  /** The folders whose files all belong to the program; null where a file need only be imported to belong to it. */
  folders: string[] | null;
}

const none: ConfigFacts = {
  config: null,
  included: false,
  module: null,
  importExtension: "",
  verbatim: false,
  es5: false,
  output: null,
  built: false,
};

/** Reads compiler configurations, each once. `compilerMajor` is that of the project's TypeScript, whose defaults differ. */
export class CompilerConfigs {
  readonly #parsed = new Map<string, ts.ParsedCommandLine | null>();
  /** The files of each, as they are compared. */
  readonly #names = new Map<string, ReadonlySet<string>>();

  factsOf(file: string, compilerMajor: number): ConfigFacts {
    const config = findConfig(dirname(file));
    if (config === null) return none;
    const parsed = this.#governing(config, file, new Set());
    if (parsed === null) return none;
    const { options, included, path } = parsed;
    const module = moduleOf(options, compilerMajor);
    const { outDir } = options;
    return {
      config: path,
      included,
      module,
      importExtension: importExtensionOf(options, module),
      verbatim: options.verbatimModuleSyntax === true,
      es5: options.target !== undefined && options.target < ts.ScriptTarget.ES2015 && options.noEmit !== true,
      output: included && emits(options) ? this.#outputOf(file, path, options) : null,
      built: outDir !== undefined && isWithin(outDir, file) && !included,
    };
  }

  /** The configuration that includes the file: the found one or one it references; else the found one. */
  #governing(
    path: string,
    file: string,
    seen: Set<string>,
  ): { path: string; options: ts.CompilerOptions; included: boolean } | null {
    seen.add(path);
    const parsed = this.#parse(path);
    if (parsed === null) return null;
    if (this.#namesOf(path, parsed).has(normal(file))) {
      return { path, options: parsed.options, included: true };
    }
    for (const reference of parsed.projectReferences ?? []) {
      const next = ts.resolveProjectReferencePath(reference);
      if (seen.has(next)) continue;
      const found = this.#governing(next, file, seen);
      if (found?.included === true) return found;
    }
    return { path, options: parsed.options, included: false };
  }

  #namesOf(path: string, { fileNames }: ts.ParsedCommandLine): ReadonlySet<string> {
    const known = this.#names.get(path) ?? new Set(fileNames.map(normal));
    this.#names.set(path, known);
    return known;
  }

  #parse(path: string): ts.ParsedCommandLine | null {
    const known = this.#parsed.get(path);
    if (known !== undefined) return known;
    const { config } = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as { config?: unknown };
    const parsed =
      config === undefined
        ? null
        : ts.parseJsonConfigFileContent(config, ts.sys, dirname(path), undefined, path);
    this.#parsed.set(path, parsed);
    return parsed;
  }

  #outputOf(file: string, config: string, options: ts.CompilerOptions): Output | null {
    const { outDir } = options;
    if (outDir === undefined) return null;
    const parsed = this.#parse(config);
    const sources = (parsed?.fileNames ?? []).filter((name) => !/\.d\.[cm]?ts$/.test(name));
    const base = options.rootDir ?? (options.composite === true ? dirname(config) : commonFolder(sources));
    const path = relative(base, file);
    if (isOutside(path)) return null;
    return {
      path: resolve(outDir, path.replace(/(?<=\.[cm]?)[jt]sx?$/, "js")),
      base: resolve(base),
      folders: options.composite === true ? wholeFolders(config, parsed?.raw) : null,
    };
  }
}

/** The folders that a configuration's `include` names as a whole. */
function wholeFolders(config: string, raw: unknown): string[] {
  const { include, files } = raw as { include?: unknown; files?: unknown };
  const patterns = Array.isArray(include) ? include : files === undefined ? ["."] : [];
  return patterns.flatMap((pattern) => {
    const folder = /^([^*?]*?)\/?(?:\*\*(?:\/\*(?:\.ts)?)?)?$/.exec(String(pattern))?.[1];
    return folder === undefined ? [] : resolve(dirname(config), folder);
  });
}

function findConfig(folder: string): string | null {
  for (const name of ["tsconfig.json", "jsconfig.json"]) {
    const path = join(folder, name);
    if (ts.sys.fileExists(path)) return path;
  }
  const parent = dirname(folder);
  return parent === folder ? null : findConfig(parent);
}

function moduleOf(
  { module, target }: ts.CompilerOptions,
  compilerMajor: number,
): NonNullable<ConfigFacts["module"]> {
  const { ModuleKind, ScriptTarget } = ts;
  // Until version 6 the default target was ES5, and CommonJS its module format.
  const byTarget = compilerMajor >= 6 || (target ?? 0) >= ScriptTarget.ES2015 ? "esm" : "commonjs";
  if (module === undefined) return byTarget;
  if (module >= ModuleKind.ES2015 && module < ModuleKind.Node16) return "esm";
  if (module >= ModuleKind.Node16 && module <= ModuleKind.NodeNext) return "package";
  const old = ModuleKind[module].toLowerCase();
  return old === "amd" || old === "umd" || old === "system"
    ? old
    : module === ModuleKind.Preserve
      ? "esm"
      : "commonjs";
}

function importExtensionOf(
  { allowImportingTsExtensions, rewriteRelativeImportExtensions }: ts.CompilerOptions,
  module: ConfigFacts["module"],
): ImportExtension {
  if (module !== "package") return "";
  return allowImportingTsExtensions === true || rewriteRelativeImportExtensions === true ? ".ts" : ".js";
}

/** Whether the compiler writes what Node runs; with `moduleResolution` "bundler" a bundler does. */
function emits(options: ts.CompilerOptions): boolean {
  const bundled =
    options.moduleResolution === ts.ModuleResolutionKind.Bundler || options.module === ts.ModuleKind.Preserve;
  return options.noEmit !== true && options.emitDeclarationOnly !== true && !bundled;
}

function commonFolder(files: readonly string[]): string {
  const [first, ...others] = files.map(dirname);
  let folder = first ?? "";
  for (const other of others) {
    while (isOutside(relative(folder, other)) && folder !== dirname(folder)) folder = dirname(folder);
  }
  return folder;
}

function isOutside(path: string): boolean {
  return path === ".." || path.startsWith("../") || path.startsWith("..\\") || isAbsolute(path);
}

function normal(path: string): string {
  const slashed = resolve(path).replaceAll("\\", "/");
  return ts.sys.useCaseSensitiveFileNames ? slashed : slashed.toLowerCase();
}
