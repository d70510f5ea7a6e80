import { join } from "node:path";
import { packageOf } from "./frameworks.ts";
import { folderOf, joinPath, languageOf } from "./paths.ts";
import {
  readPackage,
  TsConfigReader,
  type Package,
  type PathMapping,
  type TsConfig,
} from "./projectFiles.ts";
import type { Typings } from "./typings.ts";

/** A specifier's extension as written, and the TypeScript it may stand for. */
const SWAPS: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};
const TYPESCRIPT = [".ts", ".tsx", ".mts", ".cts"];
const JAVASCRIPT = [".js", ".jsx", ".mjs", ".cjs"];
const BUILT = /(?:^|\/)(?:dist|lib|build|out|es|esm|cjs|output)(?=\/|$)/;
/** The last one is where Nx keeps the paths of all its projects. */
const CONFIGS = ["tsconfig.json", "jsconfig.json", "tsconfig.base.json"];
const ALIAS = /^(?:workspace|npm):((?:@[^/@]+\/)?[^@]+)@/;
const DECLARATION = /\.d\.[mc]?ts$/;

/** Finds the workspace file behind a module specifier; works on the list of files, not on the disk. */
export class ModuleResolver {
  /** For what lies in no workspace file. */
  readonly typings: Typings;
  readonly #root: string;
  readonly #isSource: (path: string) => boolean;
  readonly #project: ReadonlySet<string>;
  readonly #read = new Set<string>();
  readonly #configs = new Map<string, TsConfig>();
  readonly #places = new Map<string, string | null>();
  #packages: Map<string, Package[]> | null = null;
  /** A JavaScript file means its like where both stand side by side. */
  #preferJavaScript = false;
  readonly #folderPackages = new Map<string, Package | null>();

  /** @param project relative paths of package.json, tsconfig.json and jsconfig.json files */
  constructor(
    root: string,
    isSource: (path: string) => boolean,
    project: ReadonlySet<string>,
    typings: Typings,
  ) {
    this.#root = root;
    this.#isSource = isSource;
    this.#project = project;
    this.typings = typings;
  }

