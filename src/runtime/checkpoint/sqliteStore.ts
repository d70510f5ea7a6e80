import { resolve } from "node:path";
import type {
  Checkpoint,
  CheckpointDraft,
  CheckpointSummary,
  LatestOptions,
} from "../core/checkpointStore.ts";
import { emitWarning, StoreError, type Warn } from "../storeError.ts";
import { lineageOf } from "./lineage.ts";
import { isCompleted, summaryOf } from "./listing.ts";
import type {
  ForkOptions,
  Lineage,
  ManagedCheckpointStore,
  PruneOptions,
  PrunePolicy,
  PruneResult,
  RetentionOptions,
} from "./managedStore.ts";
import { continueAfter } from "./newId.ts";
import { checkPruning } from "./policy.ts";
import { planPruning, resultOf } from "./pruning.ts";
import { fromText, toCheckpoint } from "./record.ts";
import { Recorder, type Sealed } from "./recorder.ts";
import { Retention } from "./retention.ts";
import type { Checkpoint as CheckpointFile } from "./schema.ts";
import { type Database, openDatabase, sqliteError, type Statement } from "./sqliteDatabase.ts";

/** Settings of a {@link SqliteCheckpointStore}. */
export interface SqliteStoreOptions extends RetentionOptions {
  /** Told once about each checkpoint that is skipped; by default a warning of the process. */
  onWarning?: ((message: string) => void) | undefined;
}

/**
 * Keeps checkpoints in a SQLite database, through `node:sqlite`: Node 22.13 or newer. A save is on disk when it returns
 * (write-ahead log, synchronous FULL). Several processes of one machine may use one file; each waits up to five seconds
 * for another. The file and those beside it (`-wal`, `-shm`) belong together.
 */
export class SqliteCheckpointStore implements ManagedCheckpointStore {
  readonly #path: string;
  readonly #warn: Warn;
  readonly #warned = new Set<string>();
  readonly #recorder = new Recorder();
  readonly #retention: Retention;
  readonly #statements = new Map<string, Statement>();
  #database: Database | null;

  /**
   * Opens the database `file`, or makes it, readable by its owner only; by convention
   * `.proj-intel/checkpoints/checkpoints.sqlite`. Throws a {@link StoreError} where this Node has no `node:sqlite`, and
   * where the file is damaged, newer, or something else (it is left alone then); an `AgentUsageError` for a retention
   * policy that is none.
   */
  constructor(file: string, options: SqliteStoreOptions = {}) {
    this.#path = resolve(file);
    this.#warn = options.onWarning ?? emitWarning;
    this.#retention = new Retention(options.retention);
    this.#database = openDatabase(this.#path);
    const newest = this.#all("SELECT max(id) AS id FROM checkpoints")[0]?.["id"];
    if (typeof newest === "string") continueAfter(newest);
  }

  /** Stores a checkpoint durably; throws a {@link StoreError} where it cannot. */
  save(draft: CheckpointDraft): CheckpointSummary {
    return this.#retain(this.#insert(this.#recorder.save(draft)));
  }

