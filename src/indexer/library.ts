import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Library {
  /** The folder of the library's core bundle. */
  coreDir: string;
  version: string;
}

/** Finds what a migration vendors, from the file of the indexer's bundle: beside it, or above in `dist`. */
export function findLibrary(bundle: string): Library {
  let coreDir: string | null = null;
  for (let folder = dirname(bundle); ; folder = dirname(folder)) {
    coreDir ??=
      [join(folder, "core"), join(folder, "dist/core")].find((dir) => existsSync(join(dir, "core.mjs"))) ??
      null;
    const version = versionIn(join(folder, "package.json"));
    if (version !== null) return { coreDir: coreDir ?? join(folder, "dist/core"), version };
    if (dirname(folder) === folder) throw new Error(`No package.json of opsvi-agents above ${bundle}.`);
  }
}

function versionIn(path: string): string | null {
  if (!existsSync(path)) return null;
  const { name, version } = JSON.parse(readFileSync(path, "utf8")) as { name?: unknown; version?: unknown };
  return name === "opsvi-agents" && typeof version === "string" ? version : null;
}
