import type { FileFacts } from "./scan.ts";
import { loadParser, parseOnDisk, parseUnsaved, type Parsed } from "./parsing.ts";
import { readFile, readText, type Origin, type Reading } from "./reading.ts";
import type { Pause } from "./pause.ts";
import type { Readers, Shared } from "./readers.ts";
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

  async readAll(
    paths: readonly string[],
    readers: Readers,
    pause: Pause,
    onDone: (done: number) => void,
  ): Promise<void> {
    const work: Shared<Reading | null> = {
      paths,
      portion: 64,
      ask: (helper, part) => helper.read(this.#root, part),
      take: (path, reading) => {
        if (this.#unsaved.has(path)) this.read(path);
        else this.take(path, reading);
      },
      here: (path) => this.read(path),
    };
    await readers.share(work, pause, onDone);
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

  /** Parses what is not parsed yet; the parser is loaded then. */
  async parseAll(
    paths: readonly string[],
    readers: Readers,
    pause: Pause,
    onDone: (done: number) => void,
  ): Promise<void> {
    await loadParser();
    const work: Shared<Parsed | null> = {
      paths: paths.filter((path) => !this.#parsed.has(path)),
      portion: 8,
      ask: (helper, part) => helper.parse(this.#root, part),
      take: (path, parsed) => {
        if (this.#unsaved.has(path)) this.model(path);
        else this.#parsed.set(path, parsed);
      },
      here: this.model,
    };
    await readers.share(work, pause, onDone);
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
