import type { MigrationEntry, MigrationPlan } from "../model/migrationPlan.ts";
import { migratedEntry, unmigratedEntry } from "./entry.ts";
import { forgetPending, writeLogged } from "./journal.ts";
import { classKey } from "./migratedClass.ts";
import type { MigrateMany } from "./migrateMany.ts";
import { stepsOf } from "./steps.ts";
import { inverse } from "./textEdits.ts";
import type { Verification } from "./verification.ts";

/**
 * Verifies updates that are written: where one brings a new error all are taken back, because undoing one by one would take
 * the adapters out. Answers with a line for each.
 */
export async function takeBackFailedUpdates(
  verification: Verification,
  { root, plans, onStage }: MigrateMany,
  updated: readonly MigrationEntry[],
): Promise<MigrationEntry[]> {
  let failures: Map<string, string>;
  try {
    failures = await verification.traced(updated.map(({ data }) => data));
    if (failures.size > 0) onStage?.("rollingBack");
  } catch (error) {
    await takeBack(root, plans);
    throw error;
  }
  if (failures.size === 0) {
    await forgetPending(root);
    return [...updated];
  }
  await takeBack(root, plans);
  const [reason = ""] = failures.values();
  return updated.map(({ data }) =>
    unmigratedEntry(
      data,
      "failed",
      failures.get(classKey(data)) ?? `It was taken back with others. ${reason}`,
    ),
  );
}

/** Brings the adapters back that were there before, and logs that. */
async function takeBack(root: string, plans: readonly MigrationPlan[]): Promise<void> {
  await forgetPending(root);
  const back = plans
    .toReversed()
    .map((plan) => ({ ...plan, changes: plan.changes.toReversed().map(inverse) }));
  const entries = back.map((plan) => migratedEntry(root, plan));
  await writeLogged(root, stepsOf(back), entries);
  await forgetPending(root);
}
