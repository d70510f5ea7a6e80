import type { MigrationEntry, MigrationPlan } from "../model/migrationPlan.ts";
import type { MigrationReport } from "../model/migrationReport.ts";
import type { TypeChecker } from "../model/typeCheck.ts";
import { stepsOf } from "./steps.ts";
import { migratedEntry, unmigratedEntry } from "./entry.ts";
import { writeLogged } from "./journal.ts";
import { appendLog } from "./log.ts";
import { classKey } from "./migratedClass.ts";
import { undoMigrations } from "./undo.ts";
import { Verification } from "./verification.ts";

export type MigrationStage = "checking" | "writing" | "verifying" | "rollingBack";

export interface MigrateMany {
  root: string;
  /** As they build on one another. */
  plans: readonly MigrationPlan[];
  /** Left out, nothing is verified. */
  checker?: TypeChecker | undefined;
  signal?: AbortSignal | undefined;
  onStage?: ((stage: MigrationStage) => void) | undefined;
}

export interface MigratedMany {
  /** A line for each plan, in its order: migrated or failed. */
  entries: MigrationEntry[];
  check: MigrationReport["check"];
}

/**
 * Writes plans and asks the project's compiler before and after: classes that bring new errors are rolled back. Where the
 * signal aborts, everything is. The caller holds the lock of the folder.
 * @throws UserError where files are no longer as they were planned for
 */
export async function migrateMany(request: MigrateMany): Promise<MigratedMany> {
  const { root, plans, checker, signal, onStage } = request;
  const entries = plans.map((plan) => migratedEntry(root, plan));
  if (entries.length === 0) return { entries, check: null };
  signal?.throwIfAborted();
  if (checker === undefined) {
    onStage?.("writing");
    await (
      await writeLogged(root, stepsOf(plans), entries)
    )();
    return { entries, check: null };
  }
  onStage?.("checking");
  const verification = await Verification.start({ root, plans, checker, signal });
  onStage?.("writing");
  const settle = await writeLogged(root, stepsOf(plans), entries);
  onStage?.("verifying");
  const verified = await rollBackFailures(verification, request, entries, settle);
  await settle();
  const failed = verified.filter(({ data }) => data.status === "failed");
  await appendLog(root, failed);
  return { entries: verified, check: verification.result() };
}

/** Takes classes back until nothing is new; all of them where that is not found out to the end. */
async function rollBackFailures(
  verification: Verification,
  { root, onStage }: MigrateMany,
  migrated: readonly MigrationEntry[],
  settle: () => Promise<void>,
): Promise<MigrationEntry[]> {
  let entries = [...migrated];
  const standing = () => entries.filter(({ data }) => data.status === "migrated").map(({ data }) => data);
  try {
    for (;;) {
      const failures = await verification.failures(standing());
      if (failures.size === 0) return entries;
      onStage?.("rollingBack");
      await settle();
      const classes = standing().filter((each) => failures.has(classKey(each)));
      await undoMigrations({ root, classes, reason: "It brought new type errors." });
      entries = entries.map((entry) => {
        const reason = failures.get(classKey(entry.data));
        return reason === undefined ? entry : unmigratedEntry(entry.data, "failed", reason);
      });
    }
  } catch (error) {
    await settle();
    const classes = standing();
    if (classes.length > 0) await undoMigrations({ root, classes, reason: "It was not verified." });
    throw error;
  }
}
