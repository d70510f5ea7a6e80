import { basename, resolve } from "node:path";
import type { MigrationEntry, PlanResult } from "../model/migrationPlan.ts";
import type { MigrationReport, ReportedClass } from "../model/migrationReport.ts";
import type { MigratedClass } from "./migratedClass.ts";
import { listed } from "./names.ts";

/** A class and what was planned for it. */
export interface Answer extends MigratedClass {
  result: PlanResult;
}

export function newReport(root: string, dryRun = false): MigrationReport {
  const time = new Date().toISOString();
  return { folder: basename(resolve(root)), time, dryRun, classes: [], check: null, notes: [] };
}

export function reported({ data }: MigrationEntry): ReportedClass {
  const { file_path, name, status, reason, adapter } = data;
  return { file_path, name, status, reason, adapter };
}

export function skipped({ file_path, name, result }: Answer): ReportedClass {
  return { file_path, name, status: "skipped", reason: reasonOf(result), adapter: null };
}

function reasonOf(result: PlanResult): string | null {
  if (result.status === "ready") return null;
  if (result.status !== "choice") return result.reason;
  return `${result.reason} It has ${listed(result.methods)}.`;
}
