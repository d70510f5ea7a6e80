import { displayName } from "../../model/displayName.ts";
import { isPipelineFile } from "../../model/pipeline.ts";
import { percent } from "../../model/percent.ts";
import type { RunState, RunSummary } from "../../model/runSummary.ts";
import { stoppedText } from "../../model/stoppedText.ts";
import { asking, waitingSteps } from "../../runs/pipeline/asking.ts";
import { isActive, type RunRow } from "./row.ts";

const LONGEST_REASON = 120;

export interface RowText {
  label: string;
  description: string;
  /** A line each. */
  tooltip: string[];
  /** Words for the `when` clauses of menus. */
  context: string;
  /** What the icon says. */
  state: RunState;
}

export interface Surroundings {
  /** Unix milliseconds. */
  now: number;
  /** Rows of several workspace folders stand beside each other. */
  folders: boolean;
  /** Of a pipeline. */
  steps?: readonly RunRow[];
}

export function rowText(row: RunRow, { now, folders, steps = [] }: Surroundings): RowText {
  const { folder, mine } = row;
  if (row.summary.state === "unreadable") return unreadableText(row, { now, folders });
  const below = steps.map((step) => step.summary);
  const summary = asking(row.summary, below);
  // Where a step asks, it is named.
  const step = summary.step ?? waitingSteps(row.summary.runId, below)[0]?.step ?? "";
  const { agent, runId, error, checkpointId } = summary;
  const label = [displayName(agent.name), summary.tool].filter(Boolean).join(" · ");
  const words = [folders ? folder.name : "", step, ...saidOf(summary, now)];
  if (isActive(row) && summary.worker !== null) words.push(`on ${summary.worker}`);
  if (isActive(row) && !mine) words.push("in another window");
  return {
    label,
    description: words.filter(Boolean).join(" · "),
    tooltip: [
      `${label} · ${[stateWords[summary.state], stoppedText(summary.stopped)].filter(Boolean).join(", ")}`,
      agent.file_path,
      `Asked for on ${new Date(summary.queuedAt).toLocaleString()}`,
      ...(error === null ? [] : [`${error.name}: ${error.message}`]),
      ...workerLines(summary),
      `Run ${runId}`,
    ],
    context: [
      "run",
      isActive(row) ? "active" : "ended",
      summary.state,
      mine ? "mine" : "",
      isPipelineFile(agent.file_path) ? "pipeline" : "",
      checkpointId === null ? "" : "checkpoint",
      canBeResumed(summary) ? "resumable" : "",
      summary.tool === null ? "" : "tool",
      summary.step === null ? "" : "step",
    ]
      .filter(Boolean)
      .join(" "),
    state: summary.state,
  };
}

/** A window that closes leaves its runs with their workers. */
function workerLines({ worker, state, resumedBy }: RunSummary): string[] {
  if (worker === null) return [];
  const isLeft = state === "interrupted" && resumedBy === null;
  return [`Worker ${worker}${isLeft ? ": where it goes on there, Resume follows it" : ""}`];
}

/** What can be done with other rows cannot be done with it: its context has none of their words. */
function unreadableText({ folder, summary }: RunRow, { now, folders }: Surroundings): RowText {
  const { state, queuedAt, error, runId } = summary;
  return {
    label: "Unreadable record",
    description: [folders ? folder.name : "", clock(queuedAt, now)].filter(Boolean).join(" · "),
    tooltip: [error?.message ?? "", `Last written on ${new Date(queuedAt).toLocaleString()}`, `Run ${runId}`],
    context: "unreadable",
    state,
  };
}

function saidOf(summary: RunSummary, now: number): string[] {
  const { state, attempts, attemptsAtMost, error, progress, nextAttemptAt } = summary;
  const elapsed = duration(now - Date.parse(summary.queuedAt));
  const again = attempts > 1 ? `attempt ${attempts} of ${attemptsAtMost}` : "";
  const reason = error === null ? "" : shortened(error.message);
  switch (state) {
    case "queued":
      return ["queued"];
    case "waiting":
      return [`asks: ${shortened(summary.question?.question.message ?? "")}`];
    case "running":
      return [again, percent(progress?.fraction), shortened(progress?.message ?? ""), elapsed];
    case "retrying": {
      const left = Date.parse(nextAttemptAt ?? "") - now;
      return left > 0 ? [`${again} in ${duration(Math.max(left, 1000))}`, reason] : [again, elapsed];
    }
    case "success":
      return [tries(attempts), duration(summary.durationMs), clock(summary.queuedAt, now)];
    case "failed":
      return [reason, tries(attempts), clock(summary.queuedAt, now)];
    case "cancelled":
    case "interrupted":
      return [state, summary.resumedBy === null ? "" : "resumed", clock(summary.queuedAt, now)];
    case "unreadable":
      return [];
  }
}

/** A step goes on with its pipeline. */
export const canBeResumed = ({ state, resumedBy, tool, step }: RunSummary) =>
  resumedBy === null &&
  tool === null &&
  step === null &&
  (state === "failed" || state === "cancelled" || state === "interrupted");

const tries = (attempts: number) => (attempts > 1 ? `${attempts} attempts` : "");

/** "840 ms", "12 s", "3 min", "2 h" */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(Math.round(ms), 0)} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s`;
  return ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min` : `${Math.floor(ms / 3_600_000)} h`;
}

/** The time of today, else the day. */
export function clock(iso: string, now: number): string {
  const date = new Date(iso);
  const sameDay = date.toDateString() === new Date(now).toDateString();
  return sameDay
    ? date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
}

function shortened(text: string): string {
  const [line = ""] = text.split("\n", 1);
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON).trimEnd()}…` : line;
}

/** Said to those who cannot see the icon. */
export const stateWords: Record<RunState, string> = {
  queued: "queued",
  running: "running",
  retrying: "retrying",
  waiting: "waiting for an answer",
  success: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
  interrupted: "interrupted",
  unreadable: "unreadable",
};
