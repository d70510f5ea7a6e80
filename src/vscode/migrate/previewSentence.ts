import { basename, dirname, relative } from "node:path";
import type { FileChange, MigrationPlan } from "../../model/migrationPlan.ts";
import { actionTexts } from "./actions.ts";

/** What the notification beside the difference asks: the class's file is in sight, the others are named. */
export function previewSentence(plan: MigrationPlan, root: string): string {
  const others = plan.changes.slice(1);
  const created = others.filter(({ before }) => before === null);
  const changed = others.filter(({ before }) => before !== null);
  return [
    actionTexts[plan.action].question(plan),
    created.length > 0 ? `Also created: ${filesOf(created, root)}.` : "",
    changed.length > 0 ? `Also changed: ${filesOf(changed, root)}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** "src/a.ts, opsvi-agents/ (7 files)": several files of one folder count together. */
function filesOf(changes: readonly FileChange[], root: string): string {
  const folders = new Map<string, string[]>();
  for (const { path } of changes) {
    const folder = relative(root, dirname(path)).replaceAll("\\", "/");
    folders.set(folder, [...(folders.get(folder) ?? []), basename(path)]);
  }
  return [...folders]
    .map(([folder, names]) => {
      const prefix = folder === "" ? "" : `${folder}/`;
      return names.length > 1 ? `${prefix || "./"} (${names.length} files)` : `${prefix}${names.join("")}`;
    })
    .join(", ");
}
