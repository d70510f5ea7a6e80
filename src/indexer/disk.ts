import { lstatSync, statSync } from "node:fs";

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Symbolic links count as gone, as in the walk. */
export function kindOf(path: string): "file" | "folder" | "gone" {
  try {
    const stats = lstatSync(path);
    return stats.isDirectory() ? "folder" : stats.isFile() ? "file" : "gone";
  } catch {
    return "gone";
  }
}
