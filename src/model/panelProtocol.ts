import * as z from "zod";

/** Names one checkpoint among those of all workspace folders. */
export const CheckpointRef = z.object({ /** The folder's URI. */ folder: z.string(), id: z.string() });
export type CheckpointRef = z.infer<typeof CheckpointRef>;

export interface CheckpointRow extends CheckpointRef {
  agent: string;
  agentType: string;
  label: string | null;
  state: string;
  runId: string | null;
  /** ISO */
  createdAt: string;
}

export interface PatternRow {
  /** The folder's URI. */
  folder: string;
  signature: string;
  type: string;
  /** The message with its variable parts marked. */
  message: string;
  occurrences: number;
  /** ISO; null where the file does not say. */
  lastSeen: string | null;
  solutions: string[];
}

/** What a panel shows; the host owns it and sends it whole. */
export interface PanelState<Row> {
  rows: Row[];
  /** One clear sentence each: what could not be read. */
  notes: string[];
}

/** Called by the page. A page can ask for nothing else. */
export interface PanelHost<Row> {
  /** The state now; later ones arrive by `show`. */
  state(): Promise<PanelState<Row>>;
  /** Asks the user for an agent and a task. */
  runTask(): Promise<void>;
}

export interface CheckpointsHost extends PanelHost<CheckpointRow> {
  open(ref: CheckpointRef): Promise<void>;
}

export type ErrorPatternsHost = PanelHost<PatternRow>;

/** Called by the extension in the page. */
export interface PanelPage<Row> {
  show(state: PanelState<Row>): void;
}
