import type { MigrationEntry, TextEdit, UndoFile } from "../model/migrationPlan.ts";
import { locate, type Insertion } from "./locate.ts";
import { literally } from "./names.ts";
import { applyEdits, overlaps } from "./textEdits.ts";
import { sha256 } from "./vendored.ts";

interface Found {
  file: UndoFile;
  insertion: Insertion;
  edit: TextEdit;
}

/** What migrations inserted into a file: the one that is undone, and earlier ones that left something there. */
interface Inserted {
  own: readonly UndoFile[];
  left: readonly UndoFile[];
}

/** The edits that take insertions out of a text, but for imports that the rest of it needs, or why they cannot be taken out. */
export function takeOut(
  text: string,
  inserted: Inserted,
  { action, adapter }: MigrationEntry["data"],
): { edits: TextEdit[]; left: UndoFile[] } | { refused: "edited" | "repeated" } {
  const { own, left } = inserted;
  // A class that was rewritten keeps its name.
  const isGone = () =>
    action === "rewrite"
      ? own.every((file) => file.insertions.every((each) => each.shared || locate(text, each) === null))
      : adapter !== null && !isNamed(text, adapter);
  const found: Found[] = [];
  for (const [file, insertion, edit] of candidates(text, inserted)) {
    const edits = found.map((each) => each.edit);
    // Left and inserted once more, it is taken out once.
    if (edit !== null && edit !== "repeated" && edits.some((each) => isSamePlace(each, edit))) continue;
    if (edit !== null && edit !== "repeated" && !overlaps(edit, edits)) {
      found.push({ file, insertion, edit });
      continue;
    }
    if (left.includes(file)) continue;
    if (edit === "repeated") return { refused: "repeated" };
    // An import that was changed by hand belongs to its authors now.
    // An adapter that is gone was taken out by an editor's undo.
    if (edit === null && (insertion.shared === true || isGone())) continue;
    return { refused: "edited" };
  }
  const remaining = applyEdits(
    text,
    found.map(({ edit }) => edit),
  );
  const isNeeded = ({ insertion }: Found) => insertion.shared === true && mentions(remaining, insertion.text);
  return {
    edits: found.filter((each) => !isNeeded(each)).map(({ edit }) => edit),
    left: found.filter(isNeeded).map(({ file, insertion }) => ({ ...file, insertions: [insertion] })),
  };
}

function candidates(
  text: string,
  { own, left }: Inserted,
): [UndoFile, Insertion, TextEdit | "repeated" | null][] {
  const files = [...own, ...left];
  const [only] = files;
  const exact = only !== undefined && files.length === 1 ? inPlace(text, only) : null;
  return files.flatMap((file) =>
    file.insertions.map((insertion, index): [UndoFile, Insertion, TextEdit | "repeated" | null] => [
      file,
      insertion,
      exact?.[index] ?? locate(text, insertion),
    ]),
  );
}

/** What takes insertions out of a text that is as it was after them, or null where it is another. A log may hold anything. */
export function inPlace(text: string, { hash, insertions }: UndoFile): TextEdit[] | null {
  if (hash !== sha256(text)) return null;
  const edits: TextEdit[] = [];
  for (const insertion of insertions) {
    const { start, replaced } = insertion;
    const edit = { start, end: start + insertion.text.length, text: replaced };
    const stands = start >= 0 && text.slice(start, edit.end) === insertion.text;
    if (!stands || overlaps(edit, edits)) return null;
    edits.push(edit);
  }
  return edits;
}

/** What takes imports of ours out that nothing needs once an edit is made. */
export function unneededImports(text: string, edit: TextEdit, imports: readonly Insertion[]): TextEdit[] {
  const taken: TextEdit[] = [];
  for (const insertion of imports) {
    const found = locate(text, insertion);
    if (found === null || found === "repeated" || overlaps(found, [edit, ...taken])) continue;
    if (!mentions(applyEdits(text, [found, edit]), insertion.text)) taken.push({ ...found, shared: true });
  }
  return taken;
}

const isSamePlace = (one: TextEdit, other: TextEdit): boolean =>
  one.start === other.start && one.end === other.end && one.start < one.end;

/** Whether a text uses the name that an import of ours binds. */
function mentions(text: string, importText: string): boolean {
  const name = /([\w$]+)\s*(?:\}|from\b)/.exec(importText)?.[1];
  return name !== undefined && isNamed(text, name);
}

function isNamed(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${literally(name)}(?![\\w$])`).test(text);
}
