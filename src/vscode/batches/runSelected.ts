import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import type { TaskShapes } from "../../runs/taskShapes.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import type { Agent } from "../index/indexService.ts";
import { whyUnrunnable } from "../run/runnable.ts";
import { runnable } from "../run/runner.ts";
import type { RunInputBoxes } from "../run/runInputs.ts";
import type { Node } from "../tree/node.ts";
import { isTrustedFor } from "../trust.ts";
import type { Batches } from "./batches.ts";
import { askConcurrency } from "./concurrency.ts";
import { askSharedTask, type Taker } from "./sharedTask.ts";

interface Parts {
  finder: AgentFinder;
  /** The rows that are selected in the Agents view. */
  selection: () => readonly Node[];
  inputs: RunInputBoxes;
  shapes: TaskShapes;
  memory: vscode.Memento;
  batches: Batches;
  log: Log;
}

/** Agents: Run on Selected…: one task for many agents. */
export function registerRunSelected(parts: Parts): vscode.Disposable {
  return registerCommand(parts.log, Commands.runSelected, async (argument, selected) => {
    if (!isTrustedFor("Running agents")) return;
    const found = await parts.finder.findSeveral(argument, selected, parts.selection());
    const agents = found && (await runnableOnes(found));
    if (agents === undefined || agents.length === 0) return;
    const takers: Taker[] = [];
    for (const agent of agents) {
      const args = await parts.inputs.askArguments(agent);
      if (args === undefined) return;
      takers.push({ agent, args });
    }
    const given = await askSharedTask(takers, parts.shapes, parts.memory);
    if (given === undefined) return;
    const concurrency = await askConcurrency(
      takers.length,
      agents.map(({ folder }) => folder),
      parts.memory,
    );
    if (concurrency === undefined) return;
    await parts.batches.start(
      takers.map(({ agent, args }) => ({ agent: runnable(agent), task: given.task, args })),
      concurrency,
    );
  });
}

/** Asks whether the others are run where some cannot be; undefined where the user says no. */
async function runnableOnes(agents: readonly Agent[]): Promise<readonly Agent[] | undefined> {
  const problems = agents.flatMap((agent) => whyUnrunnable(agent) ?? []);
  if (problems.length === 0) return agents;
  const rest = agents.filter((agent) => whyUnrunnable(agent) === null);
  const [problem = ""] = problems;
  if (problems.length === 1 && rest.length === 0) throw new UserError(problem);
  const sentence = `${problems.length} of ${counted(agents.length, "agent")} cannot be run. ${problems.join(" ")}`;
  if (rest.length === 0) throw new UserError(sentence);
  const run = rest.length === 1 ? "Run the Other One" : `Run the Other ${rest.length}`;
  return (await vscode.window.showWarningMessage(sentence, run)) === run ? rest : undefined;
}
