import { join } from "node:path";
import * as vscode from "vscode";
import { nodePathOf } from "../nodePath.ts";
import { plannedAdapter, writtenAdapter, writtenRecord } from "../../migration/adapterSource.ts";
import { textOf } from "../../migration/files.ts";
import { parityReport } from "../../migration/parityReport.ts";
import { executionsSentence, paritySentence } from "../../migration/parityText.ts";
import type { AdapterSource, ParityReport, ParityRun, ParityTask } from "../../model/parity.ts";
import { UserError } from "../../model/userError.ts";
import { ParityRunner } from "../../runs/parityRunner.ts";
import type { FindSurroundings } from "../../runs/runSurroundings.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { Commands, Schemes, Settings } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { Agent, IndexService } from "../index/indexService.ts";
import type { MigrationPreviews } from "../migrate/migrationPreview.ts";
import { migrationOptions } from "../migrate/migrationOptions.ts";
import { refuseUnrunnable, saveSources } from "../run/runnable.ts";
import type { RunInputBoxes } from "../run/runInputs.ts";
import { isTrustedFor } from "../trust.ts";
import { ParityDiffs } from "./parityDiff.ts";
import { askTasks } from "./parityTasks.ts";

interface Parts {
  index: IndexService;
  finder: AgentFinder;
  inputs: RunInputBoxes;
  /** Where an adapter is compared before it is written. */
  previews: MigrationPreviews;
  hostFile: string;
  surroundings: FindSurroundings;
}

interface Subject {
  agent: Agent;
  adapter: AdapterSource;
}

/** Agents: Compare with Adapter… gives the same tasks to a class and to its adapter, written or planned. */
export class CompareCommand implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #owned = new Disposables();
  readonly #diffs = this.#owned.add(new ParityDiffs());

  constructor(parts: Parts, log: Log) {
    this.#parts = parts;
    const run = async (argument: unknown, selected: unknown) => {
      if (!isTrustedFor("Comparing an agent with its adapter")) return;
      const subject = await this.#subject(argument, selected);
      if (subject !== undefined) await this.#compare(subject);
    };
    this.#owned.add(registerCommand(log, Commands.compareAdapter, run));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #subject(argument: unknown, selected: unknown): Promise<Subject | undefined> {
    const { index, finder, previews } = this.#parts;
    const inTitle = argument instanceof vscode.Uri && argument.scheme === Schemes.migration;
    const preview = inTitle ? previews.find(argument) : argument === undefined && previews.find(undefined);
    if (preview) {
      const { folder, plan } = preview;
      const agent = index.agents.find(
        ({ record, folder: owner }) =>
          owner.uri.toString() === folder.uri.toString() &&
          record.file_path === plan.file_path &&
          record.name === plan.name,
      );
      if (agent === undefined) throw new UserError(`${plan.name} is no longer in ${plan.file_path}.`);
      return { agent, adapter: plannedAdapter(plan) };
    }
    const refusal = "agents are compared one at a time: select one.";
    const agent = await finder.find(argument, { atCursor: true, selected, refusal });
    return agent && { agent, adapter: await this.#adapterOf(agent) };
  }

  /** As it is written already, or else as a migration would write it. */
  async #adapterOf(agent: Agent): Promise<AdapterSource> {
    const { index } = this.#parts;
    const { record, uri, folder } = agent;
    refuseUnrunnable(agent);
    const beside = index.agents.filter((other) => other.folder === folder).map((other) => other.record);
    const written = writtenRecord(beside, record);
    if (written !== undefined) {
      const path = join(folder.uri.fsPath, written.file_path);
      return writtenAdapter(written.name, path, (await textOf(path)) ?? "");
    }
    const document = await vscode.workspace.openTextDocument(uri);
    const { options } = migrationOptions(folder);
    const result = await index
      .folderOf(uri)
      ?.planMigration(document, { name: record.name }, { ...options, action: "migrate" });
    if (result?.status === "ready") return plannedAdapter(result.plan);
    throw new Notice(result?.reason ?? `${record.file_path} is in no folder of this workspace.`);
  }

  async #compare({ agent, adapter }: Subject): Promise<void> {
    refuseUnrunnable(agent);
    const tasks = await askTasks(
      agent,
      adapter.planned.length === 0 ? adapter.name : null,
      this.#parts.inputs,
    );
    if (tasks === undefined) return;
    const { name } = agent.record;
    const compare = "Compare";
    const choice = await vscode.window.showInformationMessage(
      `Compare ${name} with ${adapter.name}?`,
      { modal: true, detail: executionsSentence(name, tasks.length) },
      compare,
    );
    if (choice !== compare) return;
    await saveSources(agent.folder);
    const report = await this.#run({ agent, adapter }, tasks);
    await this.#diffs.show(report);
    const show = report.same ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    void show(paritySentence(report));
  }

  /** With progress and cancel; its process lives as long. */
  async #run({ agent, adapter }: Subject, tasks: readonly ParityTask[]): Promise<ParityReport> {
    const { record, uri, folder } = agent;
    const settings = vscode.workspace.getConfiguration(undefined, folder);
    const seconds = settings.get<number>(Settings.timeoutSeconds, 0);
    const nodePath = nodePathOf(folder);
    const { hostFile, surroundings } = this.#parts;
    const runner = new ParityRunner({ hostFile, nodePath, fallbackNode: process.execPath }, surroundings);
    const { file_path, name } = record;
    const request = {
      ...{ root: folder.uri.fsPath, file: uri.fsPath, name, adapter, tasks },
      ...(seconds > 0 && { timeoutMs: seconds * 1000 }),
    };
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Comparing ${name} with ${adapter.name}`,
      cancellable: true,
    };
    try {
      const runs = await vscode.window.withProgress(options, async (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        const onSide = (side: string, task: number) =>
          progress.report({ message: `task ${task + 1} of ${tasks.length}, ${side}` });
        const found: ParityRun[] = [];
        for await (const run of runner.run(request, { signal: abort.signal, onSide })) {
          found.push(run);
          progress.report({ increment: 100 / tasks.length });
        }
        return found;
      });
      return parityReport({ file_path, name, adapter: adapter.name }, runs);
    } finally {
      await runner.dispose();
    }
  }
}