  /** What was read from the disk or missed there, absolute: other answers are possible when it changes. */
  get inputs(): string[] {
    const own = [...this.#project, ...this.#read].map((path) => join(this.#root, path));
    return [...new Set([...own, ...this.typings.inputs])];
  }

  /** To be called when files have come or gone; what package.json and tsconfig.json say is kept. */
  forgetPlaces(): void {
    this.#places.clear();
    this.typings.forgetMisses();
  }

  /** The workspace file, or null for packages and files that are not there. */
  locate = (specifier: string, from: string): string | null => {
    const folder = folderOf(from);
    this.#preferJavaScript = languageOf(from) === "javascript";
    const key = `${this.#preferJavaScript ? "js" : "ts"} ${folder} ${specifier}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const found = this.#find(specifier, folder);
    this.#places.set(key, found);
    return found;
  };

  /** The name of the package that a file belongs to, null where none is named. */
  packageOf = (path: string): string | null => {
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      const name = this.#packageIn(folder)?.name;
      if (name !== undefined) return name;
      if (folder === "") return null;
    }
  };

  #find(specifier: string, folder: string): string | null {
    if (/^\.\.?(?:\/|$)/.test(specifier)) return this.#file(joinPath(folder, specifier));
    if (specifier.startsWith("/")) return this.#file(joinPath("", specifier));
    return (
      this.#mapped(specifier, folder) ??
      (specifier.startsWith("#") ? this.#imported(specifier, folder) : this.#packaged(specifier, folder)) ??
      this.#shortened(specifier, folder)
    );
  }

  #file(path: string | null): string | null {
    if (path === null) return null;
    const extension = /\.[mc]?jsx?$/.exec(path)?.[0] ?? "";
    const swaps = SWAPS[extension]?.map((swap) => path.slice(0, -extension.length) + swap) ?? [];
    const exact = this.#preferJavaScript ? [path, ...swaps] : [...swaps, path];
    const extensions = this.#preferJavaScript
      ? [...JAVASCRIPT, ...TYPESCRIPT]
      : [...TYPESCRIPT, ...JAVASCRIPT];
    const index = path === "" ? "index" : `${path}/index`;
    for (const candidate of exact) if (this.#isSource(candidate)) return candidate;
    for (const added of extensions) if (this.#isSource(path + added)) return path + added;
    for (const added of extensions) if (this.#isSource(index + added)) return index + added;
    const inner = this.#packageIn(path);
    return inner === null ? null : this.#entry(inner, ".", path);
  }

  /** tsconfig `paths` and `baseUrl`, the nearest configuration first. */
  #mapped(specifier: string, start: string): string | null {
    for (let folder = start; ; folder = folderOf(folder)) {
      for (const name of CONFIGS) {
        const path = folder === "" ? name : `${folder}/${name}`;
        if (!this.#project.has(path)) continue;
        const config = this.#configs.get(path) ?? this.#readConfig(path);
        this.#configs.set(path, config);
        for (const target of targetsOf(config.mappings, specifier)) {
          const found = this.#file(target) ?? this.#source(target);
          if (found !== null) return found;
        }
        if (config.baseUrl !== null) {
          const found = this.#file(joinPath(config.baseUrl, specifier));
          if (found !== null) return found;
        }
      }
      if (folder === "") return null;
    }
  }

  #readConfig(path: string): TsConfig {
    const packageFolder = (name: string) => this.#named(name)[0]?.folder ?? null;
    const reader = new TsConfigReader(this.#root, packageFolder);
    const config = reader.read(path);
    for (const read of reader.seen) this.#read.add(read);
    return config;
  }

  /** `@/agents/base` where only a bundler knows what `@` is: the sources of the package around, nearly always. */
  #shortened(specifier: string, start: string): string | null {
    const rest = /^[@~]\/(.+)$/.exec(specifier)?.[1];
    if (rest === undefined) return null;
    for (let folder = start; ; folder = folderOf(folder)) {
      if (folder === "" || this.#packageIn(folder) !== null) {
        const found = this.#file(joinPath(folder, `src/${rest}`)) ?? this.#file(joinPath(folder, rest));
        if (found !== null || folder === "") return found;
      }
    }
  }

  /** `#name` by the `imports` of the package around. */
  #imported(specifier: string, start: string): string | null {
    for (let folder = start; ; folder = folderOf(folder)) {
      const around = this.#packageIn(folder);
      if (around?.imports !== undefined) return this.#conditional(around, around.imports, specifier);
      if (folder === "") return null;
    }
  }

  #named(name: string): readonly Package[] {
    this.#packages ??= this.#readPackages();
    return this.#packages.get(name) ?? [];
  }

