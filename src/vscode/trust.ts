import * as vscode from "vscode";

export const manageTrust: vscode.Command = { title: "Manage Trust", command: "workbench.trust.manage" };

/** @param action what needs trust, as the beginning of a sentence */
export const untrustedSentence = (action: string): string =>
  `${action} needs a trusted workspace: agents can be browsed here, but nothing is run or changed.`;

/** True in a trusted workspace; otherwise says in one sentence what needs trust, with the way to grant it. */
export function isTrustedFor(action: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  const { title, command } = manageTrust;
  void vscode.window
    .showWarningMessage(untrustedSentence(action), title)
    .then((choice) => (choice === title ? vscode.commands.executeCommand(command) : undefined));
  return false;
}
