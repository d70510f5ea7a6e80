import * as z from "zod";
import {
  CheckpointKey,
  type CheckpointComparison,
  type CheckpointDetail,
  type CheckpointList,
  type CheckpointListRow,
  type CheckpointQuery,
  type PrunePreview,
  type PruneRequest,
  type SearchResult,
  type ShownPrune,
} from "./checkpoints.ts";
import type { PanelPage, RunsHost } from "./panelProtocol.ts";

/** What the panel is about; what it lists it asks for piece by piece. */
export interface CheckpointsState {
  folders: { folder: string; name: string }[];
}

/** What of the panel can be asked for. */
export interface CheckpointsView {
  agent?: string;
  /** Only those in this folder. */
  folder?: string;
  selected?: CheckpointKey;
}

/** A run among those of all workspace folders. */
export const RunKey = z.object({ folder: z.string(), runId: z.string() });
export type RunKey = z.infer<typeof RunKey>;

/** Without the texts, which an editor shows. */
export type ComparisonSummary = Omit<CheckpointComparison, "texts">;

export interface CheckpointsHost extends RunsHost<CheckpointsState> {
  query(query: CheckpointQuery): Promise<CheckpointList>;
  /** Null where the answer of `query` is too old. */
  rows(version: number, from: number, count: number): Promise<CheckpointListRow[] | null>;
  rowOf(version: number, key: CheckpointKey): Promise<number>;
  /** Null where it was cancelled. */
  search(job: string, query: CheckpointQuery, text: string): Promise<SearchResult | null>;
  cancel(job: string): Promise<void>;
  /** Or a sentence that says why it cannot be shown. */
  detail(key: CheckpointKey): Promise<CheckpointDetail | string>;
  /** The text as it is on disk. */
  open(key: CheckpointKey): Promise<void>;
  openRun(run: RunKey): Promise<void>;
  /** Asks what with, shows the difference in an editor, and answers with its summary; null where the user does not say. */
  compare(key: CheckpointKey): Promise<ComparisonSummary | null>;
  /** Shows the last difference in an editor again. */
  showDifference(): Promise<void>;
  /** The new checkpoint; null where the workspace is not trusted. */
  restore(key: CheckpointKey): Promise<CheckpointKey | null>;
  resume(key: CheckpointKey): Promise<void>;
  /** Opens state and task in an editor, from which the agent goes on with what is written there. */
  fork(key: CheckpointKey): Promise<void>;
  setPinned(key: CheckpointKey, pinned: boolean): Promise<void>;
  /** Asks where to. */
  export(keys: CheckpointKey[]): Promise<void>;
  /** Asks which file. */
  import(): Promise<void>;
  /** Asks first; whether they were removed. */
  remove(keys: CheckpointKey[]): Promise<boolean>;
  /** Null where it was cancelled. */
  prunePreview(job: string, request: PruneRequest): Promise<ShownPrune | null>;
  /** Removes what was shown under this name, and nothing else. */
  prune(job: string, shown: string): Promise<PrunePreview | null>;
  openRetentionSetting(): Promise<void>;
}

/** Called by the extension in the page. */
export interface CheckpointsPage extends PanelPage<CheckpointsState> {
  progress(job: string, done: number, total: number): void;
}
