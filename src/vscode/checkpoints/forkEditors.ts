import * as vscode from "vscode";
import type { CheckpointKey, CheckpointSummaryRow } from "../../model/checkpoints.ts";
import { UserError } from "../../model/userError.ts";
import { holdsRedacted } from "../../runtime/core/redacted.ts";
import { decode } from "../../runtime/checkpoint/codec.ts";
import { registerCommand, type Log } from "../answers.ts";
import { Commands, Schemes } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { parseJson } from "../run/jsonInput.ts";
import { MemoryFiles } from "../run/memoryFiles.ts";
import { isTrustedFor } from "../trust.ts";
import type { CheckpointReader } from "./checkpointReader.ts";
import type { GoingOn } from "./goingOn.ts";

interface Edited {
  key: CheckpointKey;
  summary: CheckpointSummaryRow;
  /** FILE#Class, where a record tells it. */
  agent: string | null;
}

/** State and task of checkpoints as JSON in editors: the agent goes on from what is written there. */
export class ForkEditors implements vscode.Disposable {
  readonly #reader: CheckpointReader;
  readonly #goingOn: GoingOn;
  readonly #owned = new Disposables();
  readonly #files = this.#owned.add(new MemoryFiles(Schemes.fork));
  readonly #edited = new Map<string, Edited>();
  #opened = 0;

  constructor(reader: CheckpointReader, goingOn: GoingOn, log: Log) {
    this.#reader = reader;
    this.#goingOn = goingOn;
    this.#owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)));
    this.#owned.add(registerCommand(log, Commands.runFork, (argument) => this.#run(argument)));
  }

  async edit(key: CheckpointKey): Promise<void> {
    const client = await this.#reader.client();
    const { summary, content, withheld, run } = await client.call.detail(key);
    if (content === null) throw new UserError(withheld ?? "This checkpoint cannot be read.");
    this.#opened += 1;
    const path = `/${summary.agent.replace(/[/\\]/g, "-")}.fork.json`;
    const uri = vscode.Uri.from({ scheme: Schemes.fork, path, query: String(this.#opened) });
    this.#files.put(uri, `${JSON.stringify({ state: content.context, task: content.task }, null, 2)}\n`);
    this.#edited.set(uri.toString(), { key, summary, agent: run?.agent ?? null });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: false });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #run(argument: unknown): Promise<void> {
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const edited = uri && this.#edited.get(uri.toString());
    if (uri === undefined || edited === undefined)
      throw new UserError(
        "No checkpoint is being edited here: choose Fork with Edits… of one in Show Checkpoints.",
      );
    if (!isTrustedFor("Running an agent")) return;
    const document = await vscode.workspace.openTextDocument(uri);
    const written = writtenIn(document.getText());
    const { key, summary, agent } = edited;
    const task = taskOf(written);
    const start = await this.#goingOn.ready(summary, agent);
    const client = await this.#reader.client();
    const { warnings, id } = await client.call.fork({ ...key, ...written });
    // What is saved here lives in memory: nothing is asked when the editor is closed.
    await document.save();
    for (const warning of warnings) void vscode.window.showWarningMessage(warning);
    // As it was written: what is stored lacks its secrets.
    start(id, task);
  }

  #forget(uri: vscode.Uri): void {
    if (this.#edited.delete(uri.toString())) this.#files.remove(uri);
  }
}

/** Throws a UserError where that is no state and task. */
function writtenIn(text: string): { context: string; task: string } {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new UserError(`Nothing is run yet. ${parsed.problem}`);
  const value: unknown = parsed.value;
  if (typeof value !== "object" || value === null || !("state" in value) || !("task" in value))
    throw new UserError('Nothing is run yet: keep the two fields "state" and "task".');
  return { context: JSON.stringify(value.state), task: JSON.stringify(value.task) };
}

/** Throws a UserError where that is none an agent could be given. */
function taskOf({ task: text }: { task: string }): unknown {
  let task: unknown;
  try {
    task = decode(JSON.parse(text));
  } catch (error) {
    throw new UserError(`Nothing is run yet: the task cannot be used: ${(error as Error).message}.`);
  }
  if (!holdsRedacted(task)) return task;
  throw new UserError(
    'Nothing is run yet: the task has "[redacted]" where a secret was left out; write the secret there.',
  );
}
