import { toLine, type AgentRecord } from "../model/agentRecord.ts";
import type { IndexSnapshot } from "../model/indexerProtocol.ts";
import { openIndexer } from "./openIndexer.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";
import { existingFolder } from "./workspace.ts";

export interface IndexOptions {
  json?: true;
  all?: true;
  write?: true;
  /** False with --no-cache. */
  cache: boolean;
}

export async function indexCommand(folder: string, options: IndexOptions, output: Output): Promise<number> {
  const root = existingFolder(folder);
  const indexer = await openIndexer(root, output, options);
  try {
    const snapshot = await indexer.index(root);
    for (const note of snapshot.notes) output.note(note);
    const records = [...snapshot.agents, ...(options.all ? snapshot.rejected : [])];
    if (options.json) for (const record of records) output.json(toLine(record));
    else print(snapshot, records, output);
    if (options.write) output.note(`Wrote ${await indexer.write(root)}.`);
    await indexer.remember(root);
    return 0;
  } finally {
    await indexer.dispose();
  }
}

function print({ agents, files, durationMs }: IndexSnapshot, records: AgentRecord[], output: Output): void {
  for (const line of table(records.map(row))) output.line(line);
  const orchestrators = agents.filter(({ role }) => role === "orchestrator").length;
  const of = orchestrators > 0 ? ` (${count(orchestrators, "orchestrator")})` : "";
  const seconds = (durationMs / 1000).toFixed(1);
  output.note(`${count(agents.length, "agent")}${of} in ${count(files, "file")}, ${seconds} s`);
}

function row(record: AgentRecord): string[] {
  const what = record.role === "not" ? (record.evidence[0] ?? "") : capabilities(record);
  return [record.name, record.role, `${record.file_path}:${record.lineno}`, what];
}

function capabilities(record: AgentRecord): string {
  const names = [...new Set(record.capabilities.map(({ name }) => name))];
  return names.join(" ") || "-";
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
