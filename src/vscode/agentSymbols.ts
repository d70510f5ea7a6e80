import * as vscode from "vscode";
import { inBackground, type Log } from "./answers.ts";
import type { Agent, IndexService } from "./index/indexService.ts";
import { displayName } from "../model/displayName.ts";

/**
 * Agents by name in "Go to Symbol in Workspace", also where TypeScript has no file open yet. Both name a class alike (kind,
 * place, no container), so that VS Code shows it once.
 */
export function registerAgentSymbols(index: IndexService, log: Log): vscode.Disposable {
  return vscode.languages.registerWorkspaceSymbolProvider({
    provideWorkspaceSymbols: (query) => {
      if (query === "") return [];
      inBackground(log, index.ready());
      return index.agents.filter(({ record }) => hasLetters(displayName(record.name), query)).map(toSymbol);
    },
  });
}

function toSymbol({ record, uri }: Agent): vscode.SymbolInformation {
  const at = new vscode.Position(record.lineno - 1, 0);
  const kind = {
    class: vscode.SymbolKind.Class,
    instance: vscode.SymbolKind.Variable,
    factory: vscode.SymbolKind.Function,
  };
  const container = record.name === "default" ? record.file_path : "";
  return new vscode.SymbolInformation(
    displayName(record.name),
    kind[record.kind],
    container,
    new vscode.Location(uri, new vscode.Range(at, at.translate(1))),
  );
}

/** Whether the letters stand there in this order, as VS Code matches. */
function hasLetters(name: string, query: string): boolean {
  let from = 0;
  const letters = name.toLowerCase();
  for (const letter of query.toLowerCase().replace(/\s/g, "")) {
    from = letters.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  return true;
}
