import type { MigrationEntry, UndoFile } from "../model/migrationPlan.ts";

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

/** The entry of a migration whose adapter was brought up to date: what undoing it takes out is the newer text. */
export function superseded(migration: MigrationEntry, update: MigrationEntry): MigrationEntry {
  const { name, adapter } = update.data;
  const undo = migration.undo.map((file) => {
    const newer = update.undo.find(({ path }) => path === file.path);
    if (newer === undefined || adapter === null) return file;
    return { ...file, ...(file.created ? { hash: newer.hash } : renewed(file, newer, adapter)) };
  });
  return { ...migration, id: update.id, time: update.time, data: { ...migration.data, name }, undo };
}

function renewed({ insertions }: UndoFile, newer: UndoFile, adapter: string): Partial<UndoFile> {
  const [text = ""] = newer.insertions.map((insertion) => insertion.text);
  return {
    insertions: insertions.map((insertion) =>
      holds(insertion.text, adapter)
        ? { ...insertion, text: exchanged(insertion.text, text, adapter) }
        : insertion,
    ),
    // The file may have changed between the two: what was inserted is found by its text.
    hash: "",
  };
}

/** What stands around the class within the inserted text, such as its export, stays. */
function exchanged(inserted: string, text: string, adapter: string): string {
  const documented = text.startsWith("/**");
  const start = documented ? inserted.indexOf("/**") : inserted.search(classOf(adapter));
  return inserted.slice(0, start) + text + inserted.slice(inserted.lastIndexOf("}") + 1);
}

const holds = (text: string, adapter: string) => classOf(adapter).test(text);
const classOf = (adapter: string) => new RegExp(`\\bclass ${adapter.replaceAll("$", "\\$")}[\\s<]`);
