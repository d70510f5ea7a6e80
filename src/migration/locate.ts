import type { TextEdit, UndoFile } from "../model/migrationPlan.ts";
import { looseText } from "./looseText.ts";

export type Insertion = UndoFile["insertions"][number];

interface Range {
  start: number;
  end: number;
}

/**
 * Where an inserted text stands now: it must be there once, unchanged but for line endings, or for what formatters
 * change of code without changing what it does.
 */
export function locate(text: string, insertion: Insertion): TextEdit | "repeated" | null {
  const lf = insertion.text.replaceAll("\r\n", "\n");
  const forms = new Set([insertion.text, lf, lf.replaceAll("\n", "\r\n")]);
  for (const form of forms) {
    const start = text.indexOf(form);
    if (start === -1) continue;
    if (text.includes(form, start + 1)) return "repeated";
    return { start, end: start + form.length, text: insertion.replaced };
  }
  const core = locateLoosely(text, insertion.text);
  if (core === "repeated" || core === null) return core;
  const { start, end } = insertion.shared === true ? wholeLine(text, core) : surrounded(text, core, lf);
  return { start, end, text: insertion.replaced };
}

function locateLoosely(text: string, inserted: string): Range | "repeated" | null {
  const [hay, needle] = [looseText(text), looseText(inserted)];
  if (needle.text === "") return null;
  const found: Range[] = [];
  for (let at = hay.text.indexOf(needle.text); at !== -1; at = hay.text.indexOf(needle.text, at + 1)) {
    const last = at + needle.text.length;
    if (joins(hay.text, at) || joins(hay.text, last)) continue;
    found.push({ start: hay.offsets[at] ?? 0, end: (hay.offsets[last - 1] ?? 0) + 1 });
  }
  const [only, ...others] = found;
  if (only === undefined) return null;
  if (others.length > 0) return "repeated";
  // A statement ends with its semicolon, which not every file has.
  const semicolon = inserted.trimEnd().endsWith("}")
    ? ""
    : (/^[ \t]*;/.exec(text.slice(only.end))?.[0] ?? "");
  return { ...only, end: only.end + semicolon.length };
}

/** Whether the characters before and at an offset belong to one word. */
function joins(text: string, offset: number): boolean {
  return /[\w$]/.test(text[offset - 1] ?? "") && /[\w$]/.test(text[offset] ?? "");
}

/** With the line breaks that were inserted around it, as far as they are still there. */
function surrounded(text: string, { start, end }: Range, inserted: string): Range {
  const breaks = (part: RegExp) => (part.exec(inserted)?.[0] ?? "").split("\n").length - 1;
  const [before, after] = [breaks(/^\s*/), breaks(/\s*$/)];
  const lead = new RegExp(`(?:\\r?\\n[ \\t]*){0,${before}}$`).exec(text.slice(0, start))?.[0] ?? "";
  const trail = new RegExp(`^(?:[ \\t]*\\r?\\n){0,${after}}`).exec(text.slice(end))?.[0] ?? "";
  return { start: start - lead.length, end: end + trail.length };
}

/** An import may have been moved among the others. */
function wholeLine(text: string, { start, end }: Range): Range {
  const rest = /^[ \t]*(?:\r\n|\n)/.exec(text.slice(end))?.[0] ?? "";
  return { start, end: end + rest.length };
}
