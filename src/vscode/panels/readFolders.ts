import * as vscode from "vscode";
import type { PanelState } from "../../model/panelProtocol.ts";
import { sentenceFor, type Log } from "../answers.ts";
import { fileFolders } from "../fileFolders.ts";

export type ReadFolder<Row> = (folder: vscode.WorkspaceFolder, note: (sentence: string) => void) => Row[];

/** The rows of all workspace folders; a folder that cannot be read becomes a note and hides no other. */
export async function readFolders<Row>(log: Log, read: ReadFolder<Row>): Promise<PanelState<Row>> {
  const state: PanelState<Row> = { rows: [], notes: [] };
  for (const folder of fileFolders()) {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      for (const row of read(folder, (sentence) => state.notes.push(sentence))) state.rows.push(row);
    } catch (error) {
      state.notes.push(`${folder.name}: ${sentenceFor(error, log)}`);
    }
  }
  return state;
}
