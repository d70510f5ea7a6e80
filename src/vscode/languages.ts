import type { DocumentFilter, TextDocument } from "vscode";

/** Files on disk only: previews and results are not agents. */
export const languages: DocumentFilter[] = [
  "typescript",
  "typescriptreact",
  "javascript",
  "javascriptreact",
].map((language) => ({ language, scheme: "file" }));

/** Cheap: a file that cannot hold agents never starts the indexer. */
export function mayHoldAgents(document: TextDocument): boolean {
  return document.uri.scheme === "file" && /\bclass\b|agent/i.test(document.getText());
}
