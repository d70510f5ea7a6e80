import * as vscode from "vscode";
import type { ErrorPatternsHost, PatternRow } from "../../model/panelProtocol.ts";
import { ErrorPatternLearner, type ErrorPattern } from "../../runtime/index.ts";
import { registerCommand, type Log } from "../answers.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { Panel } from "./panel.ts";
import { readFolders, type ReadFolder } from "./readFolders.ts";
import { StoreWatcher } from "../storeWatcher.ts";

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
  owned.add(new StoreWatcher("error_patterns*{,/**}", () => panel.refresh()));
  owned.add(registerCommand(log, Commands.showErrorPatterns, () => panel.show()));
  return owned;
}

const readRows: ReadFolder<PatternRow> = ({ uri }, onWarning) => {
  const learner = new ErrorPatternLearner(vscode.Uri.joinPath(uri, ".proj-intel").fsPath, { onWarning });
  return learner.patterns().map((pattern) => ({
    folder: uri.toString(),
    signature: pattern.error_signature,
    type: pattern.error_type,
    message: readable(pattern),
    occurrences: pattern.occurrences,
    lastSeen: Date.parse(pattern.last_seen) === 0 ? null : pattern.last_seen,
    solutions: pattern.solutions.map(({ fix }) => fix),
  }));
};

/** Files of other origin have only the regular expression. */
function readable({ normalised, pattern }: ErrorPattern): string {
  return typeof normalised === "string" ? normalised : pattern;
}
