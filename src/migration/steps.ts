import type { FileChange, MigrationPlan } from "../model/migrationPlan.ts";
import { textOf, type FileStep } from "./files.ts";
import { textAfter } from "./textEdits.ts";

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

/** Files that are changed, one change each, and files that are removed. */
export interface Changes {
  changes: readonly FileChange[];
  removals: readonly { path: string; before: string }[];
}

export function stepsOfChanges({ changes, removals }: Changes): FileStep[] {
  return [
    ...changes.map((change) => ({ path: change.path, before: change.before, after: textAfter(change) })),
    ...removals.map(({ path, before }) => ({ path, before, after: null })),
  ];
}

/** The plan without files that another migration has created, equal to the letter, since it was made. */
export async function withoutExisting(plan: MigrationPlan): Promise<MigrationPlan> {
  const changes: FileChange[] = [];
  for (const change of plan.changes) {
    const existing = change.before === null ? await textOf(change.path).catch(() => null) : null;
    if (existing === null || existing !== textAfter(change)) changes.push(change);
  }
  return { ...plan, changes };
}
