import pLimit from "p-limit";
import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { cancelRun } from "../../runs/control/otherProcess.ts";
import { discardRun } from "../../runs/history/discardRun.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { Notice } from "../answers.ts";
import { inProgressWhenSlow } from "../inProgress.ts";
import { refuseUnrunnable } from "../run/runnable.ts";
import { runnable, type Runnable, type Runner } from "../run/runner.ts";
import { agentOf, inputsOf } from "../runs/recordedInputs.ts";
import { resumeRuns } from "../runs/resumeRuns.ts";
import { isActive, type RunRow } from "../runs/row.ts";
import { folderOf, rootOf } from "../runs/rowFolder.ts";
import type { RunHistory } from "../runs/runHistory.ts";
import { isTrustedFor } from "../trust.ts";
import { counting, unfinished, unsuccessful, type BatchGroup } from "./batchGroup.ts";
import type { AskedRun, Batches } from "./batches.ts";
import { askConcurrency } from "./concurrency.ts";

interface Parts {
  runner: Runner;
  history: RunHistory;
  finder: AgentFinder;
  batches: Batches;
  memory: vscode.Memento;
}

/** Records that are read, or processes that are told something, at a time. */
const AT_ONCE = 8;

/** What can be done with a batch as a whole. */
export class BatchActions {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What waits is stopped first, so that nothing begins in place of what ends. */
  async stop({ id, rows }: BatchGroup): Promise<void> {
    const active = rows.filter(isActive);
    const own = active.map(({ summary }) => this.#parts.runner.atWork(summary.runId)?.cancel());
    const others = active
      .filter(({ summary }) => this.#parts.runner.atWork(summary.runId) === undefined)
      .sort((a, b) => Number(a.summary.state !== "queued") - Number(b.summary.state !== "queued"));
    const limit = pLimit(AT_ONCE);
    const told = others.map((row) => limit(() => cancelRun(rootOf(row), row.summary.runId)));
    const answers = await Promise.allSettled([this.#parts.batches.cancel(id), ...own, ...told]);
    const refused = answers.find(({ status }) => status === "rejected");
    // One that ended meanwhile cannot be stopped, and need not be.
    if (
      refused?.status === "rejected" &&
      answers.filter(({ status }) => status === "rejected").length === told.length
    )
      throw refused.reason;
  }

  /** Nothing further of any batch of this window is started, and all ends. */
  stopAll(): Promise<void> {
    return this.#parts.batches.cancelAll();
  }

  rerun(group: BatchGroup): Promise<void> {
    return this.#again(counting(group));
  }

  /** Where some failed and others were stopped, the user says which are meant. */
  async rerunUnsuccessful(group: BatchGroup): Promise<void> {
    const rows = unsuccessful(group);
    if (rows.length === 0) throw new Notice("All runs of this batch succeeded, or go on.");
    const cancelled = rows.filter(({ summary }) => summary.state === "cancelled");
    const failed = rows.filter(({ summary }) => summary.state !== "cancelled");
    if (cancelled.length === 0 || failed.length === 0) return this.#again(rows);
    const picked = await vscode.window.showQuickPick(
      [
        { label: `The ${failed.length} that failed`, rows: failed },
        { label: `The ${cancelled.length} that were stopped`, rows: cancelled },
        { label: `All ${rows.length}`, rows },
      ],
      { title: "Run Again What Did Not Succeed" },
    );
    if (picked !== undefined) await this.#again(picked.rows);
  }

  /** Those that were cancelled or interrupted go on from their last checkpoints, in the same batch. */
  async resume(group: BatchGroup): Promise<void> {
    if (!isTrustedFor("Running agents")) return;
    const rows = unfinished(group);
    const folders = new Map(rows.map((row) => [row.folder.uri, folderOf(row)]));
    if (folders.size === 0) throw new Notice("No run of this batch was stopped or interrupted.");
    const concurrency = await askConcurrency(rows.length, folders.values(), this.#parts.memory);
    if (concurrency === undefined) return;
    const runs = rows.map((row) => ({ folder: folderOf(row), runId: row.summary.runId }));
    await resumeRuns(this.#parts.runner, runs, concurrency);
  }

  /** Removes the records, after a question. */
  async discard({ rows }: BatchGroup): Promise<void> {
    if (!isTrustedFor("Discarding runs")) return;
    const question = `Discard the records of ${counted(rows.length, "run")}? Their checkpoints stay.`;
    if ((await vscode.window.showWarningMessage(question, { modal: true }, "Discard")) !== "Discard") return;
    await inProgressWhenSlow("Discarding a batch", async (signal) => {
      for (const row of rows) {
        if (signal.aborted) return;
        await discardRun(rootOf(row), row.summary.runId);
        await this.#parts.history.reread(row);
      }
    });
  }

  async #again(rows: readonly RunRow[]): Promise<void> {
    if (!isTrustedFor("Running agents")) return;
    const asked = await inProgressWhenSlow("Reading the tasks of a batch", (signal) =>
      this.#asked(rows, signal),
    );
    const folders = asked.map(({ agent }) => agent.folder);
    const concurrency = await askConcurrency(asked.length, folders, this.#parts.memory);
    if (concurrency !== undefined) await this.#parts.batches.start(asked, concurrency);
  }

  async #asked(rows: readonly RunRow[], signal: AbortSignal): Promise<AskedRun[]> {
    const agents = new Map<string, Runnable>();
    for (const row of rows) {
      if (agents.has(keyOf(row))) continue;
      const agent = await agentOf(row, this.#parts.finder);
      refuseUnrunnable(agent);
      agents.set(keyOf(row), runnable(agent));
    }
    const limit = pLimit(AT_ONCE);
    return Promise.all(
      rows.map((row) =>
        limit(async () => {
          signal.throwIfAborted();
          return { agent: agents.get(keyOf(row)) as Runnable, ...(await inputsOf(row, this.#parts.runner)) };
        }),
      ),
    );
  }
}

const keyOf = ({ folder, summary: { agent } }: RunRow): string =>
  `${folder.uri}|${agent.file_path}#${agent.name}`;
