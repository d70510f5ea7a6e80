import { isAtWork, type RunSummary } from "../../model/runSummary.ts";
import { usageText } from "../../model/usage.ts";
import { endingsText, progressText } from "../../runs/batch/sentences.ts";
import {
  batchFigures,
  countingRuns,
  unfinishedRuns,
  type RecordedBatch,
} from "../../runs/history/recordedBatch.ts";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
import { cells } from "./listCommand.ts";

/** Shows what a batch came to so far, and its runs in the order of their tasks. */
export function showBatch(batch: RecordedBatch, { json }: { json?: true }, output: Output): void {
  const figures = batchFigures(batch.runs);
  const runs: RunSummary[] = countingRuns(batch.runs);
  if (json) {
    output.json({ batch: batch.id, ...figures, runs });
    return;
  }
  const rows = [
    ["batch", batch.id],
    ["progress", runs.some(isAtWork) ? progressText(figures) : ""],
    ["ended", endingsText(figures)],
    ["consumed", usageText(figures.usage)],
    ["resume with", unfinishedRuns(batch.runs).length === 0 ? "" : `opsvi-agents runs resume ${batch.id}`],
  ];
  for (const line of table(rows.filter(([, value]) => value !== ""))) output.line(line);
  for (const line of table(runs.map((run) => cells(run, false)))) output.line(line);
}
