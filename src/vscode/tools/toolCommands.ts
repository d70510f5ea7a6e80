import * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import { UserError } from "../../model/userError.ts";
import type { AgentFinder } from "../agentTarget.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { inProgress, inProgressWhenSlow } from "../inProgress.ts";
import type { Agent } from "../index/indexService.ts";
import type { JsonDocuments } from "../jsonDocuments.ts";
import { refuseUnrunnable, saveSources } from "../run/runnable.ts";
import { runnable, type Runner } from "../run/runner.ts";
import { isTrustedFor } from "../trust.ts";
import type { ToolInputs } from "./toolInputs.ts";
import type { ToolNode } from "./toolNode.ts";
import type { ToolsView } from "./toolsView.ts";

interface Parts {
  view: ToolsView;
  finder: AgentFinder;
  inputs: ToolInputs;
  runner: Runner;
  results: JsonDocuments;
  log: Log;
}

/** What can be done with the rows of the Tools view. */
export function registerToolCommands(parts: Parts): Disposables {
  const { view, finder, inputs, log } = parts;
  const owned = new Disposables();
  owned.add(registerCommand(log, Commands.readTools, () => view.refresh()));
  owned.add(registerCommand(log, Commands.runTool, (argument) => runTool(argument, parts)));
  owned.add(
    registerCommand(log, Commands.giveToolArguments, async (argument) => {
      if (!isTrustedFor("Reading tools")) return;
      const agent = await agentOf(argument, finder);
      if (agent === undefined || (await inputs.askArguments(agent)) === undefined) return;
      view.refresh();
    }),
  );
  owned.add(
    registerCommand(log, Commands.openToolAgent, async (argument) => {
      const agent = await agentOf(argument, finder);
      if (agent === undefined) return;
      const at = new vscode.Position(agent.record.lineno - 1, 0);
      await vscode.window.showTextDocument(agent.uri, { selection: new vscode.Range(at, at) });
    }),
  );
  return owned;
}

async function runTool(argument: unknown, parts: Parts): Promise<void> {
  if (!isTrustedFor("Running a tool")) return;
  const { finder, inputs, runner, results } = parts;
  const agent = await agentOf(argument, finder);
  if (agent === undefined) return;
  refuseUnrunnable(agent);
  const args = (await inputs.knownArguments(agent)) ?? (await inputs.askArguments(agent));
  if (args === undefined) return;
  await saveSources(agent.folder);
  const tool = await chosen(argument, agent, args, parts);
  if (tool === undefined) return;
  if (tool.refusal !== null)
    throw new Notice(`${displayName(agent.record.name)} may not call ${tool.name}: ${tool.refusal}.`);
  const given = await inputs.askParameters(agent, tool);
  if (given === undefined) return;
  const run = runner.start(runnable(agent), { task: given.value, args, tool: tool.name }, { shown: true });
  const title = `Running ${tool.name} of ${displayName(agent.record.name)}`;
  const finished = await inProgress(title, async ({ signal }) => {
    signal.addEventListener("abort", () => void run.cancel());
    return run.finished;
  });
  if (finished.status === "cancelled") return;
  if (finished.status !== "success")
    throw new UserError(`${tool.name} failed: ${finished.error?.message ?? finished.status}`);
  await results.show(agent.folder.uri, run.id, `${tool.name} result`);
}

/** The tool of the row, or one that the user picks. */
async function chosen(argument: unknown, agent: Agent, args: unknown[], { view }: Parts) {
  const title = `Reading the tools of ${displayName(agent.record.name)}`;
  const tools = await inProgressWhenSlow(title, (signal) => view.read(agent, args, signal));
  if (isToolNode(argument) && argument.kind === "tool") {
    const found = tools.find(({ name }) => name === argument.name);
    if (found === undefined)
      throw new UserError(`${displayName(agent.record.name)} has no tool ${argument.name} now.`);
    return found;
  }
  const open = tools.filter(({ refusal }) => refusal === null);
  if (open.length === 0)
    throw new Notice(`${displayName(agent.record.name)} has no tool that can be run alone.`);
  const items = open.map((tool) => ({ label: tool.name, description: tool.description, tool }));
  const picked = await vscode.window.showQuickPick(items, { title: "Run Tool", matchOnDescription: true });
  return picked?.tool;
}

async function agentOf(argument: unknown, finder: AgentFinder): Promise<Agent | undefined> {
  if (isToolNode(argument)) return argument.kind === "agent" ? argument.agent : argument.parent.agent;
  return finder.find(argument, {
    atCursor: false,
    selected: undefined,
    refusal: "each has tools of its own: select one.",
  });
}

const isToolNode = (value: unknown): value is ToolNode =>
  typeof value === "object" &&
  value !== null &&
  "kind" in value &&
  ((value.kind === "agent" && "agent" in value) || "parent" in value);
