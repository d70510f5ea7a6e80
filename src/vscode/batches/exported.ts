import type { BatchExport, BatchTable, BatchTableRow } from "../../model/batchTable.ts";
import { csvText } from "../../model/csv.ts";

const columns: [title: string, of: (row: BatchTableRow) => string | number][] = [
  ["task number", ({ place }) => place],
  ["agent", referenceTo],
  ["task", ({ task }) => task ?? ""],
  ["state", ({ state }) => state],
  ["duration ms", ({ durationMs }) => durationMs ?? ""],
  ["attempts", ({ attempts }) => attempts],
  ["tokens", ({ usage }) => usage?.tokens ?? ""],
  ["cost", ({ usage }) => usage?.cost ?? ""],
  ["result", ({ result }) => result ?? ""],
  ["run", ({ runId }) => runId],
];

/** FILE#Class, after the name of the folder where there are several. */
function referenceTo(row: Pick<BatchTableRow, "agent" | "file_path" | "folderName">): string {
  return `${row.folderName === null ? "" : `${row.folderName}/`}${row.file_path}#${row.agent}`;
}

/** The table as the text of a file, and what that is called. */
export function exported(table: BatchTable, format: BatchExport): { name: string; text: string } {
  switch (format) {
    case "csv":
      return { name: "batch.csv", text: csv(table) };
    case "json":
      return { name: "batch.json", text: `${JSON.stringify(jsonOf(table), null, 2)}\n` };
    case "markdown":
      return { name: "batch.md", text: markdown(table) };
  }
}

function csv({ rows }: BatchTable): string {
  return csvText([columns.map(([title]) => title), ...rows.map((row) => columns.map(([, of]) => of(row)))]);
}

function jsonOf({ id, label, summary, rows }: BatchTable): object {
  const runs = rows.map(({ task, result, state, attempts, durationMs, usage, runId, ...row }) => ({
    ...{ runId, agent: referenceTo(row), task: parsed(task), state, attempts, durationMs, usage },
    ...(state === "success" ? { output: parsed(result) } : { error: result }),
  }));
  return { batch: id, label, summary, runs };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return text;
  }
}

function markdown({ label, summary, rows }: BatchTable): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(markdownCell).join(" | ")} |\n`;
  const head = line(columns.map(([title]) => title)) + line(columns.map(() => "---"));
  return `# ${label}\n\n${summary}\n\n${head}${rows.map((row) => line(columns.map(([, of]) => of(row)))).join("")}`;
}

const markdownCell = (value: string | number): string =>
  String(value)
    .replaceAll("\\", "\\\\")
    .replaceAll("|", "\\|")
    .replace(/[<`*_[]/g, "\\$&")
    .replace(/\r?\n/g, " ");
