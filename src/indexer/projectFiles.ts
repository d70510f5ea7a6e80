import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import * as z from "zod";
import { packageOf } from "./frameworks.ts";
import { parseConfig } from "./parsing.ts";
import { folderOf, joinPath, relativePath } from "./paths.ts";

const Conditions = z.unknown();
const Package = z.object({
  name: z.string().optional().catch(undefined),
  source: z.string().optional().catch(undefined),
  types: z.string().optional().catch(undefined),
  typings: z.string().optional().catch(undefined),
  module: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  exports: Conditions.optional(),
  imports: z.record(z.string(), Conditions).optional().catch(undefined),
  dependencies: z.record(z.string(), z.string()).optional().catch(undefined),
  devDependencies: z.record(z.string(), z.string()).optional().catch(undefined),
});
export type Package = z.infer<typeof Package> & { folder: string };

const Config = z.object({
  extends: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .optional()
    .catch(undefined),
  references: z
    .array(z.object({ path: z.string() }))
    .optional()
    .catch(undefined),
  compilerOptions: z
    .object({
      baseUrl: z.string().optional().catch(undefined),
      paths: z.record(z.string(), z.array(z.string())).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

export interface PathMapping {
  /** With at most one `*`. */
  pattern: string;
  /** Relative to the root. */
  targets: string[];
}

export interface TsConfig {
  /** Relative to the root; null where none is set. */
  baseUrl: string | null;
  mappings: PathMapping[];
}

const CONFIG_DIR = "${configDir}";
const NOTHING: TsConfig = { baseUrl: null, mappings: [] };

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    // Most are plain JSON, which is read many times faster.
    return JSON.parse(text) as unknown;
  } catch {
    return parseConfig(path, text);
  }
}

/** @param path relative to the root; null where it is no package.json anybody could mean */
export function readPackage(root: string, path: string): Package | null {
  const read = Package.safeParse(readJson(join(root, path)));
  return read.success ? { ...read.data, folder: folderOf(path) } : null;
}

/** Answers with the folder of a package of the workspace. */
type PackageFolder = (name: string) => string | null;

/** Reads one configuration and what it extends and references. */
export class TsConfigReader {
  readonly #root: string;
  readonly #packageFolder: PackageFolder;
  /** The files that were read, relative to the root. */
  readonly seen = new Set<string>();

  constructor(root: string, packageFolder: PackageFolder) {
    this.#root = root;
    this.#packageFolder = packageFolder;
  }

  /**
   * Its paths and base URL.
   * @param configFolder what `${configDir}` stands for: the folder of the configuration that extends this one
   */
  read(path: string, configFolder = folderOf(path)): TsConfig {
    if (this.seen.has(path)) return NOTHING;
    this.seen.add(path);
    const read = Config.safeParse(readJson(join(this.#root, path)));
    if (!read.success) return NOTHING;
    const { extends: parents = [], references = [], compilerOptions = {} } = read.data;
    const folder = folderOf(path);
    const place = (from: string, target: string) =>
      target.startsWith(CONFIG_DIR)
        ? joinPath(configFolder, target.slice(CONFIG_DIR.length))
        : joinPath(from, target);
    let { baseUrl, mappings } = NOTHING;
    for (const parent of parents) {
      const inherited = this.#extended(folder, parent);
      if (inherited === null) continue;
      const config = this.read(inherited, configFolder);
      baseUrl = config.baseUrl ?? baseUrl;
      if (config.mappings.length > 0) mappings = config.mappings;
    }
    if (compilerOptions.baseUrl !== undefined) baseUrl = place(folder, compilerOptions.baseUrl);
    if (compilerOptions.paths !== undefined) {
      const from = baseUrl ?? folder;
      mappings = Object.entries(compilerOptions.paths).map(([pattern, targets]) => ({
        pattern,
        targets: targets.map((target) => place(from, target)).filter((target) => target !== null),
      }));
    }
    const referenced = references.flatMap(({ path: to }) => {
      const target = joinPath(folder, to);
      if (target === null) return [];
      return this.read(target.endsWith(".json") ? target : `${target}/tsconfig.json`).mappings;
    });
    return { baseUrl, mappings: [...mappings, ...referenced] };
  }

  /** The file behind `extends`: a path, or a configuration that a package of the workspace or an installed one holds. */
  #extended(folder: string, parent: string): string | null {
    if (parent.startsWith(".") || isAbsolute(parent)) {
      const path = isAbsolute(parent) ? relativePath(this.#root, parent) : joinPath(folder, parent);
      return path === null ? null : this.#existing(path);
    }
    const name = packageOf(parent);
    if (name === null) return null;
    const own = this.#packageFolder(name);
    if (own !== null) return this.#existing(`${own}${parent.slice(name.length)}`);
    for (let above = folder; ; above = folderOf(above)) {
      const found = this.#existing(joinPath(above, `node_modules/${parent}`) ?? "");
      if (found !== null || above === "") return found;
    }
  }

  #existing(path: string): string | null {
    const possible = path.endsWith(".json") ? [path] : [`${path}.json`, `${path}/tsconfig.json`];
    return possible.find((file) => existsSync(join(this.#root, file))) ?? null;
  }
}
