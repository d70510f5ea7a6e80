import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { clearLeftovers } from "./leftovers.ts";

/**
 * Writes a file that is either complete and on disk, or not there (or as before): temporary file, fsync, rename. Mode
 * 0600. The folder is not synced, which would double the cost: the death of the process loses no rename, and a power
 * failure loses at most the renames of the last seconds, but tears no file. Answers false, and leaves all as it was,
 * where `mayReplace` does right before the rename. What processes that were killed in it left in the folder is cleared away.
 */
export function writeAtomic(path: string, content: string | Uint8Array, mayReplace = () => true): boolean {
  try {
    return replace(path, content, mayReplace);
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOENT") throw error;
    // Whoever is stopped for long before the rename is taken for killed by others.
    return replace(path, content, mayReplace);
  }
}

function replace(path: string, content: string | Uint8Array, mayReplace: () => boolean): boolean {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = openSync(temporary, "wx", 0o600);
    try {
      writeWhole(file, content);
      fsyncSync(file);
      clearLeftovers(folder, () => fstatSync(file).mtimeMs);
    } finally {
      closeSync(file);
    }
    const replaces = mayReplace();
    if (replaces) renameSync(temporary, path);
    else rmSync(temporary);
    return replaces;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** In one go where that is possible: `writeFileSync` asks more questions. */
function writeWhole(file: number, content: string | Uint8Array): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written, bytes.length - written);
  }
}

const { O_APPEND, O_CREAT, O_WRONLY } = constants;
/** Windows has no such flags. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as { O_NOFOLLOW?: number; O_NONBLOCK?: number };

/**
 * Appends a line in one write, so that processes do not tear each other's. Never through a link, nor to a pipe, which
 * would wait for a reader. Mode 0600.
 */
export function appendLine(path: string, line: string): void {
  const file = openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    if (!fstatSync(file).isFile()) throw new Error(`${path} is not a regular file`);
    writeFileSync(file, `${line}\n`);
  } finally {
    closeSync(file);
  }
}
