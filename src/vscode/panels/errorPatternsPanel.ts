import * as vscode from "vscode";
import type { ErrorPatternsHost, PatternRow } from "../../model/panelProtocol.ts";
import { ErrorPatternLearner } from "../../runtime/index.ts";
import { registerCommand, type Log } from "../answers.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { Panel } from "./panel.ts";
import { readFolders } from "./readFolders.ts";
import { StoreWatcher } from "./storeWatcher.ts";

/** Agents: Show Error Patterns. */
export function registerErrorPatternsPanel(extension: vscode.Uri, log: Log): vscode.Disposable {
  const owned = new Disposables();
  const panel = owned.add(
    new Panel<PatternRow, ErrorPatternsHost>(
      {
        type: Panels.errorPatterns,
        title: "Error Patterns",
        script: "errorPatterns",
        read: () => readFolders(log, readRows),
        functions: { runTask: async () => void (await vscode.commands.executeCommand(Commands.runTask)) },
      },
      extension,
      log,
    ),
  );
  owned.add(new StoreWatcher("*", () => panel.refresh()));
  owned.add(registerCommand(log, Commands.showErrorPatterns, () => panel.show()));
  return owned;
}

// eslint-disable-next-line @typescript-eslint/require-await -- readFolders reads folders one after another
async function* readRows(folder: vscode.WorkspaceFolder): AsyncGenerator<PatternRow[]> {
  const learner = new ErrorPatternLearner(vscode.Uri.joinPath(folder.uri, ".proj-intel").fsPath);
  yield learner.patterns().map((pattern) => ({
    folder: folder.uri.toString(),
    signature: pattern.error_signature,
    type: pattern.error_type,
    message: pattern.pattern,
    occurrences: pattern.occurrences,
    lastSeen: pattern.last_seen,
    solutions: pattern.solutions.map(({ fix }) => fix),
  }));
}
