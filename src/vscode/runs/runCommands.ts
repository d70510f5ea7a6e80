import * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import { UserError } from "../../model/userError.ts";
import { answerRun, cancelRun } from "../../runs/control/otherProcess.ts";
import { discardRun } from "../../runs/history/discardRun.ts";
import { readRun } from "../../runs/readRun.ts";
import { holdsRedacted } from "../../runtime/core/redacted.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import type { CheckpointDocuments } from "../checkpointDocuments.ts";
import { Commands, type CommandId } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { Agent } from "../index/indexService.ts";
import type { JsonDocuments } from "../jsonDocuments.ts";
import type { TaskEditors } from "../run/editTask.ts";
import { refuseUnrunnable, saveSources } from "../run/runnable.ts";
import type { RunInputs } from "../run/runInputs.ts";
import { runnable, type Runner } from "../run/runner.ts";
import { isTrustedFor } from "../trust.ts";
import { askUser } from "./questions.ts";
import type { RunNode } from "./items.ts";
import type { RunRow } from "./row.ts";
import type { RunDocuments } from "./runDocuments.ts";
import type { RunHistory } from "./runHistory.ts";
import type { RunsView } from "./runsView.ts";

interface Parts {
  view: RunsView;
  history: RunHistory;
  runner: Runner;
  finder: AgentFinder;
  editors: TaskEditors;
  logs: RunDocuments;
  results: JsonDocuments;
  checkpoints: CheckpointDocuments;
  log: Log;
}

/** What can be done with the rows of the Runs view. */
export function registerRunCommands(parts: Parts): Disposables {
  const { view, history, runner, logs, results, checkpoints, log } = parts;
  const owned = new Disposables();
  const on = (command: CommandId, act: (row: RunRow) => unknown) =>
    owned.add(
      registerCommand(log, command, async (argument) => {
        const node = isRunNode(argument) ? argument : view.selection[0];
        if (node?.kind !== "run") throw new Notice("Select a run in the Agent Runs view first.");
        await act(node.row);
      }),
    );
  on(Commands.stopRun, async ({ folder, summary }) => {
    const run = runner.atWork(summary.runId);
    await (run?.cancel() ?? cancelRun(vscode.Uri.parse(folder.uri).fsPath, summary.runId));
  });
  on(Commands.answerRun, (row) => answer(row, runner));
  on(Commands.rerun, (row) => rerun(row, parts));
  on(Commands.rerunWithEdits, (row) => rerunWithEdits(row, parts));
  on(Commands.openRunLog, (row) => logs.show(row));
  on(Commands.openRunResult, ({ folder, summary: { runId, agent } }) =>
    results.show(vscode.Uri.parse(folder.uri), runId, `${displayName(agent.name)} result`),
  );
  on(Commands.openRunCheckpoint, async ({ folder, summary: { checkpointId } }) => {
    if (checkpointId !== null) await checkpoints.show(vscode.Uri.parse(folder.uri), checkpointId);
  });
  on(Commands.openRunSource, async (row) => {
    const { uri, record } = await agentOf(row, parts.finder);
    const at = new vscode.Position(record.lineno - 1, 0);
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
  });
  on(Commands.resumeRun, (row) => resume(row, runner));
  on(Commands.discardRun, async (row) => {
    await discardRun(vscode.Uri.parse(row.folder.uri).fsPath, row.summary.runId);
    await history.reread(row);
  });
  owned.add(registerCommand(log, Commands.showOlderRuns, () => history.older()));
  owned.add(registerCommand(log, Commands.stopAllRuns, () => runner.stopAll()));
  owned.add(
    registerCommand(log, Commands.rerunLast, async () => {
      await history.list();
      const [last] = history.rows.sort((a, b) => (a.summary.runId < b.summary.runId ? 1 : -1));
      if (last === undefined) throw new Notice("There is no run yet: start one with Agents: Run Task….");
      await rerun(last, parts);
    }),
  );
  return owned;
}

async function rerun(row: RunRow, { runner, finder }: Parts): Promise<void> {
  if (!isTrustedFor("Running an agent")) return;
  const agent = await agentOf(row, finder);
  refuseUnrunnable(agent);
  const inputs = runner.asked(row.summary.runId) ?? (await recordedInputs(row));
  await saveSources(agent.folder);
  runner.start(runnable(agent), inputs);
}

async function resume({ folder, summary: { runId } }: RunRow, runner: Runner): Promise<void> {
  if (!isTrustedFor("Running an agent")) return;
  const known = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(folder.uri));
  if (known === undefined) throw new UserError(`The folder of this run is no longer part of the workspace.`);
  await saveSources(known);
  await runner.resume(known, runId);
}

async function answer(
  { folder, summary: { agent, runId, question } }: RunRow,
  runner: Runner,
): Promise<void> {
  const name = displayName(agent.name);
  if (question === null) throw new Notice(`This run of ${name} asks nothing now.`);
  const given = await askUser(name, question.question);
  if (given === undefined) return;
  const run = runner.atWork(runId);
  const root = vscode.Uri.parse(folder.uri).fsPath;
  await (run?.answer(given, question.askedAt) ?? answerRun(root, runId, given, question.askedAt));
}

async function rerunWithEdits(row: RunRow, { runner, finder, editors }: Parts): Promise<void> {
  const agent = await agentOf(row, finder);
  refuseUnrunnable(agent);
  await editors.editTask(agent, runner.asked(row.summary.runId) ?? (await recordedInputs(row)));
}

async function recordedInputs({ folder, summary: { runId, agent } }: RunRow): Promise<RunInputs> {
  const [queued] = await readRun(vscode.Uri.parse(folder.uri).fsPath, runId);
  if (queued?.type !== "queued") throw new UserError("The record of this run does not tell its task.");
  const inputs = { task: queued.task, args: queued.args ?? [], tool: queued.tool };
  if (holdsRedacted(inputs)) {
    throw new UserError(
      `The record of this run left out a secret, so it cannot be run again as it was: give ${displayName(agent.name)} its task with Run Task….`,
    );
  }
  return inputs;
}

async function agentOf({ folder, summary: { agent } }: RunRow, finder: AgentFinder): Promise<Agent> {
  const uri = vscode.Uri.joinPath(vscode.Uri.parse(folder.uri), agent.file_path).toString();
  const found = await finder.find(
    { uri, name: agent.name, line: 1 },
    { atCursor: false, selected: undefined, refusal: "" },
  );
  if (found === undefined) throw new UserError(`${agent.name} is no longer in ${agent.file_path}.`);
  return found;
}

function isRunNode(value: unknown): value is RunNode {
  return (
    typeof value === "object" && value !== null && "kind" in value && value.kind === "run" && "row" in value
  );
}
