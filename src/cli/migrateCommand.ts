import { relative, sep } from "node:path";
import { createTwoFilesPatch } from "diff";
import { applyPlan } from "../migration/apply.ts";
import { unmigratedEntry } from "../migration/entry.ts";
import { appendLog } from "../migration/log.ts";
import { withMigrationLock } from "../migration/migrationLock.ts";
import { textAfter } from "../migration/textEdits.ts";
import { planUndo, undoMigrations } from "../migration/undo.ts";
import { defaultPlanOptions, type FileChange, type PlanResult } from "../model/migrationPlan.ts";
import { UserError } from "../model/userError.ts";
import { openIndexer } from "./openIndexer.ts";
import type { Output } from "./output.ts";
import { findTarget, type Target } from "./workspace.ts";

export interface MigrateOptions {
  dryRun?: true;
  undo?: true;
  json?: true;
  workspace?: string;
}

export async function migrateCommand(
  agent: string,
  options: MigrateOptions,
  output: Output,
): Promise<number> {
  const target = findTarget(agent, options.workspace);
  const act = () => (options.undo ? undo : migrate)(target, options, output);
  await (options.dryRun ? act() : withMigrationLock(target.root, act));
  return 0;
}

async function migrate(target: Target, { dryRun, json }: MigrateOptions, output: Output): Promise<void> {
  const { root, file_path, name } = target;
  const result = await plan(target, output);
  if (result.status === "migrated") {
    if (json) output.json(unmigratedEntry({ file_path, name }, "skipped", result.reason));
    else output.line(result.reason);
    return;
  }
  if (result.status !== "ready") {
    if (!dryRun) await appendLog(root, [unmigratedEntry({ file_path, name }, "skipped", result.reason)]);
    throw new UserError(result.reason);
  }
  if (dryRun) {
    if (json) output.json(result.plan);
    else print(root, result.plan.changes.map(toDiff), output);
    return;
  }
  const entry = await applyPlan(root, result.plan);
  if (json) output.json(entry);
  else {
    output.line(`${file_path}#${name} is migrated: ${result.plan.adapter} stands beside it.`);
    for (const { path, created } of entry.undo) output.line(`${created ? "created" : "changed"}  ${path}`);
    output.note("The same command with --undo takes it back.");
  }
}

async function undo(target: Target, { dryRun, json }: MigrateOptions, output: Output): Promise<void> {
  const { root, file_path, name } = target;
  const classes = [{ file_path, name }];
  if (!dryRun) {
    const { entries } = await undoMigrations({ root, classes });
    if (json) for (const entry of entries) output.json(entry);
    else output.line(`The migration of ${file_path}#${name} is undone.`);
    return;
  }
  const { plan, refused } = await planUndo({ root, classes });
  const [refusal] = refused;
  if (refusal !== undefined) throw new UserError(refusal.reason);
  if (json) output.json(plan);
  else {
    const removals = plan.removals.map((removal) => ({ ...removal, after: null }));
    print(root, [...plan.changes.map(toDiff), ...removals], output);
  }
}

async function plan({ root, file, name }: Target, output: Output): Promise<PlanResult> {
  const indexer = await openIndexer(root, output);
  try {
    return await indexer.planMigration(root, { file, name }, defaultPlanOptions);
  } finally {
    await indexer.dispose();
  }
}

interface Diff {
  path: string;
  before: string | null;
  after: string | null;
}

const toDiff = (change: FileChange): Diff => ({
  path: change.path,
  before: change.before,
  after: textAfter(change),
});

/** As `git apply` takes it. */
function print(root: string, diffs: Diff[], output: Output): void {
  for (const { path, before, after } of diffs) {
    const name = relative(root, path).split(sep).join("/");
    const [from, to] = [
      before === null ? "/dev/null" : `a/${name}`,
      after === null ? "/dev/null" : `b/${name}`,
    ];
    const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "");
    output.line(patch.replace(/^=+\n/, "").replace(/\n$/, ""));
  }
}
