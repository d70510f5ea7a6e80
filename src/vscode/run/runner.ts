import * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import { readAgentLimits } from "../../model/agentLimits.ts";
import type { LiveState } from "../../model/hostProtocol.ts";
import type { ChosenFix } from "../../model/fix.ts";
import type { Finished } from "../../model/runRecord.ts";
import { AgentSlots } from "../../runs/agentSlots.ts";
import { setConcurrency } from "../../runs/fixes/lowered.ts";
import type { FixOptions } from "../../runs/fixes/runFixes.ts";
import { resumeRun } from "../../runs/history/resumeRun.ts";
import { Slots } from "../../runs/slots.ts";
import { RunService, type Attach, type Run, type RunServiceOptions } from "../../runs/runService.ts";
import type { FindSurroundings } from "../../runs/runSurroundings.ts";
import { inBackground, type Log } from "../answers.ts";
import { Settings } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { Agent } from "../index/indexService.ts";
import { nodePathOf } from "../nodePath.ts";
import { LazyQueueEngine } from "../queue/lazyQueueEngine.ts";
import type { QueueOfUser } from "../queue/queueOfUser.ts";
import type { RunInputs } from "./runInputs.ts";
import { runLimitsOf } from "./runLimits.ts";

const PARALLEL = 10;
/** Under a debugger: what it holds on to counts, too. */
const DEBUG_MEMORY_MB = 4096;
/** How many requests of this window are kept for running them again. */
const KEPT = 500;

/** What can be run, whether the index knows it or not. */
export interface Runnable {
  folder: vscode.WorkspaceFolder;
  /** The file. */
  uri: vscode.Uri;
  /** The class name; "default" for an anonymous default export. */
  name: string;
}

export function runnable({ folder, uri, record: { name } }: Agent): Runnable {
  return { folder, uri, name };
}

/** What counts before the settings of the folder. */
export interface RunLimits {
  retries?: number | undefined;
  /** 0 for no limit. */
  timeoutSeconds?: number | undefined;
  /** The user sees elsewhere what it does: no notification says it too. */
  shown?: boolean | undefined;
  /** A known solution to run it with. */
  fix?: ChosenFix | undefined;
  /** It is one of the runs of a batch, with which it takes its turns. */
  batch?: { id: string; turns: Slots; together: string | undefined } | undefined;
  /** As in a `StartRequest`. */
  priority?: number | undefined;
  delayMs?: number | undefined;
}

export interface StartedRun {
  run: Run;
  name: string;
  folder: vscode.WorkspaceFolder;
  shown: boolean;
  /** What it comes to is told with the others of its batch; what it asks is not. */
  inBatch: boolean;
}

interface Parts {
  hostFile: string;
  surroundings: FindSurroundings;
  fixes: FixOptions;
  queue: QueueOfUser;
  log: Log;
}

/** Runs agents in the background, as the settings say. */
export class Runner implements vscode.Disposable {
  readonly #hostFile: string;
  readonly #surroundings: FindSurroundings;
  readonly #log: Log;
  readonly #fixes: FixOptions;
  readonly #owned = new Disposables();
  readonly #started = this.#owned.add(new vscode.EventEmitter<StartedRun>());
  /** Told in the moment of the start, before the run's first event. */
  readonly onDidStart = this.#started.event;
  /** By the Node they were set to use: a run under way keeps its own when the setting changes. */
  readonly #services = new Map<string, RunService>();
  readonly #queue: QueueOfUser;
  /** Of the queue that the settings name. */
  #queued: RunService | null = null;
  /** Those of queues that they named before, until the runs there have ended. */
  readonly #left = new Set<RunService>();
  /** A run under a debugger has a service, and so a process, of its own. */
  readonly #debugged = new Set<RunService>();
  /** Of all folders and services together. */
  readonly #slots = new Slots(PARALLEL);
  readonly #agentSlots = new AgentSlots({});
  /** What was said of a wrong limit. */
  #saidOfLimits = "";
  readonly #asked = new Map<string, RunInputs>();
  readonly #atWork = new Map<string, { run: Run; service: RunService }>();

  constructor({ hostFile, surroundings, fixes, queue, log }: Parts) {
    this.#queue = queue;
    this.#owned.add(queue.onDidChange(() => this.#leaveQueue()));
    this.#fixes = fixes;
    this.#hostFile = hostFile;
    this.#surroundings = surroundings;
    this.#log = log;
  }

  /** Resolves when the run has ended, with its last event. */
  run(agent: Agent, inputs: RunInputs): Promise<Finished> {
    return this.start(runnable(agent), inputs).finished;
  }

