import { join } from "node:path";
import { scan, type FileFacts } from "./scan.ts";
import { checkText, readSource } from "./sourceText.ts";
import type { FileModel } from "./syntax/fileModel.ts";
import { parseFile } from "./syntax/parseFile.ts";

/** The runtime a migration puts beside a project's code: known, and no code of the workspace. */
const VENDORED_RUNTIME = "/*! opsvi-agents ";

/** The texts of one folder, on disk or unsaved, and what is known of them. Paths are relative to the root. */
export class Sources {
  readonly #root: string;
  readonly #unsaved = new Map<string, string>();
  readonly #facts = new Map<string, FileFacts>();
  readonly #models = new Map<string, FileModel | null>();
  /** By path: why a file is not, or not fully, read. */
  readonly #readNotes = new Map<string, string>();
  readonly #parseNotes = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  get facts(): ReadonlyMap<string, FileFacts> {
    return this.#facts;
  }

  get unsavedPaths(): string[] {
    return [...this.#unsaved.keys()];
  }

  has = (path: string): boolean => this.#facts.has(path);

  /** It was read, also where the text was passed over. */
  knows(path: string): boolean {
    return this.#facts.has(path) || this.#readNotes.has(path);
  }

  unsaved(path: string): string | undefined {
    return this.#unsaved.get(path);
  }

  setUnsaved(path: string, text: string | null): void {
    if (text === null) this.#unsaved.delete(path);
    else this.#unsaved.set(path, text);
  }

  /** Reads and scans a file anew. */
  read(path: string): void {
    this.forget(path);
    const source = this.#text(path);
    if (source === "gone") return;
    if ("note" in source) this.#readNotes.set(path, source.note);
    else if (!source.text.startsWith(VENDORED_RUNTIME)) this.#facts.set(path, scan(source.text));
  }

  forget(path: string): void {
    this.#facts.delete(path);
    this.#models.delete(path);
    this.#readNotes.delete(path);
    this.#parseNotes.delete(path);
  }

  forgetAll(): void {
    for (const kept of [this.#facts, this.#models, this.#readNotes, this.#parseNotes]) kept.clear();
  }

  /** Every path that was read, also where the text was passed over. */
  known(): string[] {
    return [...this.#facts.keys(), ...this.#readNotes.keys()];
  }

  /** Parses a file when it is first needed. */
  model = (path: string): FileModel | null => {
    const known = this.#models.get(path);
    if (known !== undefined) return known;
    const model = this.#facts.has(path) ? this.#parse(path) : null;
    this.#models.set(path, model);
    return model;
  };

  /** Sorted by path. `used`: the files whose syntax matters. */
  notes(used: ReadonlySet<string>): string[] {
    const notes = [...this.#readNotes, ...[...this.#parseNotes].filter(([path]) => used.has(path))];
    return notes.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, note]) => note);
  }

  /** Drops the syntax of files nobody needs any more. */
  keepModels(used: ReadonlySet<string>): void {
    for (const path of this.#models.keys()) {
      if (used.has(path)) continue;
      this.#models.delete(path);
      this.#parseNotes.delete(path);
    }
  }

  #text(path: string): ReturnType<typeof readSource> {
    const unsaved = this.#unsaved.get(path);
    return unsaved === undefined ? readSource(join(this.#root, path), path) : checkText(unsaved, path);
  }

  #parse(path: string): FileModel | null {
    const source = this.#text(path);
    if (source === "gone" || "note" in source) return null;
    try {
      const model = parseFile(path, source.text);
      if (model.syntaxError !== null) {
        const { line, message } = model.syntaxError;
        this.#parseNotes.set(
          path,
          `${path} has a syntax error in line ${line} (${message}): its classes are listed as far as they can be read.`,
        );
      }
      return model;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#parseNotes.set(path, `${path} was skipped: it is nested too deeply to be parsed.`);
      return null;
    }
  }
}
