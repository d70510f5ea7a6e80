import * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import { isPipelineFile } from "../../model/pipeline.ts";
import { answerRun, cancelRun } from "../../runs/control/otherProcess.ts";
import { discardRun } from "../../runs/history/discardRun.ts";
import { waitingSteps } from "../../runs/pipeline/asking.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import type { BatchActions } from "../batches/batchActions.ts";
import { isGroup, newest, type BatchGroup } from "../batches/batchGroup.ts";
import type { CheckpointDocuments } from "../checkpointDocuments.ts";
import { Commands, type CommandId } from "../contributions.ts";
import type { DebugRunner } from "../debug/debugRunner.ts";
import { Disposables } from "../disposables.ts";
import type { JsonDocuments } from "../jsonDocuments.ts";
import type { TaskEditors } from "../run/editTask.ts";
import { refuseUnrunnable, saveSources } from "../run/runnable.ts";
import type { RunInputs } from "../run/runInputs.ts";
import type { SavedTasks } from "../run/savedTasks.ts";
import { runnable, type Runnable, type Runner } from "../run/runner.ts";
import { isTrustedFor } from "../trust.ts";
import { askUser } from "./questions.ts";
import { resumeOne } from "./resumeRuns.ts";
import { folderOf, rootOf } from "./rowFolder.ts";
import type { RunNode } from "./items.ts";
import { agentOf, inputsOf } from "./recordedInputs.ts";
import { isRow, meantRow, SELECTED_ROW } from "./meantRow.ts";
import type { RunRow } from "./row.ts";
import type { RunDocuments } from "./runDocuments.ts";
import type { RunHistory } from "./runHistory.ts";
import type { RunsView } from "./runsView.ts";

interface Parts {
  view: RunsView;
  history: RunHistory;
  runner: Runner;
  debugRunner: DebugRunner;
  finder: AgentFinder;
  editors: TaskEditors;
  logs: RunDocuments;
  results: JsonDocuments;
  /** What steps could read. */
  shared: JsonDocuments;
  checkpoints: CheckpointDocuments;
  savedTasks: SavedTasks;
  batches: BatchActions;
  showTable: (batch: string) => void;
  log: Log;
}

/** What can be done with the rows of the Runs view. */
export function registerRunCommands(parts: Parts): Disposables {
  const { view, history, runner, editors, logs, results, checkpoints, savedTasks, batches, log } = parts;
  const owned = new Disposables();
  const nodeOf = (argument: unknown) => {
    const node = meantRow(argument, view.selection);
    if (node === undefined) throw new Notice(refusal(argument));
    return node;
  };
  const rowOf = (argument: unknown): RunRow => {
    const node = nodeOf(argument);
    if (node.kind !== "run") throw new Notice("This is for a single run: choose one below the batch.");
    if (node.row.summary.state === "unreadable")
      throw new Notice("The record of this run cannot be read: it can only be discarded.");
    return node.row;
  };
  const on = (
    command: CommandId,
    act: (row: RunRow) => unknown,
    whole: ((group: BatchGroup) => unknown) | null = null,
  ) =>
    owned.add(
      registerCommand(log, command, async (argument) => {
        const node = nodeOf(argument);
        if (node.kind === "batch" && whole !== null) await whole(node.group);
        else await act(rowOf(argument));
      }),
    );
  const onBatch = (command: CommandId, act: (group: BatchGroup) => unknown) =>
    owned.add(
      registerCommand(log, command, async (argument) => {
        const node = nodeOf(argument);
        if (node.kind !== "batch") throw new Notice("This is for a whole batch: choose its row.");
        await act(node.group);
      }),
    );
  const stop = (row: RunRow) =>
    runner.atWork(row.summary.runId)?.cancel() ?? cancelRun(rootOf(row), row.summary.runId);
  on(Commands.stopRun, stop, (group) => batches.stop(group));
  owned.add(
    registerCommand(log, Commands.answerRun, (argument) =>
      answer(asker(nodeOf(argument), rowOf(argument)), runner),
    ),
  );
  on(
    Commands.rerun,
    (row) => rerun(row, parts),
    (group) => batches.rerun(group),
  );
  on(Commands.debugAgain, (row) => debugAgain(row, parts));
  onBatch(Commands.rerunUnsuccessful, (group) => batches.rerunUnsuccessful(group));
  onBatch(Commands.showBatch, ({ id }) => parts.showTable(id));
  on(Commands.rerunWithEdits, (row) => rerunWithEdits(row, parts));
  on(Commands.openRunLog, (row) => logs.show(row));
  on(Commands.openRunResult, ({ folder, summary: { runId, agent } }) =>
    results.show(vscode.Uri.parse(folder.uri), runId, `${displayName(agent.name)} result`),
  );
  on(Commands.openSharedContext, ({ folder, summary: { runId, step, agent } }) =>
    parts.shared.show(
      vscode.Uri.parse(folder.uri),
      runId,
      `${step ?? displayName(agent.name)} shared context`,
    ),
  );
  on(Commands.openRunCheckpoint, async ({ folder, summary: { checkpointId } }) => {
    if (checkpointId !== null) await checkpoints.show(vscode.Uri.parse(folder.uri), checkpointId);
  });
  on(Commands.openRunSource, async (row) => {
    const pipeline = pipelineOf(row);
    if (pipeline !== null) {
      await vscode.window.showTextDocument(pipeline.uri);
      return;
    }
    const { uri, record } = await agentOf(row, parts.finder);
    const at = new vscode.Position(record.lineno - 1, 0);
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
  });
  on(
    Commands.resumeRun,
    (row) => resume(row, runner),
    (group) => batches.resume(group),
  );
  const discard = async (row: RunRow) => {
    if (!isTrustedFor("Discarding a run")) return;
    await discardRun(rootOf(row), row.summary.runId);
    await history.reread(row);
  };
  owned.add(
    registerCommand(log, Commands.discardRun, async (argument) => {
      const node = nodeOf(argument);
      await (node.kind === "batch" ? batches.discard(node.group) : discard(node.row));
    }),
  );
  owned.add(
    registerCommand(log, Commands.saveTask, async (argument) => {
      if (!isTrustedFor("Saving a task")) return;
      const edited = isRow(argument) ? undefined : editors.edited(argument);
      if (edited !== undefined) return savedTasks.save(edited.agent, edited.inputs);
      const row = rowOf(argument);
      await savedTasks.save(await agentOf(row, parts.finder), await inputsOf(row, runner));
    }),
  );
  owned.add(registerCommand(log, Commands.showOlderRuns, () => history.older()));
  owned.add(
    registerCommand(log, Commands.stopAllRuns, () => Promise.all([batches.stopAll(), runner.stopAll()])),
  );
  owned.add(
    registerCommand(log, Commands.rerunLast, async () => {
      await history.list();
      const last = newest(history.rows);
      if (last === undefined) throw new Notice("There is no run yet: start one with Agents: Run Task….");
      await (isGroup(last) ? batches.rerun(last) : rerun(last, parts));
    }),
  );
  return owned;
}

