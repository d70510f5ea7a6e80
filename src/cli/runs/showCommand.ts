import { isPipelineFile } from "../../model/pipeline.ts";
import { fixLine } from "../../model/fixLine.ts";
import type { FixApplied, FixUndone, RunEvent } from "../../model/runRecord.ts";
import type { RunSummary } from "../../model/runSummary.ts";
import { stoppedText } from "../../model/stoppedText.ts";
import { NO_USAGE, usageText } from "../../model/usage.ts";
import { UserError } from "../../model/userError.ts";
import { findRunOrBatch } from "../../runs/history/findRun.ts";
import { listRuns, readSummary } from "../../runs/history/listRuns.ts";
import { asking } from "../../runs/pipeline/asking.ts";
import { readRun } from "../../runs/readRun.ts";
import { answerCommandFor } from "../answerText.ts";
import type { Output } from "../output.ts";
import { printable } from "../printable.ts";
import { table } from "../table.ts";
import { workspaceFolder } from "../workspace.ts";
import { showBatch } from "./showBatch.ts";
import { durationOf, localTime } from "./times.ts";

export interface ShowOptions {
  json?: true;
  log?: true;
  workspace?: string;
}

/** Shows a batch, or one recorded run: what was asked for, what came of it and, where it is asked for, its log. */
export async function showCommand(ref: string, options: ShowOptions, output: Output): Promise<number> {
  const root = workspaceFolder(options.workspace);
  const found = await findRunOrBatch(root, ref);
  if (typeof found !== "string") {
    if (options.log) throw new UserError("--log goes with one run of a batch.");
    showBatch(found, options, output);
    return 0;
  }
  const runId = found;
  const alone = await readSummary(root, runId);
  if (alone?.state === "unreadable") {
    showUnreadable(alone, options, output);
    return 0;
  }
  const events = await readRun(root, runId);
  const [queued] = events;
  if (alone === null || queued?.type !== "queued")
    throw new UserError(`The record of run ${runId} does not tell what was asked for.`);
  const summary = isPipelineFile(alone.agent.file_path) ? asking(alone, await listRuns(root)) : alone;
  const { task, args = [], priority = null, delayMs = null } = queued;
  const end = events.find((event) => event.type === "finished");
  const { output: result, error = summary.error, warnings = [] } = end ?? {};
  const fixes = events.filter((event) => event.type === "fix" || event.type === "fixUndone");
  const run = { ...summary, task, args, priority, delayMs, output: result, error, warnings, fixes };
  const log = options.log ? events.filter((event) => event.type === "log") : [];
  if (options.json) {
    output.json(
      options.log ? { ...run, log: log.map(({ time, stream, text }) => ({ time, stream, text })) } : run,
    );
    return 0;
  }
  for (const line of table(rowsOf(summary, run))) output.line(line);
  if (end?.error?.stack !== undefined) output.line(printable(end.error.stack));
  if (result !== undefined) output.line(JSON.stringify(result, null, 2));
  const text = logText(log);
  if (text !== "") output.line(printable(text));
  return 0;
}

function showUnreadable(run: RunSummary, { json }: ShowOptions, output: Output): void {
  const { runId, state, queuedAt, error } = run;
  const rows = [
    ["run", runId],
    ["state", state],
    ["written", localTime(queuedAt)],
    ["error", error?.message ?? ""],
    ["discard with", `opsvi-agents runs discard ${runId}`],
  ];
  if (json) output.json(run);
  else for (const line of table(rows)) output.line(line);
}

function rowsOf(
  summary: RunSummary,
  run: {
    task: unknown;
    args: unknown[];
    priority: number | null;
    delayMs: number | null;
    warnings: string[];
    fixes: (FixApplied | FixUndone)[];
  },
): string[][] {
  const { task, args, priority, delayMs, warnings, fixes } = run;
  const { runId, agent, state, queuedAt, attempts, attemptsAtMost, error, question } = summary;
  const rows: [string, string | null][] = [
    ["run", runId],
    ["agent", `${agent.file_path}#${agent.name}`],
    ["tool", summary.tool],
    ["state", state],
    ["asks", question?.question.message ?? null],
    ["answer with", question && answerCommandFor(runId, question.question)],
    ["queued", localTime(queuedAt)],
    ["delayed", delayMs === null ? null : `by ${delayMs} ms`],
    ["priority", priority === null ? null : String(priority)],
    ["stopped", stoppedText(summary.stopped).replace(/^stopped /, "")],
    ["duration", durationOf(summary)],
    ["attempts", `${attempts} of ${attemptsAtMost}`],
    ["task", JSON.stringify(task)],
    ["args", args.length === 0 ? null : JSON.stringify(args)],
    ["consumed", usageText(summary.usage ?? NO_USAGE)],
    ["checkpoint", summary.checkpointId],
    ["batch", summary.batch],
    ["resumes", summary.resumes],
    ["resumed by", summary.resumedBy],
    ...fixes.map((event): [string, string] => ["fix", fixLine(event)]),
    ...warnings.map((warning): [string, string] => ["warning", warning]),
    ["error", error === null ? null : `${error.name}: ${error.message}`],
  ];
  return rows.flatMap(([name, value]) => (value === null || value === "" ? [] : [[name, value]]));
}

const logText = (log: readonly (RunEvent & { type: "log" })[]): string =>
  log
    .map(({ text }) => text)
    .join("")
    .replace(/\n$/, "");
