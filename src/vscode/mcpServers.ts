import { stat } from "node:fs/promises";
import { basename } from "node:path";
import * as vscode from "vscode";
import { SURROUNDINGS_VARIABLE } from "../model/givenSurroundings.ts";
import { mcpFile } from "../model/mcpFile.ts";
import { findNode } from "../runs/nodeBinary.ts";
import type { FindSurroundings } from "../runs/runSurroundings.ts";
import { McpProviders, Settings } from "./contributions.ts";
import { Disposables } from "./disposables.ts";
import { nodePathOf } from "./nodePath.ts";
import { runLimitsOf } from "./run/runLimits.ts";
import { StoreWatcher } from "./storeWatcher.ts";
import { isTrustedFor } from "./trust.ts";
import { fileFolders } from "./fileFolders.ts";

/** Offers the language models of VS Code an MCP server for each folder that has agents opted in. */
export class McpServers implements vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition> {
  readonly #cliFile: string;
  readonly #surroundings: FindSurroundings;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeMcpServerDefinitions = this.#changed.event;

  constructor(cliFile: string, surroundings: FindSurroundings) {
    this.#cliFile = cliFile;
    this.#surroundings = surroundings;
  }

  /** Editors that are made from VS Code may know no such servers. */
  register(): vscode.Disposable {
    const { lm } = vscode as { lm?: Partial<typeof vscode.lm> };
    if (lm?.registerMcpServerDefinitionProvider === undefined) return new vscode.Disposable(() => undefined);
    const registered = new Disposables();
    const changed = () => this.#changed.fire();
    for (const subscription of [
      this.#changed,
      new StoreWatcher(basename(mcpFile), changed),
      vscode.workspace.onDidGrantWorkspaceTrust(changed),
      vscode.workspace.onDidChangeConfiguration((event) => {
        const used = [Settings.nodePath, Settings.retries, Settings.timeoutSeconds];
        if (used.some((id) => event.affectsConfiguration(id))) changed();
      }),
      lm.registerMcpServerDefinitionProvider(McpProviders.agents, this),
    ]) {
      registered.add(subscription);
    }
    return new vscode.Disposable(() => registered.dispose());
  }

  async provideMcpServerDefinitions(): Promise<vscode.McpStdioServerDefinition[]> {
    if (!vscode.workspace.isTrusted) return [];
    const folders = fileFolders();
    const servers = await Promise.all(folders.map((folder) => this.#serverOf(folder)));
    return servers.filter((server) => server !== null);
  }

  /**
   * Which Node is the folder's is found out when the server is to start, and so are its settings and secrets, which VS Code
   * would keep otherwise. VS Code may know the server from a time of more trust.
   */
  async resolveMcpServerDefinition(
    server: vscode.McpStdioServerDefinition,
  ): Promise<vscode.McpStdioServerDefinition | undefined> {
    if (!isTrustedFor("Serving agents to language models")) return undefined;
    const folder = server.cwd;
    const setting = nodePathOf(folder);
    const node = await findNode({ setting, fallback: process.execPath, cwd: folder?.fsPath });
    server.command = node.path;
    const surroundings = folder && (await this.#surroundings(folder.fsPath));
    server.env = {
      ...node.env,
      ...(surroundings && { [SURROUNDINGS_VARIABLE]: JSON.stringify(surroundings) }),
    };
    return server;
  }

  async #serverOf({ uri, name }: vscode.WorkspaceFolder): Promise<vscode.McpStdioServerDefinition | null> {
    const file = await stat(vscode.Uri.joinPath(uri, mcpFile).fsPath).catch(() => null);
    if (file === null) return null;
    const { retries, timeoutMs, memoryMb, logMb, resultMb } = runLimitsOf(uri);
    const args = [
      ...[this.#cliFile, "mcp", uri.fsPath],
      ...["--retries", retries, "--memory", memoryMb, "--log-limit", logMb, "--result-limit", resultMb].map(
        String,
      ),
      ...(timeoutMs === undefined ? [] : ["--timeout", String(timeoutMs)]),
    ];
    // Another version makes VS Code ask the server for its tools again.
    const version = String(Math.round(file.mtimeMs));
    const server = new vscode.McpStdioServerDefinition(`Agents of ${name}`, "node", args, {}, version);
    server.cwd = uri;
    return server;
  }
}
