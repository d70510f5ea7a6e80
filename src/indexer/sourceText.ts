import { hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { Origin } from "./reading.ts";
import { toStamp } from "./stamp.ts";

/** Larger files are data or bundles; parsing them would cost seconds and find nothing anybody edits. */
const MAX_BYTES = 2_000_000;
const MIN_MINIFIED = 50_000;
const MINIFIED_LINE = 1_000;

/** `origin` is null where the file could not be read. */
export type SourceText = { text: string; origin: Origin } | { note: string; origin: Origin | null } | "gone";

/** A pipe does not keep the reader waiting then. */
const READ = constants.O_RDONLY | (process.platform === "win32" ? 0 : constants.O_NONBLOCK);

/** @param shown the path as the note names it */
export function readSource(path: string, shown: string): SourceText {
  let file: number | null = null;
  try {
    file = openSync(path, READ);
    const readAt = Date.now();
    const stats = fstatSync(file);
    if (!stats.isFile()) return "gone";
    const stamp = toStamp(stats);
    if (stats.size > MAX_BYTES) {
      return { note: tooLarge(shown, stats.size), origin: { stamp, readAt, hash: "" } };
    }
    const bytes = readBytes(file, stats.size);
    return { ...checkText(decode(bytes), shown), origin: { stamp, readAt, hash: hash("sha1", bytes) } };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "ENXIO") return "gone";
    return { note: `${shown} could not be read (${code}).`, origin: null };
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** At most so many bytes, however much is written to the file meanwhile. */
function readBytes(file: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const count = readSync(file, bytes, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** Passes over what nobody wrote by hand. */
export function checkText(text: string, shown: string): { text: string } | { note: string } {
  if (text.length > MAX_BYTES) return { note: tooLarge(shown, text.length) };
  if (text.length > MIN_MINIFIED && isMinified(text)) {
    return { note: `${shown} was skipped: it is minified.` };
  }
  return { text };
}

const tooLarge = (shown: string, size: number): string =>
  `${shown} was skipped: it is too large (${(size / 1_000_000).toFixed(1)} MB).`;

/** Bundles have few, endless lines. */
function isMinified(text: string): boolean {
  let lines = 1;
  const most = text.length / MINIFIED_LINE;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    lines += 1;
    if (lines > most) return false;
  }
  return true;
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString("utf16le", 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString("utf16le");
  }
  return bytes.toString("utf8", bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
}
