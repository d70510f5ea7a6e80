import * as z from "zod";
import type { KnownFix, SolutionRef } from "./fix.ts";
import type { RunsHost } from "./panelProtocol.ts";
import type { RunError } from "./runRecord.ts";
import { PatternEdit } from "../runtime/patterns/patternEdit.ts";

export { PatternEdit, SplitBy } from "../runtime/patterns/patternEdit.ts";

/** Names one pattern among those of all workspace folders. */
export const PatternRef = z.object({ /** The folder's URI. */ folder: z.string(), signature: z.string() });
export type PatternRef = z.infer<typeof PatternRef>;

export const FolderEdit = z.object({ folder: z.string(), edit: PatternEdit });
export type FolderEdit = z.infer<typeof FolderEdit>;

/** A frame of the program's own code, by its place in `PatternDetail.frames`. */
export const FrameRef = PatternRef.extend({ index: z.int().min(0) });
export type FrameRef = z.infer<typeof FrameRef>;

export const PatternRunRef = z.object({ folder: z.string(), runId: z.string() });
export type PatternRunRef = z.infer<typeof PatternRunRef>;

/** A group of errors in a list. */
export interface PatternRow extends PatternRef {
  /** What a person named it. */
  title: string | null;
  type: string;
  /** The message with placeholders; of files of other origin the regular expression. */
  message: string;
  occurrences: number;
  /** By day, the last one is today; null where nobody counted. */
  days: number[] | null;
  /** ISO; null where the file does not say. */
  firstSeen: string | null;
  lastSeen: string | null;
  agents: string[];
  solutions: number;
  /** Until when, in ISO; true for good. */
  muted: boolean | string;
  /** How many others are merged into it. */
  merged: number;
}

/** Which patterns are shown, and in which order. */
export const PatternQuery = z.object({
  text: z.string(),
  /** "" for all. */
  type: z.string(),
  agent: z.string(),
  /** Those that are muted too. */
  muted: z.boolean(),
  sort: z.enum(["last", "count", "first", "message", "type"]).catch("last"),
});
export type PatternQuery = z.infer<typeof PatternQuery>;

/** What all patterns come to. */
export interface PatternTotals {
  all: number;
  muted: number;
  types: string[];
  agents: string[];
}

/** What a query lists; its rows are asked for by the version. */
export interface PatternList extends PatternTotals {
  version: number;
  shown: number;
  /** Where the chosen pattern stands; -1 where it does not. */
  at: number;
}

/** How many patterns there are, and what can be taken back. */
export interface PatternTable {
  all: number;
  /** What was changed last, in words; null where nothing was. */
  undo: string | null;
  /** Names of the workspace folders by their URIs; none where there is one folder only. */
  folders: Record<string, string>;
}

/** A piece of a message: what is always there, or what differs from one error to the next. */
export interface MessagePiece {
  text: string;
  variable: boolean;
}

/** What auto-fix would do with a solution. */
export interface ShownAction {
  /** Null where it cannot be used. */
  words: string | null;
  /** The patch as JSON, or the code; null where the words say all. */
  text: string | null;
  /** Why auto-fix does nothing of it. */
  problem: string | null;
}

export interface SolutionRow {
  fix: string;
  /** Text for a person, never run. */
  snippet: string | null;
  language: string | null;
  /** Null for none. */
  action: ShownAction | null;
  successes: number;
  failures: number;
  /** 0 to 1: with 95 % confidence it helps at least this often. */
  lowerBound: number;
  /** ISO */
  lastUsed: string | null;
  /** It was found by comparing runs, and neither an outcome nor a person has confirmed it. */
  unconfirmed: boolean;
  /** It stands in no file yet. */
  proposed: boolean;
  /** Why it is proposed, in words. */
  evidence: string | null;
  /** As the file has it; of a proposal as it would be added. */
  solution: Record<string, unknown> & { fix: string; success_rate: number };
  /** The pattern that holds it: one of the group. */
  signature: string;
}

export interface PatternRun {
  runId: string;
  agent: string;
  state: string;
  /** ISO */
  time: string;
}

/** A part of a group: a pattern that was merged into it. */
export interface PatternMember {
  signature: string;
  type: string;
  message: string;
  occurrences: number;
}

