import { readMigrationSettings } from "../../model/migrationSettings.ts";
import { defaultPlanOptions, type PlanOptions } from "../../model/migrationPlan.ts";
import type { Output } from "../output.ts";
import { folderSettings } from "../settings.ts";
import type { MigrateOptions } from "./options.ts";

/** What the settings of a folder choose, and over that what the command line does. */
export function planOptionsOf(
  root: string,
  {
    runtime,
    placement,
    update,
    rewrite,
  }: Pick<MigrateOptions, "runtime" | "placement" | "update" | "rewrite">,
  output: Output,
): PlanOptions {
  const { settings, problems } = readMigrationSettings(folderSettings(root, output));
  for (const problem of problems) output.note(problem);
  return {
    ...defaultPlanOptions,
    ...settings,
    action: update ? "update" : rewrite ? "rewrite" : "migrate",
    ...(runtime !== undefined && { runtime }),
    ...(placement !== undefined && { placement }),
  };
}
