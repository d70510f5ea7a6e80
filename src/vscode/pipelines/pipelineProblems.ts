import * as vscode from "vscode";
import { parseAgentRef } from "../../model/agentRef.ts";
import { isPipelineFile, placedSteps, type Pipeline } from "../../model/pipeline.ts";
import { problemAt, type PipelineProblem } from "../../runs/pipeline/parsePipeline.ts";
import { checkPipeline } from "../../runs/pipeline/readPipeline.ts";
import { inBackground, type Log } from "../answers.ts";
import { Disposables } from "../disposables.ts";
import type { IndexService } from "../index/indexService.ts";

/** Marks what is wrong in open pipelines, as far as their schema does not tell. */
export class PipelineProblems implements vscode.Disposable {
  readonly #index: IndexService;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #marks = this.#owned.add(vscode.languages.createDiagnosticCollection("opsvi-agents-pipeline"));

  constructor(index: IndexService, log: Log) {
    this.#index = index;
    this.#log = log;
    const { onDidOpenTextDocument, onDidChangeTextDocument, onDidCloseTextDocument, textDocuments } =
      vscode.workspace;
    this.#owned.add(onDidOpenTextDocument((document) => this.#check(document)));
    this.#owned.add(onDidChangeTextDocument(({ document }) => this.#check(document)));
    this.#owned.add(onDidCloseTextDocument(({ uri }) => this.#marks.delete(uri)));
    this.#owned.add(
      index.onDidChange(() => vscode.workspace.textDocuments.forEach((document) => this.#check(document))),
    );
    textDocuments.forEach((document) => this.#check(document));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #check(document: vscode.TextDocument): void {
    const { uri } = document;
    if (uri.scheme !== "file" || !isPipelineFile(uri.path)) return;
    if (!this.#index.started) inBackground(this.#log, this.#index.ready());
    inBackground(this.#log, this.#mark(document, document.version));
  }

  async #mark(document: vscode.TextDocument, version: number): Promise<void> {
    const { uri } = document;
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder === undefined) return;
    const text = document.getText();
    const { pipeline, problems } = await checkPipeline(folder.uri.fsPath, text);
    if (document.version !== version || document.isClosed) return;
    const wrong = problems.filter(({ bySchema }) => !bySchema);
    const unknown = pipeline === null ? [] : this.#unknownAgents(pipeline, folder, text, wrong);
    const { Error, Warning } = vscode.DiagnosticSeverity;
    const mark = (problem: PipelineProblem, severity: vscode.DiagnosticSeverity) => {
      const [start, end] = [problem.offset, problem.offset + problem.length];
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      const { message } = problem;
      const found = new vscode.Diagnostic(
        range,
        `${message[0]?.toUpperCase() ?? ""}${message.slice(1)}.`,
        severity,
      );
      found.source = "Agents";
      return found;
    };
    this.#marks.set(uri, [
      ...wrong.map((problem) => mark(problem, Error)),
      ...unknown.map((problem) => mark(problem, Warning)),
    ]);
  }

  /** Not known for sure to be none: only running it tells. */
  #unknownAgents(
    { steps }: Pipeline,
    folder: vscode.WorkspaceFolder,
    text: string,
    wrong: readonly PipelineProblem[],
  ): PipelineProblem[] {
    if (this.#index.state !== "ready") return [];
    return placedSteps(steps).flatMap(({ step, path }) => {
      const { file, name } = parseAgentRef(step.agent);
      const known = this.#index.agentsIn(vscode.Uri.joinPath(folder.uri, file));
      if (known.some(({ record }) => record.name === name)) return [];
      const problem = problemAt(text, [...path, "agent"], `the index finds no agent ${name} in ${file}`);
      return wrong.some(({ offset }) => offset === problem.offset) ? [] : [problem];
    });
  }
}
