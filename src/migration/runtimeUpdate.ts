import { readdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { glob } from "tinyglobby";
import { UserError } from "../model/userError.ts";
import { textOf, type FileStep } from "./files.ts";
import { forgetPending, writeLogged } from "./journal.ts";
import { slashes } from "./runtimeImport.ts";
import {
  formOf,
  markerFile,
  parseMarker,
  sha256,
  vendoredFiles,
  type CoreFile,
  type Marker,
} from "./vendored.ts";
import { isWritablePath } from "./writablePath.ts";

/** A vendored runtime of another version, and what brings it to this one. */
export interface RuntimeUpdate {
  /** Absolute. */
  folder: string;
  from: string;
  steps: FileStep[];
  /** Why it cannot be carried out: a sentence for each file of the team that it would overwrite. */
  against: string[];
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
    const update: RuntimeUpdate = { folder, from: marker.version, steps: [], against: [] };
    const present = await readdir(folder);
    const gone = present.filter((name) => Object.hasOwn(marker.files, name) && !files.has(name));
    for (const name of [...files.keys(), ...gone]) {
      const before = await textOf(join(folder, name));
      const after = files.get(name) ?? null;
      if (same(before, after)) continue;
      const file = slashes(relative(root, join(folder, name)));
      const reason = before === null ? null : whyKept(name, before, marker);
      if (reason !== null) update.against.push(`${file} ${reason}`);
      else if (!(await isWritablePath(root, file))) {
        update.against.push(
          `${file} is a link that leads elsewhere: put the file itself in its place first.`,
        );
      }
      update.steps.push({ path: join(folder, name), before, after });
    }
    if (update.steps.length > 0) updates.push(update);
  }
  return updates;
}

/** Why a file is not to be overwritten; null where it is as the runtime of the marker has it. */
function whyKept(name: string, text: string, { files }: Marker): string | null {
  if (name === markerFile) return null;
  if (!Object.hasOwn(files, name)) {
    return "does not belong to the vendored runtime, and an update would overwrite it: move it away first.";
  }
  return sha256(lf(text)) === files[name]
    ? null
    : "was edited by hand, and an update would overwrite that: restore it first.";
}

/**
 * Carries updates out: all of them or nothing. The caller holds the lock of the folder.
 * @throws UserError where an update would overwrite what belongs to the team
 */
export async function updateRuntimes(root: string, updates: readonly RuntimeUpdate[]): Promise<void> {
  refuseOverwriting(updates);
  const steps = updates.flatMap((update) => update.steps);
  await writeLogged(root, steps, []);
  await forgetPending(root);
}

export function refuseOverwriting(updates: readonly RuntimeUpdate[]): void {
  const against = updates.flatMap((update) => update.against);
  if (against.length > 0) throw new UserError(against.join(" "));
}

const lf = (text: string) => text.replaceAll("\r\n", "\n");
const same = (a: string | null, b: string | null) => (a === null || b === null ? a === b : lf(a) === lf(b));
