import type { FileChange, MigrationEntry, UndoFile } from "../model/migrationPlan.ts";
import type { LogState } from "./log.ts";
import { withoutDependency } from "./manifest.ts";
import { groupBy } from "./names.ts";
import { inPlace, takeOut } from "./takeOut.ts";
import { applyEdits } from "./textEdits.ts";

export interface UndoPlan {
  undone: UndoneClass[];
  /** Paths are absolute; one change a file. */
  changes: FileChange[];
  /** Files the migrations created and nothing needs any more, with their text; afterwards their folders where empty. */
  removals: { path: string; before: string }[];
  /** What stays because other code needs it; a later undo takes it away. */
  left: UndoFile[];
}

export interface UndoneClass {
  /** Relative to the workspace folder, forward slashes. */
  file_path: string;
  name: string;
  adapter: string | null;
}

/** A class whose migration cannot be undone. */
export interface RefusedUndo extends Omit<UndoneClass, "adapter"> {
  reason: string;
}

/** The edits that take a migration's insertions out of its files, wherever in them they stand now. */
export interface UndoEdits {
  changes: FileChange[];
  /** Created files with nothing left in them; absolute. */
  removals: string[];
  left: UndoFile[];
  /** Files of the runtime, to be removed where nothing imports them. */
  runtime: UndoFile[];
  /** What was added to a package.json, to be taken out where nothing imports the runtime from there. */
  manifests: UndoFile[];
}

export interface UndoInput {
  entry: MigrationEntry;
  left: LogState["left"];
  /** Relative path to absolute. */
  absolute: (path: string) => string;
  /** The text now; null where the file is gone. */
  texts: ReadonlyMap<string, string | null>;
}

export function undoEdits({ entry, left, absolute, texts }: UndoInput): UndoEdits | { refused: string } {
  const byPath = groupBy([...entry.undo, ...left], ({ path }) => path);
  const result: UndoEdits = { changes: [], removals: [], left: [], runtime: [], manifests: [] };
  for (const [path, all] of byPath) {
    const text = texts.get(path) ?? null;
    if (text === null) continue;
    const [newest] = all;
    if (newest?.created === true && newest.insertions.length === 0) {
      result.runtime.push(newest);
      continue;
    }
    if (newest !== undefined && isManifest(path)) {
      result.manifests.push(newest);
      continue;
    }
    const taken = takeOut(text, split(all, entry), entry.data);
    if ("refused" in taken) return { refused: refusal(taken.refused, entry, path) };
    const created = all.some((file) => file.created);
    if (created && taken.left.length === 0 && applyEdits(text, taken.edits).trim() === "") {
      result.removals.push(absolute(path));
      continue;
    }
    if (taken.edits.length > 0)
      result.changes.push({ path: absolute(path), before: text, edits: taken.edits });
    result.left.push(...taken.left);
  }
  return result;
}

function split(files: readonly UndoFile[], { undo }: MigrationEntry): { own: UndoFile[]; left: UndoFile[] } {
  const isOwn = (file: UndoFile) => undo.includes(file);
  return { own: files.filter(isOwn), left: files.filter((file) => !isOwn(file)) };
}

const isManifest = (path: string) => /(?:^|\/)package\.json$/.test(path);

/** A package.json without what a migration added: as it was, or else without the entry itself. */
export function manifestWithout(text: string, file: UndoFile): string {
  const edits = inPlace(text, file);
  return edits === null ? withoutDependency(text) : applyEdits(text, edits);
}

function refusal(why: "edited" | "repeated", { data }: MigrationEntry, path: string): string {
  const adapter = data.adapter ?? "the adapter";
  return why === "edited"
    ? `${adapter} in ${path} was edited since the migration of ${data.name}: restore it, or remove it by hand.`
    : `${adapter} stands more than once in ${path}: remove the copies, then undo again.`;
}
