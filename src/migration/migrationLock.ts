import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { lock } from "proper-lockfile";
import { UserError } from "../model/userError.ts";
import { logFile } from "./log.ts";

/** About 30 seconds: planning in a large project takes a few. */
const retries = { retries: 150, factor: 1, minTimeout: 200, maxTimeout: 200 };

/** What the user can do something about; everything else is a fault of ours. */
const reasons: Readonly<Record<string, string>> = {
  ELOCKED: "another migration of this workspace folder does not end: end its process, then try again",
  EACCES: "access is denied: check the permissions of the folder",
  EPERM: "access is denied: check the permissions of the folder",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full: free some space",
};

/**
 * Plans and carries out a change while no other process migrates or undoes in this workspace folder: plans that are made
 * side by side would each create the vendored runtime, or each leave it to the other.
 * @throws UserError where another process does not end, or files cannot be written
 */
export async function withMigrationLock<T>(root: string, action: () => Promise<T>): Promise<T> {
  const file = logFile(root);
  try {
    await mkdir(dirname(file), { recursive: true });
    const release = await lock(file, { realpath: false, retries });
    try {
      return await action();
    } finally {
      await release();
    }
  } catch (error) {
    const { code = "", path = file } = error as { code?: string; path?: string };
    const reason = reasons[code];
    throw reason === undefined ? error : new UserError(`${path} cannot be written: ${reason}.`);
  }
}
