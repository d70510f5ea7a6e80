import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ErrorPatternLearner } from "../../../../src/runtime/patterns/learner.ts";

/** Called when the content of a file is on disk, and the file not yet in its place. */
let beforeRename: (() => void) | null = null;

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const fsyncSync = (file: number): void => {
    fs.fsyncSync(file);
    beforeRename?.();
  };
  return { ...fs, fsyncSync };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lost-lock-"));
});
afterEach(() => {
  beforeRename = null;
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ["notes how far it is folded", 1],
  ["replaces the patterns", 2],
])("a process that is stopped before it %s, until another breaks its lock, overwrites nothing", (_, turn) => {
  const warnings: string[] = [];
  const open = () => new ErrorPatternLearner(folder, { onWarning: (message) => warnings.push(message) });
  const learner = open();
  learner.recordError(new Error("one"));
  learner.recordError(new Error("one"));
  const lock = join(folder, "error_patterns.lock");
  const file = join(folder, "error_patterns.json");
  const other = open();
  let writes = 0;
  let theirs = "";
  beforeRename = () => {
    writes += 1;
    if (writes !== turn) return;
    beforeRename = null;
    rmSync(lock);
    other.recordError(new Error("two"));
    other.flush();
    theirs = readFileSync(file, "utf8");
    writeFileSync(lock, "a third one");
  };
  learner.flush();
  expect(theirs).not.toBe("");
  expect(readFileSync(file, "utf8")).toBe(theirs);
  expect(readFileSync(lock, "utf8")).toBe("a third one");
  rmSync(lock);
  other.flush();
  expect(
    open()
      .patterns()
      .map(({ occurrences }) => occurrences)
      .sort(),
  ).toEqual([1, 2]);
  expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".tmp"))).toEqual(
    [],
  );
  expect(existsSync(lock)).toBe(false);
  expect(warnings).toEqual([]);
});
