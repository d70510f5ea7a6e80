import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { lock } from "proper-lockfile";
import { UserError } from "../model/userError.ts";
import { pendingFile } from "./journal.ts";
import { logFile } from "./log.ts";
import { leadsOut } from "./writablePath.ts";

/** About 30 seconds: planning in a large project takes a few. */
const retries = { retries: 150, factor: 1, minTimeout: 200, maxTimeout: 200 };

/** Where the other one is of this process, its progress is in sight. */
const brief = { ...retries, retries: 10 };
const busy =
  "A migration is under way in this workspace folder: wait until it has ended, or cancel it, then try again.";

/** Folders that this process migrates in. */
const held = new Set<string>();

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
 * @throws UserError where another migration does not end, or files cannot be written
 */
export async function withMigrationLock<T>(root: string, action: () => Promise<T>): Promise<T> {
  const file = logFile(root);
  try {
    await refuseLinks(root);
    await mkdir(dirname(file), { recursive: true });
    const release = await acquire(file);
    held.add(file);
    try {
      return await action();
    } finally {
      held.delete(file);
      await release();
    }
  } catch (error) {
    const { code = "", path = file } = error as { code?: string; path?: string };
    const reason = reasons[code];
    throw reason === undefined ? error : new UserError(`${path} cannot be written: ${reason}.`);
  }
}

async function acquire(file: string): Promise<() => Promise<void>> {
  let lost = false;
  // Thrown from a timer, as it is by default, it would end the process. The note of what is written guards as well.
  const onCompromised = () => {
    lost = true;
  };
  const ours = held.has(file);
  try {
    const release = await lock(file, { realpath: false, retries: ours ? brief : retries, onCompromised });
    return async () => {
      if (!lost) await release();
    };
  } catch (error) {
    if (ours && (error as { code?: string }).code === "ELOCKED") throw new UserError(busy);
    throw error;
  }
}

/** What is written below `.proj-intel` must not end up elsewhere. */
async function refuseLinks(root: string): Promise<void> {
  for (const path of [logFile(root), pendingFile(root)]) {
    if (!(await leadsOut(root, path))) continue;
    throw new UserError(
      `${path} leads out of the workspace folder by a symbolic link: replace the link with a file or a folder of its own, then try again.`,
    );
  }
}
