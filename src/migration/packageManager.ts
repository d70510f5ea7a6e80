import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

const lockfiles: readonly (readonly [file: string, manager: PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];

/** What installs the packages of a folder: what its package.json says, else the nearest lockfile, upwards; else npm. */
export async function packageManagerOf(folder: string): Promise<PackageManager> {
  for (let current = folder; ; current = dirname(current)) {
    const named = await namedIn(join(current, "package.json"));
    if (named !== null) return named;
    const lockfile = lockfiles.find(([file]) => existsSync(join(current, file)));
    if (lockfile !== undefined) return lockfile[1];
    if (dirname(current) === current) return "npm";
  }
}

async function namedIn(path: string): Promise<PackageManager | null> {
  const text = await readFile(path, "utf8").catch(() => "");
  return (
    (/"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@/.exec(text)?.[1] as PackageManager | undefined) ?? null
  );
}
