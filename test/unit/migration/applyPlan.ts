import { migratedEntry } from "../../../src/migration/entry.ts";
import { forgetPending, writeLogged } from "../../../src/migration/journal.ts";
import { stepsOf, withoutExisting } from "../../../src/migration/steps.ts";
import type { MigrationEntry, MigrationPlan } from "../../../src/model/migrationPlan.ts";

/** Writes a plan to disk and logs it, as migrating many classes does without a compiler. */
export async function applyPlan(root: string, plan: MigrationPlan): Promise<MigrationEntry> {
  const needed = await withoutExisting(plan);
  const entry = migratedEntry(root, needed);
  await writeLogged(root, stepsOf([needed]), [entry]);
  await forgetPending(root);
  return entry;
}
