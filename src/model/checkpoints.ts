import * as z from "zod";

/** Names one checkpoint among those of all workspace folders. */
export const CheckpointKey = z.object({
  /** As in `CheckpointFolder`. */ folder: z.string(),
  id: z.string(),
});
export type CheckpointKey = z.infer<typeof CheckpointKey>;

/** A workspace folder whose checkpoints are shown. */
export interface CheckpointFolder {
  /** What its checkpoints name it by, for example its URI. */
  folder: string;
  /** Absolute. */
  path: string;
  /** For people. */
  name: string;
  /** The state versions that agents' classes have now, by agent. */
  versions?: Record<string, number>;
}

export const CHECKPOINT_STATES = ["created", "ready", "busy", "error", "stopped", "unreadable"] as const;
export const CheckpointOrder = z.enum(["timeline", "branches"]);
export type CheckpointOrder = z.infer<typeof CheckpointOrder>;

/** What is to be listed; null where anything goes. */
export const CheckpointQuery = z.object({
  folder: z.string().nullable().default(null),
  agent: z.string().nullable().default(null),
  runId: z.string().nullable().default(null),
  /** In label, agent, run, id or state, whatever the case. */
  text: z.string().max(10_000).default(""),
  pinned: z.boolean().default(false),
  states: z.array(z.enum(CHECKPOINT_STATES)).nullable().default(null),
  /** Only what this search through the content found so far. */
  search: z.string().nullable().default(null),
  order: CheckpointOrder.default("timeline"),
  /** Nodes of the branches that are closed. */
  collapsed: z.array(z.string()).default([]),
});
export type CheckpointQuery = z.infer<typeof CheckpointQuery>;

/** Of the checkpoints that a query matches. */
export interface CheckpointList {
  /** Names this answer; rows are asked for with it. */
  version: number;
  /** False while the rest is being read: a `changed` follows. */
  complete: boolean;
  /** How many rows there are, of groups and checkpoints. */
  rows: number;
  checkpoints: number;
  /** As far as it is known. */
  bytes: number;
  pinned: number;
  /** Without any filter. */
  all: number;
  /** Of all checkpoints, by name. */
  agents: AgentCheckpoints[];
  /** Of all checkpoints, by state. */
  states: { state: string; checkpoints: number }[];
  /** One sentence each: what could not be read. */
  notes: string[];
}

export interface AgentCheckpoints {
  agent: string;
  checkpoints: number;
  bytes: number;
}

/** Where a row stands in the branches. */
interface Placed {
  /** What `collapsed` names it by. */
  node: string;
  depth: number;
  /**
   * A character for each level: "|" a line that goes on, " " none, and for the row itself "+" where others follow on its
   * level, "`" where it is the last.
   */
  guides: string;
  /** From 1, among the rows that are below the same one. */
  position: number;
  siblings: number;
  /** How many rows are one level below; 0: it cannot be opened. */
  childCount: number;
  collapsed: boolean;
}

export interface AgentRow extends Placed {
  kind: "agent";
  folder: string;
  agent: string;
  checkpoints: number;
  bytes: number;
}

export interface RunRow extends Placed {
  kind: "run";
  folder: string;
  agent: string;
  runId: string;
  /** ISO, of its newest checkpoint. */
  createdAt: string;
  checkpoints: number;
  bytes: number;
  /** The checkpoint that it went on from. */
  from: string | null;
}

export interface CheckpointSummaryRow extends CheckpointKey {
  agent: string;
  agentType: string;
  label: string | null;
  /** "unreadable" where it cannot be read. */
  state: string;
  runId: string | null;
  parentId: string | null;
  /** ISO */
  createdAt: string;
  /** Null as long as it is not known. */
  bytes: number | null;
  redactions: number;
  /** How many values could not be kept. */
  lost: number;
  pinned: boolean;
  stateVersion: number;
  /** The agent's class, or its newest checkpoint, has a newer state version: this one has to be migrated. */
  outdated: boolean;
  /** Why it is unreadable. */
  problem: string | null;
}

export interface CheckpointItem extends CheckpointSummaryRow, Placed {
  kind: "checkpoint";
}

export type CheckpointListRow = AgentRow | RunRow | CheckpointItem;

/** A place in a value, as a JSON Pointer (RFC 6901). */
export type Pointer = string;

export interface CheckpointDetail {
  summary: CheckpointSummaryRow;
  /** Absolute. */
  file: string;
  hash: { state: "verified" | "mismatch" | "unreadable"; reason: string | null };
  /** As stored: what JSON cannot hold is tagged, see `src/runtime/checkpoint/tags.ts`. Null where `withheld` says why. */
  content: { context: unknown; task: unknown; answers: unknown } | null;
  withheld: string | null;
  /** Where "[redacted]" stands, the first so many. */
  redacted: Pointer[];
  /** What could not be kept, the first so many. */
  lost: string[];
  run: CheckpointRun | null;
  parent: CheckpointSummaryRow | null;
  children: CheckpointSummaryRow[];
  /** Why the history is not complete. */
  note: string | null;
}

/** What the record of its run tells. */
export interface CheckpointRun {
  runId: string;
  /** FILE#Class, relative to the folder. */
  agent: string;
  /** Null where it cannot be told. */
  attempt: number | null;
  attempts: number;
  status: string | null;
  /** The version of Node that it ran under. */
  node: string | null;
  /** What tells versions of the agent's file apart, and whether it is another one now: null where it is gone. */
  code: { version: string; changed: boolean | null } | null;
  /** The run that it resumes. */
  resumes: string | null;
}

export interface ContentDifference {
  kind: "added" | "removed" | "changed";
  path: Pointer;
  /** Short texts; null where there is none. */
  before: string | null;
  after: string | null;
}

