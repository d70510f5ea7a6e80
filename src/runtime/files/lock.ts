import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { lstatSync, rmSync, writeFileSync } from "node:fs";
import { systemClock } from "../core/clock.ts";
import { readText } from "./readText.ts";

const staleAfterMs = 10_000;
/** What takes no time unless its process was killed or stopped in it: writing a name into a new lock, and breaking one. */
const abandonedAfterMs = 1_000;

/**
 * Runs `action` while this process holds the lock file; answers null where another one holds it for longer than
 * `waitMs`. A lock whose process is gone, or that is old, is broken. For short synchronous work only: who was stopped
 * meanwhile, or is slow, may have lost the lock, and asks `isHeld` right before changing anything.
 */
export function withLock<T>(
  path: string,
  waitMs: number,
  action: (isHeld: () => boolean) => T,
): { value: T } | null {
  const owner = `${process.pid} ${randomUUID()} ${hostname()}`;
  const deadline = Date.now() + waitMs;
  while (!acquire(path, owner)) {
    if (Date.now() >= deadline) return null;
    systemClock.sleepSync(5);
  }
  const isHeld = () => read(path) === owner;
  try {
    return { value: action(isHeld) };
  } finally {
    if (isHeld()) rmSync(path, { force: true });
  }
}

function acquire(path: string, owner: string): boolean {
  try {
    writeFileSync(path, owner, { flag: "wx", mode: 0o600 });
    // Who was stopped before the name was there may have lost the lock.
    return read(path) === owner;
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  }
  const holder = read(path);
  if (holder !== null && isStale(path, holder)) breakLock(path, holder);
  return false;
}

/** Of those who find a lock stale one at a time breaks it, and only where it is still the one that was found. */
function breakLock(path: string, holder: string): void {
  const breaking = `${path}.breaking`;
  try {
    writeFileSync(breaking, "", { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
    if (ageOf(breaking) > abandonedAfterMs) rmSync(breaking, { force: true });
    return;
  }
  try {
    if (read(path) === holder) rmSync(path, { force: true });
  } finally {
    rmSync(breaking, { force: true });
  }
}

const ageOf = (path: string): number =>
  Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());

/** Null where it cannot be read. A pipe, a link or a large file, which nobody here has made, names nobody. */
function read(path: string): string | null {
  try {
    return readText(path, 1);
  } catch (error) {
    const isSystems = (error as { code?: string }).code !== undefined;
    return isSystems || lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== false ? null : "";
  }
}

function isStale(path: string, holder: string): boolean {
  const [pid, , host] = holder.split(" ");
  // A torn lock file names nobody: only age tells.
  if (host === undefined) return ageOf(path) > abandonedAfterMs;
  return ageOf(path) > staleAfterMs || (host === hostname() && !isAlive(Number(pid)));
}

/** Whether a process of this machine is running. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
