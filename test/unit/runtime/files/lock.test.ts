import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "../../../../src/runtime/files/lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = () => join(folder, "a.lock");
/** Longer than a lock that names nobody lasts. */
const waitMs = 3_000;

test.skipIf(process.platform === "win32")("a pipe in place of a lock is not waited for, but broken", () => {
  execFileSync("mkfifo", [lock()]);
  expect(withLock(lock(), waitMs, (isHeld) => isHeld())).toEqual({ value: true });
  expect(existsSync(lock())).toBe(false);
});

test.skipIf(process.platform === "win32")(
  "a link in place of a lock is broken, and what it leads to stays",
  () => {
    const other = join(folder, "other");
    writeFileSync(other, "1 1 elsewhere");
    symlinkSync(other, lock());
    expect(withLock(lock(), waitMs, () => 1)).toEqual({ value: 1 });
    expect(readFileSync(other, "utf8")).toBe("1 1 elsewhere");
  },
);

test("a file that is too large for a lock is broken", () => {
  writeFileSync(lock(), "x".repeat(2 ** 20 + 1));
  expect(withLock(lock(), waitMs, () => 1)).toEqual({ value: 1 });
});

test("a folder in place of a lock is left alone: the lock cannot be had", () => {
  mkdirSync(lock());
  expect(withLock(lock(), 50, () => 1)).toBeNull();
  expect(existsSync(lock())).toBe(true);
});

test("a lock that another process of another machine took just now is kept", () => {
  writeFileSync(lock(), "1 1 elsewhere");
  expect(withLock(lock(), 1_500, () => 1)).toBeNull();
  expect(readFileSync(lock(), "utf8")).toBe("1 1 elsewhere");
});
