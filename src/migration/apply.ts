import { readFile } from "node:fs/promises";
import type { FileChange, MigrationEntry, MigrationPlan } from "../model/migrationPlan.ts";
import { migratedEntry } from "./entry.ts";
import { carryOut } from "./files.ts";
import { appendLog } from "./log.ts";
import { textAfter } from "./textEdits.ts";

/**
 * Writes a plan to disk and logs it: all of it or nothing.
 * @throws UserError where a file is no longer as it was planned for
 */
export async function applyPlan(root: string, plan: MigrationPlan): Promise<MigrationEntry> {
  const needed = await withoutExisting(plan);
  const entry = migratedEntry(root, needed);
  const revert = await carryOut(
    needed.changes.map((change) => ({ path: change.path, before: change.before, after: textAfter(change) })),
  );
  try {
    await appendLog(root, entry);
  } catch (error) {
    await revert();
    throw error;
  }
  return entry;
}

/** The plan without files that another migration has created, equal to the letter, since it was made. */
export async function withoutExisting(plan: MigrationPlan): Promise<MigrationPlan> {
  const changes: FileChange[] = [];
  for (const change of plan.changes) {
    const existing = change.before === null ? await readFile(change.path, "utf8").catch(() => null) : null;
    if (existing === null || existing !== textAfter(change)) changes.push(change);
  }
  return { ...plan, changes };
}
