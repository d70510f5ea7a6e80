import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

const staleAfterMs = 10_000;

/**
 * Runs `action` while this process holds the lock file; answers null where another one holds it for longer than
 * `waitMs`. A lock whose process is gone, or that is old, is broken. For short synchronous work only.
 */
export function withLock<T>(path: string, waitMs: number, action: () => T): { value: T } | null {
  const owner = `${process.pid} ${randomUUID()} ${hostname()}`;
  const deadline = Date.now() + waitMs;
  while (!acquire(path, owner)) {
    if (Date.now() >= deadline) return null;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
  try {
    return { value: action() };
  } finally {
    if (read(path) === owner) rmSync(path, { force: true });
  }
}

function acquire(path: string, owner: string): boolean {
  try {
    writeFileSync(path, owner, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  }
  const holder = read(path);
  if (holder !== null && isStale(path, holder)) breakLock(path, holder);
  return false;
}

/** Moves the lock away before removing it, so that of two processes that find it stale one breaks it. */
function breakLock(path: string, holder: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    // Somebody else broke it in between, and this is the new holder's.
    if (read(aside) !== holder) renameSync(aside, path);
    else rmSync(aside, { force: true });
  } catch {
    // It is gone already.
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function isStale(path: string, holder: string): boolean {
  const [pid, , host] = holder.split(" ");
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  // A torn lock file names nobody: only age tells.
  return age > staleAfterMs || (host === hostname() && !isAlive(Number(pid)));
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
