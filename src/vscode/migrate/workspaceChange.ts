import * as vscode from "vscode";
import { textOf } from "../../migration/files.ts";
import { forgetPending, notePending } from "../../migration/journal.ts";
import { appendLog } from "../../migration/log.ts";
import { stepsOfChanges } from "../../migration/steps.ts";
import { textAfter, toPositions } from "../../migration/textEdits.ts";
import type { FileChange, MigrationEntry } from "../../model/migrationPlan.ts";
import { UserError } from "../../model/userError.ts";
import { agrees, asDocument } from "../editorText.ts";

interface Logged {
  /** Absolute path of the workspace folder. */
  root: string;
  changes: readonly FileChange[];
  removals?: readonly { path: string; before: string }[];
  /** The log lines that tell of it. */
  entries: readonly MigrationEntry[];
  what: string;
}

/**
 * Changes files through the editor and logs it, noted before so that a crash in between is found. The caller holds the
 * lock of the folder.
 */
export async function applyLogged({ root, changes, removals = [], entries, what }: Logged): Promise<void> {
  await notePending(root, stepsOfChanges({ changes, removals }), entries);
  let changed: vscode.TextDocument[];
  try {
    changed = await applyChanges(changes, what, removals);
  } catch (error) {
    await forgetPending(root);
    throw error;
  }
  // The note stays where one of these fails: the files are changed.
  if (vscode.workspace.getConfiguration("files").get<boolean>("refactoring.autoSave", true)) {
    for (const document of changed) if (document.isDirty) await document.save();
  }
  await appendLog(root, entries);
  await forgetPending(root);
}

/**
 * Writes all changes as one workspace edit, after checking that every file still reads as it was planned for. Answers with
 * the documents that had nothing unsaved before.
 */
async function applyChanges(
  changes: readonly FileChange[],
  what: string,
  removals: readonly { path: string }[] = [],
): Promise<vscode.TextDocument[]> {
  const edit = new vscode.WorkspaceEdit();
  const toSave: vscode.TextDocument[] = [];
  for (const change of changes) {
    const uri = vscode.Uri.file(change.path);
    if (change.before === null) {
      if (await exists(uri)) throw hasChanged(uri, what);
      edit.createFile(uri, { contents: new TextEncoder().encode(textAfter(change)) });
      continue;
    }
    // VS Code may not have noticed yet what happened on the disk.
    const onDisk = await textOf(change.path);
    if (onDisk === null) throw isGone(uri, what);
    const document = await vscode.workspace.openTextDocument(uri);
    const isAsPlanned = asDocument(document.getText()) === asDocument(change.before);
    if (!isAsPlanned || !agrees(document, onDisk)) throw hasChanged(uri, what);
    for (const { start, end, text } of toPositions(change)) {
      edit.replace(uri, new vscode.Range(start.line, start.character, end.line, end.character), text);
    }
    if (!document.isDirty) toSave.push(document);
  }
  for (const { path } of removals) edit.deleteFile(vscode.Uri.file(path), { ignoreIfNotExists: true });
  if (!(await vscode.workspace.applyEdit(edit, { isRefactoring: true }))) {
    throw new UserError(
      `${what} was not applied: VS Code refused the edit. Check that the files can be written.`,
    );
  }
  return toSave;
}

function hasChanged(uri: vscode.Uri, what: string): UserError {
  return new UserError(
    `${what} was not applied: ${vscode.workspace.asRelativePath(uri)} has changed since. Start it again to see the new difference.`,
  );
}

function isGone(uri: vscode.Uri, what: string): UserError {
  return new UserError(
    `${what} was not applied: ${vscode.workspace.asRelativePath(uri)} is no longer there.`,
  );
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** An open editor's text where it differs from the disk. */
export async function textInSight(path: string): Promise<string | null> {
  return dirtyDocument(path)?.getText() ?? (await textOf(path));
}

/** Whether an editor holds text of a file that is not saved. */
export function isDirty(path: string): boolean {
  return dirtyDocument(path) !== undefined;
}

function dirtyDocument(path: string): vscode.TextDocument | undefined {
  const uri = vscode.Uri.file(path).toString();
  return vscode.workspace.textDocuments.find(
    (document) => document.isDirty && document.uri.toString() === uri,
  );
}
