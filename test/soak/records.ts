import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RunEvent } from "../../src/model/runRecord.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";

/** What is wrong with the records of a folder in which nothing is at work any more, a sentence each. */
export async function faultsIn(root: string): Promise<string[]> {
  const folder = join(root, ".proj-intel", "runs");
  const faults: string[] = [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".jsonl"));
  for (const file of files) faults.push(...faultsOf(file, readFileSync(join(folder, file), "utf8")));
  const summaries = await listRuns(root);
  if (summaries.length !== files.length)
    faults.push(`${files.length - summaries.length} of ${files.length} records cannot be listed.`);
  for (const { runId, state } of summaries)
    if (!["success", "failed", "cancelled", "interrupted"].includes(state))
      faults.push(`Run ${runId} reads as ${state}, and nothing is at work.`);
  for (const file of temporaryFiles(root)) faults.push(`${file} was left behind.`);
  return faults;
}

/** Of stores; those of killed processes are cleared away by the next that writes there, once they are old. */
export function temporaryFiles(root: string): string[] {
  const folder = join(root, ".proj-intel");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".tmp")).map((name) => join(folder, name));
}

function faultsOf(file: string, text: string): string[] {
  const lines = text.split("\n");
  // A process that was killed may have been writing.
  lines.pop();
  const events: RunEvent[] = [];
  for (const [index, line] of lines.entries()) {
    try {
      events.push(RunEvent.parse(JSON.parse(line)));
    } catch {
      return [`${file}, line ${index + 1} is no event: ${line.slice(0, 80)}`];
    }
  }
  const types = events.map(({ type }) => type);
  const faults: string[] = [];
  if (types[0] !== "queued") faults.push(`${file} begins with ${types[0] ?? "nothing"}.`);
  for (const once of ["queued", "started", "finished"] as const)
    if (types.filter((type) => type === once).length > 1) faults.push(`${file} has ${once} more than once.`);
  const started = types.indexOf("started");
  const worked = types.findIndex((type) => type === "checkpoint" || type === "log");
  if (worked >= 0 && (started < 0 || worked < started))
    faults.push(`${file} tells of the agent before it was started.`);
  return faults;
}
