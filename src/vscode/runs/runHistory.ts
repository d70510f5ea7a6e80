import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import type { RunEvent } from "../../model/runRecord.ts";
import type { RunSummary } from "../../model/runSummary.ts";
import { listRuns, readSummary, restOfBatches } from "../../runs/history/listRuns.ts";
import { LivingOwners } from "../../runs/history/runOwner.ts";
import { summarize } from "../../runs/history/summarize.ts";
import { inBackground, type Log } from "../answers.ts";
import { Disposables } from "../disposables.ts";
import { StoreWatcher } from "../storeWatcher.ts";
import type { Runner, StartedRun } from "../run/runner.ts";
import { byActivity, isActive, isOutdated, type RunRow } from "./row.ts";
import { fileFolders } from "../fileFolders.ts";

const FIRST_PAGE = 200;
/** Whoever looks for older runs gets so many times as many: ten thousand by three clicks. */
const OLDER = 5;
/** Changes are shown together. */
const TOGETHER_MS = 100;
/** How often runs of other processes are asked whether they are still at work. */
const OTHERS_MS = 5_000;

/** The runs of the workspace: those of this window from their events, all others from their records. */
export class RunHistory implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<ReadonlySet<string>>());
  /** With the ids of the runs that are other than before. */
  readonly onDidChange = this.#changed.event;
  readonly #logged = this.#owned.add(new vscode.EventEmitter<string>());
  /** A run of which more is in its record, by its id. */
  readonly onDidLog = this.#logged.event;
  readonly #rows = new Map<string, RunRow>();
  /** What happened so far in the runs of this window that are at work, their logs aside. */
  readonly #live = new Map<string, { folder: vscode.WorkspaceFolder; events: RunEvent[] }>();
  readonly #mine = new Set<string>();
  #pending = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #limit = FIRST_PAGE;
  #listed: Promise<void> | null = null;
  #more = false;
  readonly #log: Log;

  constructor(runner: Runner, log: Log) {
    this.#log = log;
    this.#owned.add(runner.onDidStart((started) => this.#follow(started)));
    this.#owned.add(
      new StoreWatcher("runs/*.jsonl", (files) => inBackground(log, this.#recordsChanged(files))),
    );
    const others = setInterval(() => inBackground(log, this.#askOthers()), OTHERS_MS);
    this.#owned.add({
      dispose: () => {
        clearInterval(others);
        clearTimeout(this.#timer);
      },
    });
  }

  /** What is at work first, then the newest; those of this window only until `list` was called. */
  get rows(): RunRow[] {
    return [...this.#rows.values()].sort(byActivity);
  }

  /** Whether there are older ones than those that were read. */
  get more(): boolean {
    return this.#more;
  }

  /** Reads the records, once. */
  list(): Promise<void> {
    this.#listed ??= this.#list();
    return this.#listed;
  }

  async older(): Promise<void> {
    this.#limit *= OLDER;
    this.#listed = this.#list();
    await this.#listed;
  }

  /** Reads one record anew. */
  async reread({ folder, summary: { runId } }: RunRow): Promise<void> {
    await this.#read(vscode.Uri.parse(folder.uri), folder.name, runId);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** @param tells also where no run is other than before */
  async #list(tells = true): Promise<void> {
    let more = false;
    const found = new Set<string>();
    const rests: Promise<void>[] = [];
    const add = (folder: vscode.WorkspaceFolder, summaries: readonly RunSummary[]) => {
      for (const summary of summaries) {
        found.add(summary.runId);
        if (!this.#live.has(summary.runId)) this.#set(summary.runId, this.#row(folder, summary));
      }
    };
    for (const folder of fileFolders()) {
      const root = folder.uri.fsPath;
      const summaries = await listRuns(root, this.#limit + 1);
      more ||= summaries.length > this.#limit;
      const listed = summaries.slice(0, this.#limit);
      add(folder, listed);
      if (summaries.length > this.#limit)
        rests.push(restOfBatches(root, listed).then((rest) => add(folder, rest)));
    }
    if (tells || more !== this.#more) this.#changedSoon("");
    this.#more = more;
    // The page is shown before the batches that reach beyond it are whole.
    const whole = Promise.all(rests).then(() => {
      for (const id of this.#rows.keys()) if (!found.has(id) && !this.#live.has(id)) this.#forget(id);
    });
    if (rests.length === 0) await whole;
    else inBackground(this.#log, whole);
  }

  async #recordsChanged(files: vscode.Uri[]): Promise<void> {
    if (this.#listed === null) return;
    if (files.length === 0) return this.#list(false);
    const owners = new Map<string, LivingOwners>();
    for (const file of files) {
      const id = basename(file.path, ".jsonl");
      const folder = vscode.workspace.getWorkspaceFolder(file);
      if (folder === undefined || this.#live.has(id)) continue;
      const runs = vscode.Uri.joinPath(file, "..").fsPath;
      const living = owners.get(runs) ?? new LivingOwners(runs);
      owners.set(runs, living);
      await this.#read(folder.uri, folder.name, id, living);
    }
  }

  async #askOthers(): Promise<void> {
    for (const row of this.#rows.values()) if (isActive(row) && !row.mine) await this.reread(row);
  }

  async #read(folder: vscode.Uri, name: string, id: string, living?: LivingOwners): Promise<void> {
    const summary = await readSummary(folder.fsPath, id, living).catch(() => null);
    if (summary === null) this.#forget(id);
    else this.#set(id, this.#row({ uri: folder, name }, summary));
    this.#logged.fire(id);
  }

  #follow({ run, folder }: StartedRun): void {
    const events: RunEvent[] = [];
    this.#live.set(run.id, { folder, events });
    this.#mine.add(run.id);
    run.onEvent((event) => {
      this.#logged.fire(run.id);
      if (event.type === "log") return;
      if (event.type === "progress" && events.at(-1)?.type === "progress") events.pop();
      events.push(event);
      if (event.type === "finished") {
        this.#live.delete(run.id);
        this.#fold(folder, events);
      }
      this.#changedSoon(run.id);
    });
  }

  #fold(folder: vscode.WorkspaceFolder, events: readonly RunEvent[]): void {
    const summary = summarize(events, true);
    if (summary !== null) this.#rows.set(summary.runId, this.#row(folder, summary));
  }

  #row(folder: Pick<vscode.WorkspaceFolder, "uri" | "name">, summary: RunSummary): RunRow {
    const { uri, name } = folder;
    return { folder: { uri: uri.toString(), name }, summary, mine: this.#mine.has(summary.runId) };
  }

  /** Of what was read from a record. */
  #set(id: string, row: RunRow): void {
    const known = this.#rows.get(id);
    // Until a row that is drawn anew is there, a click on it is lost.
    if (isOutdated(row, known) || isDeepStrictEqual(row, known)) return;
    this.#rows.set(id, row);
    this.#changedSoon(id);
  }

  #forget(id: string): void {
    if (this.#rows.delete(id)) this.#changedSoon(id);
  }

  #changedSoon(id: string): void {
    this.#pending.add(id);
    this.#timer ??= setTimeout(() => {
      const ids = this.#pending;
      this.#pending = new Set();
      this.#timer = undefined;
      // Once for all that happened meanwhile.
      for (const id of ids) {
        const live = this.#live.get(id);
        if (live !== undefined) this.#fold(live.folder, live.events);
      }
      this.#changed.fire(ids);
    }, TOGETHER_MS);
  }
}
