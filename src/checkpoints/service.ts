import { randomUUID } from "node:crypto";
import type {
  AgentCheckpoints,
  CheckpointComparison,
  CheckpointDetail,
  CheckpointEvents,
  CheckpointFolder,
  CheckpointKey,
  CheckpointList,
  CheckpointListRow,
  CheckpointPage,
  CheckpointQuery,
  ForkRequest,
  ForkResult,
  ImportResult,
  PrunePreview,
  PruneRequest,
  SearchResult,
  ShownPrune,
} from "../model/checkpoints.ts";
import { UserError } from "../model/userError.ts";
import { fork } from "./change/fork.ts";
import { preparePrune, type Prepared } from "./change/prune.ts";
import { remove } from "./change/remove.ts";
import { removePrepared } from "./change/removePrepared.ts";
import { restore } from "./change/restore.ts";
import { exportText, importText } from "./change/transfer.ts";
import { CheckpointWriter, type Steps } from "./change/writer.ts";
import { compare, compareWithLive } from "./content/compare.ts";
import { detail } from "./content/detail.ts";
import { fileOf } from "./content/inspect.ts";
import { searchContent } from "./content/search.ts";
import { fill } from "./fill.ts";
import { Jobs, type Pace } from "./jobs.ts";
import type { Entry } from "./listing/entry.ts";
import { CheckpointLists } from "./view/lists.ts";
import { totalsOf } from "./view/totals.ts";

const FILL = "fill";
/** So long what is in sight has the processor for itself. */
const firstRowsMs = 200;
/** Nobody may ask for rows. */
const nobodyAsksMs = 3_000;
const searchesKept = 8;
const shownKept = 4;

/** Reads and changes the checkpoints of some workspace folders; in a thread, or in the process that asks. */
export class CheckpointService {
  readonly lists = new CheckpointLists();
  readonly #events: CheckpointEvents;
  readonly #eager: boolean;
  readonly #jobs = new Jobs();
  /** What searches found, by job. */
  readonly #found = new Map<string, Set<string>>();
  /** What users were shown to go, by its name. */
  readonly #shownPrunes = new Map<string, { request: PruneRequest; ids: ReadonlySet<string> }>();
  #filled: Promise<void> = Promise.resolve();
  /** Resolves once the first rows are in sight. */
  readonly #inSight: Promise<void>;
  #showed: () => void = () => undefined;

