import { writeFileSync } from "node:fs";
import { reportMarkdown, summary } from "../../migration/reportMarkdown.ts";
import type { MigrationReport, ReportedClass } from "../../model/migrationReport.ts";
import { UserError } from "../../model/userError.ts";
import type { Output } from "../output.ts";
import type { MigrateOptions } from "./options.ts";

/** Prints what became of the classes and writes the report where one is asked for. Answers with the exit code. */
export function finish(report: MigrationReport, options: MigrateOptions, output: Output): number {
  const { classes, notes, dryRun } = report;
  for (const each of classes) {
    if (options.json) {
      output.json({ type: "migration", data: { ...each, ...(dryRun && { dry_run: true }) } });
    } else output.line(line(each, dryRun));
  }
  for (const note of notes) output.note(note);
  if (!options.json) output.line(`${summary(report)}.`);
  if (options.report !== undefined) write(options.report, reportMarkdown(report));
  return classes.some(({ status }) => status === "failed") ? 1 : 0;
}

function line({ file_path, name, status, reason, adapter }: ReportedClass, dryRun: boolean): string {
  const word = dryRun && status === "migrated" ? "ready" : status;
  const what = reason ?? (status === "migrated" && adapter !== null ? adapter : "");
  return `${word.padEnd(8)}  ${file_path}#${name}${what === "" ? "" : `  ${what}`}`;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UserError(
      `The report cannot be written to ${path} (${error instanceof Error ? error.message : String(error)}): give another --report.`,
    );
  }
}
