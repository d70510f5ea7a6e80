import { newReport } from "../../migration/report.ts";
import type { MigratedClass } from "../../migration/migratedClass.ts";
import { stepsOfChanges } from "../../migration/steps.ts";
import { planUndo, undoMigrations } from "../../migration/undo.ts";
import type { Output } from "../output.ts";
import { printDiff } from "./diff.ts";
import type { MigrateOptions } from "./options.ts";
import { finish } from "./results.ts";

/** Undoes the named classes, or all that the log knows. Classes that cannot be undone are reported as failed. */
export async function undoClasses(
  root: string,
  classes: readonly MigratedClass[] | undefined,
  options: MigrateOptions,
  output: Output,
): Promise<number> {
  const report = newReport(root, options.dryRun === true);
  const request = { root, classes };
  if (options.dryRun) {
    const { plan, refused } = await planUndo(request);
    if (!options.json) printDiff(root, stepsOfChanges(plan), output);
    for (const each of plan.undone) report.classes.push({ ...each, status: "undone", reason: null });
    fail(refused);
    return finish(report, options, output);
  }
  const { entries, refused } = await undoMigrations(request);
  for (const { data } of entries) report.classes.push({ ...data, status: "undone", reason: null });
  fail(refused);
  return finish(report, options, output);

  function fail(all: typeof refused): void {
    for (const each of all) report.classes.push({ ...each, status: "failed", adapter: null });
  }
}
