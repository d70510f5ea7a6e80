import type { FileChange, TextEdit } from "../model/migrationPlan.ts";

/** Where two edits start at the same offset they apply in the given order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let from = 0;
  for (const edit of ascending(edits)) {
    if (edit.start < from || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError("Text edits overlap or lie outside the text.");
    }
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}

/** Whether an edit replaces some of the text that others do. */
export function overlaps({ start, end }: TextEdit, others: readonly TextEdit[]): boolean {
  return others.some((other) => start < other.end && other.start < end);
}

export function textAfter(change: FileChange): string {
  return applyEdits(change.before ?? "", change.edits);
}

/** The change that takes a change back. */
export function inverse(change: FileChange): FileChange {
  const before = change.before ?? "";
  let shift = 0;
  const edits = ascending(change.edits).map(({ start, end, text }) => {
    const edit = { start: start + shift, end: start + shift + text.length, text: before.slice(start, end) };
    shift += text.length - (end - start);
    return edit;
  });
  return { path: change.path, before: textAfter(change), edits };
}

/** The one edit that leads from a text to another. */
export function editBetween(before: string, after: string): TextEdit {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  // A line ending is one place.
  while (same > 0 && before[before.length - same] === "\n") same -= 1;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

export function ascending(edits: readonly TextEdit[]): TextEdit[] {
  return edits.toSorted((a, b) => a.start - b.start);
}

/** Line and character from 0, as editors count: no BOM, any line ending counts once. */
export interface Position {
  line: number;
  character: number;
}

export interface PositionEdit {
  start: Position;
  end: Position;
  text: string;
}

/** The same edits for an editor, whose copy of the text has no BOM and one kind of line ending. */
export function toPositions(change: FileChange): PositionEdit[] {
  const text = change.before ?? "";
  return ascending(change.edits).map((edit) => ({
    start: positionAt(text, edit.start),
    end: positionAt(text, edit.end),
    text: edit.text,
  }));
}

function positionAt(text: string, offset: number): Position {
  const lines = text.slice(text.startsWith("\uFEFF") ? 1 : 0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
