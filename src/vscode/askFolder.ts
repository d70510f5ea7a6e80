import * as vscode from "vscode";
import { Notice } from "./answers.ts";
import { fileFolders } from "./fileFolders.ts";

/**
 * A workspace folder on disk, which the user is asked for where there are several; undefined where they do not say. Rejects
 * with a Notice where there is none.
 */
export async function askFolder(title: string, none: string): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = fileFolders();
  if (folders.length === 0) throw new Notice(none);
  if (folders.length === 1) return folders[0];
  const choices = folders.map((folder) => ({
    ...{ label: folder.name, description: folder.uri.fsPath, folder },
  }));
  return (await vscode.window.showQuickPick(choices, { title }))?.folder;
}
