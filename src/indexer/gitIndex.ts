import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const EXTENDED = 0x4000;
const NAME_LENGTH = 0xfff;

/**
 * The files git tracks, relative to the repository, read from its index (format versions 2 to 4, SHA-1). Empty where
 * there is none or it cannot be read. Git itself is not called: a repository's configuration may name programs to run.
 */
export function trackedFiles(repository: string): string[] {
  try {
    return parseIndex(readFileSync(indexFile(repository)));
  } catch {
    return [];
  }
}

export const indexFile = (repository: string): string => join(gitFolder(repository), "index");

/** In a linked work tree `.git` is a file that names the folder. */
function gitFolder(repository: string): string {
  const path = join(repository, ".git");
  if (statSync(path).isDirectory()) return path;
  const [, folder = ""] = /^gitdir:\s*(.+?)\s*$/m.exec(readFileSync(path, "utf8")) ?? [];
  return resolve(repository, folder);
}

function parseIndex(bytes: Buffer): string[] {
  const version = bytes.readUInt32BE(4);
  if (bytes.toString("latin1", 0, 4) !== "DIRC" || version < 2 || version > 4) return [];
  const count = bytes.readUInt32BE(8);
  const paths: string[] = [];
  let previous = Buffer.alloc(0);
  let at = 12;
  while (paths.length < count) {
    const flags = bytes.readUInt16BE(at + 60);
    const name = at + (version >= 3 && (flags & EXTENDED) !== 0 ? 64 : 62);
    if (version === 4) {
      const [stripped, start] = readVarint(bytes, name);
      const end = bytes.indexOf(0, start);
      previous = Buffer.concat([
        previous.subarray(0, previous.length - stripped),
        bytes.subarray(start, end),
      ]);
      paths.push(previous.toString("utf8"));
      at = end + 1;
    } else {
      const known = flags & NAME_LENGTH;
      const end = known < NAME_LENGTH ? name + known : bytes.indexOf(0, name);
      paths.push(bytes.toString("utf8", name, end));
      // Entries are padded with one to eight zero bytes.
      at += Math.floor((end - at + 8) / 8) * 8;
    }
  }
  return paths;
}

/** Git's offset encoding: each further byte counts one more. */
function readVarint(bytes: Buffer, start: number): [value: number, next: number] {
  let at = start;
  let byte = bytes.readUInt8(at);
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    at += 1;
    byte = bytes.readUInt8(at);
    value = ((value + 1) << 7) | (byte & 0x7f);
  }
  return [value, at + 1];
}
