import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import * as z from "zod";
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

const NOTHING: TsConfig = { baseUrl: null, mappings: [] };

function readJson(path: string): unknown {
  try {
    return parseConfig(path, readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** @param path relative to the root; null where it is no package.json anybody could mean */
export function readPackage(root: string, path: string): Package | null {
  const read = Package.safeParse(readJson(join(root, path)));
  return read.success ? { ...read.data, folder: folderOf(path) } : null;
}

/** Paths and base URL of a tsconfig, with what it extends and references. */
export function readTsConfig(root: string, path: string, seen = new Set<string>()): TsConfig {
  if (seen.has(path)) return NOTHING;
  seen.add(path);
  const read = Config.safeParse(readJson(join(root, path)));
  if (!read.success) return NOTHING;
  const { extends: parents = [], references = [], compilerOptions = {} } = read.data;
  const folder = folderOf(path);
  let baseUrl: string | null = null;
  let mappings: PathMapping[] = [];
  for (const parent of parents) {
    const inherited = extended(root, folder, parent);
    if (inherited === null) continue;
    const config = readTsConfig(root, inherited, seen);
    baseUrl = config.baseUrl ?? baseUrl;
    if (config.mappings.length > 0) mappings = config.mappings;
  }
  if (compilerOptions.baseUrl !== undefined) baseUrl = joinPath(folder, compilerOptions.baseUrl);
  if (compilerOptions.paths !== undefined) {
    const from = baseUrl ?? folder;
    mappings = Object.entries(compilerOptions.paths).map(([pattern, targets]) => ({
      pattern,
      targets: targets.map((target) => joinPath(from, target)).filter((target) => target !== null),
    }));
  }
  const referenced = references.flatMap(({ path: to }) => {
    const target = joinPath(folder, to);
    if (target === null) return [];
    return readTsConfig(root, target.endsWith(".json") ? target : `${target}/tsconfig.json`, seen).mappings;
  });
  return { baseUrl, mappings: [...mappings, ...referenced] };
}

/** A package's configuration (`@tsconfig/node20`) never maps a workspace's paths, so only files are followed. */
function extended(root: string, folder: string, parent: string): string | null {
  if (!parent.startsWith(".") && !isAbsolute(parent)) return null;
  const path = isAbsolute(parent) ? relativePath(root, parent) : joinPath(folder, parent);
  if (path === null) return null;
  return path.endsWith(".json") ? path : `${path}.json`;
}
