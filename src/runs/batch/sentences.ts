import type { BatchFigures, BatchSummary } from "../../model/batch.ts";
import { counted } from "../../model/counted.ts";
import { seconds } from "../../model/seconds.ts";
import { usageText } from "../../model/usage.ts";

/** How many have ended. */
export const doneOf = ({ total, queued, running }: BatchFigures): number => total - queued - running;

/** "4 running, 8 queued, 12 of 24 done" */
export function progressText(figures: BatchFigures): string {
  const { total, queued, running } = figures;
  return `${running} running, ${queued} queued, ${doneOf(figures)} of ${total} done`;
}

/** "9 succeeded, 1 failed, 2 cancelled (1 had not begun)" */
export function endingsText(figures: BatchFigures): string {
  const { succeeded, failed, interrupted, cancelled, unbegun } = figures;
  const before = unbegun === 0 ? "" : ` (${unbegun} had not begun)`;
  const parts = [
    succeeded === 0 ? "" : `${succeeded} succeeded`,
    failed === 0 ? "" : `${failed} failed`,
    interrupted === 0 ? "" : `${interrupted} interrupted`,
    cancelled === 0 ? "" : `${cancelled} cancelled${before}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** "12 tasks in 2.4 s: 9 succeeded, 1 failed, 2 cancelled (1 had not begun). 1,200 tokens, cost 0.3." */
export function summaryText(summary: BatchSummary): string {
  const consumed = usageText(summary.usage);
  const took = `${counted(summary.total, "task")} in ${seconds(summary.durationMs)}`;
  return `${took}: ${endingsText(summary)}.${consumed === "" ? "" : ` ${consumed}.`}`;
}
