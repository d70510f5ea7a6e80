import type { MigrationEntry, MigrationPlan } from "../model/migrationPlan.ts";
import type { MigrationReport } from "../model/migrationReport.ts";
import type { TypeChecker, TypeCheckReport } from "../model/typeCheck.ts";
import { stepsOf } from "./apply.ts";
import { migratedEntry, unmigratedEntry } from "./entry.ts";
import { writeLogged } from "./journal.ts";
import { appendLog } from "./log.ts";
import { newProblems, problemText, type InsertedClass, type NewProblem } from "./newProblems.ts";
import { planUndo, undoMigrations, type MigratedClass } from "./undo.ts";

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
  const files = [...new Set(plans.flatMap(({ changes }) => changes.slice(0, 1).map(({ path }) => path)))];
  let entries = plans.map((plan) => migratedEntry(root, plan));
  if (entries.length === 0) return { entries, check: null };
  signal?.throwIfAborted();
  if (checker !== undefined) onStage?.("checking");
  const before = await checker?.check(files, signal);
  onStage?.("writing");
  const settle = await writeLogged(root, stepsOf(plans), entries);
  if (checker === undefined || before === undefined) {
    await settle();
    return { entries, check: null };
  }
  let after: TypeCheckReport;
  try {
    onStage?.("verifying");
    after = await checker.check(files, signal);
    for (;;) {
      const standing = entries.filter(({ data }) => data.status === "migrated").map(({ data }) => data);
      const problems = newProblems({ root, before, after, inserted: await insertedOf(root, standing) });
      if (standing.length === 0 || problems.length === 0) break;
      onStage?.("rollingBack");
      const failures = failuresOf(standing, problems);
      await settle();
      const classes = standing.filter((each) => failures.has(keyOf(each)));
      await undoMigrations({ root, classes, reason: "It brought new type errors." });
      entries = entries.map((entry) => failedEntry(entry, failures.get(keyOf(entry.data))));
      after = await checker.check(files, signal);
    }
  } catch (error) {
    await settle();
    const standing = entries.filter(({ data }) => data.status === "migrated").map(({ data }) => data);
    if (standing.length > 0)
      await undoMigrations({ root, classes: standing, reason: "It was not verified." });
    throw error;
  }
  await settle();
  await appendLog(
    root,
    entries.filter(({ data }) => data.status === "failed"),
  );
  return { entries, check: { projects: compared(before, after), unchecked: after.unchecked } };
}

const keyOf = ({ file_path, name }: MigratedClass): string => `${file_path}#${name}`;

async function insertedOf(root: string, classes: readonly MigratedClass[]): Promise<InsertedClass[]> {
  const { plan, stages } = await planUndo({ root, classes });
  return plan.undone.map((each, index) => ({ ...each, changes: stages[index] ?? [] }));
}

/** The reasons by class. What cannot be traced to one class is counted against all of them. */
function failuresOf(classes: readonly MigratedClass[], problems: readonly NewProblem[]): Map<string, string> {
  const failures = new Map<string, string>();
  const fail = (each: MigratedClass, text: string) => {
    if (!failures.has(keyOf(each))) failures.set(keyOf(each), text);
  };
  for (const { problem, culprit } of problems) {
    if (culprit !== null) fail(culprit, `It brings a new type error: ${problemText(problem)}`);
  }
  if (failures.size > 0) return failures;
  for (const { problem } of problems) {
    for (const each of classes)
      fail(each, `There is a new type error that may come from it: ${problemText(problem)}`);
  }
  return failures;
}

function failedEntry(entry: MigrationEntry, reason: string | undefined): MigrationEntry {
  return reason === undefined ? entry : unmigratedEntry(entry.data, "failed", reason);
}

function compared(before: TypeCheckReport, after: TypeCheckReport) {
  const earlier = new Map(before.projects.map((project) => [project.config, project.problems.length]));
  return after.projects.map(({ config, compiler, problems }) => ({
    ...{ config, compiler },
    before: earlier.get(config) ?? 0,
    after: problems.length,
  }));
}
