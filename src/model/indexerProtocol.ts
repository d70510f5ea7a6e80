import type { AgentRecord } from "./agentRecord.ts";
import type { IndexSettings } from "./indexSettings.ts";
import type { PlanOptions, PlanRequest, PlanResult } from "./migrationPlan.ts";

export interface IndexSnapshot {
  /** Absolute path of the workspace folder. */
  root: string;
  /** Agents and orchestrators, by path and line. */
  agents: AgentRecord[];
  /** Classes that were considered and rejected; the reason is the first evidence. */
  rejected: AgentRecord[];
  foreign: ForeignAgent[];
  /** One clear sentence each: a file that could not be read or parsed. */
  notes: string[];
  files: number;
  durationMs: number;
}

/** A snapshot as it travels: a number stands for the record at that place among all of the snapshot before. */
export interface SnapshotDelta extends Omit<IndexSnapshot, "agents" | "rejected"> {
  id: number;
  /** The snapshot before; null where this one is complete. */
  basis: number | null;
  agents: (AgentRecord | number)[];
  rejected: (AgentRecord | number)[];
}

/** A class that only an existing `agent_architecture.jsonl` tells of, in a language that is not indexed: to be browsed. */
export interface ForeignAgent {
  name: string;
  /** As in the file, relative to the workspace folder. */
  file_path: string;
  lineno: number;
  /** "python" */
  language: string;
  bases: string[];
  capabilities: string[];
  docstring: string | null;
  /** Why it can be neither run nor migrated: one sentence. */
  reason: string;
}

export interface FileUpdate {
  /** Absolute path of a file or a folder. */
  path: string;
  /** The unsaved text of an open editor; null: read the disk again (also when the file is gone). */
  text: string | null;
}

/** Called in the indexer's thread. */
export interface IndexerFunctions {
  /** Takes the settings of a folder; where they differ from the last ones, it is judged anew by the next call. */
  configure(root: string, settings: IndexSettings): Promise<void>;
  /** Indexes a folder, or answers from memory when it is indexed already. Rejects with an AbortError after `cancel`. */
  index(root: string): Promise<SnapshotDelta>;
  /** Takes changes into account and answers with the new snapshot. */
  update(root: string, updates: FileUpdate[]): Promise<SnapshotDelta>;
  /** Stops an index under way. */
  cancel(root: string): Promise<void>;
  /** Forgets a folder. */
  close(root: string): Promise<void>;
  /** Writes what is known of a folder to the cache, if there is one, so that the next start is quick. */
  remember(root: string): Promise<void>;
  /** Writes `.proj-intel/agent_architecture.jsonl` of an indexed folder and answers with its path; lines of other languages stay. */
  write(root: string): Promise<string>;
  /**
   * Plans migrations, an answer for each request in its order; writes nothing. The plans build on one another: each takes
   * the files as the ones before it leave them.
   */
  planMigrations(root: string, requests: PlanRequest[], options: PlanOptions): Promise<PlanResult[]>;
}

/** Called by the indexer's thread. */
export interface IndexerEvents {
  /** `total` is 0 while files are still being found. */
  progress(root: string, done: number, total: number): void;
}
