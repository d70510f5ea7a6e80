import * as vscode from "vscode";
import type { BatchFigures, BatchSummary } from "../../model/batch.ts";
import { displayName } from "../../model/displayName.ts";
import { Batch } from "../../runs/batch/batch.ts";
import { doneOf, summaryText } from "../../runs/batch/sentences.ts";
import type { StartRequest } from "../../runs/runService.ts";
import { inBackground, type Log } from "../answers.ts";
import { Settings } from "../contributions.ts";
import type { RunInputs } from "../run/runInputs.ts";
import { saveSources } from "../run/runnable.ts";
import type { Runnable, Runner } from "../run/runner.ts";
import { labelOf } from "./batchText.ts";

/** One run of a batch. */
export interface AskedRun extends RunInputs {
  agent: Runnable;
  /** As in a `StartRequest`. */
  priority?: number | undefined;
  delayMs?: number | undefined;
}

interface Parts {
  runner: Runner;
  /** Whether the user sees in the Runs view what runs do: then no notification says it too. */
  isWatched: () => boolean;
  showTable: (batch: string) => void;
  log: Log;
}

/** The progress of a batch is told so often. */
const TELL_MS = 200;

/** Starts batches, and tells of them where the Runs view is not in sight. */
export class Batches {
  readonly #parts: Parts;
  readonly #atWork = new Map<string, Batch>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @param concurrency how many of them may be at work at a time */
  async start(asked: readonly AskedRun[], concurrency: number): Promise<void> {
    const folders = new Map(asked.map(({ agent: { folder } }) => [folder.uri.fsPath, folder]));
    for (const folder of folders.values()) await saveSources(folder);
    const requests = asked.map(({ agent: { folder, uri, name }, task, args, priority, delayMs }) => ({
      ...{ root: folder.uri.fsPath, file: uri.fsPath, name, task, args, priority, delayMs },
    }));
    const sharesThreads = vscode.workspace.getConfiguration().get<unknown>(Settings.shareThreads) === true;
    const batch = new Batch(this.#service(folders), requests, { concurrency, sharesThreads });
    const names = asked.map(({ agent }) => displayName(agent.name));
    this.#atWork.set(batch.id, batch);
    inBackground(
      this.#parts.log,
      batch.finished.then(() => this.#atWork.delete(batch.id)),
    );
    this.#tell(batch, labelOf(asked.length, names));
  }

  /** Nothing further of a batch of this window is started. Resolves once all that was has ended. */
  async cancel(id: string): Promise<void> {
    await this.#atWork.get(id)?.cancel();
  }

  async cancelAll(): Promise<void> {
    await Promise.all([...this.#atWork.values()].map((batch) => batch.cancel()));
  }

  #service(folders: ReadonlyMap<string, vscode.WorkspaceFolder>) {
    return {
      start: ({ root, file, name, task, args = [], batch = "", turns, together, ...when }: StartRequest) => {
        const folder = folders.get(root);
        if (folder === undefined || turns === undefined) throw new Error("This is no run of a batch.");
        const agent = { folder, uri: vscode.Uri.file(file), name };
        const { priority, delayMs } = when;
        const limits = { batch: { id: batch, turns, together }, priority, delayMs };
        return this.#parts.runner.start(agent, { task, args }, limits);
      },
    };
  }

  #tell(batch: Batch, label: string): void {
    const { isWatched, log } = this.#parts;
    if (!isWatched()) this.#showProgress(batch, label);
    inBackground(
      log,
      batch.finished.then((summary) => (isWatched() ? undefined : this.#tellEnd(summary))),
    );
  }

  #showProgress(batch: Batch, label: string): void {
    const location = vscode.ProgressLocation.Notification;
    void vscode.window.withProgress(
      { location, title: `Running ${label}`, cancellable: true },
      async (progress, token) => {
        let told = 0;
        const tell = () => {
          const done = doneOf(batch.figures);
          progress.report({
            message: doneText(batch.figures),
            increment: ((done - told) / batch.rows.length) * 100,
          });
          told = done;
        };
        const timer = setInterval(tell, TELL_MS);
        token.onCancellationRequested(() => {
          clearInterval(timer);
          progress.report({ message: "cancelling…" });
          inBackground(this.#parts.log, batch.cancel());
        });
        await batch.finished;
        clearInterval(timer);
      },
    );
  }

  async #tellEnd(summary: BatchSummary): Promise<void> {
    const bad = summary.failed + summary.interrupted > 0;
    const show = bad ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
    if ((await show(summaryText(summary), "Show Table")) === "Show Table")
      this.#parts.showTable(summary.batch);
  }
}

function doneText(figures: BatchFigures): string {
  const bad = figures.failed + figures.interrupted;
  return `${doneOf(figures)} of ${figures.total} done${bad === 0 ? "" : `, ${bad} failed`}`;
}