  /** @param eager reads by itself, after the first answers, what names do not tell; else when `complete` is asked for */
  constructor(events: CheckpointEvents, eager = true) {
    this.#events = events;
    this.#eager = eager;
    this.#inSight = new Promise((resolve) => {
      this.#showed = resolve;
    });
  }

  open(folders: CheckpointFolder[]): void {
    this.lists.open(folders, this.#eager);
    if (!this.#eager) return;
    setTimeout(this.#showed, nobodyAsksMs).unref();
    this.#fill();
  }

  refresh(files?: string[]): void {
    if (this.lists.refresh(files)) this.#events.changed();
    if (this.#eager) this.#fill();
  }

  query(query: CheckpointQuery): CheckpointList {
    const found = query.search === null ? null : (this.#found.get(query.search) ?? new Set<string>());
    return this.lists.query(query, found);
  }

  rows(version: number, from: number, count: number): CheckpointListRow[] | null {
    setTimeout(this.#showed, firstRowsMs).unref();
    return this.lists.rows(version, from, count);
  }

  page(query: CheckpointQuery, from: number, count: number): CheckpointPage {
    const { version, rows } = this.query(query);
    return { count: rows, rows: this.rows(version, from, count) ?? [] };
  }

  rowOf(version: number, key: CheckpointKey): number {
    return this.lists.rowOf(version, key);
  }

  agentsIn(folder: string): AgentCheckpoints[] {
    return totalsOf(this.lists.listingOf(folder).entries, []).agents;
  }

  search(job: string, query: CheckpointQuery, text: string): Promise<SearchResult> {
    return this.#jobs.run(job, async (pace) => {
      this.lists.scan();
      const entries = this.lists.matching({ ...query, search: null }, null);
      this.#found.set(job, new Set());
      const { result, ids } = await searchContent(entries, text, pace, {
        progress: (done, total) => this.#events.progress(job, done, total),
        found: (keys) => {
          for (const { folder, id } of keys) this.#found.get(job)?.add(`${folder}|${id}`);
          this.#events.found(job, keys);
        },
      });
      this.#found.set(job, ids);
      for (const old of [...this.#found.keys()].slice(0, -searchesKept)) this.#found.delete(old);
      return result;
    });
  }

  fileOf(key: CheckpointKey): string {
    this.refresh();
    return fileOf(this.lists.find(key));
  }

  detail(key: CheckpointKey): CheckpointDetail {
    return detail(this.lists, this.lists.find(key));
  }

  compare(a: CheckpointKey, b: CheckpointKey): CheckpointComparison {
    return compare(this.lists, this.lists.find(a), this.lists.find(b));
  }

  compareWithLive(a: CheckpointKey, live: string): CheckpointComparison {
    return compareWithLive(this.lists, this.lists.find(a), live);
  }

  prunePreview(job: string, request: PruneRequest): Promise<ShownPrune> {
    return this.#jobs.run(job, async (pace) => {
      const { preview, removed } = await this.#preparePrune(this.#steps(job, pace), request, null);
      const shown = randomUUID();
      this.#shownPrunes.set(shown, { request, ids: new Set(removed.map(({ id }) => id)) });
      for (const old of [...this.#shownPrunes.keys()].slice(0, -shownKept)) this.#shownPrunes.delete(old);
      return { ...preview, shown };
    });
  }

  async pruneShown(job: string, shown: string): Promise<PrunePreview> {
    const known = this.#shownPrunes.get(shown);
    if (known === undefined)
      throw new UserError(
        "Nothing was pruned: what was shown to go is out of date. Look again at what would go.",
      );
    return this.#prune(job, known.request, known.ids);
  }

  prune(job: string, request: PruneRequest): Promise<PrunePreview> {
    return this.#prune(job, request, null);
  }

  restore(key: CheckpointKey): CheckpointKey {
    const id = restore(this.lists.listingOf(key.folder), this.lists.find(key));
    this.refresh();
    return { folder: key.folder, id };
  }

  fork(request: ForkRequest): ForkResult {
    const result = fork(this.lists.listingOf(request.folder), this.lists.find(request), request);
    this.refresh();
    return result;
  }

  setPinned(key: CheckpointKey, pinned: boolean): void {
    new CheckpointWriter(this.lists.listingOf(key.folder)).setPinned(this.lists.find(key), pinned);
    this.refresh();
  }

  exportText(keys: CheckpointKey[], leftOut?: (why: string) => void): string {
    return exportText(
      keys.map((key) => this.lists.find(key)),
      leftOut,
    );
  }

  importText(job: string, folder: string, text: string): Promise<ImportResult> {
    return this.#change(job, (steps) => importText(this.lists.listingOf(folder), text, steps));
  }

  /** Pinned ones are refused. */
  async remove(job: string, keys: CheckpointKey[]): Promise<number> {
    const byFolder = new Map<string, Entry[]>();
    for (const key of keys) {
      const entries = byFolder.get(key.folder) ?? [];
      byFolder.set(key.folder, entries);
      entries.push(this.lists.find(key));
    }
    return this.#change(job, async (steps) => {
      let gone = 0;
      for (const [folder, entries] of byFolder)
        gone += await remove(this.lists.listingOf(folder), entries, steps);
      return gone;
    });
  }

  cancel(job: string): void {
    this.#jobs.cancel(job);
  }

  /** Resolves when all is known that there is to know. */
  get complete(): Promise<void> {
    this.#showed();
    if (!this.#eager) this.#fill();
    return this.#lastFilled();
  }

  dispose(): void {
    this.#jobs.cancelAll();
  }

  /** What is new meanwhile is read by another one, which ends the one before. */
  async #lastFilled(): Promise<void> {
    for (let awaited: Promise<void> | null = null; awaited !== this.#filled;) {
      awaited = this.#filled;
      await awaited;
    }
  }

  #prune(job: string, request: PruneRequest, shown: ReadonlySet<string> | null): Promise<PrunePreview> {
    return this.#change(job, async (steps) => {
      const prepared = await this.#preparePrune(steps, request, shown);
      return removePrepared(this.lists.listingOf(request.folder), prepared, steps);
    });
  }

  /** Whatever comes of it, what is there then is looked at. */
  async #change<T>(job: string, work: (steps: Steps) => Promise<T>): Promise<T> {
    try {
      return await this.#jobs.run(job, (pace) => work(this.#steps(job, pace)));
    } finally {
      this.refresh();
    }
  }

  #steps(job: string, pace: Pace): Steps {
    return { pace, progress: (done, total) => this.#events.progress(job, done, total) };
  }

  async #preparePrune(
    { pace, progress }: Steps,
    { folder, policy, agent }: PruneRequest,
    shown: ReadonlySet<string> | null,
  ): Promise<Prepared> {
    this.refresh();
    await this.complete;
    pace.signal.throwIfAborted();
    return preparePrune(
      this.lists.listingOf(folder),
      { policy, agent, shown },
      (entry) => this.lists.summary(entry),
      pace,
      progress,
    );
  }

  #fill(): void {
    if (!this.lists.pending) return;
    this.#filled = this.#jobs
      .run(FILL, async (pace) => {
        await this.#inSight;
        pace.signal.throwIfAborted();
        await fill(this.lists, pace, () => this.#events.changed());
      })
      .catch(() => undefined);
  }
}
