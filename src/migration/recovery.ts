import { dirname, join, relative } from "node:path";
import { PendingMigrations, type MigrationEntry } from "../model/migrationPlan.ts";
import { counted } from "../model/counted.ts";
import { UserError } from "../model/userError.ts";
import { carryOut, clearLeftovers, removeEmptyFolder, textOf, type FileStep } from "./files.ts";
import { forgetPending, pendingFile } from "./journal.ts";
import { appendLog, readLog } from "./log.ts";
import { slashes } from "./runtimeImport.ts";
import { undoMigrations } from "./undo.ts";
import { isWritablePath } from "./writablePath.ts";

export interface Recovered {
  /** Relative paths of the files that were written. */
  written: string[];
  /** Of those that were edited since, and left as they are. */
  left: string[];
  /** How many classes are migrated by it now, whose types nobody has checked. */
  unverified: number;
}

/**
 * What an interrupted migration was about to write; null where none was interrupted.
 * @throws UserError where the note of it cannot be read or names files that no migration writes
 */
export async function readPending(root: string): Promise<PendingMigrations | null> {
  const file = pendingFile(root);
  const text = await textOf(file);
  if (text === null) return null;
  const unusable = (why: string) =>
    new UserError(`${file} ${why}: compare your files with version control, then delete it.`);
  let parsed: PendingMigrations | undefined;
  try {
    parsed = PendingMigrations.safeParse(JSON.parse(text)).data;
  } catch {
    // Said below.
  }
  if (parsed === undefined) throw unusable("tells of an interrupted migration but cannot be read");
  for (const { path } of parsed.steps) {
    if (!(await isWritablePath(root, path))) throw unusable(`names ${path}, which no migration writes`);
  }
  return parsed;
}

/** Writes what an interrupted migration had not written yet. */
export async function finishPending(root: string): Promise<Recovered> {
  const pending = await readPending(root);
  if (pending === null) return { written: [], left: [], unverified: 0 };
  const result = await bring(root, pending.steps, "after");
  const known = new Set((await readLog(root)).map(({ id }) => id));
  const left = new Set(result.left);
  const done = pending.entries.filter(
    (entry) => known.has(entry.id) || !adapterFiles(entry).some((path) => left.has(path)),
  );
  await appendLog(
    root,
    done.filter(({ id }) => !known.has(id)),
  );
  await forgetPending(root);
  return { ...result, unverified: done.filter(({ data }) => data.status === "migrated").length };
}

/** Takes back what an interrupted migration has written. */
export async function undoPending(root: string): Promise<Recovered> {
  const pending = await readPending(root);
  if (pending === null) return { written: [], left: [], unverified: 0 };
  const known = new Set((await readLog(root)).map(({ id }) => id));
  const logged = pending.entries.filter(({ id, data }) => known.has(id) && data.status === "migrated");
  // Everything was written, and only what should have come after it is missing.
  if (logged.length > 0) {
    await forgetPending(root);
    const { entries } = await undoMigrations({ root, classes: logged.map(({ data }) => data) });
    return { written: entries.map(({ data }) => data.file_path), left: [], unverified: 0 };
  }
  const result = await bring(root, pending.steps, "before");
  await forgetPending(root);
  return { ...result, unverified: 0 };
}

/** Where the class is, and where its adapter is. */
const adapterFiles = ({ data, undo }: MigrationEntry): string[] => [
  data.file_path,
  ...undo.slice(0, 1).map(({ path }) => path),
];

async function bring(
  root: string,
  steps: PendingMigrations["steps"],
  to: "before" | "after",
): Promise<Pick<Recovered, "written" | "left">> {
  const from = to === "before" ? "after" : "before";
  const todo: FileStep[] = [];
  const left: string[] = [];
  for (const step of steps) {
    const path = join(root, step.path);
    await clearLeftovers(path);
    const now = await textOf(path);
    if (now === step[to]) continue;
    if (now === step[from]) todo.push({ path, before: step[from], after: step[to] });
    else left.push(step.path);
  }
  await carryOut(todo);
  const removed = todo.filter(({ after }) => after === null).map(({ path }) => dirname(path));
  for (const folder of new Set(removed)) await removeEmptyFolder(folder);
  return { written: todo.map(({ path }) => slashes(relative(root, path))), left };
}

/** What to do about classes that nobody has checked; null where there are none. */
export function unverifiedNote({ unverified }: Recovered): string | null {
  if (unverified === 0) return null;
  return `The types of ${counted(unverified, "migrated class", "migrated classes")} were not checked: compile the project, or undo the migration.`;
}
