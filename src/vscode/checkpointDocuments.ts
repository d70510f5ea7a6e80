import * as vscode from "vscode";
import { UserError } from "../model/userError.ts";
import { encode } from "../runtime/checkpoint/codec.ts";
import { FileCheckpointStore } from "../runtime/index.ts";
import { Schemes } from "./contributions.ts";
import { JsonDocuments } from "./jsonDocuments.ts";

/** Checkpoints as read-only JSON. */
export class CheckpointDocuments implements vscode.Disposable {
  readonly #documents = new JsonDocuments(Schemes.checkpoint, load);

  show(folder: vscode.Uri, id: string): Promise<void> {
    return this.#documents.show(folder, id, `checkpoint ${id.slice(-8)}`);
  }

  dispose(): void {
    this.#documents.dispose();
  }
}

/** Where the checkpoints of a workspace folder are. */
export function checkpointsOf(folder: vscode.Uri): string {
  return vscode.Uri.joinPath(folder, ".proj-intel", "checkpoints").fsPath;
}

function load(folder: vscode.Uri, id: string): unknown {
  const known = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.toString() === folder.toString());
  const checkpoint = known && new FileCheckpointStore(checkpointsOf(known.uri)).load(id);
  if (!checkpoint) throw new UserError(`The checkpoint ${id} is gone or damaged.`);
  // As it is stored: JSON has no Map, and no circle.
  return { ...checkpoint, context: encode(checkpoint.context).json, task: encode(checkpoint.task).json };
}
