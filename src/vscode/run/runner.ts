import * as vscode from "vscode";
import type { Finished } from "../../model/runRecord.ts";
import { readRun } from "../../runs/readRun.ts";
import { RunService } from "../../runs/runService.ts";
import { inBackground, type Log } from "../answers.ts";
import { Commands, Schemes, Settings } from "../contributions.ts";
import { JsonDocuments } from "../jsonDocuments.ts";
import type { Agent } from "../index/indexService.ts";
import type { RunInputs } from "./runInputs.ts";
import { RunLog } from "./runLog.ts";
import { lineOf, sentenceOf } from "./runReport.ts";

/** Runs agents in the background: progress with cancel, a log, and one notification at the end. */
export class Runner implements vscode.Disposable {
  readonly #hostFile: string;
  readonly #log: Log;
  readonly #runLog = new RunLog();
  readonly #results = new JsonDocuments(Schemes.result, outputOf);
  /** By the Node they were set to use: a run under way keeps its own when the setting changes. */
  readonly #services = new Map<string, RunService>();

  constructor(hostFile: string, log: Log) {
    this.#hostFile = hostFile;
    this.#log = log;
  }

  /** Resolves when the run has ended, with its last event. */
  async run({ folder, record, uri }: Agent, { task, args }: RunInputs): Promise<Finished> {
    const settings = vscode.workspace.getConfiguration(undefined, folder);
    const timeoutSeconds = settings.get<number>(Settings.timeoutSeconds, 0);
    const run = this.#service(settings.get<string>(Settings.nodePath, "").trim()).start({
      root: folder.uri.fsPath,
      file: uri.fsPath,
      name: record.name,
      task,
      args,
      retries: settings.get<number>(Settings.retries, 0),
      ...(timeoutSeconds > 0 && { timeoutMs: timeoutSeconds * 1000 }),
    });
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Running ${record.name}`,
      cancellable: true,
    };
    const finished = await vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => {
        progress.report({ message: "cancelling…" });
        inBackground(this.#log, run.cancel());
      });
      let fraction = 0;
      run.onEvent((event) => {
        this.#runLog.append(record.name, event);
        if (event.type !== "progress" && event.type !== "retry" && event.type !== "started") return;
        const share = event.type === "progress" ? (event.fraction ?? fraction) : fraction;
        const message = event.type === "started" ? "started" : (lineOf(event) ?? "");
        progress.report({ message, increment: Math.max(share - fraction, 0) * 100 });
        fraction = Math.max(share, fraction);
      });
      return run.finished;
    });
    inBackground(this.#log, this.#tell(folder.uri, record.name, finished));
    return finished;
  }

  dispose(): void {
    for (const service of this.#services.values()) inBackground(this.#log, service.dispose());
    this.#runLog.dispose();
    this.#results.dispose();
  }

  async #tell(folder: vscode.Uri, name: string, finished: Finished): Promise<void> {
    const [showResult, showLog, showCheckpoints] = ["Show Result", "Show Log", "Show Checkpoints"] as const;
    const sentence = sentenceOf(name, finished);
    const choice =
      finished.status === "success"
        ? await vscode.window.showInformationMessage(sentence, showResult)
        : finished.status === "cancelled"
          ? await vscode.window.showInformationMessage(sentence, showLog)
          : finished.checkpointId === null
            ? await vscode.window.showErrorMessage(sentence, showLog)
            : await vscode.window.showErrorMessage(sentence, showLog, showCheckpoints);
    if (choice === showResult) await this.#results.show(folder, finished.runId, `${name} result`);
    if (choice === showLog) this.#runLog.show();
    if (choice === showCheckpoints) await vscode.commands.executeCommand(Commands.showCheckpoints);
  }

  #service(nodePath: string): RunService {
    const known = this.#services.get(nodePath);
    if (known !== undefined) return known;
    const service = new RunService({ hostFile: this.#hostFile, nodePath, fallbackNode: process.execPath });
    this.#services.set(nodePath, service);
    return service;
  }
}

async function outputOf(folder: vscode.Uri, runId: string): Promise<unknown> {
  const finished = (await readRun(folder.fsPath, runId)).findLast((event) => event.type === "finished");
  return finished?.output ?? null;
}
