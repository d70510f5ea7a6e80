import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeAtomic } from "../../../../src/runtime/files/atomicFile.ts";

const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atomic-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

function leave(name: string, secondsAgo: number): void {
  const path = join(folder, name);
  writeFileSync(path, "half");
  utimesSync(path, Date.now() / 1000 - secondsAgo, Date.now() / 1000 - secondsAgo);
}

const write = () => writeAtomic(join(folder, "notes.json"), "{}");
const left = () => readdirSync(folder).sort();

describe("temporary files", () => {
  it("of killed processes are cleared away by the next that writes in the folder", () => {
    leave(`.notes.json.${ID}.tmp`, 120);
    leave(`.other.json.${ID}.tmp`, 120);
    write();
    expect(left()).toEqual(["notes.json"]);
  });

  it("that may still be renamed, and those of others, stay", () => {
    leave(`.notes.json.${ID}.tmp`, 20);
    leave(".mine.tmp", 120);
    write();
    expect(left()).toEqual([".mine.tmp", `.notes.json.${ID}.tmp`, "notes.json"]);
  });

  it("are looked for again after a while by a process that goes on writing", () => {
    write();
    leave(`.notes.json.${ID}.tmp`, 120);
    write();
    expect(left()).toHaveLength(2);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    write();
    expect(left()).toEqual(["notes.json"]);
  });

  it("that were taken from a process while it was stopped are written again", () => {
    const takeAway = vi.fn(() => {
      if (takeAway.mock.calls.length === 1) for (const name of left()) rmSync(join(folder, name));
      return true;
    });
    expect(writeAtomic(join(folder, "notes.json"), "whole", takeAway)).toBe(true);
    expect(readFileSync(join(folder, "notes.json"), "utf8")).toBe("whole");
    expect(left()).toEqual(["notes.json"]);
  });
});

it("a folder that is not there is told", () => {
  expect(() => writeAtomic(join(folder, "gone", "notes.json"), "")).toThrow("ENOENT");
});
