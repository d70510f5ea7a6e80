import * as vscode from "vscode";
import type { RunEvent } from "../../model/runRecord.ts";
import { readRun } from "../../runs/readRun.ts";
import { Schemes } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { placeOf, placeQuery } from "../documentPlace.ts";
import { lineOf } from "../run/runReport.ts";
import type { RunRow } from "./row.ts";
import type { RunHistory } from "./runHistory.ts";

/** What names a run and its log. */
interface LoggedRun {
  folder: Pick<RunRow["folder"], "uri">;
  summary: Pick<RunRow["summary"], "agent" | "runId">;
}

/** An open log follows its run so often. */
const FOLLOW_MS = 300;

/** The logs of runs as read-only documents, which grow while the run is at work. */
export class RunDocuments implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<vscode.Uri>());
  readonly #pending = new Map<string, NodeJS.Timeout>();

  constructor(history: RunHistory) {
    this.#owned.add(
      vscode.workspace.registerTextDocumentContentProvider(Schemes.run, {
        onDidChange: this.#changed.event,
        provideTextDocumentContent: async (uri) => {
          const { folder, id } = placeOf(uri);
          return logOf(await readRun(folder.fsPath, id));
        },
      }),
    );
    this.#owned.add(history.onDidLog((runId) => this.#follow(runId)));
    this.#owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === Schemes.run) showEnd(document);
      }),
    );
    this.#owned.add({ dispose: () => this.#pending.forEach((timer) => clearTimeout(timer)) });
  }

  async show({ folder, summary: { agent, runId } }: LoggedRun): Promise<void> {
    const query = placeQuery({ folder: vscode.Uri.parse(folder.uri), id: runId });
    const path = `/${agent.name.replace(/[/\\]/g, "-")} ${runId.slice(-6)}.log`;
    const uri = vscode.Uri.from({ scheme: Schemes.run, path, query });
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.languageId !== "log") await vscode.languages.setTextDocumentLanguage(document, "log");
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
    showEnd(document);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #follow(runId: string): void {
    if (this.#pending.has(runId)) return;
    const open = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.scheme === Schemes.run && placeOf(uri).id === runId,
    );
    if (open === undefined) return;
    const timer = setTimeout(() => {
      this.#pending.delete(runId);
      this.#changed.fire(open.uri);
    }, FOLLOW_MS);
    this.#pending.set(runId, timer);
  }
}

/** As output channels do: the end stays in sight where nobody has scrolled away or put the cursor elsewhere. */
function showEnd(document: vscode.TextDocument): void {
  for (const editor of vscode.window.visibleTextEditors) {
    if (editor.document !== document || editor.selection.active.line > 0) continue;
    const end = document.lineAt(document.lineCount - 1).range;
    editor.revealRange(end, vscode.TextEditorRevealType.Default);
  }
}

function logOf(events: readonly RunEvent[]): string {
  return events
    .flatMap((event) => {
      const text = lineOf(event);
      if (text === null) return [];
      const time = event.time.slice(11, 23);
      return text.split(/\r?\n/).map((line) => `${time} ${line}`);
    })
    .join("\n");
}

/** What a run answered; null where it did not. */
export async function outputOf(folder: vscode.Uri, runId: string): Promise<unknown> {
  const finished = (await readRun(folder.fsPath, runId)).findLast((event) => event.type === "finished");
  return finished?.output ?? null;
}
