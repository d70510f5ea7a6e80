import * as vscode from "vscode";
import { isPipelineFile, pipelineName, pipelineSuffix } from "../../model/pipeline.ts";
import { UserError } from "../../model/userError.ts";
import { readPipeline } from "../../runs/pipeline/readPipeline.ts";
import { Notice } from "../answers.ts";
import { askJson } from "../run/askTask.ts";
import { parseJson } from "../run/jsonInput.ts";
import { saveSources } from "../run/runnable.ts";
import type { Runner } from "../run/runner.ts";
import { isTrustedFor } from "../trust.ts";

/** Runs the pipeline that a menu, a CodeLens or the editor shows, or one that the user picks. */
export async function runPipeline(argument: unknown, runner: Runner): Promise<void> {
  if (!isTrustedFor("Running a pipeline")) return;
  const uri = shownPipeline(argument) ?? (await pickPipeline());
  if (uri === undefined) return;
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined)
    throw new UserError(`${uri.fsPath} is in no folder of this workspace: open its folder to run it.`);
  await save(uri);
  const { input } = await readPipeline(folder.uri.fsPath, uri.fsPath);
  const name = pipelineName(uri.path);
  const box = {
    title: `Run ${name}: input`,
    prompt: "The input as JSON; steps get it as /input",
    value: JSON.stringify(input),
    parse: parseJson,
  };
  const given = input === undefined ? { value: null } : await askJson(box);
  if (given === undefined) return;
  await saveSources(folder);
  runner.start({ folder, uri, name }, { task: given.value, args: [] });
}

function shownPipeline(argument: unknown): vscode.Uri | undefined {
  const shown = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  return shown?.scheme === "file" && isPipelineFile(shown.path) ? shown : undefined;
}

async function pickPipeline(): Promise<vscode.Uri | undefined> {
  const files = await vscode.workspace.findFiles(`**/*${pipelineSuffix}`, "**/node_modules/**");
  if (files.length === 0) {
    throw new Notice(
      `There is no pipeline yet: write its steps into a file whose name ends with ${pipelineSuffix}; completion (Ctrl+Space) begins it.`,
    );
  }
  const items = files
    .map((uri) => ({ label: pipelineName(uri.path), description: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.description.localeCompare(b.description));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: "Choose a pipeline to run",
    matchOnDescription: true,
  });
  return picked?.uri;
}

/** What is on disk is run. */
async function save(uri: vscode.Uri): Promise<void> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (document?.isDirty !== true || (await document.save())) return;
  throw new UserError(
    `${vscode.workspace.asRelativePath(uri)} could not be saved: save it and run it again.`,
  );
}
