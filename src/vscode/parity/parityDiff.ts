import * as vscode from "vscode";
import { parityDocuments } from "../../migration/parityDocuments.ts";
import { parityCount } from "../../migration/parityText.ts";
import type { ParityReport } from "../../model/parity.ts";
import { Schemes } from "../contributions.ts";

/** Shows what a class and its adapter did in VS Code's own difference editor. */
export class ParityDiffs implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #owned: vscode.Disposable;
  #shown = 0;

  constructor() {
    this.#owned = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(Schemes.parity, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#texts.delete(uri.toString())),
    );
  }

  async show(report: ParityReport): Promise<void> {
    const { name, adapter } = report;
    const texts = parityDocuments(report);
    this.#shown += 1;
    const document = (title: string, text: string): vscode.Uri => {
      const uri = vscode.Uri.from({
        scheme: Schemes.parity,
        path: `/${title}.json`,
        query: String(this.#shown),
      });
      this.#texts.set(uri.toString(), text);
      return uri;
    };
    const [left, right] = [document(name, texts.legacy), document(adapter, texts.adapter)];
    const title = `${name}: legacy ↔ adapter · ${parityCount(report)}`;
    await vscode.commands.executeCommand("vscode.diff", left, right, title, { preview: false });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
