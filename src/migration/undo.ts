import { dirname, join } from "node:path";
import type { MigrationEntry } from "../model/migrationPlan.ts";
import { UserError } from "../model/userError.ts";
import { undoneEntry } from "./entry.ts";
import { carryOut, removeEmptyFolder, textOf } from "./files.ts";
import { isImported } from "./importers.ts";
import { appendLog, readLog, stateOf } from "./log.ts";
import { groupBy } from "./names.ts";
import { textAfter } from "./textEdits.ts";
import { undoEdits, type UndoPlan, type UndoResult } from "./undoPlan.ts";
import { sha256 } from "./vendored.ts";

export interface UndoRequest {
  /** Absolute. */
  root: string;
  /** Relative to the root, forward slashes. */
  file_path: string;
  name: string;
  /** The text of a file as the user sees it; null where it is gone. The disk's where left out. */
  readText?: (path: string) => string | null | Promise<string | null>;
}

/** Plans the undo of one migration from the log; writes nothing. */
export async function planUndo({
  root,
  file_path,
  name,
  readText = textOf,
}: UndoRequest): Promise<UndoResult> {
  const { active, left } = stateOf(await readLog(root));
  const entry = active.find(({ data }) => data.file_path === file_path && data.name === name);
  if (entry === undefined) {
    return {
      status: "refused",
      reason: `No migration of ${name} in ${file_path} is on record: there is nothing to undo.`,
    };
  }
  const absolute = (path: string) => join(root, path);
  const texts = new Map<string, string | null>();
  for (const { path } of [...entry.undo, ...left]) texts.set(path, await readText(absolute(path)));

  const edits = undoEdits({ entry, left, absolute, texts });
  if ("refused" in edits) return { status: "refused", reason: edits.refused };
  const plan: UndoPlan = {
    file_path,
    name,
    adapter: entry.data.adapter,
    changes: edits.changes,
    removals: [],
    left: edits.left,
  };
  const changed = new Map(edits.changes.map((change) => [change.path, textAfter(change)]));
  const others = active.filter((other) => other !== entry).map(({ data }) => absolute(data.file_path));
  const read = (path: string) => changed.get(path) ?? readText(path);
  for (const [folder, files] of groupBy(edits.created, ({ path }) => dirname(absolute(path)))) {
    if (await isImported(folder, read, others)) {
      plan.left.push(...files);
      continue;
    }
    for (const { path, hash } of files) {
      const before = texts.get(path) ?? "";
      if (hash !== sha256(before) && hash !== sha256(before.replaceAll("\r\n", "\n"))) {
        return {
          status: "refused",
          reason: `${path} was edited since it was created: restore it, or delete it by hand.`,
        };
      }
      plan.removals.push({ path: absolute(path), before });
    }
  }
  return { status: "ready", plan };
}

/**
 * Undoes one migration on disk and logs it: all of it or nothing.
 * @throws UserError where there is nothing to undo, or what the migration wrote was edited since
 */
export async function undoMigration(request: Omit<UndoRequest, "readText">): Promise<MigrationEntry> {
  const result = await planUndo(request);
  if (result.status === "refused") throw new UserError(result.reason);
  const { plan } = result;
  const entry = undoneEntry(plan);
  const revert = await carryOut([
    ...plan.changes.map((change) => ({ path: change.path, before: change.before, after: textAfter(change) })),
    ...plan.removals.map(({ path, before }) => ({ path, before, after: null })),
  ]);
  try {
    await appendLog(request.root, entry);
  } catch (error) {
    await revert();
    throw error;
  }
  await removeEmptyFolders(plan);
  return entry;
}

/** Removes the folders of removed files where nothing else is in them. */
export async function removeEmptyFolders({ removals }: UndoPlan): Promise<void> {
  for (const folder of new Set(removals.map(({ path }) => dirname(path)))) await removeEmptyFolder(folder);
}
