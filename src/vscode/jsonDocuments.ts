import * as vscode from "vscode";
import { placeOf, placeQuery } from "./documentPlace.ts";

/** Read-only JSON documents that are computed when they are opened, also after a reload. */
export class JsonDocuments implements vscode.Disposable {
  readonly #scheme: string;
  readonly #read: (folder: vscode.Uri, id: string) => unknown;
  readonly #registered: vscode.Disposable;

  /** @param read answers for the folder and the id that `show` was given */
  constructor(scheme: string, read: (folder: vscode.Uri, id: string) => unknown) {
    this.#scheme = scheme;
    this.#read = read;
    this.#registered = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: async (uri) => {
        const { folder, id } = placeOf(uri);
        return `${JSON.stringify(await read(folder, id), null, 2)}\n`;
      },
    });
  }

  /** Rejects as `read` does; VS Code would hide its reason in a sentence of its own. */
  async show(folder: vscode.Uri, id: string, title: string): Promise<void> {
    await this.#read(folder, id);
    const uri = vscode.Uri.from({
      scheme: this.#scheme,
      path: `/${title.replace(/[/\\]/g, "-")}.json`,
      query: placeQuery({ folder, id }),
    });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.#registered.dispose();
  }
}
