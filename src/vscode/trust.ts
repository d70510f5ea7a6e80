import * as vscode from "vscode";

/** True in a trusted workspace; otherwise says in one sentence what needs trust, with the way to grant it. */
export function isTrustedFor(action: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = "Manage Trust";
  void vscode.window
    .showWarningMessage(
      `${action} needs a trusted workspace: agents can be browsed here, but nothing is run or changed.`,
      manage,
    )
    .then((choice) =>
      choice === manage ? vscode.commands.executeCommand("workbench.trust.manage") : undefined,
    );
  return false;
}
