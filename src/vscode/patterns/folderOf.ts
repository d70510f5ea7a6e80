import * as vscode from "vscode";
import { Notice } from "../answers.ts";

/** One of the workspace's own, by its URI. */
export function folderOf(uri: string): vscode.WorkspaceFolder {
  const folder = vscode.workspace.workspaceFolders?.find((each) => each.uri.toString() === uri);
  if (folder === undefined) throw new Notice("This folder is no longer part of the workspace.");
  return folder;
}
