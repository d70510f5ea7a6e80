import type { MigrationEntry, UndoFile } from "../model/migrationPlan.ts";
import type { Insertion } from "./locate.ts";
import type { LogState } from "./log.ts";
import { literally } from "./names.ts";

/** The text that migrations inserted for an adapter into a file, or null where none is on record. */
export function insertedAdapter(
  active: readonly MigrationEntry[],
  path: string,
  adapter: string,
): string | null {
  for (const { data, undo } of active) {
    if (data.adapter !== adapter) continue;
    const insertions = undo.filter((file) => file.path === path).flatMap((file) => file.insertions);
    const found = insertions.find(({ text }) => holds(text, adapter));
    if (found !== undefined) return found.text;
  }
  return null;
}

/** What migrations inserted into a file for all of its adapters. */
export function insertedImports({ active, left }: LogState, path: string): Insertion[] {
  const files = [...active.flatMap(({ undo }) => undo), ...left].filter((file) => file.path === path);
  return files.flatMap(({ insertions }) => insertions.filter(({ shared }) => shared === true));
}

/** The entry of a migration whose adapter was brought up to date: undoing it takes out what stands there since. */
export function superseded(migration: MigrationEntry, update: MigrationEntry): MigrationEntry {
  const { name, adapter } = update.data;
  const undo = migration.undo.map((file) => {
    const newer = update.undo.find(({ path }) => path === file.path);
    return newer === undefined ? file : renewed(file, newer, [migration.data.adapter, adapter]);
  });
  return { ...migration, id: update.id, time: update.time, data: { ...migration.data, name, adapter }, undo };
}

function renewed(
  file: UndoFile,
  newer: UndoFile,
  [before, after]: [before: string | null, after: string | null],
): UndoFile {
  const update = newer.insertions.find(({ text }) => after !== null && holds(text, after));
  if (update === undefined || before === null) return file;
  const insertions = file.insertions.map((insertion) =>
    holds(insertion.text, before)
      ? { ...insertion, text: exchanged(insertion.text, update.text, before) }
      : insertion,
  );
  // Imports that nobody needed any more are gone: there is nothing of them to be taken out.
  const imports = newer.insertions.filter(({ text, shared }) => shared === true && text !== "");
  // The file may have changed between the two: what was inserted is found by its text.
  return { ...file, insertions: [...insertions, ...imports], hash: "" };
}

/** What stands around the class within the inserted text, such as its export, stays. */
function exchanged(inserted: string, text: string, adapter: string): string {
  const documented = text.startsWith("/**");
  const start = documented ? inserted.indexOf("/**") : inserted.search(classOf(adapter));
  return inserted.slice(0, start) + text + inserted.slice(inserted.lastIndexOf("}") + 1);
}

const holds = (text: string, adapter: string) => classOf(adapter).test(text);
const classOf = (adapter: string) => new RegExp(`\\bclass ${literally(adapter)}[\\s<]`);
