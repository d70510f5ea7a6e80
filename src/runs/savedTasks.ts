import { join } from "node:path";
import { redact } from "../runtime/index.ts";
import { prepareProjIntel } from "../runtime/files/projIntel.ts";
import { withLock } from "../runtime/files/lock.ts";
import { readText } from "../runtime/files/readText.ts";
import { writeAtomic } from "../runtime/files/atomicFile.ts";
import {
  parseSavedTasks,
  printSavedTasks,
  savedTasksFile,
  withoutSaved,
  withSaved,
  type SavedTask,
} from "../model/savedTasks.ts";
import { UserError } from "../model/userError.ts";

const MOST_MIB = 8;
const LOCK_MS = 2_000;

/** Those of all agents of a folder; none where there is no file. Throws a UserError where it cannot be read. */
export function readSavedTasks(root: string): SavedTask[] {
  let text: string;
  try {
    text = readText(join(root, savedTasksFile), MOST_MIB);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new UserError(
      `${savedTasksFile} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  return parseSavedTasks(text);
}

/** In place of the one of the same name. Throws a UserError where it cannot be written, or holds a secret. */
export function saveTask(root: string, saved: SavedTask): void {
  if (redact(saved).count > 0) {
    throw new UserError(
      `The task was not saved, because it holds what looks like a secret, and ${savedTasksFile} is meant to be checked in: let the agent read the secret from its environment.`,
    );
  }
  change(root, (tasks) => withSaved(tasks, saved));
}

export function removeSavedTask(root: string, saved: Pick<SavedTask, "name" | "agent">): void {
  change(root, (tasks) => withoutSaved(tasks, saved));
}

function change(root: string, edit: (tasks: SavedTask[]) => SavedTask[]): void {
  prepareProjIntel(join(root, ".proj-intel"));
  const path = join(root, savedTasksFile);
  const done = withLock(`${path}.lock`, LOCK_MS, (isHeld) =>
    writeAtomic(path, printSavedTasks(edit(readSavedTasks(root))), isHeld),
  );
  if (done?.value !== true)
    throw new UserError(`${savedTasksFile} is being written by another process: try again.`);
}
