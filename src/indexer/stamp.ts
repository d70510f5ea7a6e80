import { lstatSync, type Stats } from "node:fs";

/**
 * What the file system tells of a file or folder without reading it. The time of the last change of the entry itself is
 * among it, which no program sets: a file with the same stamp has the same content.
 */
export type Stamp = readonly [kind: number, size: number, modified: number, changed: number, inode: number];

/** File systems count time in steps of up to two seconds: what changed so shortly before a reading may have changed after it, too. */
const STEP_MS = 2_000;

const FOLDER = 1;
const FILE = 2;
const OTHER = 0;

/** Null where nothing is there. Symbolic links are not followed. */
export function stampOf(path: string): Stamp | null {
  const stats = statsOf(path);
  return stats === null ? null : toStamp(stats);
}

export function toStamp(stats: Stats): Stamp {
  const kind = stats.isFile() ? FILE : stats.isDirectory() ? FOLDER : OTHER;
  return [kind, stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino];
}

function statsOf(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** What is there now is what was there when the first stamp was taken. */
export function proves(before: Stamp | null, takenAt: number, now: Stamp | null): boolean {
  if (before === null || now === null) return before === now;
  if (before.some((value, at) => value !== now[at])) return false;
  return Math.max(before[2], before[3]) < takenAt - STEP_MS;
}
