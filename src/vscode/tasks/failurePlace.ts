import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunError } from "../../model/runRecord.ts";

export interface Place {
  /** Absolute. */
  path: string;
  line: number;
  column: number;
}

const place = /((?:file:\/\/\/|[A-Za-z]:[\\/]|\/)[^()\n]*?):(\d+):(\d+)/;

/** Where the workspace folder's own code failed: the first such line of the stack, else what the message tells of (as of a syntax error). */
export function failurePlace({ message, stack = "" }: RunError, root: string): Place | null {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  for (const line of [...frames, ...message.split("\n")]) {
    const found = place.exec(line);
    if (found === null) continue;
    const [, written = "", lineNumber, column] = found;
    const path = written.startsWith("file:") ? pathOf(written) : written;
    if (path !== null && isOwn(root, path)) return { path, line: Number(lineNumber), column: Number(column) };
  }
  return null;
}

function pathOf(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

function isOwn(root: string, path: string): boolean {
  const inside = relative(root, path);
  return !isAbsolute(inside) && !inside.split(sep).some((part) => part === ".." || part === "node_modules");
}
