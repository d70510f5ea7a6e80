import * as vscode from "vscode";
import { runName } from "../../model/agentRef.ts";
import {
  CheckpointRef,
  type CheckpointRow,
  type CheckpointsHost,
  type CheckpointsView,
} from "../../model/panelProtocol.ts";
import { FileCheckpointStore } from "../../runtime/index.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { registerCommand, type Log } from "../answers.ts";
import { checkpointsOf, type CheckpointDocuments } from "../checkpointDocuments.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { Panel } from "./panel.ts";
import { readFolders, type ReadFolder } from "./readFolders.ts";
import { StoreWatcher } from "../storeWatcher.ts";

/** Agents: Show Checkpoints, of all agents or of one. */
export function registerCheckpointsPanel(
  documents: CheckpointDocuments,
  extension: vscode.Uri,
  finder: AgentFinder,
  log: Log,
): Disposables {
  const owned = new Disposables();
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
            await documents.show(vscode.Uri.parse(folder), id);
          },
          runTask: async () => {
            await vscode.commands.executeCommand(Commands.runTask);
          },
        },
      },
      extension,
      log,
    ),
  );
  owned.add(new StoreWatcher("checkpoints/**", () => panel.refresh()));
  owned.add(registerCommand(log, Commands.showCheckpoints, () => panel.show()));
  owned.add(
    registerCommand(log, Commands.showAgentCheckpoints, async (argument, selected) => {
      const refusal = "the panel shows those of one agent or of all: select one.";
      const agent = await finder.find(argument, { atCursor: true, selected, refusal });
      if (agent === undefined) return;
      const { file_path: file, name } = agent.record;
      panel.show({ agent: runName({ file, name }) } satisfies CheckpointsView);
    }),
  );
  return owned;
}

const readRows: ReadFolder<CheckpointRow> = ({ uri }, onWarning) =>
  new FileCheckpointStore(checkpointsOf(uri), { onWarning }).list().map((summary) => ({
    folder: uri.toString(),
    id: summary.id,
    agent: summary.agent,
    agentType: summary.agentType,
    label: summary.label,
    state: summary.state,
    runId: summary.runId,
    createdAt: summary.createdAt,
  }));
