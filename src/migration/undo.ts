import { basename, dirname, join, relative } from "node:path";
import type { FileChange, MigrationEntry, UndoFile } from "../model/migrationPlan.ts";
import { UserError } from "../model/userError.ts";
import { undoneEntries } from "./entry.ts";
import { removeEmptyFolder, textOf } from "./files.ts";
import { isImported, isPackageImported } from "./importers.ts";
import { forgetPending, writeLogged } from "./journal.ts";
import { readLog, stateOf, type LogState } from "./log.ts";
import { classKey, type MigratedClass } from "./migratedClass.ts";
import { groupBy } from "./names.ts";
import { slashes } from "./runtimeImport.ts";
import { stepsOfChanges } from "./steps.ts";
import { editBetween, textAfter } from "./textEdits.ts";
import { manifestWithout, undoEdits, type RefusedUndo, type UndoPlan } from "./undoPlan.ts";
import { markerFile, markerText, parseMarker, sha256 } from "./vendored.ts";
import { isWritablePath } from "./writablePath.ts";

export interface UndoRequest {
  /** Absolute. */
  root: string;
  /** Everything that is migrated where left out. */
  classes?: readonly MigratedClass[] | undefined;
  /** The text of a file as the user sees it; null where it is gone. The disk's where left out. */
  readText?: (path: string) => string | null | Promise<string | null>;
  /** For the log, where nobody asked for it. */
  reason?: string | undefined;
}

export interface UndoResult {
  plan: UndoPlan;
  refused: RefusedUndo[];
  /** What each undo takes out, in the order of the plan's classes: every change as it builds on the one before. */
  stages: FileChange[][];
}

/** Plans the undo of migrations from the log, the newest first; writes nothing. */
export async function planUndo({ root, classes, readText = textOf }: UndoRequest): Promise<UndoResult> {
  const state = stateOf(await readLog(root));
  const wanted = new Set(classes?.map(classKey) ?? state.active.map(({ data }) => classKey(data)));
  const entries = state.active.filter(({ data }) => wanted.has(classKey(data))).toReversed();
  const known = new Set(entries.map(({ data }) => classKey(data)));
  const refused: RefusedUndo[] = (classes ?? [])
    .filter((each) => !known.has(classKey(each)))
    .map((each) => ({ ...each, reason: noRecord(each) }));
  const texts = new Texts(readText);
  const result = await takeOutAll(root, entries, state, texts);
  refused.push(...result.refused);
  const { plan } = result;
  const gone = new Set(plan.undone.map(classKey));
  const others = state.active.filter(({ data }) => !gone.has(classKey(data)));
  await planManifests(root, plan, result.manifests, others, texts);
  const edited = await planRemovals(root, plan, result.runtime, others, texts);
  plan.changes = texts.changes();
  plan.removals.push(...texts.removals());
  const { stages } = result;
  if (edited === null) return { plan, refused, stages };
  const nothing: UndoPlan = { undone: [], changes: [], removals: [], left: [] };
  const reasons = plan.undone.map(({ file_path, name }) => ({ file_path, name, reason: edited }));
  return { plan: nothing, refused: [...refused, ...reasons], stages: [] };
}

const notOurs = (path: string): string =>
  `The log of migrations names ${path}, which no migration writes: it was edited, or comes from elsewhere.`;

async function firstForeign(root: string, files: readonly UndoFile[]): Promise<string | null> {
  for (const { path } of files) if (!(await isWritablePath(root, path))) return path;
  return null;
}

const noRecord = ({ file_path, name }: MigratedClass): string =>
  `No migration of ${name} in ${file_path} is on record: there is nothing to undo.`;

/** Texts as they become, by absolute path. */
class Texts {
  readonly #before = new Map<string, string | null>();
  readonly #changes = new Map<string, FileChange[]>();
  readonly #removed = new Set<string>();
  readonly #read: NonNullable<UndoRequest["readText"]>;

  constructor(read: NonNullable<UndoRequest["readText"]>) {
    this.#read = read;
  }

