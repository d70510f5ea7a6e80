import { relative } from "node:path";
import { rm } from "node:fs/promises";
import type { MigrationEntry, PendingMigrations } from "../model/migrationPlan.ts";
import { UserError } from "../model/userError.ts";
import { carryOut, NotTakenBack, replaceFile, textOf, type FileStep } from "./files.ts";
import { appendLog, logFile } from "./log.ts";
import { slashes } from "./runtimeImport.ts";

export function pendingFile(root: string): string {
  return logFile(root).replace(/\.jsonl$/, ".pending.json");
}

/**
 * Writes files and the log lines that tell of them: all or nothing, also where the process is killed on the way, because
 * the next one finds what was meant (see recovery.ts). The note of it stays until `forgetPending`.
 * @throws UserError where a file is not as it was planned for, or an earlier write was interrupted
 */
export async function writeLogged(
  root: string,
  steps: readonly FileStep[],
  entries: readonly MigrationEntry[],
): Promise<void> {
  await whileNoted(root, steps, entries, async () => {
    const revert = await carryOut(steps);
    try {
      await appendLog(root, entries);
    } catch (error) {
      await revert();
      throw error;
    }
  });
}

/**
 * Has files look otherwise while `act` runs. After a crash in it the next process finds the note, and leads to either of
 * both sides together with its log lines.
 * @throws UserError where a file was edited meanwhile: it stays as it is, and so does the note
 */
export async function whileWritten<T>(
  root: string,
  steps: readonly FileStep[],
  entries: readonly MigrationEntry[],
  act: () => Promise<T>,
): Promise<T> {
  const result = await whileNoted(root, steps, entries, async () => {
    const revert = await carryOut(steps);
    try {
      return await act();
    } finally {
      await revert();
    }
  });
  await forgetPending(root);
  return result;
}

/** The note stays where all is well, and where files could not be taken back. */
async function whileNoted<T>(
  root: string,
  steps: readonly FileStep[],
  entries: readonly MigrationEntry[],
  act: () => Promise<T>,
): Promise<T> {
  await notePending(root, steps, entries);
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof NotTakenBack)) await forgetPending(root);
    throw error;
  }
}

/** Notes what is about to be written. */
export async function notePending(
  root: string,
  steps: readonly FileStep[],
  entries: readonly MigrationEntry[],
): Promise<void> {
  if ((await textOf(pendingFile(root))) !== null) throw interrupted(root);
  const pending: PendingMigrations = {
    version: 1,
    time: new Date().toISOString(),
    steps: steps.map(({ path, before, after }) => ({ path: slashes(relative(root, path)), before, after })),
    entries: [...entries],
  };
  await replaceFile(pendingFile(root), JSON.stringify(pending), 0o600);
}

/** Notes migrations that are written and logged, and not verified yet. */
export async function noteUnverified(root: string, entries: readonly MigrationEntry[]): Promise<void> {
  await notePending(root, [], entries);
}

export async function forgetPending(root: string): Promise<void> {
  await rm(pendingFile(root), { force: true });
}

function interrupted(root: string): UserError {
  return new UserError(
    `A migration in ${root} was interrupted. Finish or undo it first: VS Code asks at its start, and the command line takes "opsvi-agents migrate ${root} --recover finish" or "--recover undo".`,
  );
}
