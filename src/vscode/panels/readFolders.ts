import * as vscode from "vscode";
import type { PanelState } from "../../model/panelProtocol.ts";
import { sentenceFor, type Log } from "../answers.ts";

/** The rows of all workspace folders; a folder that cannot be read becomes a note and hides no other. */
export async function readFolders<Row>(
  log: Log,
  read: (folder: vscode.WorkspaceFolder) => AsyncIterable<Row[]>,
): Promise<PanelState<Row>> {
  const state: PanelState<Row> = { rows: [], notes: [] };
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (folder.uri.scheme !== "file") continue;
    try {
      for await (const rows of read(folder)) for (const row of rows) state.rows.push(row);
    } catch (error) {
      state.notes.push(`${folder.name}: ${sentenceFor(error, log)}`);
    }
  }
  return state;
}
