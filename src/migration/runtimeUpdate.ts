import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { glob } from "tinyglobby";
import { UserError } from "../model/userError.ts";
import { textOf, type FileStep } from "./files.ts";
import { writeLogged } from "./journal.ts";
import { formOf, markerFile, parseMarker, sha256, vendoredFiles, type CoreFile } from "./vendored.ts";

/** A vendored runtime of another version, and what brings it to this one. */
export interface RuntimeUpdate {
  /** Absolute. */
  folder: string;
  from: string;
  steps: FileStep[];
  /** Names of files that were edited by hand: they would be overwritten. */
  edited: string[];
}

/** The vendored runtimes of a workspace folder that are of another version, or incomplete. */
export async function planRuntimeUpdates(
  root: string,
  core: Record<CoreFile, string>,
  version: string,
): Promise<RuntimeUpdate[]> {
  const markers = await glob([`**/opsvi-agents*/${markerFile}`], {
    cwd: root,
    absolute: true,
    ignore: ["**/node_modules/**", "**/.git/**"],
    followSymbolicLinks: false,
  });
  const updates: RuntimeUpdate[] = [];
  for (const path of markers.map((marker) => resolve(marker)).sort()) {
    const marker = parseMarker((await textOf(path)) ?? "");
    if (marker === null) continue;
    const folder = dirname(path);
    const files = vendoredFiles(formOf(marker), core, version);
    const update: RuntimeUpdate = { folder, from: marker.version, steps: [], edited: [] };
    const present = await readdir(folder);
    const gone = present.filter((name) => name in marker.files && !files.has(name));
    for (const name of [...files.keys(), ...gone]) {
      const before = await textOf(join(folder, name));
      const after = files.get(name) ?? null;
      if (same(before, after)) continue;
      const hash = marker.files[name];
      if (before !== null && hash !== undefined && sha256(lf(before)) !== hash) update.edited.push(name);
      update.steps.push({ path: join(folder, name), before, after });
    }
    if (update.steps.length > 0) updates.push(update);
  }
  return updates;
}

/**
 * Carries updates out: all of them or nothing. The caller holds the lock of the folder.
 * @throws UserError where an update would overwrite what was edited by hand
 */
export async function updateRuntimes(root: string, updates: readonly RuntimeUpdate[]): Promise<void> {
  refuseEdited(updates);
  const steps = updates.flatMap((update) => update.steps);
  await (
    await writeLogged(root, steps, [])
  )();
}

export function refuseEdited(updates: readonly RuntimeUpdate[]): void {
  for (const { folder, edited } of updates) {
    if (edited.length === 0) continue;
    throw new UserError(
      `${edited.join(", ")} in ${folder} was edited by hand, and an update would overwrite that: restore it first.`,
    );
  }
}

const lf = (text: string) => text.replaceAll("\r\n", "\n");
const same = (a: string | null, b: string | null) => (a === null || b === null ? a === b : lf(a) === lf(b));
