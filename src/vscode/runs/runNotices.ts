import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import type { KnownFix } from "../../model/fix.ts";
import type { Finished, Question } from "../../model/runRecord.ts";
import { inBackground, showFailure, type Log } from "../answers.ts";
import { Commands, Settings, Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { offerText, type FixOffers } from "../fixes/fixOffers.ts";
import type { JsonDocuments } from "../jsonDocuments.ts";
import { RunLog } from "../run/runLog.ts";
import { lineOf, sentenceOf } from "../run/runReport.ts";
import type { Run } from "../../runs/runService.ts";
import type { Runner, StartedRun } from "../run/runner.ts";
import { BatchQuestions } from "./batchQuestions.ts";
import { askUser } from "./questions.ts";

/** Questions of a batch that come within so long are told together. */
const TOGETHER_MS = 1_000;

interface Parts {
  runner: Runner;
  /** Whether the user sees in the Runs view what runs do: then no notification says it too. */
  isWatched: () => boolean;
  fixes: FixOffers;
  results: JsonDocuments;
  log: Log;
}

/** What runs of this window say of themselves: a log, and notifications where the Runs view is not in sight. */
export class RunNotices implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #owned = new Disposables();
  readonly #questions = new BatchQuestions<Run>();
  readonly #runLog = this.#owned.add(new RunLog());

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#owned.add(parts.runner.onDidStart((started) => this.#hear(started)));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #hear(started: StartedRun): void {
    const { run, folder } = started;
    const name = displayName(started.name);
    run.onEvent((event) => this.#runLog.append(name, event));
    let batch: string | undefined;
    run.onEvent((event) => {
      if (event.type === "queued" && event.step === undefined) batch = event.batch;
      if (event.type === "question" && !this.#parts.isWatched())
        inBackground(this.#parts.log, this.#tellQuestion(started, name, event.question, batch));
    });
    if (started.shown || started.inBatch) return;
    if (!this.#parts.isWatched()) this.#showProgress(started, name);
    const told = run.finished.then((finished) => {
      if (!this.#parts.isWatched()) return this.#tell(folder.uri, name, finished);
      return undefined;
    });
    inBackground(this.#parts.log, told);
  }

  #showProgress({ run }: StartedRun, name: string): void {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Running ${name}`,
      cancellable: true,
    };
    void vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => {
        progress.report({ message: "cancelling…" });
        inBackground(this.#parts.log, run.cancel());
      });
      let fraction = 0;
      run.onEvent((event) => {
        if (event.type !== "progress" && event.type !== "retry" && event.type !== "started") return;
        const share = event.type === "progress" ? (event.fraction ?? fraction) : fraction;
        const message = event.type === "started" ? "started" : (lineOf(event) ?? "");
        progress.report({ message, increment: Math.max(share - fraction, 0) * 100 });
        fraction = Math.max(share, fraction);
      });
      return run.finished;
    });
  }

  /** Where several runs of a batch ask, they are answered from their rows. */
  async #tellQuestion(
    started: StartedRun,
    name: string,
    question: Question,
    batch: string | undefined,
  ): Promise<void> {
    if (batch === undefined) return this.#askFor(started, name, question);
    this.#questions.add(batch, started.run);
    await setTimeout(TOGETHER_MS);
    const { length } = this.#questions.toTell(batch, started.run);
    if (length === 0 || this.#owned.disposed) return;
    if (length === 1) return this.#askFor(started, name, question);
    const picked = await vscode.window.showInformationMessage(`${length} runs of a batch ask.`, "Show");
    if (picked !== undefined) await vscode.commands.executeCommand(`${Views.runs}.focus`);
  }

  async #askFor({ run }: StartedRun, name: string, question: Question): Promise<void> {
    const askedAt = run.question?.askedAt;
    const picked = await vscode.window.showInformationMessage(`${name} asks: ${question.message}`, "Answer…");
    if (picked === undefined) return;
    const given = await askUser(name, question);
    if (given === undefined) return;
    await run.answer(given, askedAt).catch((error: unknown) => showFailure(error, this.#parts.log));
  }

  async #tell(folder: vscode.Uri, name: string, finished: Finished): Promise<void> {
    const known = await this.#parts.fixes.best(finished.runId);
    const sentence = [sentenceOf(name, finished), ...(known === null ? [] : [offerText(known)])].join(" ");
    const actions = {
      ...this.#fixActions(folder, finished, known),
      ...this.#actions(folder, name, finished),
    };
    const show =
      finished.status === "success" || finished.status === "cancelled"
        ? vscode.window.showInformationMessage
        : vscode.window.showErrorMessage;
    const choice = await show(sentence, ...Object.keys(actions));
    if (choice !== undefined) await actions[choice]?.();
  }

  /** Without an action a solution is for people to read. */
  #fixActions(
    folder: vscode.Uri,
    { runId }: Finished,
    known: KnownFix | null,
  ): Record<string, () => unknown> {
    if (known === null) return {};
    const { executeCommand } = vscode.commands;
    const { fix, signature } = known;
    if (known.action === null) {
      const ref = { folder: folder.toString(), signature };
      return { "Show Error Patterns": () => executeCommand(Commands.showErrorPatterns, ref) };
    }
    return { "Run Again with It": () => executeCommand(Commands.runWithFix, runId, fix) };
  }

  /** What a user may want next, by the label of its button. */
  #actions(
    folder: vscode.Uri,
    name: string,
    { status, runId, checkpointId, error }: Finished,
  ): Record<string, () => unknown> {
    if (status === "success")
      return { "Show Result": () => this.#parts.results.show(folder, runId, `${name} result`) };
    const { executeCommand } = vscode.commands;
    return {
      ...(error?.name === "UserError" &&
        error.message.includes(Settings.nodePath) && {
          "Open Settings": () => openSetting(folder, Settings.nodePath),
        }),
      "Show Log": () => this.#runLog.show(),
      ...(status !== "cancelled" &&
        checkpointId !== null && { "Show Checkpoints": () => executeCommand(Commands.showCheckpoints) }),
    };
  }
}

/** VS Code shows a setting of the machine only among those of the place that sets it. */
async function openSetting(folder: vscode.Uri, id: string): Promise<void> {
  const values = vscode.workspace.getConfiguration(undefined, folder).inspect(id);
  const ofWorkspace = (values?.workspaceFolderValue ?? values?.workspaceValue) !== undefined;
  const ofRemote = vscode.env.remoteName !== undefined;
  const command = ofWorkspace ? "openWorkspaceSettings" : ofRemote ? "openRemoteSettings" : "openSettings";
  await vscode.commands.executeCommand(`workbench.action.${command}`, { query: id });
}
