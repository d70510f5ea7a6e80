import * as z from "zod";
import type { Census } from "./census.ts";
import type { MigrationReport } from "./migrationReport.ts";
import type { Picture } from "./picture.ts";

/** What a panel shows; the host owns it and sends it whole. */
export interface PanelState<Row> {
  rows: Row[];
  /** One clear sentence each: what could not be read. */
  notes: string[];
  /** How the user asked to see it just now, such as the rows of one agent; takes the place of how the page was left. */
  view?: object;
}

/** Called by the page. A page can ask for nothing else. */
export interface PanelHost<Row> {
  /** The state now; later ones arrive by `show`. */
  state(): Promise<PanelState<Row>>;
}

/** A panel of what runs leave. */
export interface RunsHost<Row> extends PanelHost<Row> {
  /** Asks the user for an agent and a task. */
  runTask(): Promise<void>;
}

export type IndexState = "idle" | "indexing" | "ready" | "stopped" | "failed";

/** What the index of a workspace folder comes to, or of all of them. */
export interface IndexRow<Content> {
  /** The folder's name, made unique; null for all folders together, which come first where there are several. */
  folder: string | null;
  state: IndexState;
  /** Files, while they are read. */
  progress: { done: number; total: number } | null;
  /** Null as long as nothing is known. */
  content: Content | null;
}

/** A line of a file in a workspace folder; without a line, the class of that name is looked for. */
export const SourcePlace = z.object({
  /** As in `IndexRow`. */
  folder: z.string(),
  file_path: z.string(),
  lineno: z.number().nullable(),
  name: z.string(),
});
export type SourcePlace = z.infer<typeof SourcePlace>;

/** A panel of what the index holds. */
export interface IndexHost<Row> extends PanelHost<Row> {
  open(place: SourcePlace): Promise<void>;
  /** Indexes again. */
  refresh(): Promise<void>;
}

/** Both ways to count: without test files and with them. */
export type CensusRow = IndexRow<{ apart: Census; withTests: Census }>;

export const CensusExport = z.object({
  folder: z.string().nullable(),
  tests: z.boolean(),
  format: z.enum(["markdown", "json"]),
});
export type CensusExport = z.infer<typeof CensusExport>;

export interface CensusHost extends IndexHost<CensusRow> {
  /** Asks the user where to. */
  export(request: CensusExport): Promise<void>;
}

export type FamiliesRow = IndexRow<Picture>;

export const SvgText = z.string().startsWith("<svg ");

export interface FamiliesHost extends IndexHost<FamiliesRow> {
  /** Asks the user where to. */
  export(svg: string): Promise<void>;
}

export interface MigrationReportHost extends PanelHost<MigrationReport> {
  open(place: SourcePlace): Promise<void>;
  /** Asks the user where to. */
  save(folder: string): Promise<void>;
  /** Takes back what the report of a folder tells of. */
  undo(folder: string): Promise<void>;
  migrateWorkspace(): Promise<void>;
}

/** Called by the extension in the page. */
export interface PanelPage<Row> {
  show(state: PanelState<Row>): void;
}
