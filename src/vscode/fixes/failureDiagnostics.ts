import * as vscode from "vscode";
import { Commands } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { RunHistory } from "../runs/runHistory.ts";
import { failurePlace } from "../tasks/failurePlace.ts";
import { agentOf, failureText, type FailedRun, type FixOffers } from "./fixOffers.ts";

const SOURCE = "opsvi-agents";

interface Shown {
  uri: vscode.Uri;
  diagnostic: vscode.Diagnostic;
  failed: FailedRun;
}

/** The line where the last run of an agent failed, with what is known to help, until the agent succeeds or the line changes. */
export class FailureDiagnostics implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #collection = this.#owned.add(vscode.languages.createDiagnosticCollection(SOURCE));
  /** By agent. */
  readonly #shown = new Map<string, Shown>();

  constructor(offers: FixOffers, history: RunHistory) {
    this.#owned.add(offers.onDidFail((failed) => this.#show(failed)));
    this.#owned.add(offers.onDidSucceed((agent) => this.#remove([agent])));
    this.#owned.add(
      history.onDidChange((changed) => {
        const known = new Set(history.rows.map(({ summary }) => summary.runId));
        this.#removeWhere(({ failed: { queued } }) => changed.has(queued.runId) && !known.has(queued.runId));
      }),
    );
    this.#owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const uri = document.uri.toString();
        this.#removeWhere(
          (shown) =>
            shown.uri.toString() === uri &&
            contentChanges.some(({ range }) => range.intersection(shown.diagnostic.range) !== undefined),
        );
      }),
    );
    this.#owned.add(
      vscode.languages.registerCodeActionsProvider(
        { scheme: "file" },
        { provideCodeActions: (document, range) => this.#actionsAt(document.uri, range) },
        { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
      ),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #show(failed: FailedRun): void {
    const place = failurePlace(failed.error, failed.folder.uri.fsPath);
    this.#remove([agentOf(failed)]);
    if (place === null) return;
    const at = new vscode.Position(Math.max(place.line - 1, 0), 0);
    const range = new vscode.Range(at, at.with({ character: Number.MAX_SAFE_INTEGER }));
    const diagnostic = new vscode.Diagnostic(range, failureText(failed), vscode.DiagnosticSeverity.Warning);
    diagnostic.source = SOURCE;
    this.#shown.set(agentOf(failed), { uri: vscode.Uri.file(place.path), diagnostic, failed });
    this.#publish(vscode.Uri.file(place.path));
  }

  #removeWhere(fits: (shown: Shown) => boolean): void {
    this.#remove([...this.#shown].flatMap(([agent, shown]) => (fits(shown) ? [agent] : [])));
  }

  #remove(agents: readonly string[]): void {
    for (const agent of agents) {
      const uri = this.#shown.get(agent)?.uri;
      if (uri === undefined) continue;
      this.#shown.delete(agent);
      this.#publish(uri);
    }
  }

  #publish(uri: vscode.Uri): void {
    const here = [...this.#shown.values()].filter((each) => each.uri.toString() === uri.toString());
    this.#collection.set(
      uri,
      here.map(({ diagnostic }) => diagnostic),
    );
  }

  #actionsAt(uri: vscode.Uri, range: vscode.Range): vscode.CodeAction[] {
    return [...this.#shown.values()].flatMap(({ uri: file, diagnostic, failed }) => {
      const isHere = file.toString() === uri.toString() && diagnostic.range.intersection(range) !== undefined;
      return isHere ? actionsFor(failed, diagnostic) : [];
    });
  }
}

function actionsFor(failed: FailedRun, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  const kind = vscode.CodeActionKind.QuickFix;
  const { queued, error, fixes } = failed;
  const actions = fixes.flatMap(({ fix, action }) => {
    if (action === null) return [];
    const offered = new vscode.CodeAction(`Run Again with "${fix}"`, kind);
    offered.command = { command: Commands.runWithFix, title: offered.title, arguments: [queued.runId, fix] };
    return [offered];
  });
  const show = new vscode.CodeAction("Show Error Patterns", kind);
  const ref = { folder: failed.folder.uri.toString(), signature: error.signature ?? fixes[0]?.signature };
  show.command = { command: Commands.showErrorPatterns, title: show.title, arguments: [ref] };
  for (const each of [...actions, show]) each.diagnostics = [diagnostic];
  return [...actions, show];
}
