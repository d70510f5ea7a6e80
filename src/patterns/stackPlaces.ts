import { realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceLine } from "../model/patterns.ts";
import { stackFrame } from "../model/stackFrame.ts";

const mostLines = 200;

/**
 * Where the frames of stacks are, by what a pattern calls them (`function (file)`). Only files that exist in the folder,
 * whatever a stack, which a file of the folder may forge, says: no link leads out.
 */
export function placesIn(root: string, stacks: readonly string[]): Map<string, SourceLine> {
  const places = new Map<string, SourceLine>();
  const inside = insideOf(root);
  for (const stack of stacks) {
    for (const line of stack.split("\n", mostLines)) {
      const frame = frameOf(line);
      if (frame === null || places.has(frame.name)) continue;
      const file = inside(frame.file);
      if (file !== null) places.set(frame.name, { file, line: frame.line });
    }
  }
  return places;
}

function frameOf(line: string): { name: string; file: string; line: number } | null {
  const frame = stackFrame(line);
  const file = frame === null ? null : pathOf(frame.file);
  if (frame === null || file === null) return null;
  const base = file.split(/[\\/]/).at(-1) ?? "";
  const called = frame.called?.replace(/ \[as [^\]]+\]$/, "") ?? "<anonymous>";
  return { name: `${called} (${base.replace(/\.[cm]?[jt]sx?$/, "")})`, file, line: frame.line };
}

function pathOf(place: string): string | null {
  if (!place.startsWith("file://")) return place;
  try {
    return fileURLToPath(place);
  } catch {
    return null;
  }
}

function insideOf(root: string): (file: string) => string | null {
  const known = new Map<string, string | null>();
  const real = realpathSync(root);
  const look = (file: string): string | null => {
    try {
      const path = relative(real, realpathSync(resolve(real, file)));
      return path === "" || path.startsWith("..") || isAbsolute(path) ? null : path.split(sep).join("/");
    } catch {
      return null;
    }
  };
  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const found = look(file);
    known.set(file, found);
    return found;
  };
}
