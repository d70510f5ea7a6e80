import { closeSync, constants, lstatSync, mkdirSync, openSync } from "node:fs";
import { basename, dirname } from "node:path";
import { systemClock } from "../core/clock.ts";
import { prepareProjIntel, refuseLink } from "../files/projIntel.ts";
import { StoreError, storeError } from "../storeError.ts";

/** What is used of a prepared statement of `node:sqlite`. */
export interface Statement {
  run(...values: unknown[]): unknown;
  get(...values: unknown[]): Record<string, unknown> | undefined;
  all(...values: unknown[]): Record<string, unknown>[];
}

/** What is used of a database of `node:sqlite`. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** The newest `user_version` this library reads and the one it writes. */
export const databaseVersion = 1;
/** "opsv": tells our databases from others. */
const applicationId = 0x6f707376;
const busyMs = 5_000;
/** Checkpoints are larger than what databases usually hold. */
const pageBytes = 16_384;
const mostPagesInLog = 400;

const tables = `
  CREATE TABLE checkpoints (
    id TEXT NOT NULL PRIMARY KEY,
    agent TEXT NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL,
    summary TEXT NOT NULL,
    content TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX checkpointsOfAgent ON checkpoints (agent, id);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${databaseVersion};
`;

/** Opens or makes the database; throws a {@link StoreError} where it cannot, and then leaves the file as it was. */
export function openDatabase(path: string): Database {
  const Database = databaseClass();
  make(path);
  let database: Database | undefined;
  try {
    database = new Database(path);
    database.exec(`PRAGMA busy_timeout = ${busyMs}`);
    prepare(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof StoreError ? error : sqliteError(`The database ${path} cannot be opened`, error);
  }
}

function databaseClass(): new (path: string) => Database {
  // Absent on older versions of Node, where importing it would fail.
  const sqlite = process.getBuiltinModule("node:sqlite") as
    { DatabaseSync: new (path: string) => Database } | undefined;
  if (sqlite !== undefined) return sqlite.DatabaseSync;
  throw new StoreError(
    `SqliteCheckpointStore needs Node 22.13 or newer; this is ${process.versions.node}. Use FileCheckpointStore, or a newer Node.`,
  );
}

/** SQLite itself would make the file readable by others. */
function make(path: string): void {
  const folder = dirname(path);
  try {
    const projIntel = [folder, dirname(folder)].find((one) => basename(one) === ".proj-intel");
    if (projIntel !== undefined) prepareProjIntel(projIntel);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (projIntel !== undefined) refuseLink(folder);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
      // Another process may be first: then it is opened, and left as it is.
      closeSync(openSync(path, constants.O_CREAT | constants.O_WRONLY, 0o600));
    } else if (!found.isFile()) {
      throw new StoreError(`${path} is not a file; name another path for the database, or move it away.`);
    }
  } catch (error) {
    throw error instanceof StoreError ? error : storeError(`The database ${path} cannot be made`, error);
  }
}

function prepare(database: Database, path: string): void {
  const versionOf = () => numberOf(database, "PRAGMA user_version");
  const isOurs = () => numberOf(database, "PRAGMA application_id") === applicationId;
  const isEmpty = () => numberOf(database, "SELECT count(*) FROM sqlite_schema") === 0;
  // In this order: another process may be making it now.
  if (!isEmpty() && !isOurs()) {
    throw new StoreError(`${path} is a database of something else; name another path.`);
  }
  if (versionOf() > databaseVersion) {
    throw new StoreError(
      `The database ${path} has version ${versionOf()}, newer than this version of opsvi-agents reads; update it.`,
    );
  }
  if (isEmpty()) database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA auto_vacuum = INCREMENTAL`);
  becomeWal(database);
  // An acknowledged checkpoint survives a power failure, too.
  database.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${mostPagesInLog}`);
  if (!isEmpty()) return;
  database.exec("BEGIN IMMEDIATE");
  // Another process may have been first.
  if (isEmpty()) database.exec(tables);
  database.exec("COMMIT");
}

/** SQLite does not wait by itself for others who do the same. */
function becomeWal(database: Database): void {
  for (const deadline = Date.now() + busyMs; ;) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (primaryCode(error) !== BUSY || Date.now() > deadline) throw error;
      systemClock.sleepSync(5);
    }
  }
}

function numberOf(database: Database, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
}

const BUSY = 5;
const reasons: Readonly<Record<number, string>> = {
  3: "access is denied; check the permissions of the file and its folder",
  [BUSY]: `another process has held it for ${busyMs / 1000} seconds; try again`,
  6: "it is in use; try again",
  8: "it is read-only; check the permissions of the file and its folder",
  10: "the disk cannot be read or written as it should; check it and its free space",
  11: "it is damaged; move it away to begin anew",
  13: "the disk is full; free some space",
  14: "the file cannot be opened; check that its folder is there and can be written",
  26: "it is damaged or no database; move it away to begin anew",
};

/** The lowest byte of SQLite's extended result code. */
const primaryCode = (error: unknown): number => ((error as { errcode?: number } | null)?.errcode ?? 0) & 0xff;

/** Words an error of SQLite: `what` could not be done because … */
export function sqliteError(what: string, cause: unknown): StoreError {
  const reason = reasons[primaryCode(cause)];
  if (reason === undefined) return storeError(what, cause);
  return new StoreError(`${what}: ${reason}.`, { cause });
}
