import { Worker } from "node:worker_threads";
import * as vscode from "vscode";
import type { activate as activateAgents } from "../../../src/extension.ts";
import { LanguageModelTools } from "../../../src/vscode/contributions.ts";
import { Disposables } from "../../../src/vscode/disposables.ts";
import { openTree } from "../../../src/vscode/openTree.ts";

/** An extension for tests, see its commands. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand("probe.ask", ask),
    vscode.commands.registerCommand("probe.end", endThread),
    vscode.commands.registerCommand("probe.rows", showRows),
    vscode.commands.registerCommand("probe.serve", serve),
  );
}

/** The thread that is asked next to restore a checkpoint ends instead. */
function endThread(): void {
  const { prototype } = Worker;
  const post = Reflect.get(prototype, "postMessage") as (...message: unknown[]) => void;
  prototype.postMessage = function (...message: unknown[]): void {
    if ((message[0] as { m?: unknown } | null)?.m !== "restore") {
      Reflect.apply(post, this, message);
      return;
    }
    prototype.postMessage = post;
    void this.terminate();
  };
  void vscode.window.showInformationMessage("It will end.");
}

/** Opens a tree of which all rows are refreshed right behind the first answer; what changes later has to show. */
async function showRows(): Promise<void> {
  const changed = new vscode.EventEmitter<{ text: string }[] | undefined>();
  const row = { text: "first" };
  let asked = 0;
  openTree(new Disposables(), "probe.rows", {
    onDidChangeTreeData: changed.event,
    getTreeItem: ({ text }: typeof row) => new vscode.TreeItem(text),
    getChildren: (below) => {
      if (below !== undefined) return [];
      asked += 1;
      if (asked === 1) setImmediate(() => changed.fire(undefined));
      return [row];
    },
  });
  await vscode.commands.executeCommand("probe.rows.focus");
  setTimeout(() => {
    row.text = "second";
    changed.fire([row]);
  }, 2_000);
}

/** Asks our extension what VS Code asks for language models, and shows the answers as JSON. */
async function ask(): Promise<void> {
  const agents = vscode.extensions.getExtension<ReturnType<typeof activateAgents>>("opsvi.opsvi-agents");
  const { mcpServers } = (await agents?.activate()) ?? {};
  const servers = await mcpServers?.provideMcpServerDefinitions();
  const server = new vscode.McpStdioServerDefinition("Agents", "node", []);
  const answers = {
    listed: await invoke(LanguageModelTools.list, { query: "Count" }),
    run: await invoke(LanguageModelTools.run, { agent: "src/agents.ts#CountAgent", task: { upTo: 3 } }),
    servers: servers?.length,
    started: (await mcpServers?.resolveMcpServerDefinition(server)) !== undefined,
  };
  await show(answers);
}

/** Has VS Code start its MCP servers, calls each of their tools, and shows the answers as JSON. */
async function serve(): Promise<void> {
  await vscode.commands.executeCommand("workbench.mcp.startServer", "*", { waitForLiveTools: true });
  const names = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith("mcp_"));
  await show(
    await Promise.all(names.map(async (name) => [name, await invoke(name, { task: "today" })] as const)),
  );
}

async function show(answers: unknown): Promise<void> {
  const content = JSON.stringify(answers, null, 2);
  await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument({ language: "json", content }),
  );
}

/** What the tool answers, or the error that it ends with. */
async function invoke(tool: string, input: object): Promise<string> {
  try {
    const { content } = await vscode.lm.invokeTool(tool, { input, toolInvocationToken: undefined });
    return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "")).join("");
  } catch (error) {
    return String(error);
  }
}