/** Where a menu was open on a row, VS Code passes nothing for one that is gone. */
const refusal = (argument: unknown): string =>
  argument === SELECTED_ROW
    ? "Select a run in the Agent Runs view first."
    : "The Agent Runs view changed meanwhile: choose the row once more.";

async function rerun(row: RunRow, parts: Parts): Promise<void> {
  if (!isTrustedFor("Running an agent")) return;
  const { agent, inputs } = await again(row, parts);
  parts.runner.start(agent, inputs);
}

async function debugAgain(row: RunRow, parts: Parts): Promise<void> {
  if (!isTrustedFor("Debugging an agent")) return;
  const { agent, inputs } = await again(row, parts);
  parts.debugRunner.start(agent, inputs);
}

/** What a run was given, for another one. */
async function again(
  row: RunRow,
  { runner, finder }: Parts,
): Promise<{ agent: Runnable; inputs: RunInputs }> {
  const pipeline = pipelineOf(row);
  const agent = pipeline ?? (await agentFor(row, finder));
  const inputs = await inputsOf(row, runner);
  await saveSources(agent.folder);
  return { agent, inputs };
}

async function agentFor(row: RunRow, finder: AgentFinder): Promise<Runnable> {
  const agent = await agentOf(row, finder);
  refuseUnrunnable(agent);
  return runnable(agent);
}

/** Null for the run of an agent. */
function pipelineOf(row: RunRow): Runnable | null {
  const { file_path, name } = row.summary.agent;
  if (!isPipelineFile(file_path)) return null;
  const folder = folderOf(row);
  return { folder, uri: vscode.Uri.joinPath(folder.uri, file_path), name };
}

async function resume(row: RunRow, runner: Runner): Promise<void> {
  if (!isTrustedFor("Running an agent")) return;
  await resumeOne(runner, { folder: folderOf(row), runId: row.summary.runId });
}

/** Of a pipeline the step that waits. */
function asker(node: RunNode, row: RunRow): RunRow {
  const steps = node.kind === "run" ? node.steps : [];
  const summaries = steps.map(({ summary }) => summary);
  const [waiting] = waitingSteps(row.summary.runId, summaries);
  return steps.find(({ summary }) => summary.runId === waiting?.runId) ?? row;
}

async function answer(row: RunRow, runner: Runner): Promise<void> {
  const { agent, runId, question } = row.summary;
  const name = displayName(agent.name);
  if (question === null) throw new Notice(`This run of ${name} asks nothing now.`);
  if (!isTrustedFor("Answering an agent")) return;
  const given = await askUser(name, question.question);
  if (given === undefined) return;
  const run = runner.atWork(runId);
  await (run?.answer(given, question.askedAt) ?? answerRun(rootOf(row), runId, given, question.askedAt));
}

async function rerunWithEdits(row: RunRow, { runner, finder, editors }: Parts): Promise<void> {
  if (!isTrustedFor("Running an agent")) return;
  const agent = await agentOf(row, finder);
  refuseUnrunnable(agent);
  await editors.editTask(agent, await inputsOf(row, runner));
}
