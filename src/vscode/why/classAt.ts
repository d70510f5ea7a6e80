import * as vscode from "vscode";

export interface FoundClass {
  name: string;
  /** Of the name, counted from 1. */
  line: number;
}

/** The innermost class around a position, as the language tells it; undefined where there is none or nobody tells. */
export async function classAt(uri: vscode.Uri, at: vscode.Position): Promise<FoundClass | undefined> {
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
    "vscode.executeDocumentSymbolProvider",
    uri,
  );
  const inside = (candidates: readonly vscode.DocumentSymbol[]): FoundClass | undefined => {
    for (const { name, kind, range, selectionRange, children } of candidates) {
      if (!range.contains(at)) continue;
      const own =
        kind === vscode.SymbolKind.Class ? { name, line: selectionRange.start.line + 1 } : undefined;
      return inside(children) ?? own;
    }
    return undefined;
  };
  return inside(symbols ?? []);
}
