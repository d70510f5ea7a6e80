import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import type { BadLine } from "../../runs/batch/taskLines.ts";
import { Disposables } from "../disposables.ts";
import type { TaskFile } from "./taskFile.ts";

const LONGEST = 200;

/** What is wrong with the lines of files of tasks: marked in the file until it is edited. */
export class LineProblems implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #marks = this.#owned.add(vscode.languages.createDiagnosticCollection("opsvi-agents-tasks"));

  constructor() {
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.clear(document.uri)));
  }

  clear(uri: vscode.Uri): void {
    this.#marks.delete(uri);
  }

  /** Marks the lines, and says that nothing was started. */
  async show({ uri, name }: TaskFile, bad: readonly BadLine[]): Promise<void> {
    const sorted = bad.toSorted((a, b) => a.line - b.line);
    const marks = sorted.map(({ line, problem }) => {
      const range = new vscode.Range(line - 1, 0, line, 0);
      return new vscode.Diagnostic(range, `This line ${problem}.`, vscode.DiagnosticSeverity.Error);
    });
    for (const mark of marks) mark.source = "Agents";
    this.#marks.set(uri, marks);
    const [first] = sorted;
    if (first === undefined) return;
    const problem = first.problem.length > LONGEST ? `${first.problem.slice(0, LONGEST)}…` : first.problem;
    const others = sorted.length === 1 ? "" : ` ${counted(sorted.length, "line is", "lines are")} wrong.`;
    const go = `Go to Line ${first.line}`;
    const sentence = `${name}: line ${first.line} ${problem}.${others} Nothing was started.`;
    if ((await vscode.window.showErrorMessage(sentence, go)) !== go) return;
    const at = new vscode.Position(first.line - 1, 0);
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
