import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import type { activate } from "../../../src/extension.ts";
import type { Agent } from "../../../src/vscode/index/indexService.ts";
import type { Node } from "../../../src/vscode/tree/node.ts";

export type Api = ReturnType<typeof activate>;

/** In a browser VS Code saves after a second by itself: no text would stay unsaved. */
before(async () => {
  const { Global } = vscode.ConfigurationTarget;
  await vscode.workspace.getConfiguration("files").update("autoSave", "off", Global);
});

export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>("opsvi.opsvi-agents");
  assert.ok(extension, "opsvi.opsvi-agents is not among the extensions");
  return extension.activate();
}

export function root(): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "no folder is open");
  return folder.uri;
}

export const file = (path: string): vscode.Uri => vscode.Uri.joinPath(root(), path);

export async function write(path: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(file(path), new TextEncoder().encode(text));
}

export async function read(path: string): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file(path)));
}

export async function remove(path: string): Promise<void> {
  await rm(file(path).fsPath, { recursive: true, force: true });
}

export async function agent(name: string): Promise<Agent> {
  const { index } = await api();
  await index.settled();
  const found = index.agents.find(({ record }) => record.name === name);
  assert.ok(found, `${name} is not among ${index.agents.map(({ record }) => record.name).join(", ")}`);
  return found;
}

export const target = ({ uri, record }: Agent) => ({
  uri: uri.toString(),
  name: record.name,
  line: record.lineno,
});

/** Tries again until it answers with something. */
export async function eventually<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`It did not happen in 20 s: ${what}`);
    await sleep(50);
  }
}

/** The rows of one agent as the view shows them: two spaces a level, label and description. */
export async function picture(name: string): Promise<string[]> {
  const { view } = await api();
  const lines = (node: Node, depth: number): string[] => {
    const { label, description } = view.getTreeItem(node);
    assert.ok(typeof label === "string" && typeof description === "string");
    const line = `${"  ".repeat(depth)}${label} — ${description}`;
    return [line, ...view.getChildren(node).flatMap((child) => lines(child, depth + 1))];
  };
  return view
    .getChildren()
    .filter(({ label }) => label === name)
    .flatMap((node) => lines(node, 0));
}

export async function closeEditors(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty) continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}
