import * as vscode from "vscode";
import { UserError } from "../../model/userError.ts";
import type { RunRow } from "./row.ts";

/** The path of the workspace folder of a row, also where that is no longer open. */
export const rootOf = ({ folder }: RunRow): string => vscode.Uri.parse(folder.uri).fsPath;

/** Throws a UserError where it is no longer open. */
export function folderOf({ folder }: RunRow): vscode.WorkspaceFolder {
  const known = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(folder.uri));
  if (known === undefined) throw new UserError("The folder of this run is no longer part of the workspace.");
  return known;
}
