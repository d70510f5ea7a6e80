import type { Compiler } from "./typeCheck.ts";

/** What became of a class. Paths are relative to the workspace folder, with forward slashes. */
export interface ReportedClass {
  file_path: string;
  name: string;
  status: "migrated" | "skipped" | "failed" | "undone";
  /** A sentence; null where it is migrated. */
  reason: string | null;
  adapter: string | null;
}

/** What a project's compiler said before and after: numbers of errors. */
export interface ReportedProject {
  config: string;
  compiler: Compiler;
  before: number;
  after: number;
}

/** One run of a migration over many classes. */
export interface MigrationReport {
  /** The workspace folder's name. */
  folder: string;
  /** ISO. */
  time: string;
  /** Nothing was written: "migrated" means that it would be. */
  dryRun: boolean;
  classes: ReportedClass[];
  /** Null where no compiler was asked. */
  check: { projects: ReportedProject[]; unchecked: string[] } | null;
  /** Sentences about the whole: what to install, what was not committed. */
  notes: string[];
}