  #insert({ summary, bytes }: Sealed): CheckpointSummary {
    const { id, agent } = summary;
    this.#try(`A checkpoint of agent "${agent}" cannot be written to ${this.#path}`, () =>
      this.#prepare(
        "INSERT INTO checkpoints (id, agent, bytes, summary, content) VALUES (?, ?, ?, ?, CAST(? AS TEXT))",
      ).run(id, agent, bytes.length, JSON.stringify(summary), bytes),
    );
    return summaryOf(summary);
  }

  #retain(saved: CheckpointSummary): CheckpointSummary {
    this.#retention.saved(saved.agent, (policy, options) => this.prune(policy, options), this.#warn);
    return saved;
  }

  /** The checkpoint with this id, or null where there is none that can be read. */
  load(id: string): Checkpoint | null {
    const file = this.#read(id);
    return file === null ? null : toCheckpoint(file);
  }

  /** The newest readable checkpoint of the named agent, or null. */
  latest(agent: string, options: LatestOptions = {}): Checkpoint | null {
    for (let before = "~"; ;) {
      const row = this.#all(
        "SELECT id, summary FROM checkpoints WHERE agent = ? AND id < ? ORDER BY id DESC LIMIT 1",
        agent,
        before,
      )[0];
      if (row === undefined) return null;
      before = String(row["id"]);
      if (!isCompleted(summaryIn(row), options)) continue;
      const file = this.#read(before);
      if (file !== null) return toCheckpoint(file);
    }
  }

  /** Checkpoints, newest first, of one agent or of all. */
  list(agent?: string): CheckpointSummary[] {
    const rows =
      agent === undefined
        ? this.#all("SELECT summary FROM checkpoints ORDER BY id DESC")
        : this.#all("SELECT summary FROM checkpoints WHERE agent = ? ORDER BY id DESC", agent);
    return rows.map(summaryIn);
  }

  /** The names of the agents that have checkpoints, sorted. */
  agents(): string[] {
    return this.#all("SELECT DISTINCT agent FROM checkpoints")
      .map((row) => String(row["agent"]))
      .sort();
  }

  /** A checkpoint and its ancestors, newest to root; stops with a note at one that is missing. */
  lineage(id: string): Lineage {
    return lineageOf(id, this.list());
  }

  /** Saves a checkpoint with the content of another one, its parent; throws a {@link StoreError} where it cannot. */
  fork(id: string, options: ForkOptions = {}): CheckpointSummary {
    const fork = this.#transaction(`Nothing in ${this.#path} can be forked`, () => {
      const file = this.#read(id);
      if (file === null) throw new StoreError(`There is no checkpoint ${id}.`);
      const { agent = file.agent, runId = null, label = "fork" } = options;
      return this.#insert(this.#recorder.fork(file, { agent, runId, label }));
    });
    return this.#retain(fork);
  }

  /** Keeps a checkpoint from being pruned, and its ancestors; throws a {@link StoreError} where it cannot. */
  pin(id: string): void {
    if (this.#setPin(id, 1) === 0) throw new StoreError(`There is no checkpoint ${id}.`);
  }

  /** Takes a pin away; nothing happens where there is none. Throws a {@link StoreError} where it cannot. */
  unpin(id: string): void {
    this.#setPin(id, 0);
  }

  /** The ids of the pinned checkpoints, oldest first. */
  pins(): string[] {
    return this.#all("SELECT id FROM checkpoints WHERE pinned ORDER BY id").map((row) => String(row["id"]));
  }

  /**
   * Removes checkpoints that a policy does not keep. Throws an `AgentUsageError` for a limit or option that is none, a
   * {@link StoreError} where the database cannot be written.
   */
  prune(policy: PrunePolicy, options: PruneOptions = {}): PruneResult {
    checkPruning(policy, options);
    const result = this.#transaction(`Nothing in ${this.#path} can be pruned`, () =>
      this.#prune(policy, options),
    );
    if (options.dryRun !== true && result.removed.length > 0) this.#all("PRAGMA incremental_vacuum");
    return result;
  }

  #transaction<T>(what: string, action: () => T): T {
    return this.#try(what, () => {
      const database = this.#open();
      database.exec("BEGIN IMMEDIATE");
      try {
        const result = action();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        rollBack(database);
        throw error;
      }
    });
  }

  #prune(policy: PrunePolicy, { agent, dryRun = false }: PruneOptions): PruneResult {
    const all = this.#all("SELECT summary, bytes FROM checkpoints").map((row) => ({
      summary: summaryIn(row),
      bytes: Number(row["bytes"]),
    }));
    const isReadable = (id: string): boolean => this.#read(id) !== null;
    const pinned = new Set(this.pins());
    const plan = planPruning(all, policy, { agent, pinned, isReadable, now: Date.now() });
    const remove = this.#prepare("DELETE FROM checkpoints WHERE id = ?");
    if (!dryRun) for (const { summary } of plan.removed) remove.run(summary.id);
    return resultOf(plan, []);
  }

  /** Closes the database; the store cannot be used any more. Again: nothing happens. */
  close(): void {
    this.#statements.clear();
    this.#database?.close();
    this.#database = null;
  }

  #read(id: string): CheckpointFile | null {
    const row = this.#all("SELECT content FROM checkpoints WHERE id = ?", id)[0];
    if (row === undefined) return null;
    try {
      const file = fromText(String(row["content"]));
      if (file.id !== id) throw new Error("its id is not that of its row");
      toCheckpoint(file);
      return file;
    } catch (error) {
      this.#skip(id, error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  #skip(id: string, why: string): void {
    if (this.#warned.has(id)) return;
    this.#warned.add(id);
    this.#warn(`The checkpoint ${id} in ${this.#path} is skipped: ${why}.`);
  }

  /** How many checkpoints have this id. */
  #setPin(id: string, pinned: 0 | 1): number {
    const { changes } = this.#try(`The pins in ${this.#path} cannot be written`, () =>
      this.#prepare("UPDATE checkpoints SET pinned = ? WHERE id = ?").run(pinned, id),
    ) as { changes: number | bigint };
    return Number(changes);
  }

  #all(sql: string, ...values: unknown[]): Record<string, unknown>[] {
    return this.#try(`The database ${this.#path} cannot be read`, () => this.#prepare(sql).all(...values));
  }

  #prepare(sql: string): Statement {
    const database = this.#open();
    const statement = this.#statements.get(sql) ?? database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #open(): Database {
    if (this.#database !== null) return this.#database;
    throw new StoreError(`The checkpoint store ${this.#path} is closed; open another one.`);
  }

  #try<T>(what: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw error instanceof StoreError ? error : sqliteError(what, error);
    }
  }
}

const summaryIn = (row: Record<string, unknown>): CheckpointSummary =>
  JSON.parse(String(row["summary"])) as CheckpointSummary;

/** What went wrong may have done it already. */
function rollBack(database: Database): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // Nothing to roll back.
  }
}
