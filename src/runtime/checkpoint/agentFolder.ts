import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { writeAtomic } from "../files/atomicFile.ts";
import { refuseLink } from "../files/projIntel.ts";
import { readText } from "../files/readText.ts";
import { storeError } from "../storeError.ts";
import { fileName } from "./idShape.ts";
import { IndexFile } from "./indexFile.ts";
import { newestFirst, summaryOf } from "./listing.ts";
import { continueAfter } from "./newId.ts";
import type { Sized } from "./pruning.ts";
import { fromText, toCheckpoint } from "./record.ts";
import type { Sealed } from "./recorder.ts";
import { mostMebibytes, type Checkpoint as CheckpointFile } from "./schema.ts";

/** Told of each file that is skipped, and why. */
export type Skip = (path: string, why: string) => void;

/** The folder of one agent: its checkpoints, one a file, and their index. */
export class AgentFolder {
  readonly path: string;
  readonly #skip: Skip;
  readonly #index: IndexFile;
  #continued = false;
  #prepared = false;

  constructor(path: string, skip: Skip) {
    this.path = path;
    this.#skip = skip;
    this.#index = new IndexFile(join(path, "index.jsonl"));
  }

  /** To be called before an id is made for this folder: it is to sort after those that are here. */
  continue(): void {
    if (this.#continued) return;
    const [newest] = this.ids();
    if (newest !== undefined) continueAfter(newest);
    this.#continued = true;
  }

  /** Durably; `prepareParent` makes the folder this one is in. Throws the system's error. */
  write({ summary, bytes }: Sealed, prepareParent: () => void): void {
    const path = this.#fileOf(summary.id);
    try {
      this.#prepare(prepareParent);
      try {
        writeAtomic(path, bytes);
      } catch (error) {
        if ((error as { code?: string }).code !== "ENOENT") throw error;
        // Somebody removed the folder since.
        this.#prepared = false;
        this.#prepare(prepareParent);
        writeAtomic(path, bytes);
      }
    } catch (error) {
      this.#prepared = false;
      throw error;
    }
    this.#index.add({ ...summary, bytes: bytes.length });
  }

  /** The checkpoint of an id, or null where it is not there or cannot be read. */
  read(id: string): CheckpointFile | null {
    const path = this.#fileOf(id);
    if (!fileName.test(basename(path))) return null;
    try {
      if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
      const file = fromText(readText(path, mostMebibytes));
      if (file.id !== id) throw new Error("its name is not its id");
      toCheckpoint(file);
      return file;
    } catch (error) {
      // Pruned by another process meanwhile.
      if ((error as { code?: string }).code !== "ENOENT") {
        this.#skip(path, error instanceof Error ? error.message : String(error));
      }
      return null;
    }
  }

  /** Of the files that look like checkpoints, newest first. */
  ids(): string[] {
    if (lstatSync(this.path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
    const ids: string[] = [];
    for (const entry of entriesOf(this.path)) {
      const id = fileName.exec(entry.name)?.[1];
      if (id !== undefined && entry.isFile()) ids.push(id);
      else if (entry.name.endsWith(".json") && entry.name !== "pins.json")
        this.#skip(join(this.path, entry.name), "it is foreign");
    }
    return ids.sort().reverse();
  }

  /** All checkpoints that can be read, newest first. */
  list(): Sized[] {
    const ids = this.ids();
    const lines = ids.length === 0 ? new Map<string, never>() : this.#index.lines();
    const listed: Sized[] = [];
    for (const id of ids) {
      const bytes = statSync(this.#fileOf(id), { throwIfNoEntry: false })?.size;
      if (bytes === undefined) continue;
      const line = lines.get(id);
      if (line?.bytes === bytes) {
        listed.push({ summary: summaryOf(line), bytes });
        continue;
      }
      const file = this.read(id);
      if (file === null) continue;
      const summary = summaryOf(file);
      listed.push({ summary, bytes });
      this.#index.add({ ...summary, bytes });
    }
    this.#index.flush();
    const there = new Set(ids);
    this.#index.compact((id) => there.has(id));
    return listed.sort((a, b) => newestFirst(a.summary, b.summary));
  }

  /** What the index knows of a checkpoint, without reading its file. */
  known(id: string): Pick<CheckpointFile, "state"> | undefined {
    return this.#index.lines().get(id);
  }

  /** Nothing happens where it is not there. */
  remove(id: string): void {
    rmSync(this.#fileOf(id), { force: true });
  }

  has(id: string): boolean {
    const path = this.#fileOf(id);
    return fileName.test(basename(path)) && lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  }

  #fileOf(id: string): string {
    return join(this.path, `${id}.json`);
  }

  #prepare(prepareParent: () => void): void {
    if (this.#prepared) return;
    prepareParent();
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    refuseLink(this.path);
    this.#prepared = true;
  }
}

/** Of a folder that need not be there. */
export function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw storeError(`The folder ${folder} cannot be listed`, error);
  }
}