  read = async (path: string): Promise<string | null> => {
    if (this.#removed.has(path)) return null;
    const last = this.#changes.get(path)?.at(-1);
    if (last !== undefined) return textAfter(last);
    if (!this.#before.has(path)) this.#before.set(path, await this.#read(path));
    return this.#before.get(path) ?? null;
  };

  change(change: FileChange): void {
    this.#changes.set(change.path, [...(this.#changes.get(change.path) ?? []), change]);
  }

  remove(path: string): void {
    this.#removed.add(path);
  }

  /** With the text as it is before everything. */
  removals(): UndoPlan["removals"] {
    return [...this.#removed].map((path) => ({ path, before: this.#before.get(path) ?? "" }));
  }

  /** One change a file. */
  changes(): FileChange[] {
    return [...this.#changes].flatMap(([path, changes]) => {
      if (this.#removed.has(path)) return [];
      const [first, ...further] = changes;
      const last = further.at(-1);
      if (first === undefined || last === undefined) return changes;
      return { ...first, edits: [editBetween(first.before ?? "", textAfter(last))] };
    });
  }
}

async function takeOutAll(root: string, entries: MigrationEntry[], state: LogState, texts: Texts) {
  const absolute = (path: string) => join(root, path);
  const undone: UndoPlan["undone"] = [];
  const refused: RefusedUndo[] = [];
  const runtime = new Map<string, UndoFile>();
  const manifests = new Map<string, UndoFile>();
  const stages: FileChange[][] = [];
  let left: UndoFile[] = [];
  for (const file of state.left) if (await isWritablePath(root, file.path)) left.push(file);
  for (const entry of entries) {
    const now = new Map<string, string | null>();
    const { file_path, name, adapter } = entry.data;
    const foreign = await firstForeign(root, entry.undo);
    if (foreign !== null) {
      refused.push({ file_path, name, reason: notOurs(foreign) });
      continue;
    }
    for (const { path } of [...entry.undo, ...left]) now.set(path, await texts.read(absolute(path)));
    const edits = undoEdits({ entry, left, absolute, texts: now });
    if ("refused" in edits) {
      refused.push({ file_path, name, reason: edits.refused });
      continue;
    }
    for (const change of edits.changes) texts.change(change);
    for (const path of edits.removals) texts.remove(path);
    for (const file of edits.runtime) runtime.set(file.path, file);
    for (const file of edits.manifests) manifests.set(file.path, file);
    ({ left } = edits);
    stages.push(edits.changes);
    undone.push({ file_path, name, adapter });
  }
  const plan: UndoPlan = { undone, changes: [], removals: [], left: [...left] };
  return { plan, refused, runtime: [...runtime.values()], manifests: [...manifests.values()], stages };
}

async function planManifests(
  root: string,
  plan: UndoPlan,
  manifests: readonly UndoFile[],
  others: readonly MigrationEntry[],
  texts: Texts,
): Promise<void> {
  const likely = others.flatMap(holders).map((holder) => join(root, holder));
  for (const file of manifests) {
    const path = join(root, file.path);
    if (await isPackageImported(dirname(path), texts.read, likely)) {
      plan.left.push(file);
      continue;
    }
    const before = (await texts.read(path)) ?? "";
    const after = manifestWithout(before, file);
    if (after !== before) texts.change({ path, before, edits: [editBetween(before, after)] });
  }
}

/** Decides which files of the runtime go, and which are left because code needs them. Answers with a reason where one was edited. */
async function planRemovals(
  root: string,
  plan: UndoPlan,
  runtime: readonly UndoFile[],
  others: readonly MigrationEntry[],
  texts: Texts,
): Promise<string | null> {
  const absolute = (path: string) => join(root, path);
  const likely = others.flatMap(holders).map(absolute);
  for (const [folder, files] of groupBy(runtime, ({ path }) => dirname(absolute(path)))) {
    if (await isImported(folder, texts.read, likely)) {
      plan.left.push(...files);
      continue;
    }
    const hashes = await hashesNow(folder, files, texts);
    for (const [path, hash] of hashes) {
      const before = await texts.read(path);
      if (before === null) continue;
      if (hash !== sha256(before) && hash !== sha256(before.replaceAll("\r\n", "\n"))) {
        const name = slashes(relative(root, path));
        return `${name} was edited since it was created: restore it, or delete it by hand.`;
      }
      plan.removals.push({ path, before });
    }
  }
  return null;
}

/** What created files should hold, by absolute path: as they were created, or as an update of the vendored runtime left them. */
async function hashesNow(
  folder: string,
  files: readonly UndoFile[],
  texts: Texts,
): Promise<Map<string, string>> {
  const hashes = new Map(files.map(({ path, hash }) => [join(folder, basename(path)), hash]));
  const text = await texts.read(join(folder, markerFile));
  const marker = text === null ? null : parseMarker(text);
  if (text === null || marker === null || markerText(marker) !== text.replaceAll("\r\n", "\n")) return hashes;
  for (const [name, hash] of Object.entries(marker.files)) {
    if (basename(name) === name) hashes.set(join(folder, name), hash);
  }
  hashes.set(join(folder, markerFile), sha256(text));
  return hashes;
}

/** The files that a migration put an adapter into. */
const holders = ({ undo }: MigrationEntry): string[] =>
  undo.filter(({ insertions }) => insertions.length > 0).map(({ path }) => path);

interface Undone {
  /** The log lines of it. */
  entries: MigrationEntry[];
  refused: RefusedUndo[];
}

/**
 * Undoes migrations on disk and logs it: all of the plan or nothing.
 * @throws UserError where there is nothing to undo, or what a single migration wrote was edited since
 */
export async function undoMigrations(request: Omit<UndoRequest, "readText">): Promise<Undone> {
  const { entries, refused } = await undoPossible(request);
  if (entries.length > 0) return { entries, refused };
  const nothing = "No migration is on record in this folder: there is nothing to undo.";
  throw new UserError(refused[0]?.reason ?? nothing);
}

/** As `undoMigrations`; nothing to undo is no error. */
export async function undoPossible(request: Omit<UndoRequest, "readText">): Promise<Undone> {
  const { plan, refused } = await planUndo(request);
  if (plan.undone.length === 0) return { entries: [], refused };
  const entries = undoneEntries(plan, request.reason ?? null);
  await writeLogged(request.root, stepsOfChanges(plan), entries);
  await removeEmptyFolders(plan);
  await forgetPending(request.root);
  return { entries, refused };
}

/** Removes the folders of removed files where nothing else is in them. */
export async function removeEmptyFolders({ removals }: UndoPlan): Promise<void> {
  for (const folder of new Set(removals.map(({ path }) => dirname(path)))) await removeEmptyFolder(folder);
}
