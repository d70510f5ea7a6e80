import type { BatchFigures, BatchRow } from "../../model/batch.ts";
import type { RunEvent } from "../../model/runRecord.ts";
import type { RunState } from "../../model/runSummary.ts";
import { addUsage, NO_USAGE } from "../../model/usage.ts";
import { stateAfter } from "../history/stateAfter.ts";

/** A row after its run has said something more. */
export function rowAfter(row: BatchRow, event: RunEvent): BatchRow {
  const next = { ...row, runId: event.runId, state: stateAfter(event) ?? row.state };
  switch (event.type) {
    case "started":
      return { ...next, attempts: row.attempts + 1 };
    case "retry":
      return { ...next, attempts: row.attempts + 1, error: brief(event.error) };
    case "fix":
      return { ...next, error: event.error === undefined ? null : brief(event.error) };
    case "progress":
      return { ...next, progress: { message: event.message, fraction: event.fraction } };
    case "usage":
      return { ...next, usage: addUsage(row.usage ?? NO_USAGE, event) };
    case "finished": {
      const { attempts, durationMs, error } = event;
      return { ...next, attempts, durationMs, error: error === undefined ? null : brief(error) };
    }
    default:
      return next;
  }
}

/** A row whose run is not even queued. */
export const cancelledRow = (row: BatchRow): BatchRow => ({ ...row, state: "cancelled" });

const brief = ({ name, message }: { name: string; message: string }) => ({ name, message });

const figureOf = {
  queued: "queued",
  running: "running",
  retrying: "running",
  waiting: "running",
  success: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
  interrupted: "interrupted",
  unreadable: "interrupted",
} as const satisfies Record<RunState, keyof BatchFigures>;

export function figuresOf(rows: readonly Pick<BatchRow, "state" | "attempts" | "usage">[]): BatchFigures {
  const ended = { succeeded: 0, failed: 0, cancelled: 0, unbegun: 0, interrupted: 0 };
  const figures: BatchFigures = { total: rows.length, queued: 0, running: 0, ...ended, usage: NO_USAGE };
  for (const { state, attempts, usage } of rows) {
    figures[figureOf[state]] += 1;
    if (state === "cancelled" && attempts === 0) figures.unbegun += 1;
    if (usage !== null) figures.usage = addUsage(figures.usage, usage);
  }
  return figures;
}
