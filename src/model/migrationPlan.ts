import * as z from "zod";

/** Replaces `start`…`end` (UTF-16 offsets into the text before) by `text`. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
  /** Serves every adapter of the file: undone with the last of them. */
  shared?: boolean;
}

/** One file a migration changes; `before` is null where it creates the file. Paths are absolute. */
export interface FileChange {
  path: string;
  before: string | null;
  edits: TextEdit[];
}

export interface MigrationPlan {
  action: MigrationAction;
  /** Relative to the workspace folder, forward slashes. */
  file_path: string;
  name: string;
  /** The class that stands for it afterwards: the adapter, or the class itself where it is rewritten. */
  adapter: string;
  /** The file that holds the adapter comes first. */
  changes: FileChange[];
}

/** Wrap a class; bring an adapter up to date with its class; make the class itself a BaseAgent. */
export const MigrationAction = z.enum(["migrate", "update", "rewrite"]);
export type MigrationAction = z.infer<typeof MigrationAction>;

/** A class to plan for. `file` is absolute. */
export interface PlanRequest {
  file: string;
  name: string;
  /** The method that takes tasks, where the user had to name it. */
  method?: string | undefined;
  /** Whoever asks does not know whether it is an agent: it is refused where the index knows of none. */
  ifAgent?: true;
}

/** What the team chose for all of its classes. */
export interface PlanOptions {
  action: MigrationAction;
  /** Where adapters go: into the file of the class, or into one beside it. */
  placement: "same-file" | "sibling-file";
  /** What adapters import where package.json names no `opsvi-agents`: it is added there, or a copy of the core is. */
  runtime: "package" | "vendored";
}

export const defaultPlanOptions: PlanOptions = {
  action: "migrate",
  placement: "same-file",
  runtime: "vendored",
};

/**
 * "choice": it can be wrapped once the user names the method that takes tasks.
 * "migrated": it is so already, and there is nothing to do.
 */
export type PlanResult =
  | { status: "ready"; plan: MigrationPlan }
  | { status: "choice"; reason: string; methods: string[] }
  | { status: "migrated"; reason: string }
  | { status: "refused"; reason: string };

/** What undoing needs: exact texts, and where the file stood. Paths are relative to the workspace folder. */
export const UndoFile = z.object({
  path: z.string(),
  /** True where the migration created the file. */
  created: z.boolean(),
  /** What was inserted, and what it replaced, in ascending order of `start` (offsets into the text after). */
  insertions: z.array(
    z.object({
      start: z.number(),
      text: z.string(),
      replaced: z.string(),
      /** Serves every adapter of the file: undone with the last of them. */
      shared: z.boolean().optional(),
    }),
  ),
  /** SHA-256 (hex) of the text after. */
  hash: z.string(),
});
export type UndoFile = z.infer<typeof UndoFile>;

/** One line of `.proj-intel/migrations.jsonl`. */
export const MigrationEntry = z.object({
  type: z.literal("migration"),
  id: z.string(),
  time: z.string(),
  data: z.object({
    file_path: z.string(),
    name: z.string(),
    status: z.enum(["migrated", "skipped", "failed", "undone"]),
    reason: z.string().nullable(),
    adapter: z.string().nullable(),
    /** Left out in lines of older versions, which only wrapped. */
    action: MigrationAction.optional(),
  }),
  /** For an "undone" line: what all undoings so far left in place because other migrations need it. */
  undo: z.array(UndoFile),
});
export type MigrationEntry = z.infer<typeof MigrationEntry>;

/**
 * `.proj-intel/migrations.pending.json`: what is being written, from before the first file is touched until all is done.
 * Found at a start, it tells of a crash. Paths are relative to the workspace folder.
 */
export const PendingMigrations = z.object({
  version: z.literal(1),
  time: z.string(),
  steps: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  /** The log lines of what is written. */
  entries: z.array(MigrationEntry),
});
export type PendingMigrations = z.infer<typeof PendingMigrations>;