  /** The name under which the package around knows another: `"core": "workspace:@team/core@*"`. */
  #aliased(name: string, start: string): string {
    for (let folder = start; ; folder = folderOf(folder)) {
      const around = this.#packageIn(folder);
      const version = around?.dependencies?.[name] ?? around?.devDependencies?.[name];
      if (version !== undefined) return ALIAS.exec(version)?.[1] ?? name;
      if (folder === "") return name;
    }
  }

  /** A package of this workspace by its name. */
  #packaged(specifier: string, from: string): string | null {
    const name = packageOf(specifier);
    if (name === null) return null;
    let named = this.#named(name);
    if (named.length === 0) named = this.#named(this.#aliased(name, from));
    const nearest = [...named].sort((a, b) => shared(b.folder, from) - shared(a.folder, from));
    const subpath = `.${specifier.slice(name.length)}`;
    for (const found of nearest) {
      const entry = this.#entry(found, subpath, null);
      if (entry !== null) return entry;
    }
    return null;
  }

  /** @param except a folder whose own entry is being looked for already */
  #entry(from: Package, subpath: string, except: string | null): string | null {
    const exported = this.#conditional(from, exportsMap(from.exports), subpath);
    if (exported !== null) return exported;
    const written =
      subpath === "." ? [from.source, from.types, from.typings, from.module, from.main] : [subpath];
    for (const path of written) {
      const target = path === undefined ? null : joinPath(from.folder, path);
      if (target === null || target === except) continue;
      const found = (target === from.folder ? null : this.#file(target)) ?? this.#source(target);
      if (found !== null) return found;
    }
    const rest = subpath === "." ? "index" : subpath;
    return (
      this.#file(joinPath(from.folder, `src/${rest}`)) ??
      (except === null ? this.#file(joinPath(from.folder, rest)) : null)
    );
  }

  #conditional(from: Package, map: Readonly<Record<string, unknown>>, key: string): string | null {
    const patterns = Object.entries(map).map(([pattern, value]) => ({ pattern, targets: strings(value) }));
    for (const target of targetsOf(patterns, key)) {
      const path = target.startsWith(".") ? joinPath(from.folder, target) : null;
      const inside = path === null ? null : (this.#file(path) ?? this.#source(path));
      const found = inside ?? (/^[.#]/.test(target) ? null : this.#packaged(target, from.folder));
      if (found !== null) return found;
    }
    return null;
  }

  /** The source a built file or a declaration comes from: dist/esm/a.d.ts → src/a.ts. */
  #source(target: string): string | null {
    const stem = target.replace(DECLARATION, "").replace(/\.[mc]?[jt]sx?$/, "");
    for (let path = stem, first = true; BUILT.test(path); first = false) {
      path = path.replace(BUILT, (match) => (first ? `${match.startsWith("/") ? "/" : ""}src` : ""));
      const found = this.#file(path) ?? this.#file(path.replace(/(^|\/)src\//, "$1"));
      if (found !== null) return found;
    }
    return stem === target ? null : this.#file(stem);
  }

  #packageIn(folder: string): Package | null {
    const path = folder === "" ? "package.json" : `${folder}/package.json`;
    if (!this.#project.has(path)) return null;
    const known = this.#folderPackages.get(folder);
    if (known !== undefined) return known;
    const read = readPackage(this.#root, path);
    this.#folderPackages.set(folder, read);
    return read;
  }

  #readPackages(): Map<string, Package[]> {
    const packages = new Map<string, Package[]>();
    for (const path of [...this.#project].sort()) {
      if (path !== "package.json" && !path.endsWith("/package.json")) continue;
      const read = this.#packageIn(folderOf(path));
      if (read?.name === undefined) continue;
      packages.set(read.name, [...(packages.get(read.name) ?? []), read]);
    }
    return packages;
  }
}

/** What a pattern map makes of a name: exact patterns first, then the longest prefix. */
function targetsOf(mappings: readonly PathMapping[], name: string): string[] {
  const matching = mappings.filter(({ pattern }) => {
    const [before = "", after] = pattern.split("*");
    return after === undefined
      ? pattern === name
      : name.startsWith(before) && name.endsWith(after) && name.length >= before.length + after.length;
  });
  const rank = ({ pattern }: PathMapping) => (pattern.includes("*") ? pattern.indexOf("*") : Infinity);
  matching.sort((a, b) => rank(b) - rank(a));
  return matching.flatMap(({ pattern, targets }) => {
    const [before = "", after = ""] = pattern.split("*");
    const rest = name.slice(before.length, name.length - after.length);
    return targets.map((target) => target.replaceAll("*", () => rest));
  });
}

/** The `exports` of a package by subpath; a bare string or condition object is that of ".". */
function exportsMap(exports: unknown): Record<string, unknown> {
  if (typeof exports !== "object" || exports === null || Array.isArray(exports)) {
    return exports === undefined ? {} : { ".": exports };
  }
  return Object.keys(exports).some((key) => key.startsWith("."))
    ? (exports as Record<string, unknown>)
    : { ".": exports };
}

/** Every path in a tree of conditions. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** How many leading folders two paths share. */
function shared(a: string, b: string): number {
  const other = b.split("/");
  const differs = a.split("/").findIndex((part, index) => part !== other[index]);
  return differs < 0 ? a.split("/").length : differs;
}
