import { isAtWork, type RunSummary } from "../../model/runSummary.ts";

/** A run in the Runs view. */
export interface RunRow {
  summary: RunSummary;
  /** Of the workspace folder. */
  folder: { uri: string; name: string };
  /** Whether this window started it; only then it can be stopped here. */
  mine: boolean;
}

export const isActive = ({ summary }: RunRow): boolean => isAtWork(summary);

/** Whether a record was read before the run ended: its events have told since how it did. */
export function isOutdated(read: RunRow, known: RunRow | undefined): boolean {
  return known?.mine === true && !isActive(known) && isActive(read);
}

/** What is at work stands first; else the newest, by its id, which begins with the time. */
export function byActivity(a: RunRow, b: RunRow): number {
  return Number(isActive(b)) - Number(isActive(a)) || (a.summary.runId < b.summary.runId ? 1 : -1);
}
