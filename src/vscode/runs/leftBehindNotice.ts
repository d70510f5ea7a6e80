import * as vscode from "vscode";
import type { RunSummary } from "../../model/runSummary.ts";
import { firstEvent } from "../../runs/history/firstEvent.ts";
import { runsSince } from "../../runs/history/listRuns.ts";
import { LivingOwners } from "../../runs/history/runOwner.ts";
import { recordsFolder } from "../../runs/recordPlace.ts";
import { inBackground, showFailure, type Log } from "../answers.ts";
import { Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { Runner, StartedRun } from "../run/runner.ts";
import { leftBehind, leftBehindSentence, type Busy } from "./leftBehind.ts";
import { resumeOne, resumeRuns } from "./resumeRuns.ts";
import { canBeResumed } from "./rowText.ts";

interface Parts {
  runner: Runner;
  /** Whether the user sees in the Runs view what became of runs. */
  isWatched: () => boolean;
  memory: vscode.Memento;
  log: Log;
}

interface Left {
  folder: vscode.WorkspaceFolder;
  summary: RunSummary;
}

const KEY = "opsviAgents.busy";
/** By then VS Code has opened its views again. */
const FIRST_LOOK_MS = 3_000;
/** What cannot be known to be gone is so by then. */
const SECOND_LOOK_MS = 15_000;

/** Tells at a start, once, which runs the window before left interrupted. */
export class LeftBehindNotice implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #owned = new Disposables();
  /** Of this window, by owner: runs that are debugged have one of their own. */
  readonly #busy = new Map<string, Busy>();
  /** The owners of runs. */
  readonly #atWork = new Map<string, string>();
  /** Of the windows before. */
  #before: Busy[];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#before = parts.memory.get<Busy[]>(KEY, []);
    this.#owned.add(parts.runner.onDidStart((started) => this.#note(started)));
    if (this.#before.length === 0) return;
    const look = (ms: number) => {
      const timer = setTimeout(() => inBackground(parts.log, this.#look()), ms);
      this.#owned.add({ dispose: () => clearTimeout(timer) });
    };
    const begin = () => {
      look(FIRST_LOOK_MS);
      look(SECOND_LOOK_MS);
    };
    if (vscode.workspace.isTrusted) begin();
    else this.#owned.add(vscode.workspace.onDidGrantWorkspaceTrust(begin));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #note({ run, folder }: StartedRun): void {
    run.onEvent((event) => {
      // What ends with the window is left behind by it.
      if (this.#owned.disposed) return;
      if (event.type === "queued" && event.owner !== undefined)
        this.#begin(run.id, event.owner, folder.uri.toString());
      else if (event.type === "finished") this.#end(run.id, event.status === "interrupted");
    });
  }

  #begin(runId: string, owner: string, folder: string): void {
    this.#atWork.set(runId, owner);
    if (this.#busy.has(owner)) return;
    this.#busy.set(owner, { folder, owner, since: runId, told: [] });
    this.#save();
  }

  #end(runId: string, interrupted: boolean): void {
    const owner = this.#atWork.get(runId);
    if (owner === undefined) return;
    this.#atWork.delete(runId);
    const isBusy = [...this.#atWork.values()].includes(owner);
    if (!isBusy) this.#busy.delete(owner);
    else if (interrupted) this.#busy.get(owner)?.told.push(runId);
    else return;
    this.#save();
  }

  #save(): void {
    const noted = [...this.#before, ...this.#busy.values()];
    inBackground(
      this.#parts.log,
      Promise.resolve(this.#parts.memory.update(KEY, noted.length === 0 ? undefined : noted)),
    );
  }

  async #look(): Promise<void> {
    if (this.#before.length === 0) return;
    const found: Left[] = [];
    for (const busy of this.#before) {
      const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(busy.folder));
      if (folder === undefined) continue;
      const runs = await runsOf(folder.uri.fsPath, busy);
      if (runs === null) continue;
      this.#before = this.#before.filter((other) => other !== busy);
      found.push(...runs.map((summary) => ({ folder, summary })));
    }
    this.#save();
    if (found.length > 0 && !this.#parts.isWatched()) await this.#tell(found);
  }

  async #tell(found: readonly Left[]): Promise<void> {
    const summaries = found.map(({ summary }) => summary);
    const runs = found
      .filter(({ summary }) => canBeResumed(summary))
      .map(({ folder, summary: { runId } }) => ({ folder, runId }));
    const resume = runs.length === 0 ? [] : [runs.length === 1 ? "Resume" : "Resume All"];
    const picked = await vscode.window.showWarningMessage(leftBehindSentence(summaries), "Show", ...resume);
    if (picked === undefined) return;
    if (picked === "Show" || runs.length > 1) await vscode.commands.executeCommand(`${Views.runs}.focus`);
    if (picked === "Show") return;
    const [only, ...others] = runs;
    const { runner, log } = this.#parts;
    const resumed =
      only !== undefined && others.length === 0 ? resumeOne(runner, only) : resumeRuns(runner, runs);
    await resumed.catch((error: unknown) => showFailure(error, log));
  }
}

/** Null while the process that recorded them is alive. */
async function runsOf(root: string, busy: Busy): Promise<RunSummary[] | null> {
  if (await new LivingOwners(recordsFolder(root)).isAlive(busy.owner)) return null;
  const own: RunSummary[] = [];
  for (const summary of leftBehind(await runsSince(root, busy.since), busy)) {
    const queued = await firstEvent(root, summary.runId);
    if (queued?.owner === busy.owner) own.push(summary);
  }
  return own;
}
