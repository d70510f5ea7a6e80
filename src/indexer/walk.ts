import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";
import type { IgnoreRules } from "./ignoreRules.ts";
import type { Pause } from "./pause.ts";
import { isProjectFile, isSource } from "./paths.ts";

export interface Found {
  sources: string[];
  /** package.json, tsconfig and jsconfig files. */
  project: string[];
  notes: Map<string, string>;
  /** Every folder that was listed. */
  folders: string[];
}

export const nothing = (): Found => ({ sources: [], project: [], notes: new Map(), folders: [] });

/**
 * Finds the files of one folder (relative, "" for the root). Symbolic links are not followed, so loops cannot occur.
 * @param onFolder is given what is found so far, after each folder
 * @param found takes what is found
 */
export async function walk(
  root: string,
  start: string,
  rules: IgnoreRules,
  pause: Pause,
  onFolder: (found: Found) => void = () => undefined,
  found: Found = nothing(),
): Promise<Found> {
  const folders = [start];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let entries: Dirent[];
    found.folders.push(folder);
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
      if (code !== "ENOENT" && code !== "ENOTDIR") {
        found.notes.set(folder, `The folder ${folder || "."} could not be read (${code}).`);
      }
      continue;
    }
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!rules.skips(path, "folder")) folders.push(path);
      } else if (entry.isFile()) {
        if (isSource(entry.name)) {
          if (!rules.skips(path, "file")) found.sources.push(path);
        } else if (isProjectFile(entry.name)) found.project.push(path);
      }
    }
    onFolder(found);
    await pause.here();
  }
  return found;
}
