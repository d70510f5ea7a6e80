import * as vscode from "vscode";

/** The workspace folders on disk: a virtual one has neither agents nor records. */
export const fileFolders = (): vscode.WorkspaceFolder[] =>
  (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
