import { appendFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MigrationEntry, type UndoFile } from "../model/migrationPlan.ts";
import type { ReportedClass } from "../model/migrationReport.ts";
import { unmigratedEntry } from "./entry.ts";
import { textOf } from "./files.ts";
import { classKey } from "./migratedClass.ts";
import { superseded } from "./supersede.ts";

export function logFile(root: string): string {
  return join(root, ".proj-intel", "migrations.jsonl");
}

/** The migrations of a workspace folder, oldest first. Lines that cannot be read are passed over. */
export async function readLog(root: string): Promise<MigrationEntry[]> {
  return parseLog((await textOf(logFile(root))) ?? "");
}

export function parseLog(text: string): MigrationEntry[] {
  return text.split("\n").flatMap((line) => {
    try {
      return MigrationEntry.safeParse(JSON.parse(line)).data ?? [];
    } catch {
      return [];
    }
  });
}

/** Appends lines, all in one write. */
export async function appendLog(root: string, entries: readonly MigrationEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const file = logFile(root);
  await mkdir(dirname(file), { recursive: true });
  const before = (await textOf(file)) ?? "";
  // A line torn by a crash must not swallow these.
  const separator = before === "" || before.endsWith("\n") ? "" : "\n";
  const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
  await appendFile(file, separator + lines.join(""), { mode: 0o600 });
}

/** Logs classes that were left as they are; what the log's last line of a class says already is not repeated. */
export async function logUnmigrated(root: string, classes: readonly ReportedClass[]): Promise<void> {
  if (classes.length === 0) return;
  const last = new Map((await readLog(root)).map(({ data }) => [classKey(data), data]));
  const news = classes.filter((each) => {
    const known = last.get(classKey(each));
    return known?.status !== each.status || known.reason !== each.reason;
  });
  const entries = news.map((each) =>
    unmigratedEntry(each, each.status === "failed" ? "failed" : "skipped", each.reason ?? ""),
  );
  await appendLog(root, entries);
}

export interface LogState {
  /** What is migrated now. */
  active: MigrationEntry[];
  /** What earlier migrations wrote and left in place: needed by others, or by the next migration of the same class. */
  left: UndoFile[];
}

/** Where the log leads to. */
export function stateOf(entries: readonly MigrationEntry[]): LogState {
  const active = new Map<string, MigrationEntry>();
  let left: UndoFile[] = [];
  for (const entry of entries) {
    const key = classKey(entry.data);
    const updates = entry.data.status === "migrated" && entry.data.action === "update";
    const adapted = updates ? adaptedIn(active, entry) : undefined;
    if (adapted !== undefined) {
      active.delete(adapted.key);
      active.set(key, superseded(adapted.entry, entry));
    } else if (entry.data.status === "migrated") {
      // An editor's undo goes unlogged: what it leaves behind still has to be found.
      left = [...left, ...remains(active.get(key), entry)];
      active.set(key, entry);
    }
    if (entry.data.status === "undone") {
      active.delete(key);
      left = entry.undo;
    }
  }
  return { active: [...active.values()], left };
}

/** What may still be there of an earlier migration of a class; a file that is created anew holds nothing of it. */
function remains(earlier: MigrationEntry | undefined, { undo }: MigrationEntry): UndoFile[] {
  const anew = new Set(undo.filter(({ created }) => created).map(({ path }) => path));
  return (earlier?.undo ?? []).flatMap((file) => {
    if (file.created) return anew.has(file.path) ? [] : file;
    const insertions = file.insertions.filter(({ shared }) => shared === true);
    return insertions.length === 0 ? [] : { ...file, insertions };
  });
}

/** The migration that made the adapter which an entry updates: the class, or the adapter, may have another name by now. */
function adaptedIn(active: ReadonlyMap<string, MigrationEntry>, { data }: MigrationEntry) {
  for (const [key, entry] of active) {
    if (entry.data.file_path === data.file_path && entry.data.adapter === data.adapter) return { key, entry };
  }
  const key = classKey(data);
  const entry = active.get(key);
  return entry && { key, entry };
}
