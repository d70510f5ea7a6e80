import { readFileSync, statSync } from "node:fs";

/** Larger files are data or bundles; parsing them would cost seconds and find nothing anybody edits. */
const MAX_BYTES = 2_000_000;
const MIN_MINIFIED = 50_000;
const MINIFIED_LINE = 1_000;

export type SourceText = { text: string } | { note: string } | "gone";

/** @param shown the path as the note names it */
export function readSource(path: string, shown: string): SourceText {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) return { note: tooLarge(shown, size) };
    return checkText(decode(readFileSync(path)), shown);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return "gone";
    return { note: `${shown} could not be read (${code}).` };
  }
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
  return bytes.toString("utf8", bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
}
