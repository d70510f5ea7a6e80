import * as vscode from "vscode";
import type { Finished } from "../../model/runRecord.ts";
import { readRun } from "../../runs/readRun.ts";
import { RunService, type Run } from "../../runs/runService.ts";
import { inBackground, type Log } from "../answers.ts";
import { Commands, Schemes, Settings } from "../contributions.ts";
import { JsonDocuments } from "../jsonDocuments.ts";
import type { Agent } from "../index/indexService.ts";
import { displayName } from "../../model/displayName.ts";
import type { RunInputs } from "./runInputs.ts";
import { RunLog } from "./runLog.ts";
import { lineOf, sentenceOf } from "./runReport.ts";

/** What can be run, whether the index knows it or not. */
export interface Runnable {
  folder: vscode.WorkspaceFolder;
  /** The file. */
  uri: vscode.Uri;
  /** The class name; "default" for an anonymous default export. */
  name: string;
}

/** What counts before the settings of the folder. */
export interface RunLimits {
  retries?: number | undefined;
  /** 0 for no limit. */
  timeoutSeconds?: number | undefined;
}

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

  /** Starts a run as the settings of its folder say; what it does is logged. */
  start({ folder, uri, name }: Runnable, { task, args }: RunInputs, limits: RunLimits = {}): Run {
    const settings = vscode.workspace.getConfiguration(undefined, folder);
    const timeoutSeconds = limits.timeoutSeconds ?? settings.get<number>(Settings.timeoutSeconds, 0);
    const run = this.#service(settings.get<string>(Settings.nodePath, "").trim()).start({
      root: folder.uri.fsPath,
      file: uri.fsPath,
      name,
      task,
      args,
      retries: limits.retries ?? settings.get<number>(Settings.retries, 0),
      ...(timeoutSeconds > 0 && { timeoutMs: timeoutSeconds * 1000 }),
    });
    run.onEvent((event) => this.#runLog.append(displayName(name), event));
    return run;
  }

  /** Resolves when the run has ended, with its last event. */
  async run({ folder, record, uri }: Agent, inputs: RunInputs): Promise<Finished> {
    const run = this.start({ folder, uri, name: record.name }, inputs);
    const name = displayName(record.name);
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Running ${name}`,
      cancellable: true,
    };
    const finished = await vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => {
        progress.report({ message: "cancelling…" });
        inBackground(this.#log, run.cancel());
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
    inBackground(this.#log, this.#tell(folder.uri, name, finished));
    return finished;
  }

  dispose(): void {
    for (const service of this.#services.values()) inBackground(this.#log, service.dispose());
    this.#runLog.dispose();
    this.#results.dispose();
  }

  async #tell(folder: vscode.Uri, name: string, finished: Finished): Promise<void> {
    const sentence = sentenceOf(name, finished);
    const actions = this.#actions(folder, name, finished);
    const show =
      finished.status === "success" || finished.status === "cancelled"
        ? vscode.window.showInformationMessage
        : vscode.window.showErrorMessage;
    const choice = await show(sentence, ...Object.keys(actions));
    if (choice !== undefined) await actions[choice]?.();
  }

  /** What a user may want next, by the label of its button. */
  #actions(
    folder: vscode.Uri,
    name: string,
    { status, runId, checkpointId, error }: Finished,
  ): Record<string, () => unknown> {
    if (status === "success")
      return { "Show Result": () => this.#results.show(folder, runId, `${name} result`) };
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

  #service(nodePath: string): RunService {
    const known = this.#services.get(nodePath);
    if (known !== undefined) return known;
    const service = new RunService({ hostFile: this.#hostFile, nodePath, fallbackNode: process.execPath });
    this.#services.set(nodePath, service);
    return service;
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

async function outputOf(folder: vscode.Uri, runId: string): Promise<unknown> {
  const finished = (await readRun(folder.fsPath, runId)).findLast((event) => event.type === "finished");
  return finished?.output ?? null;
}
