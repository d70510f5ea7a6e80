import type { RunState, RunSummary } from "./runSummary.ts";
import type { Usage } from "./usage.ts";

/** A run of a batch, from before it is recorded. */
export interface BatchRow {
  /** Its place in the batch, from 0. */
  index: number;
  /** Relative to the workspace folder, forward slashes. */
  agent: { file_path: string; name: string };
  /** Null until it is queued, and has a record. */
  runId: string | null;
  state: RunState;
  attempts: number;
  /** Null until it has ended. */
  durationMs: number | null;
  progress: RunSummary["progress"];
  error: RunSummary["error"];
  usage: Usage | null;
}

/** A batch in numbers. All but `total`, `unbegun` and `usage` add up to `total`. */
export interface BatchFigures {
  total: number;
  queued: number;
  /** Also those that wait for their next attempt, or for a person. */
  running: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  /** Of the cancelled, those that had not begun. */
  unbegun: number;
  interrupted: number;
  usage: Usage;
}

/** What came of a batch. */
export interface BatchSummary extends BatchFigures {
  /** The id that the records of its runs carry. */
  batch: string;
  durationMs: number;
}
