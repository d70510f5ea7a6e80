import type { FileFacts } from "./scan.ts";
import { parseOnDisk, parseUnsaved, type Parsed } from "./parsing.ts";
import { readFile, readText, type Origin, type Reading } from "./reading.ts";
import type { Shared } from "./readers.ts";
import type { FileModel } from "./syntax/fileModel.ts";

/** The texts of one folder, on disk or unsaved, and what is known of them. Paths are relative to the root. */
export class Sources {
  readonly #root: string;
  readonly #unsaved = new Map<string, string>();
  readonly #facts = new Map<string, FileFacts>();
  readonly #origins = new Map<string, Origin>();
  readonly #parsed = new Map<string, Parsed | null>();
  /** By path: why a file is not, or not fully, read. */
  readonly #notes = new Map<string, string>();

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
    return this.#facts.has(path) || this.#notes.has(path);
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
    const unsaved = this.#unsaved.get(path);
    this.take(path, unsaved === undefined ? readFile(this.#root, path) : readText(unsaved, path));
  }

  /** To read these files, as work that can be shared. */
  reading(paths: readonly string[]): Shared<Reading | null> {
    return {
      paths,
      portion: 128,
      ask: (helper, part) => helper.read(this.#root, part),
      take: (path, reading) => {
        if (this.#unsaved.has(path)) this.read(path);
        else this.take(path, reading);
      },
      here: (path) => this.read(path),
    };
  }

  /** Takes what a reading told; null: there is no such file. */
  take(path: string, reading: Reading | null): void {
    this.forget(path);
    if (reading === null) return;
    const { origin, facts, note } = reading;
    if (origin !== null) this.#origins.set(path, origin);
    if (facts !== null) this.#facts.set(path, facts);
    if (note !== null) this.#notes.set(path, note);
  }

  /** Of the bytes read from the disk. */
  hashOf(path: string): string | undefined {
    return this.#origins.get(path)?.hash;
  }

  takeParsed(path: string, parsed: Parsed): void {
    this.#parsed.set(path, parsed);
  }

  /** For the cache: everything that is known of each file. Where `origin` is null, the disk was not read. */
  *entries(): Iterable<Reading & { path: string; parsed: Parsed | null }> {
    for (const path of new Set([...this.#origins.keys(), ...this.#facts.keys(), ...this.#notes.keys()])) {
      yield {
        path,
        origin: this.#origins.get(path) ?? null,
        facts: this.#facts.get(path) ?? null,
        note: this.#notes.get(path) ?? null,
        parsed: this.#parsed.get(path) ?? null,
      };
    }
  }

  forget(path: string): void {
    for (const kept of [this.#facts, this.#origins, this.#parsed, this.#notes]) kept.delete(path);
  }

  forgetAll(): void {
    for (const kept of [this.#facts, this.#origins, this.#parsed, this.#notes]) kept.clear();
  }

  /** Every path that was read, also where the text was passed over. */
  known(): string[] {
    return [...this.#facts.keys(), ...this.#notes.keys()];
  }

  /** To parse what is not parsed of these files, likewise. */
  parsing(paths: readonly string[]): Shared<Parsed | null> {
    return {
      paths: paths.filter((path) => !this.#parsed.has(path)),
      portion: 8,
      ask: (helper, part) => helper.parse(this.#root, part),
      take: (path, parsed) => {
        if (this.#unsaved.has(path)) this.model(path);
        else this.#parsed.set(path, parsed);
      },
      here: this.model,
    };
  }

  /** Parses a file when it is first needed. */
  model = (path: string): FileModel | null => {
    const known = this.#parsed.get(path);
    if (known !== undefined) return known?.model ?? null;
    if (!this.#facts.has(path)) return null;
    const unsaved = this.#unsaved.get(path);
    const parsed = unsaved === undefined ? parseOnDisk(this.#root, path) : parseUnsaved(path, unsaved);
    this.#parsed.set(path, parsed);
    return parsed?.model ?? null;
  };

  /** Sorted by path. `used`: the files whose syntax matters. */
  notes(used: ReadonlySet<string>): string[] {
    const notes = [...this.#notes];
    for (const path of used) {
      const note = this.#parsed.get(path)?.note ?? null;
      if (note !== null) notes.push([path, note]);
    }
    return notes.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, note]) => note);
  }

  /** Drops the syntax of files nobody needs any more. */
  keepModels(used: ReadonlySet<string>): void {
    for (const path of this.#parsed.keys()) if (!used.has(path)) this.#parsed.delete(path);
  }
}
