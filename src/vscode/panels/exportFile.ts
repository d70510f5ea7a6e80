import * as vscode from "vscode";
import { inBackground, type Log } from "../answers.ts";

/** Asks where to, writes the text, and offers to open it. */
export async function exportFile(log: Log, name: string, text: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const ending = name.slice(name.lastIndexOf(".") + 1);
  const target = await vscode.window.showSaveDialog({
    title: `Export ${name}`,
    filters: { [ending]: [ending] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  inBackground(log, offerToOpen(target));
}

async function offerToOpen(target: vscode.Uri): Promise<void> {
  const name = target.path.slice(target.path.lastIndexOf("/") + 1);
  const answer = await vscode.window.showInformationMessage(`${name} is written.`, "Open");
  if (answer === "Open") await vscode.commands.executeCommand("vscode.open", target);
}
