import { join } from "node:path";
import { isCandidate, whyLeft } from "../../migration/candidates.ts";
import { classKey, type MigratedClass } from "../../migration/migratedClass.ts";
import type { AgentRecord } from "../../model/agentRecord.ts";
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
  const records = new Map([...agents, ...rejected].map((record) => [classKey(record), record]));
  return wanted.lines.map(({ file_path, name, skipped }) => {
    const left = skipped ?? whyNotMeant(records.get(classKey({ file_path, name })));
    if (left !== null) return { file_path, name, skipped: left };
    return { file_path, name, request: { file: join(root, file_path), name, ifAgent: true } };
  });
}

/** Why a class that somebody else's file names is none to migrate; null where it is one, or unknown. */
function whyNotMeant(record: AgentRecord | undefined): string | null {
  if (record === undefined) return null;
  if (record.role === "not") return `It is ${record.evidence[0] ?? "not an agent"}.`;
  return record.adapts === null ? null : `${record.name} is the adapter of ${record.adapts}.`;
}
