import * as vscode from "vscode";
import type { ErrorPatternsHost, PatternRow } from "../../model/panelProtocol.ts";
import { ErrorPatternLearner } from "../../runtime/index.ts";
import { registerCommand, type Log } from "../answers.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { Panel } from "./panel.ts";
import { readFolders, type ReadFolder } from "./readFolders.ts";
import { StoreWatcher } from "./storeWatcher.ts";

/** Agents: Show Error Patterns. */
export function registerErrorPatternsPanel(extension: vscode.Uri, log: Log): Disposables {
  const owned = new Disposables();
  const panel = owned.add(
    new Panel<PatternRow, ErrorPatternsHost>(
      {
        type: Panels.errorPatterns,
        title: "Error Patterns",
        script: "errorPatterns",
        read: () => readFolders(log, readRows),
        functions: {
          runTask: async () => {
            await vscode.commands.executeCommand(Commands.runTask);
          },
        },
      },
      extension,
      log,
    ),
  );
  owned.add(new StoreWatcher("*", () => panel.refresh()));
  owned.add(registerCommand(log, Commands.showErrorPatterns, () => panel.show()));
  return owned;
}

const readRows: ReadFolder<PatternRow> = ({ uri }) =>
  new ErrorPatternLearner(vscode.Uri.joinPath(uri, ".proj-intel").fsPath).patterns().map((pattern) => ({
    folder: uri.toString(),
    signature: pattern.error_signature,
    type: pattern.error_type,
    message: pattern.pattern,
    occurrences: pattern.occurrences,
    lastSeen: pattern.last_seen,
    solutions: pattern.solutions.map(({ fix }) => fix),
  }));
