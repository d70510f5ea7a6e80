import * as vscode from "vscode";
import type { Finished } from "../../model/runRecord.ts";
import { RunService, type Run } from "../../runs/runService.ts";
import { inBackground, type Log } from "../answers.ts";
import { Settings } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { Agent } from "../index/indexService.ts";
import type { RunInputs } from "./runInputs.ts";

/** How many requests of this window are kept for running them again. */
const KEPT = 500;

export interface StartedRun {
  run: Run;
  agent: Agent;
  inputs: RunInputs;
}

/** Runs agents in the background, as the settings say. */
export class Runner implements vscode.Disposable {
  readonly #hostFile: string;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #started = this.#owned.add(new vscode.EventEmitter<StartedRun>());
  /** Told in the moment of the start, before the run's first event. */
  readonly onDidStart = this.#started.event;
  /** By the Node they were set to use: a run under way keeps its own when the setting changes. */
  readonly #services = new Map<string, RunService>();
  readonly #kept = new Map<string, StartedRun>();
  readonly #atWork = new Map<string, Run>();

  constructor(hostFile: string, log: Log) {
    this.#hostFile = hostFile;
    this.#log = log;
  }

  /** Resolves when the run has ended, with its last event. */
  run(agent: Agent, inputs: RunInputs): Promise<Finished> {
    return this.start(agent, inputs).finished;
  }

  start(agent: Agent, inputs: RunInputs): Run {
    const { folder, record, uri } = agent;
    const settings = vscode.workspace.getConfiguration(undefined, folder);
    const timeoutSeconds = settings.get<number>(Settings.timeoutSeconds, 0);
    const run = this.#service(settings.get<string>(Settings.nodePath, "").trim()).start({
      root: folder.uri.fsPath,
      file: uri.fsPath,
      name: record.name,
      task: inputs.task,
      args: inputs.args,
      retries: settings.get<number>(Settings.retries, 0),
      ...(timeoutSeconds > 0 && { timeoutMs: timeoutSeconds * 1000 }),
    });
    const started = { run, agent, inputs };
    this.#kept.set(run.id, started);
    for (const id of this.#kept.keys()) if (this.#kept.size > KEPT) this.#kept.delete(id);
    this.#atWork.set(run.id, run);
    inBackground(
      this.#log,
      run.finished.then(() => this.#atWork.delete(run.id)),
    );
    this.#started.fire(started);
    return run;
  }

  /** A run of this window that has not ended. */
  atWork(runId: string): Run | undefined {
    return this.#atWork.get(runId);
  }

  /** What a run of this window was asked for. */
  asked(runId: string): StartedRun | undefined {
    return this.#kept.get(runId);
  }

  /** Resolves once all have ended. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#atWork.values()].map((run) => run.cancel()));
  }

  dispose(): void {
    for (const service of this.#services.values()) inBackground(this.#log, service.dispose());
    this.#owned.dispose();
  }

  #service(nodePath: string): RunService {
    const known = this.#services.get(nodePath);
    if (known !== undefined) return known;
    const service = new RunService({ hostFile: this.#hostFile, nodePath, fallbackNode: process.execPath });
    this.#services.set(nodePath, service);
    return service;
  }
}
