import * as z from "zod";
import type { PanelHost } from "./panelProtocol.ts";
import type { RunState } from "./runSummary.ts";
import type { Usage } from "./usage.ts";

/** Names one run among those of all workspace folders. */
export const RunRef = z.object({ /** The folder's URI. */ folder: z.string(), runId: z.string() });
export type RunRef = z.infer<typeof RunRef>;

/** A run of a batch in its table. */
export interface BatchTableRow extends RunRef {
  /** Its place in the batch, from 1. */
  place: number;
  /** Of the workspace folder, where there are several. */
  folderName: string | null;
  agent: string;
  /** Relative to the workspace folder, forward slashes. */
  file_path: string;
  /** JSON, shortened; null while it is not known. */
  task: string | null;
  state: RunState;
  attempts: number;
  /** Null until it has begun. */
  durationMs: number | null;
  usage: Usage | null;
  /** What it answered as JSON, or why it failed; shortened. */
  result: string | null;
}

export interface BatchTable {
  id: string;
  /** "12 tasks for EchoAgent" */
  label: string;
  /** What came of it so far, in one sentence. */
  summary: string;
  atWork: boolean;
  /** Whether something ended otherwise than with success. */
  unsuccessful: boolean;
  rows: BatchTableRow[];
}

export const BatchExport = z.enum(["csv", "json", "markdown"]);
export type BatchExport = z.infer<typeof BatchExport>;

export interface BatchHost extends PanelHost<BatchTable> {
  /** The result of a run that succeeded, else its log. */
  open(ref: RunRef): Promise<void>;
  stop(): Promise<void>;
  rerunUnsuccessful(): Promise<void>;
  /** Asks the user where to. */
  export(format: BatchExport): Promise<void>;
  /** Asks the user for agents and their task. */
  runSelected(): Promise<void>;
}
