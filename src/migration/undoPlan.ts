import type { FileChange, MigrationEntry, TextEdit, UndoFile } from "../model/migrationPlan.ts";
import { locate, type Insertion } from "./locate.ts";
import type { LogState } from "./log.ts";
import { withoutDependency } from "./manifest.ts";
import { groupBy } from "./names.ts";
import { applyEdits } from "./textEdits.ts";
import { sha256 } from "./vendored.ts";

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
    const own = entry.undo.some((file) => file.path === path);
    // Created anew after an editor's undo, a file holds nothing of what was there before.
    const files = own && newest?.created === true ? [newest] : all;
    const taken = takeOut(text, files, entry.data);
    if ("refused" in taken) {
      if (!own) continue;
      return { refused: refusal(taken.refused, entry, path) };
    }
    const created = files.some((file) => file.created);
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

const isManifest = (path: string) => /(?:^|\/)package\.json$/.test(path);

/** A package.json without what a migration added: as it was, or else without the entry itself. */
export function manifestWithout(text: string, { hash, insertions }: UndoFile): string {
  return hash === sha256(text) ? applyEdits(text, insertions.map(inPlace)) : withoutDependency(text);
}

function takeOut(
  text: string,
  files: readonly UndoFile[],
  { action, adapter }: MigrationEntry["data"],
): { edits: TextEdit[]; left: UndoFile[] } | { refused: "edited" | "repeated" } {
  const exact = files.length === 1 && files[0]?.hash === sha256(text);
  // A class that was rewritten keeps its name.
  const isGone = () =>
    action === "rewrite"
      ? files.every((file) => file.insertions.every((each) => each.shared || locate(text, each) === null))
      : adapter !== null && !isNamed(text, adapter);
  const located: { file: UndoFile; insertion: Insertion; edit: TextEdit }[] = [];
  for (const file of files) {
    for (const insertion of file.insertions) {
      const edit = exact ? inPlace(insertion) : locate(text, insertion);
      if (edit === "repeated") return { refused: "repeated" };
      if (edit === null) {
        // An import that was changed by hand belongs to its authors now.
        // An adapter that is gone was taken out by an editor's undo.
        if (insertion.shared === true || isGone()) continue;
        return { refused: "edited" };
      }
      located.push({ file, insertion, edit });
    }
  }
  const own = located.filter(({ insertion }) => insertion.shared !== true);
  const shared = located.filter(({ insertion }) => insertion.shared === true);
  const remaining = applyEdits(
    text,
    located.map(({ edit }) => edit),
  );
  const [needed, free] = [
    shared.filter(({ insertion }) => mentions(remaining, insertion.text)),
    shared.filter(({ insertion }) => !mentions(remaining, insertion.text)),
  ];
  return {
    edits: [...own, ...free].map(({ edit }) => edit),
    left: needed.map(({ file, insertion }) => ({ ...file, insertions: [insertion] })),
  };
}

function inPlace({ start, text, replaced }: Insertion): TextEdit {
  return { start, end: start + text.length, text: replaced };
}

/** Whether a text uses the name that an import of ours binds. */
function mentions(text: string, importText: string): boolean {
  const name = /([\w$]+)\s*(?:\}|from\b)/.exec(importText)?.[1];
  return name !== undefined && isNamed(text, name);
}

function isNamed(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(text);
}

function refusal(why: "edited" | "repeated", { data }: MigrationEntry, path: string): string {
  const adapter = data.adapter ?? "the adapter";
  return why === "edited"
    ? `${adapter} in ${path} was edited since the migration of ${data.name}: restore it, or remove it by hand.`
    : `${adapter} stands more than once in ${path}: remove the copies, then undo again.`;
}
