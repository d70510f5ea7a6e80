import type { RunState, RunSummary } from "../../model/runSummary.ts";
import { shortId } from "../../model/runId.ts";
import { NO_USAGE, usageText } from "../../model/usage.ts";
import { listRuns } from "../../runs/history/listRuns.ts";
import { recordsFolder } from "../../runs/recordPlace.ts";
import { asking, withStepsBelow } from "../../runs/pipeline/asking.ts";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
import { workspaceFolder } from "../workspace.ts";
import { durationOf, localTime } from "./times.ts";

export interface ListOptions {
  state?: RunState;
  agent?: string;
  limit?: number;
  json?: true;
}

/** Lists the recorded runs of a folder, the newest first. */
export async function listCommand(
  dir: string | undefined,
  options: ListOptions,
  output: Output,
): Promise<number> {
  const root = workspaceFolder(dir);
  const { state, agent, limit = Infinity } = options;
  const filtered = state !== undefined || agent !== undefined;
  const recorded = await listRuns(root, filtered ? Infinity : limit);
  const runs = recorded
    .map((run) => asking(run, recorded))
    .filter(
      (run) => (state === undefined || run.state === state) && (agent === undefined || isOf(run, agent)),
    )
    .slice(0, limit);
  if (runs.length === 0) output.note(emptySentence(root, filtered));
  if (options.json) for (const run of runs) output.json(run);
  else
    for (const line of table(withStepsBelow(runs).map(({ run, below }) => cells(run, below))))
      output.line(line);
  return 0;
}

/** By its name, its file, or both. */
function isOf({ agent: { file_path, name } }: RunSummary, wanted: string): boolean {
  return [name, file_path, `${file_path}#${name}`].includes(wanted.replaceAll("\\", "/"));
}

const emptySentence = (root: string, filtered: boolean): string =>
  filtered
    ? `None of the runs in ${recordsFolder(root)} is like that.`
    : `No run is recorded in ${root}: start one with opsvi-agents run FILE#Class --task JSON.`;

/** @param below whether it is a step that stands below its pipeline */
export function cells(run: RunSummary, below: boolean): string[] {
  const { runId, state, agent, queuedAt, error, usage, tool, step } = run;
  const of = state === "unreadable" ? null : `${agent.file_path}#${agent.name}`;
  const failure = error === null ? "" : `${error.name}: ${error.message.split("\n", 1)[0] ?? ""}`;
  return [
    shortId(runId),
    state,
    localTime(queuedAt),
    durationOf(run),
    `${below ? "  " : ""}${[step, of, tool].filter(Boolean).join(" ")}`,
    [usageText(usage ?? NO_USAGE), failure].filter(Boolean).join("  "),
  ];
}
