import * as vscode from "vscode";
import { IndexService } from "./vscode/index/indexService.ts";
import { AgentsView } from "./vscode/tree/agentsView.ts";

export function activate(context: vscode.ExtensionContext) {
  const dist = (name: string) => context.asAbsolutePath(`dist/${name}`);
  const log = vscode.window.createOutputChannel("Agents", { log: true });
  const index = new IndexService(dist("indexer.cjs"), log);
  context.subscriptions.push(log, index, new AgentsView(index, log));
  return { index };
}
