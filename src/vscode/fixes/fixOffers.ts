import * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import { fixText, type KnownFix } from "../../model/fix.ts";
import { isPipelineFile } from "../../model/pipeline.ts";
import type { Finished, Queued, RunError } from "../../model/runRecord.ts";
import { UserError } from "../../model/userError.ts";
import type { FixBook } from "../../runs/fixes/knownFixes.ts";
import { inBackground, registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { saveSources } from "../run/runnable.ts";
import type { Runner, StartedRun } from "../run/runner.ts";
import { isTrustedFor } from "../trust.ts";
import type { FixApprovals } from "./fixApprovals.ts";

/** So many runs that failed are remembered. */
const MOST = 200;

/** A run of this window that failed, and what is known to help. */
export interface FailedRun {
  folder: vscode.WorkspaceFolder;
  queued: Queued;
  error: RunError;
  /** Best first; neither disproved nor unconfirmed. */
  fixes: KnownFix[];
}

/** The same for all runs of an agent. */
export const agentOf = ({ folder, queued: { agent } }: Pick<FailedRun, "folder" | "queued">): string =>
  `${folder.uri.toString()}|${agent.file_path}#${agent.name}`;

interface Parts {
  runner: Runner;
  book: FixBook;
  approvals: FixApprovals;
  log: Log;
}

/** Known solutions for the runs of this window that failed, and the command that runs them again with one. */
export class FixOffers implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #owned = new Disposables();
  readonly #failed = new Map<string, Promise<FailedRun | null>>();
  readonly #fails = this.#owned.add(new vscode.EventEmitter<FailedRun>());
  readonly onDidFail = this.#fails.event;
  readonly #succeeds = this.#owned.add(new vscode.EventEmitter<string>());
  /** With what `agentOf` answers. */
  readonly onDidSucceed = this.#succeeds.event;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#owned.add(parts.runner.onDidStart((started) => this.#follow(started)));
    this.#owned.add(
      registerCommand(parts.log, Commands.runWithFix, async (runId, fix) => {
        if (typeof runId === "string" && typeof fix === "string") await this.runWith(runId, fix);
      }),
    );
  }

  /** What is known to help a run of this window that failed; null where nothing is. */
  async best(runId: string): Promise<KnownFix | null> {
    return (await this.#failed.get(runId))?.fixes[0] ?? null;
  }

  /** Runs it again with one of its solutions, once. Rejects with a UserError where that cannot be. */
  async runWith(runId: string, fix: string): Promise<void> {
    if (!isTrustedFor("Running an agent")) return;
    const { runner, approvals } = this.#parts;
    const failed = await this.#failed.get(runId);
    const known = failed?.fixes.find((each) => each.fix === fix);
    if (!failed || !known?.action)
      throw new UserError("This solution is not known any more: run the agent again.");
    const { folder, queued, error } = failed;
    const { action, signature } = known;
    if (action.type === "code" && !(await approvals.ask(known, action.code))) return;
    await saveSources(folder);
    const uri = vscode.Uri.joinPath(folder.uri, queued.agent.file_path);
    const of = { runId, signature: error.signature ?? "" };
    const inputs = { task: queued.task, args: queued.args ?? [] };
    runner.start({ folder, uri, name: queued.agent.name }, inputs, { fix: { signature, fix, action, of } });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #follow({ run, folder }: StartedRun): void {
    let queued: Queued | null = null;
    run.onEvent((event) => {
      if (event.type === "queued") queued = event;
    });
    const failed = run.finished.then((finished) =>
      queued === null ? null : this.#ended(folder, queued, finished),
    );
    this.#failed.set(run.id, failed);
    for (const id of this.#failed.keys()) if (this.#failed.size > MOST) this.#failed.delete(id);
    inBackground(this.#parts.log, failed);
  }

  async #ended(
    folder: vscode.WorkspaceFolder,
    queued: Queued,
    { status, error }: Finished,
  ): Promise<FailedRun | null> {
    if (queued.tool !== undefined || isPipelineFile(queued.agent.file_path)) return null;
    if (status === "success") this.#succeeds.fire(agentOf({ folder, queued }));
    if (status !== "failed" || error === undefined || error.name === "UserError") return null;
    const found = await this.#parts.book.find(folder.uri.fsPath, error).catch((thrown: unknown) => {
      this.#parts.log.warn(`Known solutions cannot be read: ${String(thrown)}`);
      return [];
    });
    const fixes = found.filter(({ unconfirmed, disproved }) => !unconfirmed && !disproved);
    const failed = { folder, queued, error, fixes };
    this.#fails.fire(failed);
    return failed;
  }
}

/** The sentence that offers a solution. */
export const offerText = (known: KnownFix): string => `Known solution: ${fixText(known)}.`;

export const failureText = ({ queued, error, fixes: [best] }: FailedRun): string => {
  const name = displayName(queued.agent.name);
  return [`${name} failed here: ${error.message}`, ...(best === undefined ? [] : [offerText(best)])].join(
    "\n",
  );
};
