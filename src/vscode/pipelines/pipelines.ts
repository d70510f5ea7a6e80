import * as vscode from "vscode";
import { pipelineSuffix } from "../../model/pipeline.ts";
import { registerCommand, type Log } from "../answers.ts";
import { Commands, Settings } from "../contributions.ts";
import type { IndexService } from "../index/indexService.ts";
import type { Runner } from "../run/runner.ts";
import { PipelineCompletion } from "./pipelineCompletion.ts";
import { PipelineProblems } from "./pipelineProblems.ts";
import { runPipeline } from "./runPipeline.ts";

const files: vscode.DocumentFilter = { scheme: "file", pattern: `**/*${pipelineSuffix}` };

interface Parts {
  index: IndexService;
  runner: Runner;
  log: Log;
}

/** What can be done with files of pipelines: run them, and write them with completion and marks. */
export function registerPipelines({ index, runner, log }: Parts): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(log, Commands.runPipeline, (argument) => runPipeline(argument, runner)),
    vscode.languages.registerCompletionItemProvider(files, new PipelineCompletion(index), '"', "/"),
    vscode.languages.registerCodeLensProvider(files, { provideCodeLenses: lensesOf }),
    new PipelineProblems(index, log),
  );
}

function lensesOf(document: vscode.TextDocument): vscode.CodeLens[] {
  const settings = vscode.workspace.getConfiguration(undefined, document);
  if (!settings.get<boolean>(Settings.codeLens, true)) return [];
  const command = {
    command: Commands.runPipeline,
    title: "$(play) Run Pipeline",
    tooltip: "Run Pipeline…",
    arguments: [document.uri],
  };
  return [new vscode.CodeLens(document.lineAt(0).range, command)];
}
