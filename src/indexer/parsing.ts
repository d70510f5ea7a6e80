import { checkText, readSource } from "./sourceText.ts";
import { join } from "node:path";
import type { FileModel } from "./syntax/fileModel.ts";

interface Parser {
  parseFile: (path: string, text: string) => FileModel;
  parseConfig: (path: string, text: string) => unknown;
}

/** What parsing a file gives: plain data. */
export interface Parsed {
  /** Of the bytes; null for an unsaved text. */
  hash: string | null;
  /** Null where it cannot be parsed. */
  model: FileModel | null;
  note: string | null;
}

let loaded: Parser | null = null;

/** The TypeScript parser is large: it is loaded when there is something to parse. */
export async function loadParser(): Promise<void> {
  if (loaded !== null) return;
  const { parseFile, parseConfig } = await import("./withCompiler.ts");
  loaded = { parseFile, parseConfig };
}

function parser(): Parser {
  if (loaded === null) throw new Error("The parser is not loaded yet.");
  return loaded;
}

/** A tsconfig.json or package.json, as far as it can be read. */
export const parseConfig = (path: string, text: string): unknown => parser().parseConfig(path, text);

/** Null where there is no such file, or it is passed over. */
export function parseOnDisk(root: string, path: string): Parsed | null {
  const source = readSource(join(root, path), path);
  return source === "gone" || "note" in source ? null : parseText(path, source.text, source.origin.hash);
}

export function parseUnsaved(path: string, text: string): Parsed | null {
  const source = checkText(text, path);
  return "note" in source ? null : parseText(path, source.text, null);
}

function parseText(path: string, text: string, hash: string | null): Parsed {
  const { parseFile } = parser();
  try {
    const model = parseFile(path, text);
    return { hash, model, note: model.syntaxError === null ? null : syntaxNote(path, model.syntaxError) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { hash, model: null, note: `${path} was skipped: it is nested too deeply to be parsed.` };
  }
}

const syntaxNote = (path: string, { line, message }: { line: number; message: string }): string =>
  `${path} has a syntax error in line ${line} (${message}): its classes are listed as far as they can be read.`;
