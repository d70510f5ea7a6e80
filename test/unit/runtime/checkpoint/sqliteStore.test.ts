import { fork } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Database, Statement } from "../../../../src/runtime/checkpoint/sqliteDatabase.ts";
import { sqliteError } from "../../../../src/runtime/checkpoint/sqliteDatabase.ts";
import { SqliteCheckpointStore, StoreError } from "../../../../src/runtime/index.ts";
import { draft } from "./draft.ts";
import { hasSqlite } from "./sqlite.ts";

let folder: string;
let path: string;
let warnings: string[];
let opened: { close: () => void }[];
const open = (options = {}) => {
  const store = new SqliteCheckpointStore(path, {
    onWarning: (message) => warnings.push(message),
    ...options,
  });
  opened.push(store);
  return store;
};
/** The database itself. */
const raw = (): Database => {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite") as unknown as {
    DatabaseSync: new (path: string) => Database;
  };
  const database = new DatabaseSync(path);
  opened.push(database);
  return database;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sqlite-store-"));
  path = join(folder, "deep", "checkpoints.sqlite");
  warnings = [];
  opened = [];
});
afterEach(() => {
  for (const one of opened) {
    try {
      one.close();
    } catch {
      // Closed by the test.
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

it("says which Node it needs, where this one has no node:sqlite", () => {
  const builtin = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  try {
    expect(() => open()).toThrow(StoreError);
    expect(() => open()).toThrow(
      /needs Node 22\.13 or newer; this is [\d.]+\. Use FileCheckpointStore, or a newer Node\./,
    );
  } finally {
    builtin.mockRestore();
  }
  expect(existsSync(path)).toBe(false);
});

it("words what has no code of SQLite as files do", () => {
  expect(sqliteError("It cannot be", Object.assign(new Error("x"), { code: "ENOSPC" })).message).toMatch(
    /disk is full/,
  );
});

describe.skipIf(!hasSqlite)("the database", () => {
  it.skipIf(process.platform === "win32")("is readable by its owner only, with all that is beside it", () => {
    const store = open();
    store.save(draft());
    const names = readdirSync(join(folder, "deep"));
    expect(names.sort()).toEqual(["checkpoints.sqlite", "checkpoints.sqlite-shm", "checkpoints.sqlite-wal"]);
    for (const name of names) expect(statSync(join(folder, "deep", name)).mode & 0o777).toBe(0o600);
  });

  it("stays out of git by convention", () => {
    path = join(folder, ".proj-intel", "checkpoints", "checkpoints.sqlite");
    open().save(draft());
    expect(existsSync(join(folder, ".proj-intel", ".gitignore"))).toBe(true);
    path = join(folder, "other", ".proj-intel", "c.sqlite");
    open().save(draft());
    expect(existsSync(join(folder, "other", ".proj-intel", ".gitignore"))).toBe(true);
  });

  it("waits for the disk at each save, in a write-ahead log", () => {
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite") as unknown as {
      DatabaseSync: { prototype: Database };
    };
    const exec = vi.spyOn(DatabaseSync.prototype, "exec");
    open().save(draft());
    expect(exec.mock.calls.join()).toMatch(/synchronous = FULL/);
    exec.mockRestore();
    const database = raw();
    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
  });

  it.each<[string, (file: string) => void, RegExp]>([
    [
      "is no database",
      (file) => writeFileSync(file, "hello ".repeat(500)),
      /damaged or no database; move it away/,
    ],
    [
      "is of something else",
      () => raw().exec("CREATE TABLE mine (a)"),
      /a database of something else; name another/,
    ],
    [
      "is of a newer version",
      () => {
        open().close();
        raw().exec("PRAGMA user_version = 2");
      },
      /has version 2, newer than this version of opsvi-agents reads; update it/,
    ],
    ["is a folder", (file) => mkdirSync(file), /is not a file; name another path/],
  ])("that %s is left alone, with a clear error", (_, make, why) => {
    mkdirSync(join(folder, "deep"));
    make(path);
    for (const one of opened.splice(0)) one.close();
    const before = statSync(path).isFile() ? readFileSync(path) : null;
    expect(() => open()).toThrow(StoreError);
    expect(() => open()).toThrow(why);
    if (before !== null) expect(readFileSync(path).equals(before)).toBe(true);
  });

  it.skipIf(process.platform === "win32")("is not made in a folder of a repository that is a link", () => {
    mkdirSync(join(folder, "outside"));
    mkdirSync(join(folder, ".proj-intel"));
    symlinkSync(join(folder, "outside"), join(folder, ".proj-intel", "checkpoints"), "dir");
    path = join(folder, ".proj-intel", "checkpoints", "checkpoints.sqlite");
    expect(() => open()).toThrow(/is a link, not a folder/);
    expect(readdirSync(join(folder, "outside"))).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("is not made through a link", () => {
    mkdirSync(join(folder, "deep"));
    symlinkSync(join(folder, "elsewhere"), path);
    expect(() => open()).toThrow(/is not a file/);
    expect(existsSync(join(folder, "elsewhere"))).toBe(false);
  });

  it("that is damaged inside says so, and a checkpoint that was changed is skipped with one warning", () => {
    const store = open();
    const good = store.save(draft({ state: "ready" }));
    const bad = store.save(draft({ state: "ready" }));
    const moved = store.save(draft({ state: "ready" }));
    const database = raw();
    database
      .prepare("UPDATE checkpoints SET content = replace(content, '\"step\":1', '\"step\":2') WHERE id = ?")
      .run(bad.id);
    database
      .prepare("UPDATE checkpoints SET content = (SELECT content FROM checkpoints WHERE id = ?) WHERE id = ?")
      .run(good.id, moved.id);
    expect(store.load(bad.id)).toBeNull();
    expect(store.load(bad.id)).toBeNull();
    expect(store.latest("worker", { completed: true })?.id).toBe(good.id);
    expect(store.prune({ maxCount: 1 }).removed.map(({ id }) => id)).toEqual([bad.id]);
    expect(warnings).toEqual([
      expect.stringMatching(`${bad.id}.*is skipped: its content does not match its hash`),
      expect.stringMatching(`${moved.id}.*its id is not that of its row`),
    ]);
    for (const one of opened.splice(0)) one.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 100, 40_000);
    writeFileSync(path, bytes);
    expect(() => open().list()).toThrow(/damaged; move it away to begin anew/);
  });

  it("gives room back after pruning", () => {
    const store = open();
    for (let i = 0; i < 60; i += 1) store.save(draft({ context: "x".repeat(50_000) }));
    store.prune({ maxCount: 1 });
    store.close();
    expect(statSync(path).size).toBeLessThan(1_000_000);
    expect(open().list()).toHaveLength(1);
  });

  it("can be closed twice, and is not used after that", () => {
    const store = open();
    store.save(draft());
    store.close();
    store.close();
    for (const use of [
      () => store.save(draft()),
      () => store.list(),
      () => store.pin("x"),
      () => store.prune({}),
    ]) {
      expect(use).toThrow(/is closed; open another one/);
    }
    expect(readdirSync(join(folder, "deep"))).toEqual(["checkpoints.sqlite"]);
  });

  it("prunes by itself where that is asked, and only warns where it cannot", () => {
    const store = open({ retention: { maxCount: 2 } });
    for (let i = 0; i < 65; i += 1) store.save(draft());
    expect(store.list()).toHaveLength(2);
    const other = raw();
    other.exec("CREATE TRIGGER no BEFORE DELETE ON checkpoints BEGIN SELECT raise(ABORT, 'kept'); END");
    for (let i = 0; i < 64; i += 1) store.save(draft());
    expect(store.list()).toHaveLength(66);
    expect(warnings).toEqual([
      expect.stringMatching(/Old checkpoints of agent "worker" were not removed: .*kept/),
    ]);
    expect(() => store.prune({ maxCount: 0 })).toThrow(StoreError);
    expect(store.save(draft()).agent).toBe("worker");
  });

  it("waits for others, and says so when it takes too long", () => {
    const store = open();
    const other = raw();
    other.exec("BEGIN IMMEDIATE");
    expect(() => store.save(draft())).toThrow(/another process has held it for 5 seconds; try again/);
    other.exec("COMMIT");
    expect(store.load(store.save(draft()).id)).not.toBeNull();
  }, 20_000);

  it("is taken for ours where another process makes it while it is looked at", () => {
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite") as unknown as {
      DatabaseSync: { prototype: { prepare: (this: Database, sql: string) => Statement } };
    };
    const { prepare } = DatabaseSync.prototype;
    let looked = false;
    const spy = vi.spyOn(DatabaseSync.prototype, "prepare").mockImplementation(function (
      this: Database,
      sql,
    ) {
      const statement = prepare.call(this, sql);
      if (looked) return statement;
      looked = true;
      const row = statement.get();
      open().save(draft());
      return { ...statement, get: () => row };
    });
    const store = open();
    spy.mockRestore();
    expect(looked).toBe(true);
    expect(store.list()).toHaveLength(1);
  });

  it("is made by several processes at once, and each one's checkpoints are there", async () => {
    const children = Array.from({ length: 4 }, (_, i) =>
      fork(join(import.meta.dirname, "saveMany.ts"), [path, String(i)], {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      }),
    );
    const saved = await Promise.all(
      children.map(async (child) => {
        const [ids] = (await once(child, "message")) as [string[]];
        await once(child, "close");
        return ids;
      }),
    );
    const store = open();
    expect(store.list().map(({ id }) => id)).toEqual(saved.flat().sort().reverse());
    expect(store.agents()).toEqual(["0", "1", "2", "3"]);
  }, 30_000);
});
