import * as vscode from "vscode";
import type { CheckpointKey } from "../model/checkpoints.ts";
import { Notice } from "./answers.ts";
import { encode } from "../runtime/checkpoint/codec.ts";
import { FileCheckpointStore } from "../runtime/index.ts";
import { Schemes } from "./contributions.ts";
import { JsonDocuments } from "./jsonDocuments.ts";

/** Checkpoints as read-only JSON. */
export class CheckpointDocuments implements vscode.Disposable {
  readonly #documents = new JsonDocuments(Schemes.checkpoint, load);
  readonly #fileOf: (key: CheckpointKey) => Promise<string>;

  /** @param fileOf where a checkpoint is kept; rejects where it is gone */
  constructor(fileOf: (key: CheckpointKey) => Promise<string>) {
    this.#fileOf = fileOf;
  }

  /** What is not as it was written, or too large to be checked, is shown as its file has it. */
  async show(folder: vscode.Uri, id: string): Promise<void> {
    try {
      await this.#documents.show(folder, id, `checkpoint ${id.slice(-8)}`);
    } catch (error) {
      if (!(error instanceof Notice)) throw error;
      const file = await this.#fileOf({ folder: folder.toString(), id }).catch(() => null);
      if (file === null) throw error;
      // Other than a document of ours, it may have any size.
      await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file));
    }
  }

  dispose(): void {
    this.#documents.dispose();
  }
}

/** Where the checkpoints of a workspace folder are. */
export function checkpointsOf(folder: vscode.Uri): string {
  return vscode.Uri.joinPath(folder, ".proj-intel", "checkpoints").fsPath;
}

/** Throws a Notice where it is gone, or not as it was written. */
function load(folder: vscode.Uri, id: string): unknown {
  const known = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.toString() === folder.toString());
  const checkpoint =
    known && new FileCheckpointStore(checkpointsOf(known.uri), { onWarning: () => undefined }).load(id);
  if (!checkpoint) throw new Notice(`The checkpoint ${id} is no longer there.`);
  // As it is stored: JSON has no Map, and no circle.
  return { ...checkpoint, context: encode(checkpoint.context).json, task: encode(checkpoint.task).json };
}
