import { join } from "node:path";
import { isCandidate, whyLeft } from "../../migration/candidates.ts";
import { classKey, type MigratedClass } from "../../migration/migratedClass.ts";
import type { IndexSnapshot } from "../../model/indexerProtocol.ts";
import type { PlanRequest } from "../../model/migrationPlan.ts";
import type { Line } from "./fromFile.ts";
import type { MigrateOptions } from "./options.ts";

/** What is to be migrated: named classes, the lines of a file, or every agent of the folder. */
export type Wanted =
  { classes: readonly (MigratedClass & { file: string })[] } | { lines: readonly Line[] } | { all: true };

/** A class to plan for, or why nothing is planned for it. */
export type Todo = MigratedClass & ({ request: PlanRequest } | { skipped: string });

export function todoOf(
  root: string,
  wanted: Wanted,
  { agents, rejected }: IndexSnapshot,
  { tests = false, method }: Pick<MigrateOptions, "method"> & { tests?: boolean | undefined },
): Todo[] {
  if ("classes" in wanted) {
    return wanted.classes.map(({ file, file_path, name }) => ({
      file_path,
      name,
      request: { file, name, method },
    }));
  }
  if ("all" in wanted) {
    return agents.filter(isCandidate).map((record) => {
      const { file_path, name } = record;
      const left = whyLeft(record, { tests });
      if (left !== null) return { file_path, name, skipped: left };
      return { file_path, name, request: { file: join(root, file_path), name } };
    });
  }
  const rejections = new Map(rejected.map((record) => [classKey(record), record.evidence[0]]));
  return wanted.lines.map((line) => {
    const { file: file_path, name } = line;
    if ("skipped" in line) return { file_path, name, skipped: line.skipped };
    const reason = rejections.get(classKey({ file_path, name }));
    if (reason !== undefined) return { file_path, name, skipped: `It is not an agent: ${reason}.` };
    return { file_path, name, request: line.request };
  });
}