  /** Starts a run as the settings of its folder say. */
  start({ folder, uri, name }: Runnable, inputs: RunInputs, limits: RunLimits = {}): Run {
    const { retries, timeoutSeconds, shown = false, batch, fix, priority, delayMs } = limits;
    const usual = runLimitsOf(folder);
    const service = this.#service(folder);
    const run = service.start({
      root: folder.uri.fsPath,
      file: uri.fsPath,
      name,
      ...inputs,
      ...usual,
      ...{ priority, delayMs },
      ...(fix !== undefined && { fix }),
      ...(retries !== undefined && { retries }),
      ...(inputs.tool !== undefined && { retries: 0 }),
      ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 || undefined }),
      ...(batch !== undefined && { batch: batch.id, turns: batch.turns, together: batch.together }),
    });
    this.#remember(run, inputs);
    return this.#follow(service, {
      ...{ run, folder, shown, inBatch: batch !== undefined },
      name: inputs.tool === undefined ? name : `${displayName(name)} · ${inputs.tool}`,
    });
  }

  /** Starts a run of this machine in a process of its own once a debugger is attached there: at once, without time limit and further attempts. */
  startDebugged({ folder, uri, name }: Runnable, inputs: RunInputs, attach: Attach): Run {
    const service = this.#newService(folder, { attach });
    this.#debugged.add(service);
    const usual = runLimitsOf(folder);
    const run = service.start({
      ...{ root: folder.uri.fsPath, file: uri.fsPath, name, ...inputs, ...usual },
      ...{ retries: 0, timeoutMs: undefined, memoryMb: Math.max(usual.memoryMb, DEBUG_MEMORY_MB) },
    });
    this.#remember(run, inputs);
    const ended = run.finished.then(async () => {
      this.#debugged.delete(service);
      await service.dispose();
    });
    inBackground(this.#log, ended);
    return this.#follow(service, { run, name, folder, shown: false, inBatch: false });
  }

  /**
   * Starts the run that goes on from the last checkpoint of another one. Rejects with a UserError where that cannot be.
   * @param turns of those that are resumed together
   */
  async resume(folder: vscode.WorkspaceFolder, runId: string, turns?: Slots): Promise<Run> {
    const start = (request: Parameters<RunService["start"]>[0]) => {
      const service = this.#service(folder);
      const run = service.start({ ...request, turns });
      return this.#follow(service, {
        run,
        name: request.name,
        folder,
        shown: false,
        inBatch: turns !== undefined,
      });
    };
    return resumeRun(folder.uri.fsPath, runId, start, () => undefined);
  }

  /** What a checkpoint of a run at work would keep now. Rejects with a UserError where its agent cannot be asked. */
  liveState(folder: vscode.WorkspaceFolder, runId: string): Promise<LiveState> {
    const service = this.#atWork.get(runId)?.service ?? this.#service(folder);
    return service.liveState(runId);
  }

  /** A run of this window that has not ended. */
  atWork(runId: string): Run | undefined {
    return this.#atWork.get(runId)?.run;
  }

  /** What a run of this window was asked for. */
  asked(runId: string): RunInputs | undefined {
    return this.#asked.get(runId);
  }

  /** Resolves once all have ended. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#atWork.values()].map(({ run }) => run.cancel()));
  }

  dispose(): void {
    const ofQueues = [...this.#left, ...(this.#queued === null ? [] : [this.#queued])];
    for (const service of [...this.#services.values(), ...this.#debugged, ...ofQueues])
      inBackground(this.#log, service.dispose());
    this.#owned.dispose();
  }

  #remember(run: Run, inputs: RunInputs): void {
    this.#asked.set(run.id, inputs);
    for (const id of this.#asked.keys()) if (this.#asked.size > KEPT) this.#asked.delete(id);
  }

  #follow(service: RunService, started: StartedRun): Run {
    const { run } = started;
    this.#atWork.set(run.id, { run, service });
    const ended = run.finished.then(() => {
      this.#atWork.delete(run.id);
      this.#endLeft();
    });
    inBackground(this.#log, ended);
    this.#started.fire(started);
    return run;
  }

  #service(folder: vscode.WorkspaceFolder): RunService {
    const settings = vscode.workspace.getConfiguration(undefined, folder);
    setConcurrency(this.#slots, Math.max(1, settings.get<number>(Settings.parallel, PARALLEL)));
    this.#limitAgents(settings.get<unknown>(Settings.agentLimits));
    const shares = { slots: this.#slots, agentLimits: this.#agentSlots, fixes: this.#fixes };
    if (this.#queue.isUsed) {
      const note = (error: unknown) => this.#queue.note(error);
      return (this.#queued ??= this.#newService(folder, {
        ...{ ...shares, engine: new LazyQueueEngine(this.#queue.opener(), note) },
      }));
    }
    const nodePath = nodePathOf(folder);
    const known = this.#services.get(nodePath);
    if (known !== undefined) return known;
    const service = this.#newService(folder, shares);
    this.#services.set(nodePath, service);
    return service;
  }

  /** Further runs go elsewhere. */
  #leaveQueue(): void {
    if (this.#queued !== null) this.#left.add(this.#queued);
    this.#queued = null;
    this.#endLeft();
  }

  #endLeft(): void {
    const busy = new Set([...this.#atWork.values()].map(({ service }) => service));
    for (const service of this.#left) {
      if (busy.has(service)) continue;
      this.#left.delete(service);
      inBackground(this.#log, service.dispose());
    }
  }

  #limitAgents(setting: unknown): void {
    const { limits, problems } = readAgentLimits(setting);
    this.#agentSlots.set(limits);
    const said = problems.map((problem) => `${Settings.agentLimits}: ${problem}`).join("\n");
    if (said !== "" && said !== this.#saidOfLimits) this.#log.warn(said);
    this.#saidOfLimits = said;
  }

  #newService(folder: vscode.WorkspaceFolder, options: Partial<RunServiceOptions>): RunService {
    const service: RunService = new RunService({
      ...{ hostFile: this.#hostFile, nodePath: nodePathOf(folder), fallbackNode: process.execPath },
      surroundings: this.#surroundings,
      onStep: (run, { root, name, task, args = [] }) => {
        this.#remember(run, { task, args });
        const itsFolder = folderAt(root) ?? folder;
        this.#follow(service, { run, name, folder: itsFolder, shown: false, inBatch: true });
      },
      ...options,
    });
    return service;
  }
}

/** The service of a queue, or of one Node, is that of several folders. */
const folderAt = (root: string): vscode.WorkspaceFolder | undefined =>
  vscode.workspace.workspaceFolders?.find(({ uri }) => uri.fsPath === root);
