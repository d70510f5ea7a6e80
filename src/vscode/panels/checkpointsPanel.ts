import * as vscode from "vscode";
import { CheckpointRef, type CheckpointRow, type CheckpointsHost } from "../../model/panelProtocol.ts";
import { UserError } from "../../model/userError.ts";
import { FileCheckpointStore } from "../../runtime/index.ts";
import { registerCommand, type Log } from "../answers.ts";
import { Commands, Panels, Schemes } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { JsonDocuments } from "../jsonDocuments.ts";
import { Panel } from "./panel.ts";
import { readFolders } from "./readFolders.ts";
import { StoreWatcher } from "./storeWatcher.ts";

/** Agents: Show Checkpoints. */
export function registerCheckpointsPanel(extension: vscode.Uri, log: Log): vscode.Disposable {
  const owned = new Disposables();
  const documents = owned.add(new JsonDocuments(Schemes.checkpoint, load));
  const panel = owned.add(
    new Panel<CheckpointRow, CheckpointsHost>(
      {
        type: Panels.checkpoints,
        title: "Checkpoints",
        script: "checkpoints",
        read: () => readFolders(log, readRows),
        functions: {
          open: async (ref) => {
            const { folder, id } = CheckpointRef.parse(ref);
            await documents.show(vscode.Uri.parse(folder), id, `checkpoint ${id}`);
          },
          runTask: async () => void (await vscode.commands.executeCommand(Commands.runTask)),
        },
      },
      extension,
      log,
    ),
  );
  owned.add(new StoreWatcher("checkpoints/**", () => panel.refresh()));
  owned.add(registerCommand(log, Commands.showCheckpoints, () => panel.show()));
  return owned;
}

function storeOf(folder: vscode.Uri): FileCheckpointStore {
  return new FileCheckpointStore(vscode.Uri.joinPath(folder, ".proj-intel", "checkpoints").fsPath);
}

/** An agent at a time, so that the extension host breathes between them. */
async function* readRows(folder: vscode.WorkspaceFolder): AsyncGenerator<CheckpointRow[]> {
  const store = storeOf(folder.uri);
  for (const agent of store.agents()) {
    yield store.list(agent).map(({ id, agentType, label, state, runId, createdAt }) => ({
      folder: folder.uri.toString(),
      id,
      agent,
      agentType,
      label,
      state,
      runId,
      createdAt,
    }));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function load(folder: vscode.Uri, id: string): unknown {
  const known = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.toString() === folder.toString());
  const checkpoint = known && storeOf(known.uri).load(id);
  if (!checkpoint) throw new UserError(`The checkpoint ${id} is gone or damaged.`);
  return checkpoint;
}
