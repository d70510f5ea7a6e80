import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { MigrationPlan } from "../model/migrationPlan.ts";
import { UserError } from "../model/userError.ts";
import { foldersUp } from "./packageFacts.ts";
import { packageName } from "./packageName.ts";

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
  for (const current of foldersUp(folder)) {
    const named = await namedIn(join(current, "package.json"));
    if (named !== null) return named;
    const lockfile = lockfiles.find(([file]) => existsSync(join(current, file)));
    if (lockfile !== undefined) return lockfile[1];
  }
  return "npm";
}

/** A folder in which the runtime has to be installed, and what does that. */
export interface Install {
  folder: string;
  command: string;
}

/** What has to be installed after plans that add the runtime to a package.json. */
export async function missingInstalls(plans: readonly MigrationPlan[]): Promise<Install[]> {
  const manifests = plans
    .flatMap(({ changes }) => changes)
    .filter(({ path }) => basename(path) === "package.json");
  const installs: Install[] = [];
  for (const { path } of manifests) {
    const folder = dirname(path);
    if (isInstalled(folder)) continue;
    installs.push({ folder, command: `${await packageManagerOf(folder)} install` });
  }
  return installs;
}

/**
 * A sentence for each.
 * @throws UserError where it has to be there at once, because the compiler is asked
 */
export async function installNotes(plans: readonly MigrationPlan[], verify: boolean): Promise<string[]> {
  const installs = await missingInstalls(plans);
  const [first] = installs;
  if (verify && first !== undefined) {
    throw new UserError(
      `${packageName} is not installed in ${first.folder}, so that no compiler can verify what imports it: install it first, migrate without verifying, or choose the vendored runtime.`,
    );
  }
  return installs.map(installNote);
}

export function installNote({ folder, command }: Install): string {
  return `Run "${command}" in ${folder}: ${packageName} was added to its package.json, and no compiler can check what imports it before.`;
}

function isInstalled(folder: string): boolean {
  return [...foldersUp(folder)].some((current) =>
    existsSync(join(current, "node_modules", packageName, "package.json")),
  );
}

async function namedIn(path: string): Promise<PackageManager | null> {
  const text = await readFile(path, "utf8").catch(() => "");
  return (
    (/"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@/.exec(text)?.[1] as PackageManager | undefined) ?? null
  );
}
