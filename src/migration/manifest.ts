import {
  applyEdits as applyJson,
  modify,
  parse,
  type FormattingOptions,
  type ParseError,
} from "jsonc-parser/lib/esm/main.js";
import type { TextEdit } from "../model/migrationPlan.ts";
import { packageName } from "./packageName.ts";

const place = ["dependencies", packageName];

/**
 * The edits that add the runtime to a package.json; none where it is in there.
 * @returns null where the text is not JSON
 */
export function withDependency(text: string, version: string): TextEdit[] | null {
  const manifest = read(text);
  if (manifest === null) return null;
  const { dependencies } = manifest as { dependencies?: Record<string, unknown> };
  if (dependencies !== undefined && packageName in dependencies) return [];
  const getInsertionIndex = (names: string[]) => {
    const next = names.findIndex((name) => name > packageName);
    return next === -1 ? names.length : next;
  };
  const options = {
    formattingOptions: formatOf(text),
    ...(dependencies !== undefined && { getInsertionIndex }),
  };
  return modify(text, place, `^${version}`, options).map(({ offset, length, content }) => ({
    start: offset,
    end: offset + length,
    text: content,
    shared: true,
  }));
}

/** A package.json without the runtime, and without `dependencies` where nothing else is in there. */
export function withoutDependency(text: string): string {
  const manifest = read(text) as { dependencies?: Record<string, unknown> } | null;
  const { dependencies } = manifest ?? {};
  if (dependencies === undefined || !(packageName in dependencies)) return text;
  const path = Object.keys(dependencies).length === 1 ? place.slice(0, 1) : place;
  return applyJson(text, modify(text, path, undefined, {}));
}

function read(text: string): object | null {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, " "), errors);
  const usable = errors.length === 0 && typeof value === "object" && value !== null && !Array.isArray(value);
  return usable ? value : null;
}

function formatOf(text: string): FormattingOptions {
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? "  ";
  const insertSpaces = !indent.startsWith("\t");
  return {
    insertSpaces,
    tabSize: insertSpaces ? indent.length : 1,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}
