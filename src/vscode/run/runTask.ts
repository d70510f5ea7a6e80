import * as vscode from "vscode";
import { registerCommand, type Log } from "../answers.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { Commands } from "../contributions.ts";
import { isTrustedFor } from "../trust.ts";
import type { RunInputBoxes } from "./runInputs.ts";
import { refuseUnrunnable, saveSources } from "./runnable.ts";
import type { Runner } from "./runner.ts";

/** Agents: Run Task… */
export function registerRunTask(
  finder: AgentFinder,
  inputs: RunInputBoxes,
  runner: Runner,
  log: Log,
): vscode.Disposable {
  return registerCommand(log, Commands.runTask, async (argument, selected) => {
    if (!isTrustedFor("Running an agent")) return;
    const refusal = "each is given a task of its own: select one.";
    const agent = await finder.find(argument, { atCursor: false, selected, refusal });
    if (agent === undefined) return;
    refuseUnrunnable(agent);
    const given = await inputs.ask(agent, "Run");
    if (given === undefined) return;
    await saveSources(agent.folder);
    await runner.run(agent, given);
  });
}
