import * as vscode from "vscode";
import { agentTasks, noTask, tasksFor, type AskedRun } from "../../runs/batch/agentTasks.ts";
import { nameAgents, type Lines } from "../../runs/batch/taskLines.ts";
import type { TaskShapes } from "../../runs/taskShapes.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { inBackground, registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { IndexService } from "../index/indexService.ts";
import { refuseUnrunnable } from "../run/runnable.ts";
import type { RunInputBoxes } from "../run/runInputs.ts";
import { agentRows } from "../tree/rows.ts";
import { isTrustedFor } from "../trust.ts";
import type { Batches } from "./batches.ts";
import { askConcurrency } from "./concurrency.ts";
import { fittingLines } from "./fittingLines.ts";
import { LineProblems } from "./lineProblems.ts";
import { findTaskFile, folderOfTasks, readTaskFile, type TaskFile } from "./taskFile.ts";

interface Parts {
  index: IndexService;
  finder: AgentFinder;
  inputs: RunInputBoxes;
  shapes: TaskShapes;
  batches: Batches;
  memory: vscode.Memento;
  log: Log;
}

/** What a file asks for, and the folder of it. */
interface Asked {
  folder: vscode.WorkspaceFolder;
  lines: Lines<AskedRun>;
}

/** Agents: Run File of Tasks…: a line each, for the agents that the lines name or for one that the user picks. */
export function registerRunTaskFile(parts: Parts): Disposables {
  const owned = new Disposables();
  const problems = owned.add(new LineProblems());
  owned.add(
    registerCommand(parts.log, Commands.runTaskFile, async (argument, selected) => {
      if (!isTrustedFor("Running agents")) return;
      const uri = await findTaskFile(argument);
      if (uri === undefined) return;
      const file = await readTaskFile(uri);
      problems.clear(uri);
      const onAgent = agentRows(argument, selected).length > 0;
      const asked =
        !onAgent && nameAgents(file.text)
          ? await ofItsAgents(file)
          : await ofOneAgent(file, argument, selected, parts);
      if (asked === undefined) return;
      const { folder, lines } = asked;
      const { good, bad } = await fittingLines(lines, parts.index, parts.shapes);
      if (bad.length > 0) {
        inBackground(parts.log, problems.show(file, bad));
        return;
      }
      if (good.length === 0) throw noTask(file.name);
      const concurrency = await askConcurrency(good.length, [folder], parts.memory);
      if (concurrency === undefined) return;
      await parts.batches.start(
        good.map(({ file: path, name, task, args = [], priority, delayMs }) => ({
          agent: { folder, uri: vscode.Uri.file(path), name },
          ...{ task, args, priority, delayMs },
        })),
        concurrency,
      );
    }),
  );
  return owned;
}

async function ofItsAgents({ uri, text }: TaskFile): Promise<Asked | undefined> {
  const folder = await folderOfTasks(uri);
  return folder && { folder, lines: await agentTasks(folder.uri.fsPath, text) };
}

/** The arguments are asked for unless every line has its own. */
async function ofOneAgent(
  { text }: TaskFile,
  argument: unknown,
  selected: unknown,
  { finder, inputs }: Parts,
): Promise<Asked | undefined> {
  const row = argument instanceof vscode.Uri ? undefined : argument;
  const refusal = "a file of tasks is for one: select it alone.";
  const agent = await finder.find(row, { atCursor: false, selected, refusal });
  if (agent === undefined) return undefined;
  refuseUnrunnable(agent);
  const { folder, uri, record } = agent;
  const target = { root: folder.uri.fsPath, file: uri.fsPath, name: record.name };
  const args = await inputs.askArguments(agent);
  return args && { folder, lines: tasksFor(target, args, text) };
}
