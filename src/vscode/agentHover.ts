import * as vscode from "vscode";
import { canBeMigrated, canBeRun } from "./abilities.ts";
import { agentText } from "./agentText.ts";
import { targetOf } from "./agentTarget.ts";
import { inBackground, type Log } from "./answers.ts";
import { Commands, type CommandId } from "./contributions.ts";
import type { Agent, IndexService } from "./index/indexService.ts";
import { languages, mayHoldAgents } from "./languages.ts";

/** What an agent can do and why it counts as one, on the name of its class. */
export function registerAgentHover(index: IndexService, log: Log): vscode.Disposable {
  return vscode.languages.registerHoverProvider(languages, {
    provideHover: (document, position) => {
      if (!mayHoldAgents(document)) return undefined;
      inBackground(log, index.ready());
      const range = document.getWordRangeAtPosition(position);
      const word = range && document.getText(range);
      const agent = index
        .agentsIn(document.uri)
        .find(({ record }) => record.lineno === position.line + 1 && record.name === word);
      return agent && new vscode.Hover([hoverOf(agent)], range);
    },
  });
}

/** TypeScript shows the comment already. */
function hoverOf(agent: Agent): vscode.MarkdownString {
  const { record } = agent;
  const links: [CommandId, string][] = [[Commands.why, "Why?"]];
  if (record.adapts === null) links.unshift([Commands.showAgentCheckpoints, "Checkpoints"]);
  if (canBeMigrated(record)) links.unshift([Commands.migrate, "Migrate"]);
  if (canBeRun(record)) links.unshift([Commands.runTask, "Run"]);
  const argument = encodeURIComponent(JSON.stringify([targetOf(agent)]));
  const row = links.map(([command, title]) => `[${title}](command:${command}?${argument})`).join(" · ");
  const text = new vscode.MarkdownString(`${agentText({ ...record, docstring: null })}\n\n${row}`);
  text.isTrusted = { enabledCommands: links.map(([command]) => command) };
  return text;
}
