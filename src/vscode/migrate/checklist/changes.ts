import { basename } from "node:path";
import * as vscode from "vscode";
import type { FileStep } from "../../../migration/files.ts";
import { Schemes } from "../../contributions.ts";
import { Disposables } from "../../disposables.ts";
import { lastChange } from "../migrationPreview.ts";
import { textInSight } from "../workspaceChange.ts";
import type { PreparedClass } from "./prepared.ts";

/** Shows what a migration of many classes writes, as differences that follow the choice. */
export class ChangePreviews implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;
  #texts = new Map<string, string>();

  constructor() {
    this.#owned.add(vscode.workspace.registerTextDocumentContentProvider(Schemes.migrations, this));
  }

  /** Takes what is planned now. Of files that are not to be changed any more the present text is shown. */
  set(steps: readonly FileStep[]): void {
    const before = this.#texts;
    this.#texts = new Map(steps.map(({ path, after }) => [vscode.Uri.file(path).fsPath, after ?? ""]));
    for (const path of new Set([...before.keys(), ...this.#texts.keys()])) {
      if (before.get(path) !== this.#texts.get(path)) this.#changed.fire(plannedUri(path));
    }
  }

  async open(step: FileStep, { name, result }: PreparedClass): Promise<void> {
    const right = plannedUri(step.path);
    const left = step.before === null ? right.with({ fragment: "empty" }) : vscode.Uri.file(step.path);
    const change = result.status === "ready" ? result.plan.changes[0] : undefined;
    const options = { preview: true, ...(change !== undefined && { selection: lastChange(change) }) };
    const title = `${basename(step.path)}: migrate ${name}`;
    await vscode.commands.executeCommand("vscode.diff", left, right, title, options);
  }

  async openAll(steps: readonly FileStep[]): Promise<void> {
    const resources = steps.map(({ path, before }) => {
      const file = vscode.Uri.file(path);
      return [file, before === null ? undefined : file, plannedUri(path)];
    });
    await vscode.commands.executeCommand("vscode.changes", titleOfAll, resources);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    if (uri.fragment === "empty") return "";
    const planned = this.#texts.get(uri.fsPath);
    if (planned !== undefined) return planned;
    return (await textInSight(uri.fsPath)) ?? "";
  }

  async close(): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(isOurs);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

const plannedUri = (path: string): vscode.Uri => vscode.Uri.file(path).with({ scheme: Schemes.migrations });

const titleOfAll = "Changes of the Migration";

function isOurs({ input, label }: vscode.Tab): boolean {
  if (input instanceof vscode.TabInputTextDiff) return input.modified.scheme === Schemes.migrations;
  // VS Code tells of a difference of many files nothing but its title, to which it adds their number.
  return !(input instanceof vscode.TabInputText) && label.startsWith(titleOfAll);
}
