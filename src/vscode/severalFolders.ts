import * as vscode from "vscode";

/** Whether a folder has to be named for the user to know which is meant. */
export const severalFolders = (): boolean => (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
