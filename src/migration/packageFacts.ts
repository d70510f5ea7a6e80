import { readdir, readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import * as z from "zod";
import type { VendoredFolder } from "./facts.ts";
import { formOf, markerFile, parseMarker, type Marker, type VendoredForm } from "./vendored.ts";

const Manifest = z.object({
  name: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  scripts: z.unknown().optional(),
  dependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  devDependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  peerDependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  optionalDependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
type Manifest = z.infer<typeof Manifest>;

export interface PackageFacts {
  /** Absolute. */
  home: string;
  /** That package.json depends on `opsvi-agents`. */
  dependency: boolean;
  /** The package.json nearest to the file says `"type": "module"`. */
  typeModule: boolean;
  /** Tests run in Jest, which loads no `.mjs` from CommonJS, and no bundler needs ES modules. */
  jest: boolean;
  /** Major version of the project's TypeScript; the current one where it says nothing. */
  compilerMajor: number;
}

const currentCompiler = 6;

/** Reads the package.json files from a file upwards. Vendoring stays inside the workspace folder. */
export async function packageFacts(root: string, file: string): Promise<PackageFacts> {
  const manifests: { folder: string; manifest: Manifest }[] = [];
  for (const folder of foldersUp(dirname(file))) {
    const manifest = await readManifest(folder);
    if (manifest !== null) manifests.push({ folder, manifest });
  }
  // A package.json with nothing but a `type` marks a folder's module format; it is no package.
  const own = manifests.find(({ manifest }) => isPackage(manifest)) ?? manifests.at(0);
  const inside = (folder: string) => resolve(folder) === resolve(root) || isWithin(root, folder);
  const near = manifests.filter(({ folder }) => folder === own?.folder || inside(folder));
  const all = new Map(near.flatMap(({ manifest }) => dependenciesOf(manifest)));
  const bundled = ["vite", "vitest", "rollup", "react-scripts"].some((name) => all.has(name));
  return {
    home: own !== undefined && inside(own.folder) ? own.folder : root,
    dependency: own !== undefined && new Map(dependenciesOf(own.manifest)).has("opsvi-agents"),
    typeModule: manifests[0]?.manifest.type === "module",
    jest: ["jest", "ts-jest", "babel-jest"].some((name) => all.has(name)) && !bundled,
    compilerMajor: await compilerMajor(own?.folder ?? root, all.get("typescript")),
  };
}

/** A folder and those above it, the nearest first. */
export function* foldersUp(folder: string): Generator<string> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    yield current;
    if (current === dirname(current)) return;
  }
}

async function readManifest(folder: string): Promise<Manifest | null> {
  const text = await read(join(folder, "package.json"));
  if (text === null) return null;
  try {
    return Manifest.safeParse(JSON.parse(text.replace(/^\uFEFF/, ""))).data ?? null;
  } catch {
    return null;
  }
}

function isPackage({ name, scripts, dependencies, devDependencies }: Manifest): boolean {
  return [name, scripts, dependencies, devDependencies].some((part) => part !== undefined);
}

function dependenciesOf(manifest: Manifest): [string, unknown][] {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
  return [dependencies, devDependencies, peerDependencies, optionalDependencies].flatMap((part) =>
    Object.entries(part ?? {}),
  );
}

async function compilerMajor(home: string, range: unknown): Promise<number> {
  const installed = await readManifestVersion(join(home, "node_modules/typescript/package.json"));
  const version = installed ?? (typeof range === "string" ? range : "");
  const major = /\d+/.exec(version)?.[0];
  return major === undefined ? currentCompiler : Number(major);
}

async function readManifestVersion(path: string): Promise<string | null> {
  const text = await read(path);
  return text === null ? null : (/"version"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? null);
}

/** The vendored runtime's folder in `home`: one that has our marker and this form, else the first name that is free. */
export async function vendoredFolder(home: string, form: VendoredForm): Promise<VendoredFolder> {
  for (let number = 1; ; number += 1) {
    const folder = join(home, number === 1 ? "opsvi-agents" : `opsvi-agents-${number}`);
    const files = await list(folder);
    if (files === null) return { folder, files: new Set() };
    const marker = files.has(markerFile) ? await readMarker(folder) : null;
    if (marker !== null && formOf(marker) === form) return { folder, files };
  }
}

/** The file lies in a vendored folder. */
export async function isVendored(file: string): Promise<boolean> {
  return (await readMarker(dirname(file))) !== null;
}

async function readMarker(folder: string): Promise<Marker | null> {
  const text = await read(join(folder, markerFile));
  return text === null ? null : parseMarker(text);
}

export function isWithin(root: string, file: string): boolean {
  const path = relative(root, file);
  // On Windows the path to another drive is absolute.
  return path !== "" && !isAbsolute(path) && !/^\.\.(?:[\\/]|$)/.test(path);
}

async function list(folder: string): Promise<Set<string> | null> {
  try {
    return new Set(await readdir(folder));
  } catch (error) {
    if (isMissing(error)) return null;
    return new Set();
  }
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return null;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
