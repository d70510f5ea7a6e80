import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunError } from "../../model/runRecord.ts";
import { stackFrame, type StackFrame } from "../../model/stackFrame.ts";

export interface Place {
  /** Absolute. */
  path: string;
  line: number;
  column: number;
}

const longestLine = 1000;
/** In the text of a message: first without parentheses, which stand around places more often than in them. */
const places = [
  /(?<=^|[\s("'`[<,;=])(?=((?:file:\/\/\/|[A-Za-z]:[\\/]|\/)[^()\n]*?):(\d+):(\d+))/g,
  /(?<=^|[\s("'`[<,;=])(?=((?:file:\/\/\/|[A-Za-z]:[\\/]|\/)[^\n]*?):(\d+):(\d+))/g,
];

/** Where the workspace folder's own code failed: the first such line of the stack, else what the message tells of (as of a syntax error). */
export function failurePlace({ message, stack = "" }: RunError, root: string): Place | null {
  const frames = stack.split("\n").map(stackFrame);
  const told = message.split("\n").flatMap(placesIn);
  for (const found of [...frames, ...told]) {
    if (found === null) continue;
    const { file, line, column } = found;
    const path = file.startsWith("file:") ? pathOf(file) : file;
    if (path !== null && isAbsolute(path) && isOwn(root, path)) return { path, line, column };
  }
  return null;
}

function placesIn(text: string): Omit<StackFrame, "called">[] {
  if (text.length > longestLine) return [];
  return places.flatMap((place) =>
    [...text.matchAll(place)].map(([, file = "", line, column]) => ({
      ...{ file, line: Number(line), column: Number(column) },
    })),
  );
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
