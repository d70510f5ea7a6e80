import * as vscode from "vscode";
import { byUniqueName } from "../model/distinct.ts";

/** The workspace folders on disk: a virtual one has neither agents nor records. */
export const fileFolders = (): vscode.WorkspaceFolder[] =>
  (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");

/** The same by their names; equal ones get a number. */
export const namedFileFolders = (): Map<string, vscode.WorkspaceFolder> =>
  byUniqueName(fileFolders(), ({ name }) => name);
