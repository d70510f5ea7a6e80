import type { MigrationReport, ReportedClass } from "../model/migrationReport.ts";
import { groupBy } from "./names.ts";

const titles = {
  failed: "Failed",
  migrated: "Migrated",
  undone: "Undone",
  skipped: "Skipped",
} as const satisfies Record<ReportedClass["status"], string>;

/** "3 migrated, 1 skipped" */
export function summary({ classes, dryRun }: Pick<MigrationReport, "classes" | "dryRun">): string {
  const counts = groupBy(classes, ({ status }) => status);
  const parts = (Object.keys(titles) as (keyof typeof titles)[])
    .filter((status) => counts.has(status))
    .map((status) => {
      const count = counts.get(status)?.length ?? 0;
      return `${count} ${dryRun && status === "migrated" ? "ready" : status}`;
    });
  return parts.length === 0 ? "no agent class" : parts.join(", ");
}

/** A report as a document. */
export function reportMarkdown(report: MigrationReport): string {
  const { folder, time, dryRun, classes, check, notes } = report;
  const lines = [
    `# Migration of ${plain(folder)}`,
    "",
    `${time.slice(0, 16).replace("T", " ")} UTC: ${summary(report)}.${dryRun ? " Nothing was written." : ""}`,
    ...notes.flatMap((note) => ["", plain(note)]),
    ...checkLines(check),
  ];
  for (const [status, title] of Object.entries(titles)) {
    const group = classes.filter((each) => each.status === status);
    if (group.length === 0) continue;
    lines.push("", `## ${dryRun && status === "migrated" ? "Ready" : title} (${group.length})`, "");
    lines.push(...(status === "migrated" || status === "undone" ? doneRows(group) : reasonRows(group)));
  }
  return `${lines.join("\n")}\n`;
}

function checkLines(check: MigrationReport["check"]): string[] {
  if (check === null) return ["", "Not verified by a type checker."];
  const rows = check.projects.map(
    ({ config, compiler, before, after }) =>
      `| ${cell(config)} | ${compiler.version}${compiler.origin === "project" ? "" : " (of opsvi-agents: the project has none installed)"} | ${before} | ${after} |`,
  );
  const unchecked = check.unchecked.map((path) => `- ${plain(path)}`);
  return [
    ...[
      "",
      "## Type errors",
      "",
      "| project | TypeScript | before | after |",
      "| --- | --- | --: | --: |",
      ...rows,
    ],
    ...(unchecked.length > 0
      ? ["", "Files that belong to no project, so that no compiler knows them:", ""]
      : []),
    ...unchecked,
  ];
}

function doneRows(classes: readonly ReportedClass[]): string[] {
  const rows = classes.map(
    ({ file_path, name, adapter }) => `| ${cell(file_path)} | ${cell(name)} | ${cell(adapter ?? "")} |`,
  );
  return ["| file | class | adapter |", "| --- | --- | --- |", ...rows];
}

function reasonRows(classes: readonly ReportedClass[]): string[] {
  const rows = classes.map(
    ({ file_path, name, reason }) => `| ${cell(file_path)} | ${cell(name)} | ${cell(reason ?? "")} |`,
  );
  return ["| file | class | why |", "| --- | --- | --- |", ...rows];
}

/** Names and messages come from anybody's code. */
const plain = (text: string) => text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_<>[\]]/g, "\\$&");
const cell = (text: string) => plain(text).replaceAll("|", "\\|");
