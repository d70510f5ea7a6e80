import { join } from "node:path";
import { isComponent } from "../model/componentFile.ts";
import { componentScript } from "./componentScript.ts";
import { scan, type FileFacts } from "./scan.ts";
import { checkText, readSource } from "./sourceText.ts";
import type { Stamp } from "./stamp.ts";

/** The runtime a migration puts beside a project's code: known, and no code of the workspace. */
const VENDORED_RUNTIME = "/*! opsvi-agents ";

/** What one reading of a file tells: plain data. */
export interface Reading {
  /** Null where the text is unsaved or could not be read. */
  origin: Origin | null;
  /** Null where the text was passed over. */
  facts: FileFacts | null;
  /** Why it is not, or not fully, read. */
  note: string | null;
}

export interface Origin {
  stamp: Stamp;
  /** When the stamp was taken. */
  readAt: number;
  /** Of the bytes. */
  hash: string;
}

/** Null where there is no such file. */
export function readFile(root: string, path: string): Reading | null {
  const source = readSource(join(root, path), path);
  if (source === "gone") return null;
  if ("note" in source) return { origin: source.origin, facts: null, note: source.note };
  return { origin: source.origin, facts: factsOf(source.text, path), note: null };
}

/** Of a text that is not saved. */
export function readText(text: string, path: string): Reading {
  const source = checkText(text, path);
  return "note" in source
    ? { origin: null, facts: null, note: source.note }
    : { origin: null, facts: factsOf(source.text, path), note: null };
}

function factsOf(text: string, path: string): FileFacts | null {
  if (text.startsWith(VENDORED_RUNTIME)) return null;
  return scan(isComponent(path) ? componentScript(text) : text);
}
