import { counted } from "../model/counted.ts";
import type { MigrationEntry, MigrationPlan } from "../model/migrationPlan.ts";
import type { MigrationReport } from "../model/migrationReport.ts";
import type { TypeChecker } from "../model/typeCheck.ts";
import { UserError } from "../model/userError.ts";
import { stepsOf } from "./steps.ts";
import { migratedEntry, unmigratedEntry } from "./entry.ts";
import { NotTakenBack } from "./files.ts";
import { forgetPending, noteUnverified, writeLogged } from "./journal.ts";
import { appendLog } from "./log.ts";
import { classKey } from "./migratedClass.ts";
import { undoPossible } from "./undo.ts";
import { takeBackFailedUpdates } from "./updateMany.ts";
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
    await writeLogged(root, stepsOf(plans), entries);
    await forgetPending(root);
    return { entries, check: null };
  }
  onStage?.("checking");
  const verification = await Verification.start({ root, plans, checker, signal });
  onStage?.("writing");
  // Its note stays until all is verified.
  await writeLogged(root, stepsOf(plans), entries);
  onStage?.("verifying");
  const verify = plans[0]?.action === "update" ? takeBackFailedUpdates : rollBackFailures;
  const verified = await verify(verification, request, entries);
  const failed = verified.filter(({ data }) => data.status === "failed");
  await appendLog(root, failed);
  return { entries: verified, check: verification.result() };
}

/** Takes classes back until nothing is new; all of them where that is not found out to the end. */
async function rollBackFailures(
  verification: Verification,
  { root, onStage }: MigrateMany,
  migrated: readonly MigrationEntry[],
): Promise<MigrationEntry[]> {
  const standing = new Map(migrated.map((entry) => [classKey(entry.data), entry]));
  const failed = new Map<string, MigrationEntry>();
  try {
    for (;;) {
      const failures = await verification.failures([...standing.values()].map(({ data }) => data));
      const classes = [...failures.keys()].flatMap((key) =>
        failed.has(key) ? [] : (standing.get(key) ?? []),
      );
      await forgetPending(root);
      if (classes.length === 0) return migrated.map((entry) => failed.get(classKey(entry.data)) ?? entry);
      onStage?.("rollingBack");
      const refused = await rollBack(root, classes, "It brought new type errors.");
      for (const { data } of classes) {
        const key = classKey(data);
        const why = failures.get(key) ?? "";
        const stays = refused.get(key);
        if (stays === undefined) standing.delete(key);
        const reason = stays === undefined ? why : `${why} It could not be rolled back: ${stays}`;
        failed.set(key, unmigratedEntry(data, "failed", reason));
      }
      await noteUnverified(root, [...standing.values()]);
    }
  } catch (error) {
    if (error instanceof NotTakenBack) throw error;
    await forgetPending(root);
    const refused = await rollBack(root, [...standing.values()], "It was not verified.");
    const [stays] = [...refused.values()];
    if (stays === undefined) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const left = `${counted(refused.size, "migration")} could not be taken back`;
    throw new UserError(`The migration was not verified (${why}), and ${left}: ${stays}`, { cause: error });
  }
}

/** Answers with the reasons of those that stay, by class. */
async function rollBack(
  root: string,
  entries: readonly MigrationEntry[],
  reason: string,
): Promise<Map<string, string>> {
  if (entries.length === 0) return new Map();
  const classes = entries.map(({ data }) => data);
  const { refused } = await undoPossible({ root, classes, reason });
  return new Map(refused.map((each) => [classKey(each), each.reason]));
}
