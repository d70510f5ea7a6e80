import * as vscode from "vscode";
import { AgentCodeLens } from "./vscode/agentCodeLens.ts";
import { IndexService } from "./vscode/index/indexService.ts";
import { registerMigrateCodeAction } from "./vscode/migrate/migrateCodeAction.ts";
import { AgentsView } from "./vscode/tree/agentsView.ts";

/** Constructs and connects; nothing starts before it is asked for. The answer serves the tests. */
export function activate(context: vscode.ExtensionContext) {
  const log = vscode.window.createOutputChannel("Agents", { log: true });
  const index = new IndexService(context.asAbsolutePath("dist/indexer.cjs"), log);
  const view = new AgentsView(index, log);
  context.subscriptions.push(
    log,
    index,
    view,
    new AgentCodeLens(index, log),
    registerMigrateCodeAction(index),
  );
  return { index, view };
}
