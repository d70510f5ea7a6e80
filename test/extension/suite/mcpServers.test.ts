import assert from "node:assert/strict";
import * as vscode from "vscode";
import { api, file, remove, root, write } from "./support.ts";

const offered = '{"agents": ["src/support/faqAgent.ts#FaqAgent"]}';

/** Resolves once it is told that the servers are others, and there are so many. */
async function told(servers: number, change: () => Promise<void>): Promise<void> {
  const { mcpServers } = await api();
  const changed = new Promise<void>((resolve) => {
    const listening = mcpServers.onDidChangeMcpServerDefinitions(async () => {
      if ((await mcpServers.provideMcpServerDefinitions()).length !== servers) return;
      listening.dispose();
      resolve();
    });
  });
  await change();
  await changed;
}

describe("MCP servers", () => {
  after(() => remove(".proj-intel"));

  it("are offered for folders with agents opted in, and started under the Node of agents", async () => {
    const { mcpServers } = await api();
    assert.deepEqual(await mcpServers.provideMcpServerDefinitions(), []);
    await told(1, () => write(".proj-intel/mcp.json", offered));
    const [server, ...others] = await mcpServers.provideMcpServerDefinitions();
    assert.ok(server && others.length === 0);
    assert.equal(server.label, `Agents of ${vscode.workspace.workspaceFolders?.[0]?.name ?? ""}`);
    assert.match(server.args[0] ?? "", /[\\/]dist[\\/]cli\.cjs$/);
    const limits = ["--retries", "2", "--memory", "1024", "--log-limit", "8", "--result-limit", "16"];
    assert.deepEqual(server.args.slice(1), ["mcp", root().fsPath, ...limits]);
    const { mtime } = await vscode.workspace.fs.stat(file(".proj-intel/mcp.json"));
    assert.ok(Math.abs(Number(server.version) - mtime) <= 1, server.version);
    const resolved = await mcpServers.resolveMcpServerDefinition(server);
    assert.match(resolved?.command ?? "", /[\\/]node(\.exe)?$/);
  });

  it("come and go with the whole folder of their file", async () => {
    for (let round = 0; round < 5; round += 1) {
      await told(0, () => remove(".proj-intel"));
      await told(1, () => write(".proj-intel/mcp.json", offered));
    }
  });
});
