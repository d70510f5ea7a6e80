import { randomUUID } from "node:crypto";
import { relative } from "node:path";
import type { FileChange, MigrationEntry, MigrationPlan, UndoFile } from "../model/migrationPlan.ts";
import { slashes } from "./runtimeImport.ts";
import { ascending, textAfter } from "./textEdits.ts";
import type { UndoPlan } from "./undoPlan.ts";
import { sha256 } from "./vendored.ts";

/** The log line of a plan that was carried out. Paths in it are relative to `root`. */
export function migratedEntry(root: string, plan: MigrationPlan): MigrationEntry {
  const { action, file_path, name, adapter, changes } = plan;
  return {
    ...stamp(),
    data: { file_path, name, status: "migrated", reason: null, adapter, action },
    undo: changes.map((change) => undoFile(root, change)),
  };
}

/** The log line of a class that was not migrated. */
export function unmigratedEntry(
  { file_path, name }: { file_path: string; name: string },
  status: "skipped" | "failed",
  reason: string,
): MigrationEntry {
  return { ...stamp(), data: { file_path, name, status, reason, adapter: null }, undo: [] };
}

/** The log lines of an undo that was carried out. */
export function undoneEntries({ undone, left }: UndoPlan, reason: string | null = null): MigrationEntry[] {
  return undone.map((data) => ({ ...stamp(), data: { ...data, status: "undone", reason }, undo: left }));
}

function stamp() {
  return { type: "migration", id: randomUUID(), time: new Date().toISOString() } as const;
}

function undoFile(root: string, change: FileChange): UndoFile {
  const before = change.before ?? "";
  let shift = 0;
  const insertions = ascending(change.edits).map(({ start, end, text, shared }) => {
    const insertion = {
      start: start + shift,
      text,
      replaced: before.slice(start, end),
      ...(shared && { shared }),
    };
    shift += text.length - (end - start);
    return insertion;
  });
  return {
    path: slashes(relative(root, change.path)),
    created: change.before === null,
    // The runtime's files are known by their hash; repeating their text would only swell the log.
    insertions: isWhole(change) ? [] : insertions,
    hash: sha256(textAfter(change)),
  };
}

/** A created file that no migration adds to. */
const isWhole = ({ before, edits }: FileChange): boolean => before === null && edits.length === 1;
