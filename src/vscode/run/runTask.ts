import * as vscode from "vscode";
import { registerCommand, type Log } from "../answers.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { Commands } from "../contributions.ts";
import { isTrustedFor } from "../trust.ts";
import type { Node } from "../tree/node.ts";
import type { RunInputBoxes } from "./runInputs.ts";
import { refuseUnrunnable, saveSources } from "./runnable.ts";
import type { Runner } from "./runner.ts";

/** What the keybinding of the Agents view passes. */
const SELECTED_ROW = "row";

interface Parts {
  finder: AgentFinder;
  inputs: RunInputBoxes;
  runner: Runner;
  /** The selected rows of the Agents view. */
  selection: () => readonly Node[];
  log: Log;
}

/** Agents: Run Task… */
export function registerRunTask({ finder, inputs, runner, selection, log }: Parts): vscode.Disposable {
  return registerCommand(log, Commands.runTask, async (called, several) => {
    const byKey = called === SELECTED_ROW;
    const [argument, selected] = byKey ? [selection()[0], selection()] : [called, several];
    if (byKey && selection().length > 1) {
      await vscode.commands.executeCommand(Commands.runSelected, argument, selected);
      return;
    }
    if (!isTrustedFor("Running an agent")) return;
    const refusal = "Run Task… gives a task to one: Run on Selected… gives the same one to all.";
    const agent = await finder.find(argument, { atCursor: false, selected, refusal });
    if (agent === undefined) return;
    refuseUnrunnable(agent);
    const given = await inputs.ask(agent, "Run");
    if (given === undefined) return;
    await saveSources(agent.folder);
    await runner.run(agent, given);
  });
}