export interface CheckpointComparison {
  a: CheckpointSummaryRow;
  /** Null: compared with what is live. */
  b: CheckpointSummaryRow | null;
  /** JSON with sorted keys, for a diff editor. */
  texts: { a: string; b: string };
  added: number;
  removed: number;
  changed: number;
  /** The first so many. */
  differences: ContentDifference[];
  /** True where there are more than are listed or counted. */
  truncated: boolean;
}

/** Which checkpoints stay, as `PrunePolicy`. */
export const RetentionPolicy = z
  .object({
    maxCount: z.number().int().min(0).optional(),
    maxAgeMs: z.number().min(0).optional(),
    maxBytes: z.number().int().min(0).optional(),
  })
  .refine((policy) => Object.values(policy).some((limit) => limit !== undefined), {
    message: "A policy has at least one of maxCount, maxAgeMs and maxBytes.",
  });
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;

export const PruneRequest = z.object({
  folder: z.string(),
  policy: RetentionPolicy,
  agent: z.string().nullable().default(null),
});
export type PruneRequest = z.infer<typeof PruneRequest>;

export interface PrunePreview {
  /** The newest so many of what goes. */
  removed: CheckpointSummaryRow[];
  removedCount: number;
  /** What is freed. */
  bytes: number;
  kept: number;
  keptBytes: number;
  /** Why more stays than the limits say. */
  notes: string[];
  proof: PruneProof;
}

/** What a user is shown, and nothing else is then removed. */
export interface ShownPrune extends PrunePreview {
  /** Names it for `pruneShown`. */
  shown: string;
}

export interface PruneProof {
  /** How many of those that stay were read, matched their hash and could be decoded. */
  restorable: number;
  /** Those that stay and cannot be restored; they could not before either. */
  damaged: (CheckpointKey & { reason: string })[];
  damagedCount: number;
}

/** A fork with another context or task; as JSON text, tagged as it is stored. */
export const ForkRequest = CheckpointKey.extend({
  context: z.string().optional(),
  task: z.string().optional(),
});
export type ForkRequest = z.infer<typeof ForkRequest>;

export interface ForkResult extends CheckpointKey {
  agent: string;
  /** As it is stored. */
  task: unknown;
  /** What the agent may stumble over, one sentence each. */
  warnings: string[];
}

export interface ImportResult {
  imported: CheckpointKey[];
  /** One sentence for each that was left out. */
  refused: string[];
}

export interface SearchResult {
  /** How many have it. */
  found: number;
  /** How many were read. */
  read: number;
  /** How many could not be, or are too large. */
  skipped: number;
}

export interface CheckpointPage {
  count: number;
  rows: CheckpointListRow[];
}

/** Called in the thread that reads checkpoints. `job` names what can be cancelled. */
export interface CheckpointFunctions {
  open(folders: CheckpointFolder[]): Promise<void>;
  /** Looks again; at all, or at the folders of these files. */
  refresh(files?: string[]): Promise<void>;
  query(query: CheckpointQuery): Promise<CheckpointList>;
  /** The rows of an answer of `query`; null where that is too old: query again. */
  rows(version: number, from: number, count: number): Promise<CheckpointListRow[] | null>;
  /** So many rows from one on of what a query lists, and how many that has. */
  page(query: CheckpointQuery, from: number, count: number): Promise<CheckpointPage>;
  /** Where a checkpoint stands in an answer of `query`; -1 where it does not. */
  rowOf(version: number, key: CheckpointKey): Promise<number>;
  /** Those that have checkpoints in a folder. */
  agentsIn(folder: string): Promise<AgentCheckpoints[]>;
  /** Looks for a text in the content of what a query matches; `CheckpointQuery.search` then names it by its job. */
  search(job: string, query: CheckpointQuery, text: string): Promise<SearchResult>;
  /** Absolute; of one that is there now. */
  fileOf(key: CheckpointKey): Promise<string>;
  detail(key: CheckpointKey): Promise<CheckpointDetail>;
  compare(a: CheckpointKey, b: CheckpointKey): Promise<CheckpointComparison>;
  /** With the state that an agent has now, as tagged JSON text. */
  compareWithLive(a: CheckpointKey, live: string): Promise<CheckpointComparison>;
  prunePreview(job: string, request: PruneRequest): Promise<ShownPrune>;
  /** Removes what was shown; refuses where some of that would stay now. Cancelled on the way, it tells what is gone. */
  pruneShown(job: string, shown: string): Promise<PrunePreview>;
  /** Removes what the policy says now. */
  prune(job: string, request: PruneRequest): Promise<PrunePreview>;
  restore(key: CheckpointKey): Promise<CheckpointKey>;
  fork(request: ForkRequest): Promise<ForkResult>;
  setPinned(key: CheckpointKey, pinned: boolean): Promise<void>;
  /** JSON text of a file that `importText` takes. */
  exportText(keys: CheckpointKey[]): Promise<string>;
  /** Cancelled on the way, it tells what is imported. */
  importText(job: string, folder: string, text: string): Promise<ImportResult>;
  /** Pinned ones are refused. Answers how many are gone: cancelled on the way, not all. */
  remove(job: string, keys: CheckpointKey[]): Promise<number>;
  /** The job then rejects with an AbortError, or tells how far it came. */
  cancel(job: string): Promise<void>;
}

/** Called by that thread. */
export interface CheckpointEvents {
  /** There is more to list, or something else. */
  changed(): void;
  progress(job: string, done: number, total: number): void;
  /** What a search found since the last time. */
  found(job: string, keys: CheckpointKey[]): void;
}
