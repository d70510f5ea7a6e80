import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type {
  Checkpoint,
  CheckpointDraft,
  CheckpointStore,
  CheckpointSummary,
  LatestOptions,
} from "../core/checkpointStore.ts";
import { appendLine, temporaryName, writeAtomic } from "../files/atomicFile.ts";
import { prepareProjIntel, refuseLink } from "../files/projIntel.ts";
import { readText } from "../files/readText.ts";
import { slug } from "../files/slug.ts";
import { emitWarning, StoreError, storeError, type Warn } from "../storeError.ts";
import { isCompleted, newestFirst, summaryOf } from "./listing.ts";
import { fromText, toCheckpoint, toFile } from "./record.ts";
import { type Checkpoint as CheckpointFile, CheckpointLine } from "./schema.ts";

/** Settings of a {@link FileCheckpointStore}. */
export interface FileStoreOptions {
  /** Told once about each file that is skipped; by default a warning of the process. */
  onWarning?: ((message: string) => void) | undefined;
}

const fileName = /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\.json$/;
const abandonedAfterMs = 10 * 60_000;
const mostMebibytes = 256;

/**
 * Keeps checkpoints as files `<folder>/<agent>/<id>.json`. A save is on disk when it returns. Several processes may use
 * one folder. Torn, changed, foreign and newer files are skipped with a warning and left alone.
 */
export class FileCheckpointStore implements CheckpointStore {
  readonly #root: string;
  readonly #warn: Warn;
  readonly #warned = new Set<string>();
  readonly #prepared = new Set<string>();

  /** `folder` is, by convention, `.proj-intel/checkpoints`; it is made at the first save. */
  constructor(folder: string, options: FileStoreOptions = {}) {
    this.#root = resolve(folder);
    this.#warn = options.onWarning ?? emitWarning;
  }

  /** Stores a checkpoint durably; throws a {@link StoreError} where it cannot. */
  save(draft: CheckpointDraft): CheckpointSummary {
    const { file, text } = this.#toFile(draft);
    const folder = join(this.#root, slug(draft.agent));
    try {
      this.#write(folder, `${file.id}.json`, text);
    } catch (error) {
      this.#prepared.delete(folder);
      if (error instanceof StoreError) throw error;
      throw storeError(`A checkpoint of agent "${draft.agent}" cannot be written to ${folder}`, error);
    }
    const summary = summaryOf(file);
    this.#index(folder, { ...summary, bytes: Buffer.byteLength(text) });
    return summary;
  }

  /** What could not be read again is not saved either. */
  #toFile(draft: CheckpointDraft): ReturnType<typeof toFile> {
    try {
      const made = toFile(draft, Date.now());
      if (Buffer.byteLength(made.text) <= mostMebibytes * 2 ** 20) return made;
    } catch (error) {
      // Longer than a string can be.
      if (!(error instanceof RangeError)) throw error;
    }
    throw new StoreError(
      `A checkpoint of agent "${draft.agent}" is larger than ${mostMebibytes} MiB: keep less in its state or task.`,
    );
  }

  /** The checkpoint with this id, or null where there is none that can be read. */
  load(id: string): Checkpoint | null {
    const name = `${id}.json`;
    if (!fileName.test(name)) return null;
    for (const folder of this.#folders()) {
      const file = this.#read(join(folder, name));
      if (file !== null) return toCheckpoint(file);
    }
    return null;
  }

  /** The newest readable checkpoint of the named agent, or null. */
  latest(agent: string, options: LatestOptions = {}): Checkpoint | null {
    for (const summary of this.list(agent)) {
      if (!isCompleted(summary, options)) continue;
      const file = this.#read(join(this.#root, slug(agent), `${summary.id}.json`));
      if (file !== null) return toCheckpoint(file);
    }
    return null;
  }

  /** Checkpoints, newest first, of one agent or of all. */
  list(agent?: string): CheckpointSummary[] {
    const folders = agent === undefined ? this.#folders() : [join(this.#root, slug(agent))];
    return folders
      .flatMap((folder) => this.#listFolder(folder))
      .filter((summary) => agent === undefined || summary.agent === agent)
      .sort(newestFirst);
  }

  /** The names of the agents that have checkpoints, sorted. */
  agents(): string[] {
    return [...new Set(this.list().map((summary) => summary.agent))].sort();
  }

  #write(folder: string, name: string, text: string): void {
    this.#prepare(folder);
    try {
      writeAtomic(join(folder, name), text);
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOENT") throw error;
      // Somebody removed the folder since.
      this.#prepared.delete(folder);
      this.#prepare(folder);
      writeAtomic(join(folder, name), text);
    }
  }

  #prepare(folder: string): void {
    if (this.#prepared.has(folder)) return;
    if (basename(dirname(this.#root)) === ".proj-intel") {
      prepareProjIntel(dirname(this.#root));
      mkdirSync(this.#root, { recursive: true, mode: 0o700 });
      refuseLink(this.#root);
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    refuseLink(folder);
    for (const name of readdirSync(folder).filter((entry) => temporaryName.test(entry))) {
      const path = join(folder, name);
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > abandonedAfterMs) rmSync(path, { force: true });
    }
    this.#prepared.add(folder);
  }

  #folders(): string[] {
    return entries(this.#root)
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(this.#root, entry.name));
  }

  #listFolder(folder: string): CheckpointSummary[] {
    if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
    const indexed = readIndex(folder);
    const summaries: CheckpointSummary[] = [];
    for (const entry of entries(folder)) {
      const id = fileName.exec(entry.name)?.[1];
      if (!entry.isFile() || id === undefined) {
        if (entry.name.endsWith(".json") && entry.name !== "pins.json")
          this.#skip(join(folder, entry.name), "it is foreign");
        continue;
      }
      const path = join(folder, entry.name);
      const bytes = statSync(path, { throwIfNoEntry: false })?.size;
      const line = indexed.get(id);
      if (line !== undefined && line.bytes === bytes) {
        summaries.push(summaryOf(line));
        continue;
      }
      const file = this.#read(path);
      if (file === null || bytes === undefined) continue;
      summaries.push(summaryOf(file));
      this.#index(folder, { ...summaryOf(file), bytes });
    }
    return summaries;
  }

  #read(path: string): CheckpointFile | null {
    try {
      if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
      const file = fromText(readText(path, mostMebibytes));
      if (`${file.id}.json` !== basename(path)) throw new Error("its name is not its id");
      toCheckpoint(file);
      return file;
    } catch (error) {
      this.#skip(path, error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  #skip(path: string, why: string): void {
    if (this.#warned.has(path)) return;
    this.#warned.add(path);
    this.#warn(`The checkpoint file ${path} is skipped: ${why}.`);
  }

  /** The index only saves reading: what is missing in it is read from the files and added. */
  #index(folder: string, line: CheckpointLine): void {
    try {
      appendLine(join(folder, "index.jsonl"), JSON.stringify(line));
    } catch {
      // A read-only folder can be listed all the same.
    }
  }
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw storeError(`The folder ${folder} cannot be listed`, error);
  }
}

function readIndex(folder: string): Map<string, CheckpointLine> {
  const lines = new Map<string, CheckpointLine>();
  let text: string;
  try {
    text = readText(join(folder, "index.jsonl"), mostMebibytes);
  } catch {
    return lines;
  }
  for (const line of text.split("\n")) {
    try {
      const parsed = CheckpointLine.safeParse(JSON.parse(line));
      if (parsed.success) lines.set(parsed.data.id, parsed.data);
    } catch {
      // A torn line: its checkpoint is read from its file.
    }
  }
  return lines;
}
