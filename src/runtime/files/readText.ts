import { lstatSync, readFileSync } from "node:fs";

const mebibyte = 2 ** 20;

/**
 * Reads a file of unknown origin: a regular one, not through a link, of at most `mostMebibytes`. Throws the system's
 * error, or one that says why it is not read.
 */
export function readText(path: string, mostMebibytes: number): string {
  return readBytes(path, mostMebibytes).toString("utf8");
}

/** {@link readText} without decoding. */
export function readBytes(path: string, mostMebibytes: number): Buffer {
  const stat = lstatSync(path);
  if (!stat.isFile()) throw new Error(stat.isSymbolicLink() ? "it is a link" : "it is not a regular file");
  if (stat.size > mostMebibytes * mebibyte) throw new Error(`it is larger than ${mostMebibytes} MiB`);
  return readFileSync(path);
}
