import { relative } from "node:path";
import { rm } from "node:fs/promises";
import type { MigrationEntry, PendingMigrations } from "../model/migrationPlan.ts";
import { UserError } from "../model/userError.ts";
import { carryOut, replaceFile, textOf, type FileStep } from "./files.ts";
import { appendLog, logFile } from "./log.ts";
import { slashes } from "./runtimeImport.ts";

export function pendingFile(root: string): string {
  return logFile(root).replace(/\.jsonl$/, ".pending.json");
}

/**
 * Writes files and the log lines that tell of them: all or nothing, also where the process is killed on the way, because
 * the next one finds what was meant (see recovery.ts). The note of it stays until the answered function is called.
 * @throws UserError where a file is not as it was planned for, or an earlier write was interrupted
 */
export async function writeLogged(
  root: string,
  steps: readonly FileStep[],
  entries: readonly MigrationEntry[],
): Promise<() => Promise<void>> {
  await notePending(root, steps, entries);
  try {
    const revert = await carryOut(steps);
    try {
      await appendLog(root, entries);
    } catch (error) {
      await revert();
      throw error;
    }
  } catch (error) {
    await forgetPending(root);
    throw error;
  }
  return () => forgetPending(root);
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

export async function forgetPending(root: string): Promise<void> {
  await rm(pendingFile(root), { force: true });
}

function interrupted(root: string): UserError {
  return new UserError(
    `A migration in ${root} was interrupted. Finish or undo it first: VS Code asks at its start, and the command line takes "opsvi-agents migrate ${root} --recover finish" or "--recover undo".`,
  );
}
