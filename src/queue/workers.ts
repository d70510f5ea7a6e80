import { WorkerTold } from "../model/workerTold.ts";
import type { SharedFiles } from "./sharedFiles.ts";

/** A worker that was not heard of for so long is gone. */
const LASTS_MS = 20_000;
/** Where one could not tell of itself for so long, what others told may have run out: they tell of themselves every few seconds. */
const AWAY_MS = 10_000;
/** Then all that are there have told of themselves again. */
const ALL_TOLD_MS = LASTS_MS + 5_000;
const FOLDER = "workers";

/** Who takes runs of a queue, by what they tell of themselves. */
export class Workers {
  readonly #files: SharedFiles;
  /** By the clock of this process, null before it told of itself. */
  #toldAt: number | null = null;
  #mayLackUntil = 0;

  constructor(files: SharedFiles) {
    this.#files = files;
  }

  async tell(worker: WorkerTold): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(worker));
    await this.#files.put(`${FOLDER}/${worker.id}`, bytes, { lastsMs: LASTS_MS });
    if (this.#wasAway) this.#mayLackUntil = performance.now() + ALL_TOLD_MS;
    this.#toldAt = performance.now();
  }

  /** Whether the list may lack some that are there, as the server was away and not all have told of themselves since. */
  get mayLack(): boolean {
    return this.#wasAway || performance.now() < this.#mayLackUntil;
  }

  get #wasAway(): boolean {
    return this.#toldAt !== null && performance.now() - this.#toldAt > AWAY_MS;
  }

  /** Those that are there, the oldest first. */
  async list(): Promise<WorkerTold[]> {
    const names = await this.#files.list(FOLDER);
    const told = await Promise.all(names.map((name) => this.#read(name)));
    return told.filter((each) => each !== null).sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  }

  async leave(id: string): Promise<void> {
    await this.#files.remove([`${FOLDER}/${id}`]);
  }

  /** Null where it left meanwhile, or is of a version that tells otherwise. */
  async #read(name: string): Promise<WorkerTold | null> {
    const file = await this.#files.get(name);
    if (file === null) return null;
    try {
      return WorkerTold.parse(JSON.parse(Buffer.from(file.bytes).toString("utf8")));
    } catch {
      return null;
    }
  }
}
