import { findNodeAtLocation, parseTree } from "jsonc-parser/lib/esm/main.js";
import * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import { taskProblems } from "../../model/task/taskProblems.ts";
import type { TaskShape } from "../../model/task/taskShape.ts";
import { UserError } from "../../model/userError.ts";
import { inBackground, registerCommand, type Log } from "../answers.ts";
import { Commands, Schemes } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { Agent } from "../index/indexService.ts";
import { isTrustedFor } from "../trust.ts";
import { parseTask } from "./jsonInput.ts";
import { MemoryFiles } from "./memoryFiles.ts";
import type { RunInputBoxes, RunInputs } from "./runInputs.ts";
import { refuseUnrunnable, saveSources } from "./runnable.ts";
import type { Runner } from "./runner.ts";

interface Edited {
  agent: Agent;
  args: unknown[];
  shape: TaskShape | null;
}

/** Tasks as JSON in editors, checked while they are typed, and run from there. */
export class TaskEditors implements vscode.Disposable {
  readonly #inputs: RunInputBoxes;
  readonly #runner: Runner;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #files = this.#owned.add(new MemoryFiles(Schemes.task));
  readonly #problems = this.#owned.add(vscode.languages.createDiagnosticCollection(Schemes.task));
  readonly #edited = new Map<string, Edited>();
  #opened = 0;

  constructor(inputs: RunInputBoxes, runner: Runner, log: Log) {
    this.#inputs = inputs;
    this.#runner = runner;
    this.#log = log;
    const { onDidChangeTextDocument, onDidCloseTextDocument } = vscode.workspace;
    this.#owned.add(onDidChangeTextDocument(({ document }) => this.#check(document)));
    this.#owned.add(onDidCloseTextDocument(({ uri }) => this.#forget(uri)));
    this.#owned.add(registerCommand(log, Commands.runEditedTask, (argument) => this.#run(argument)));
  }

  /** Opens the task of an agent as JSON; it is run with the same constructor arguments. */
  async editTask(agent: Agent, { task, args }: RunInputs): Promise<void> {
    this.#opened += 1;
    const path = `/${displayName(agent.record.name).replace(/[/\\]/g, "-")}.task.json`;
    const uri = vscode.Uri.from({ scheme: Schemes.task, path, query: String(this.#opened) });
    this.#files.put(uri, `${JSON.stringify(task, null, 2)}\n`);
    const edited: Edited = { agent, args, shape: null };
    this.#edited.set(uri.toString(), edited);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: false });
    const found = this.#inputs.shapeOf(agent, args).then((shape) => {
      edited.shape = shape;
      this.#check(document);
    });
    inBackground(this.#log, found);
  }

  /** What is being edited in a document, or else in the editor at work. Throws a UserError where it is no task yet. */
  edited(argument: unknown): { agent: Agent; inputs: RunInputs } | undefined {
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const edited = uri && this.#edited.get(uri.toString());
    if (uri === undefined || edited === undefined) return undefined;
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    const parsed = parseTask(document?.getText() ?? "", edited.shape);
    if (!parsed.ok) throw new UserError(`The task is not complete yet. ${parsed.problem}`);
    return { agent: edited.agent, inputs: { task: parsed.value, args: edited.args } };
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #check(document: vscode.TextDocument): void {
    const edited = this.#edited.get(document.uri.toString());
    if (edited === undefined) return;
    const text = document.getText();
    const tree = parseTree(text);
    // What is no JSON is marked by the editor itself.
    const parsed = parseTask(text, null);
    const problems = parsed.ok && edited.shape ? taskProblems(edited.shape, parsed.value) : [];
    const marks = problems.map(({ path, message }) => {
      const { offset = 0, length = text.length } = (tree && findNodeAtLocation(tree, path)) ?? {};
      const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
      return new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
    });
    for (const mark of marks) mark.source = displayName(edited.agent.record.name);
    this.#problems.set(document.uri, marks);
  }

  async #run(argument: unknown): Promise<void> {
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const edited = uri && this.#edited.get(uri.toString());
    if (uri === undefined || edited === undefined)
      throw new UserError("No task is being edited here: choose Run Task… to run an agent.");
    if (!isTrustedFor("Running an agent")) return;
    const { agent, args, shape } = edited;
    refuseUnrunnable(agent);
    const document = await vscode.workspace.openTextDocument(uri);
    const parsed = parseTask(document.getText(), shape);
    if (!parsed.ok) throw new UserError(`The task is not run yet. ${parsed.problem}`);
    // What is saved here lives in memory: nothing is asked when the editor is closed.
    await document.save();
    await saveSources(agent.folder);
    await this.#runner.run(agent, { task: parsed.value, args });
  }

  #forget(uri: vscode.Uri): void {
    if (!this.#edited.delete(uri.toString())) return;
    this.#files.remove(uri);
    this.#problems.delete(uri);
  }
}
