import * as vscode from "vscode";
import type { activate as activateAgents } from "../../../src/extension.ts";
import { LanguageModelTools } from "../../../src/vscode/contributions.ts";

/** An extension for tests: asks our extension what VS Code asks for language models, and shows the answers as JSON. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.commands.registerCommand("probe.ask", ask));
}

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
