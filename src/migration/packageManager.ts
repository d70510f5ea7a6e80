import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { MigrationPlan } from "../model/migrationPlan.ts";
import { UserError } from "../model/userError.ts";
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
  for (let current = folder; ; current = dirname(current)) {
    const named = await namedIn(join(current, "package.json"));
    if (named !== null) return named;
    const lockfile = lockfiles.find(([file]) => existsSync(join(current, file)));
    if (lockfile !== undefined) return lockfile[1];
    if (dirname(current) === current) return "npm";
  }
}

/**
 * What has to be installed after plans that add the runtime to a package.json: a sentence for each.
 * @throws UserError where it has to be there at once, because the compiler is asked
 */
export async function installNotes(plans: readonly MigrationPlan[], verify: boolean): Promise<string[]> {
  const manifests = plans
    .flatMap(({ changes }) => changes)
    .filter(({ path }) => basename(path) === "package.json");
  const notes: string[] = [];
  for (const { path } of manifests) {
    const folder = dirname(path);
    if (isInstalled(folder)) continue;
    const command = `${await packageManagerOf(folder)} install`;
    if (verify) {
      throw new UserError(
        `${packageName} is not installed in ${folder}, so that no compiler can verify what imports it: install it first, migrate without verifying, or choose the vendored runtime.`,
      );
    }
    notes.push(`Run "${command}" in ${folder}: ${packageName} was added to its package.json.`);
  }
  return notes;
}

function isInstalled(folder: string): boolean {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, "node_modules", packageName, "package.json"))) return true;
    if (dirname(current) === current) return false;
  }
}

async function namedIn(path: string): Promise<PackageManager | null> {
  const text = await readFile(path, "utf8").catch(() => "");
  return (
    (/"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@/.exec(text)?.[1] as PackageManager | undefined) ?? null
  );
}
