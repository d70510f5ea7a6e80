import { relative } from "node:path";
import { version } from "../../../package.json";
import { readCore } from "../../migration/readCore.ts";
import { planRuntimeUpdates, refuseOverwriting, updateRuntimes } from "../../migration/runtimeUpdate.ts";
import { bundles } from "../bundles.ts";
import type { Output } from "../output.ts";
import { printDiff } from "./diff.ts";
import type { MigrateOptions } from "./options.ts";

/** Brings the vendored runtimes of a folder to the version of this program. */
export async function updateRuntime(
  root: string,
  { dryRun }: MigrateOptions,
  output: Output,
): Promise<number> {
  const updates = await planRuntimeUpdates(root, await readCore(bundles.core), version);
  if (updates.length === 0) {
    output.line(`Every vendored runtime in ${root} is of version ${version}: there is nothing to do.`);
    return 0;
  }
  if (dryRun) {
    refuseOverwriting(updates);
    printDiff(
      root,
      updates.flatMap(({ steps }) => steps),
      output,
    );
  } else await updateRuntimes(root, updates);
  for (const { folder, from } of updates) {
    output.line(`${relative(root, folder)}: ${from} to ${version}${dryRun ? " (nothing was written)" : ""}`);
  }
  return 0;
}
