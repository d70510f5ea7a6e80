import { realpathSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, isAbsolute, resolve } from "node:path";
import { ts } from "ts-morph";
import { packageOf } from "./frameworks.ts";
import { relativePath } from "./paths.ts";
import { readSource } from "./sourceText.ts";
import type { FileModel } from "./syntax/fileModel.ts";
import { parseFile } from "./syntax/parseFile.ts";

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  customConditions: ["node"],
};
const TYPED = /\.[mc]?tsx?$/;
const PACKAGES = "/node_modules/";

/**
 * The declarations of installed packages, found as the compiler finds them and read when they are asked for. Paths are
 * relative to the root; absolute where a symbolic link in node_modules leads out of it. Nothing else outside is read.
 */
export class Typings {
  readonly #root: string;
  readonly #isSource: (path: string) => boolean;
  readonly #places = new Map<string, string | null>();
  readonly #models = new Map<string, FileModel | null>();
  readonly #packages = new Map<string, string>();
  readonly #inputs = new Set<string>();
  /** Folders outside the root that a link led to, each with a slash at its end. */
  readonly #linked = new Set<string>();
  readonly #host: ts.ModuleResolutionHost;
  #cache: ts.ModuleResolutionCache;

  constructor(root: string, isSource: (path: string) => boolean) {
    this.#root = slashed(realPath(resolve(root)));
    this.#isSource = isSource;
    this.#host = {
      fileExists: (path) => this.#mayRead(path) && this.#kindOf(path) === "file",
      directoryExists: (path) => this.#mayRead(path) && this.#kindOf(path) === "folder",
      readFile: (path) => (this.#mayRead(path) ? ts.sys.readFile(path) : undefined),
      realpath: (path) => slashed(realPath(path)),
    };
    this.#cache = this.#newCache();
  }

  /** What was looked at on the disk, absolute. A file that is missing comes with a change of its folder. */
  get inputs(): string[] {
    return [...this.#inputs];
  }

  /** What was not installed may be by now. */
  forgetMisses(): void {
    const missing = [...this.#places].filter(([, place]) => place === null);
    if (missing.length === 0) return;
    for (const [key] of missing) this.#places.delete(key);
    this.#cache = this.#newCache();
  }

  /** The declarations behind a specifier, null where there are none. */
  locate = (specifier: string, from: string): string | null => {
    if (isBuiltin(specifier)) return null;
    const key = `${from.slice(0, from.lastIndexOf("/") + 1)} ${specifier}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const found = this.#find(specifier, from);
    this.#places.set(key, found);
    return found;
  };

  model = (path: string): FileModel | null => {
    const known = this.#models.get(path);
    if (known !== undefined) return known;
    const model = this.#read(path);
    this.#models.set(path, model);
    return model;
  };

  /** The name of the package that a file belongs to. */
  packageAround(path: string): string {
    return this.#packages.get(path) ?? "";
  }

  #find(specifier: string, from: string): string | null {
    const file = slashed(resolve(this.#root, from));
    const found = this.#resolve(specifier, file) ?? this.#resolve(specifier, file, ts.ModuleKind.CommonJS);
    if (found === undefined || !TYPED.test(found.resolvedFileName)) return null;
    const real = found.resolvedFileName;
    const path = relativePath(this.#root, real) ?? real;
    if (this.#isSource(path)) return null;
    if (isAbsolute(path)) this.#follow(real, found.originalPath);
    this.#packages.set(path, packageIn(path) ?? packageOf(specifier) ?? this.packageAround(from));
    return path;
  }

  #resolve(specifier: string, file: string, mode?: ts.ModuleKind.CommonJS): FoundModule | undefined {
    return ts.resolveModuleName(specifier, file, OPTIONS, this.#host, this.#cache, undefined, mode)
      .resolvedModule;
  }

  #kindOf(path: string): "file" | "folder" | "gone" {
    const kind = kindOf(path);
    this.#inputs.add(kind === "gone" ? dirname(path) : path);
    return kind;
  }

  #read(path: string): FileModel | null {
    this.#inputs.add(resolve(this.#root, path));
    const source = readSource(resolve(this.#root, path), path);
    if (source === "gone" || "note" in source) return null;
    try {
      return parseFile(path, source.text);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  #newCache(): ts.ModuleResolutionCache {
    return ts.createModuleResolutionCache(this.#root, (name) => name, OPTIONS);
  }

  /** Within the root, or where a link of node_modules led. */
  #mayRead(path: string): boolean {
    if (path === this.#root || path.startsWith(`${this.#root}/`)) return true;
    return [...this.#linked].some((folder) => `${path}/`.startsWith(folder));
  }

  /** From here on a linked package may be read, and what is installed beside it. */
  #follow(real: string, written: string | undefined): void {
    const store = real.indexOf(PACKAGES);
    if (store >= 0) {
      this.#linked.add(real.slice(0, store + PACKAGES.length));
      return;
    }
    const inside = written?.slice(written.lastIndexOf(PACKAGES) + PACKAGES.length) ?? "";
    const rest = inside.slice((packageOf(inside) ?? "").length);
    if (rest !== "" && real.endsWith(rest)) this.#linked.add(`${real.slice(0, -rest.length)}/`);
  }
}

/** The compiler tells the path before links are followed, but not in its types. */
type FoundModule = ts.ResolvedModuleFull & { originalPath?: string };

const slashed = (path: string): string => path.replaceAll("\\", "/");

/** "node_modules/@types/google__adk/x.d.ts" → "@google/adk" */
function packageIn(path: string): string | null {
  const at = `/${path}`.lastIndexOf(PACKAGES);
  if (at < 0) return null;
  const name = packageOf(`/${path}`.slice(at + PACKAGES.length));
  return (
    name?.replace(/^@types\/(?:(.+)__)?/, (_, scope?: string) => (scope === undefined ? "" : `@${scope}/`)) ??
    null
  );
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

function kindOf(path: string): "file" | "folder" | "gone" {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "gone" : stats.isDirectory() ? "folder" : "file";
}
