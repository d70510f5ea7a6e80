import { RunStatus, type Question, type RunError, type Stopped } from "./runRecord.ts";
import type { Usage } from "./usage.ts";

export const RUN_STATES = [
  ...(["queued", "running", "retrying", "waiting"] as const),
  ...RunStatus.options,
  "unreadable",
] as const;
/** What a run is doing, or how it ended; unreadable where its record tells nothing of it. */
export type RunState = (typeof RUN_STATES)[number];

/** What a run waits to be told. */
export interface OpenQuestion {
  question: Question;
  /** ISO; tells it from the run's other questions. */
  askedAt: string;
}

/** A run in one line of a list. */
export interface RunSummary {
  runId: string;
  /** Relative to the workspace folder, forward slashes; empty where the record is unreadable. */
  agent: { file_path: string; name: string };
  state: RunState;
  /** ISO; where the record is unreadable, when it was last written. */
  queuedAt: string;
  /** ISO; null until it has ended. */
  endedAt: string | null;
  /** Until it ended, or until its last event. */
  durationMs: number;
  attempts: number;
  /** How many attempts it may have. */
  attemptsAtMost: number;
  /** ISO; when the next attempt starts, of a run that is retrying. */
  nextAttemptAt: string | null;
  /** What it told last of how far it is, while it is at work. */
  progress: { message?: string | undefined; fraction?: number | undefined } | null;
  /** Of a run that waits for a person. */
  question: OpenQuestion | null;
  error: Pick<RunError, "name" | "message"> | null;
  checkpointId: string | null;
  /** What it took to end it; null where it ended by itself. */
  stopped: Stopped | null;
  /** The run that this one resumes. */
  resumes: string | null;
  /** The run that resumes this one: it is not offered again. */
  resumedBy: string | null;
  /** Null where the agent reported none. */
  usage: Usage | null;
  /** The id of the batch that it was started with. */
  batch: string | null;
  /** The tool that was called alone; null where the agent was given a task. */
  tool: string | null;
  /** The step of a pipeline that it is. */
  step: string | null;
  /** Of a queue: the one that has it, or had it last as far as the ends of a long record tell; null on this machine. */
  worker: string | null;
}

export const isAtWork = ({ state }: Pick<RunSummary, "state">): boolean =>
  state === "queued" || state === "running" || state === "retrying" || state === "waiting";
