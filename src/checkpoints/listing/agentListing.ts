import { lstatSync, opendirSync } from "node:fs";
import { join } from "node:path";
import type { CheckpointFolder } from "../../model/checkpoints.ts";
import { fileName, idShape } from "../../runtime/checkpoint/idShape.ts";
import { PinsFile } from "../../runtime/checkpoint/pinsFile.ts";
import { readEnds } from "./endsOfFile.ts";
import { newEntry, newestFirst, tell, tellProblem, type Entry, type Texts } from "./entry.ts";
import { IndexTail, type LineReader } from "./indexTail.ts";

const idLength = 36;
const entriesAtOnce = 4096;
const mostForeign = 20;

/** The folder of one agent: which checkpoints there are is told by names, what they are by the index, else by themselves. */
export class AgentListing implements LineReader {
  readonly path: string;
  readonly name: string;
  /** Newest first. */
  entries: Entry[] = [];
  notes: string[] = [];
  /** Null where all count as pinned. */
  pins: ReadonlySet<string> | null = new Set();
  readonly folder: CheckpointFolder;
  readonly #texts: Texts;
  readonly #index: IndexTail;
  /** Where the last one was found: the next one is often beside it. */
  #cursor = 0;
  #stamp = -1;
  #unknown = 0;

  constructor(folder: CheckpointFolder, parent: string, name: string, texts: Texts) {
    this.folder = folder;
    this.path = join(parent, name);
    this.name = name;
    this.#texts = texts;
    this.#index = new IndexTail(this.path);
  }

  /** When it saved last, in ms since 1970; 0 where no index tells. */
  get savedAt(): number {
    return lstatSync(join(this.path, "index.jsonl"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  /** The newest ones, as the end of the index tells them: that takes no longer where there are very many. */
  glance(): void {
    if (lstatSync(this.path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    const found = new Map<string, Entry>();
    this.#index.refresh(this);
    this.#index.readOn({
      wants: (id) => !found.has(id) && idShape.test(id),
      take: (line) => {
        if (lstatSync(this.#file(line.id), { throwIfNoEntry: false })?.isFile() !== true) return;
        const entry = newEntry(line.id, this);
        tell(entry, line, this.#texts);
        found.set(line.id, entry);
      },
    });
    this.entries = newestFirst([...found.values()], ({ id }) => id);
    this.#readPins();
  }

  /** Looks again which checkpoints there are; answers whether anything may have changed. */
  refresh(): boolean {
    const stat = lstatSync(this.path, { throwIfNoEntry: false });
    if (stat?.isDirectory() !== true) return this.#forget();
    // Within its granularity, a time tells nothing.
    const isSame = stat.mtimeMs === this.#stamp && Date.now() - stat.mtimeMs > 2_000;
    this.#stamp = stat.mtimeMs;
    const before = this.#unknown;
    if (!isSame) this.#scan();
    this.#index.refresh(this);
    return !isSame || this.#unknown !== before;
  }

  /** Whether something is left to read. */
  get pending(): boolean {
    return this.#unknown > 0;
  }

  get(id: string): Entry | undefined {
    const { entries } = this;
    for (let i = this.#cursor; i < Math.min(this.#cursor + 2, entries.length); i += 1) {
      if (entries[i]?.id !== id) continue;
      this.#cursor = i;
      return entries[i];
    }
    let from = 0;
    let to = entries.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((entries[middle] as Entry).id > id) from = middle + 1;
      else to = middle;
    }
    this.#cursor = from;
    const found = entries[from];
    return found?.id === id ? found : undefined;
  }

  isPinned(id: string): boolean {
    return this.pins === null || this.pins.has(id);
  }

  wants(id: string): boolean {
    return this.get(id)?.known === false;
  }

  take(line: Parameters<LineReader["take"]>[0]): void {
    const entry = this.get(line.id);
    if (entry === undefined) return;
    tell(entry, line, this.#texts);
    this.#unknown -= 1;
  }

  /** Reads a little of what is not known yet: of the index, or of one file where that does not tell. */
  readOn(from = 0): number {
    if (!this.#index.done) {
      this.#index.readOn(this);
      return from;
    }
    for (let i = from; i < this.entries.length; i += 1) {
      const entry = this.entries[i] as Entry;
      if (entry.known) continue;
      this.#readFile(entry);
      return i + 1;
    }
    this.#unknown = 0;
    return this.entries.length;
  }

  /** Reads until this one is known: its place in the index is near the end where it is among the newest. */
  know(entry: Entry, piecesAtMost = 4): void {
    for (let i = 0; i < piecesAtMost && !entry.known && !this.#index.done; i += 1) this.#index.readOn(this);
    if (!entry.known) this.#readFile(entry);
  }

  #readFile(entry: Entry): void {
    try {
      this.take(readEnds(this.path, entry.id));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const bytes = lstatSync(this.#file(entry.id), { throwIfNoEntry: false })?.size ?? null;
      tellProblem(entry, why, bytes);
      this.#unknown -= 1;
    }
  }

  #forget(): boolean {
    const had = this.entries.length > 0;
    this.entries = [];
    this.#unknown = 0;
    this.#stamp = -1;
    return had;
  }

  #scan(): void {
    const ids: string[] = [];
    this.notes = [];
    let foreign = 0;
    const folder = opendirSync(this.path, { bufferSize: entriesAtOnce });
    try {
      for (let found = folder.readSync(); found !== null; found = folder.readSync()) {
        const { name } = found;
        if (fileName.test(name) && found.isFile()) ids.push(name.slice(0, idLength));
        else if (name.endsWith(".json") && name !== "pins.json") {
          foreign += 1;
          if (foreign <= mostForeign) this.notes.push(`${join(this.path, name)} is no checkpoint.`);
        }
      }
    } finally {
      folder.closeSync();
    }
    if (foreign > mostForeign)
      this.notes.push(`${foreign - mostForeign} more files in ${this.path} are no checkpoints.`);
    const before = this.entries;
    let next = 0;
    this.#unknown = 0;
    this.#cursor = 0;
    this.entries = newestFirst(ids, (id) => id).map((id) => {
      while (next < before.length && (before[next] as Entry).id > id) next += 1;
      const known = before[next]?.id === id ? before[next] : undefined;
      const entry = known ?? newEntry(id, this);
      if (!entry.known) this.#unknown += 1;
      return entry;
    });
    this.#readPins();
  }

  #readPins(): void {
    this.pins = new PinsFile(join(this.path, "pins.json"), (warning) => this.notes.push(warning)).read();
  }

  #file(id: string): string {
    return join(this.path, `${id}.json`);
  }
}
