import * as vscode from "vscode";

/** A setting as the user set it. What a workspace says does not count, whatever VS Code makes of it. */
export function ofUser<T>(setting: string, usual: T): T {
  return vscode.workspace.getConfiguration().inspect<T>(setting)?.globalValue ?? usual;
}