/** All that is known of one group. */
export interface PatternDetail extends PatternRow {
  template: MessagePiece[];
  samples: string[];
  /** `place` as file:line where the source is in the workspace folder. */
  frames: { text: string; place: string | null }[];
  counts: { agent: string; count: number | null }[];
  runs: PatternRun[];
  /** How many there were, those included that are listed no more. */
  runCount: number;
  why: string[];
  members: PatternMember[];
  splits: { into: string; text: string }[];
  splitFrom: string | null;
  solutionRows: SolutionRow[];
}

/** A group as it would be. */
export interface GroupPreview {
  signature: string;
  message: string;
  occurrences: number;
  agents: string[];
  samples: string[];
}

/** What changing a grouping rule makes of the history. */
export interface RegroupPreview {
  /** In words, what is going to be changed. */
  title: string;
  before: GroupPreview[];
  after: GroupPreview[];
  notes: string[];
}

export interface ErrorPatternsHost extends RunsHost<PatternTable> {
  query(query: PatternQuery, chosen: PatternRef | null): Promise<PatternList>;
  /** The rows of an answer of `query`; null where that is too old: query again. */
  rows(version: number, from: number, count: number): Promise<PatternRow[] | null>;
  detail(ref: PatternRef): Promise<PatternDetail | null>;
  /** Asks the user what to merge it into, or how to split it; null where there is no answer. */
  chooseMerge(ref: PatternRef): Promise<FolderEdit | null>;
  chooseSplit(ref: PatternRef): Promise<FolderEdit | null>;
  preview(edit: FolderEdit): Promise<RegroupPreview>;
  apply(edit: FolderEdit): Promise<void>;
  /** Asks the user for the name, or for how long. */
  rename(ref: PatternRef): Promise<void>;
  mute(ref: PatternRef): Promise<void>;
  undo(): Promise<void>;
  openFrame(ref: FrameRef): Promise<void>;
  openRun(ref: PatternRunRef): Promise<void>;
  /** Asks the user where to, or what. */
  exportFile(): Promise<void>;
  importFile(): Promise<void>;
}

/** A place in a source file of a workspace folder. */
export interface SourceLine {
  /** Relative to the folder, forward slashes. */
  file: string;
  /** From 1. */
  line: number;
}

/** A workspace folder by its path and its URI. */
export interface PatternFolder {
  root: string;
  folder: string;
}

/** Called in the thread that reads and changes error patterns. A folder is its URI, a root its path. */
export interface PatternFunctions {
  /** Reads the file; what the other functions tell is of what was read last. */
  read(root: string): Promise<{ count: number; notes: string[] }>;
  /** All of a folder. */
  allOf(root: string, folder: string): Promise<PatternRow[]>;
  /** Lists what was read of some folders. */
  query(folders: PatternFolder[], query: PatternQuery, chosen: PatternRef | null): Promise<PatternList>;
  rows(version: number, from: number, count: number): Promise<PatternRow[] | null>;
  detail(root: string, folder: string, signature: string): Promise<PatternDetail | null>;
  /** The signature of the pattern that one counts to. */
  groupOf(root: string, signature: string): Promise<string>;
  /** Where the source of a frame is. */
  place(root: string, signature: string, index: number): Promise<SourceLine | null>;
  preview(root: string, edit: PatternEdit): Promise<RegroupPreview>;
  /** Answers with what takes it back. */
  apply(root: string, edit: PatternEdit): Promise<PatternEdit>;
  /** The text of a file to share. */
  shared(root: string): Promise<string>;
  /** Answers with what it brought, in words. */
  importFile(root: string, path: string): Promise<string>;
  /** What is known to help against an error, best first. */
  knownFixes(root: string, error: RunError): Promise<KnownFix[]>;
  countOutcome(root: string, solution: SolutionRef, passed: boolean): Promise<void>;
}

/** How a run differs from an earlier one that failed. */
export interface RunDifference {
  /** In words: what to do. */
  fix: string;
  /** What auto-fix can do, see `FixAction`. */
  action?: Record<string, unknown>;
}

/** A solution that runs suggest. */
export interface ProposedFix extends RunDifference {
  signature: string;
  /** How often it was tried after the error, and how often that passed. */
  tried: number;
  passed: number;
  /** ISO */
  lastUsed: string;
  /** The last run that passed. */
  runId: string;
}
