import { isAtWork, type RunSummary } from "../../model/runSummary.ts";
import { seconds } from "../../model/seconds.ts";

/** "2026-01-02 03:04:05", in the time of this machine; empty for what is no time. */
export function localTime(iso: string): string {
  return Number.isNaN(Date.parse(iso)) ? "" : new Date(iso).toLocaleString("sv-SE");
}

/** Of a run at work until now; empty where its record does not tell. */
export function durationOf(run: RunSummary): string {
  if (run.state === "unreadable") return "";
  const ms = isAtWork(run) ? Date.now() - Date.parse(run.queuedAt) : run.durationMs;
  return Number.isFinite(ms) ? seconds(ms) : "";
}
