import { readFile } from "node:fs/promises";
import type { FileChange, MigrationEntry, MigrationPlan } from "../model/migrationPlan.ts";
import { migratedEntry } from "./entry.ts";
import type { FileStep } from "./files.ts";
import { writeLogged } from "./journal.ts";
import { textAfter } from "./textEdits.ts";

/**
 * Writes a plan to disk and logs it: all of it or nothing.
 * @throws UserError where a file is no longer as it was planned for
 */
export async function applyPlan(root: string, plan: MigrationPlan): Promise<MigrationEntry> {
  const needed = await withoutExisting(plan);
  const entry = migratedEntry(root, needed);
  const settle = await writeLogged(root, stepsOf([needed]), [entry]);
  await settle();
  return entry;
}

/** The files that plans lead to, which build on one another. */
export function stepsOf(plans: readonly MigrationPlan[]): FileStep[] {
  const steps = new Map<string, FileStep>();
  for (const change of plans.flatMap(({ changes }) => changes)) {
    const { path } = change;
    const before = steps.get(path)?.before;
    steps.set(path, {
      path,
      before: before === undefined ? change.before : before,
      after: textAfter(change),
    });
  }
  return [...steps.values()];
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
