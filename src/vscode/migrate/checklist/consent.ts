import * as vscode from "vscode";
import { counted } from "../../../model/counted.ts";
import { differing, Git } from "../../../migration/git.ts";
import { UserError } from "../../../model/userError.ts";
import type { PreparedFolder } from "./prepared.ts";

/** Migrating many classes works on the disk: what is only in editors is saved first. False where the user does not want that. */
export async function saveEditors(paths: readonly string[]): Promise<boolean> {
  const touched = new Set(paths.map((path) => vscode.Uri.file(path).toString()));
  const dirty = vscode.workspace.textDocuments.filter(
    (document) => document.isDirty && touched.has(document.uri.toString()),
  );
  if (dirty.length === 0) return true;
  const save = "Save and Go On";
  const detail = dirty.map(({ uri }) => vscode.workspace.asRelativePath(uri)).join("\n");
  const answer = await vscode.window.showWarningMessage(
    `Save ${counted(dirty.length, "file")} and go on?`,
    { modal: true, detail },
    save,
  );
  if (answer !== save) return false;
  for (const document of dirty) {
    if (await document.save()) continue;
    const path = vscode.workspace.asRelativePath(document.uri);
    throw new UserError(`${path} could not be saved, so nothing was migrated.`);
  }
  return true;
}

/**
 * Warns where the migration would stand among other changes.
 * @throws UserError where each migration is to be a commit of its own, and cannot be
 */
export async function acceptGitState(folders: readonly PreparedFolder[]): Promise<boolean> {
  const sentences: string[] = [];
  for (const { root, name, options } of folders) {
    const changed = await new Git(root).changedPaths();
    if (changed === null && options.commit) {
      throw new UserError(
        `${name} is in no git repository, or git is not on the PATH: the setting opsviAgents.migration.commit needs both.`,
      );
    }
    if (changed === null || changed.length === 0) continue;
    const sentence = `${differing(changed)} in ${name}`;
    if (options.commit) {
      throw new UserError(
        `${sentence}: commit or stash that first, so that each commit holds one migration.`,
      );
    }
    sentences.push(`${sentence}.`);
  }
  if (sentences.length === 0) return true;
  const anyway = "Migrate Anyway";
  const detail = `${sentences.join("\n")}\nThe migration will stand among these changes.`;
  const answer = await vscode.window.showWarningMessage(
    "There are changes that are not committed.",
    { modal: true, detail },
    anyway,
  );
  return answer === anyway;
}
