import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { inBackground, type Log } from "../answers.ts";
import type { RunHistory } from "./runHistory.ts";
import { fileFolders } from "../fileFolders.ts";

/** By then VS Code has other things behind it. */
const AFTER_MS = 2_000;

/** Reads the newest records where there are any, a while after the start: opening the view only draws them then. */
export function readEarly(history: RunHistory, log: Log): vscode.Disposable {
  const timer = setTimeout(() => inBackground(log, read(history)), AFTER_MS);
  return new vscode.Disposable(() => clearTimeout(timer));
}

async function read(history: RunHistory): Promise<void> {
  for (const { uri } of fileFolders()) {
    const records = vscode.Uri.joinPath(uri, ".proj-intel", "runs").fsPath;
    if (await stat(records).catch(() => null)) return history.list();
  }
}
