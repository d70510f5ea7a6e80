import * as vscode from "vscode";
import type { AgentFinder } from "../agentTarget.ts";
import { registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import type { RunInputBoxes } from "../run/runInputs.ts";
import { refuseUnrunnable, saveSources } from "../run/runnable.ts";
import { runnable } from "../run/runner.ts";
import { isTrustedFor } from "../trust.ts";
import type { DebugRunner } from "./debugRunner.ts";
import { refuseWithoutDebugger } from "./nodeDebugger.ts";

/** Agents: Debug Task… */
export function registerDebugTask(
  finder: AgentFinder,
  inputs: RunInputBoxes,
  debugRunner: DebugRunner,
  log: Log,
): vscode.Disposable {
  return registerCommand(log, Commands.debugTask, async (argument, selected) => {
    if (!isTrustedFor("Debugging an agent")) return;
    refuseWithoutDebugger(vscode.extensions.all);
    const refusal = "one is debugged at a time: select one.";
    const agent = await finder.find(argument, { atCursor: false, selected, refusal });
    if (agent === undefined) return;
    refuseUnrunnable(agent);
    const given = await inputs.ask(agent, "Debug");
    if (given === undefined) return;
    await saveSources(agent.folder);
    await debugRunner.start(runnable(agent), given).finished;
  });
}
