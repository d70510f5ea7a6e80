import { randomUUID } from "node:crypto";
import { closeSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAlive } from "../files/lock.ts";
import { slug } from "../files/slug.ts";

/** The host as a file name, the process, and a mark that no other journal of it has; what else is there is not ours. */
const shape = /^([A-Za-z0-9._-]{1,80})_(\d{1,10})_[0-9a-f]{8}\.jsonl$/;
const dayMs = 24 * 3600 * 1000;
/** Nobody appends to a journal that was not used for a day; clocks may differ. */
const abandonedMs = 7 * dayMs;

/** A journal on disk. */
export interface JournalFile {
  name: string;
  size: number;
  /** When it was appended to last, by the clock of the file system. */
  changedMs: number;
  /** Whether nobody wrote it any more before its size was asked for. */
  finished: boolean;
}

/** For a journal that nobody else appends to. */
export const newJournalName = (): string =>
  `${slug(hostname())}_${process.pid}_${randomUUID().slice(0, 8)}.jsonl`;

/** The journals in a folder, the newest first; links and what others put there are left out. */
export function journalsIn(folder: string): JournalFile[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .flatMap((name): JournalFile[] => {
      const [, host, pid] = shape.exec(name) ?? [];
      if (host === undefined) return [];
      // Only a process of this machine can be known to be gone.
      const isGone = host === slug(hostname()) && !isAlive(Number(pid));
      const stat = lstatSync(join(folder, name), { throwIfNoEntry: false });
      if (stat?.isFile() !== true) return [];
      const { size, mtimeMs: changedMs } = stat;
      return [{ name, size, changedMs, finished: isGone || Date.now() - changedMs > abandonedMs }];
    })
    .sort((a, b) => b.changedMs - a.changedMs || (a.name < b.name ? -1 : 1));
}

/** Whether a path is a link, also one that leads nowhere. */
export function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** At most so many bytes of a file. */
export function readPart(path: string, from: number, most: number): Buffer {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(most);
    let length = 0;
    let read: number;
    do length += read = readSync(file, bytes, length, most - length, from + length);
    while (read > 0 && length < most);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
