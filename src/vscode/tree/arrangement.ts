import * as vscode from "vscode";
import { registerCommand, type Log } from "../answers.ts";
import { Commands, Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { parseFilter, type Filter } from "./filter.ts";
import { groupings, isGrouping, type Grouping } from "./grouping.ts";
import type { View } from "./nodes.ts";

const key = "agents.grouping";

/** The same command with the icon and the title of each grouping, for the title of the view. */
const groupCommands = [
  Commands.groupAgents,
  Commands.groupedByFolder,
  Commands.groupedByBase,
  Commands.groupedByCapability,
  Commands.groupedByMigration,
];

/** How the Agents view is grouped, remembered per workspace, and what it is filtered by, until VS Code is closed. */
export class Arrangement implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  #filter: Filter | null = null;

  constructor(memory: vscode.Memento, log: Log) {
    this.#memory = memory;
    for (const registered of [
      ...groupCommands.map((id) => registerCommand(log, id, () => this.#askGrouping())),
      registerCommand(log, Commands.filterAgents, () => this.#askFilter()),
      registerCommand(log, Commands.clearFilter, () => this.#setFilter(null)),
    ]) {
      this.#owned.add(registered);
    }
  }

  get view(): View {
    const kept = this.#memory.get(key);
    return { grouping: isGrouping(kept) ? kept : "none", filter: this.#filter };
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #askGrouping(): Promise<void> {
    const { grouping: current } = this.view;
    const items = (Object.keys(groupings) as Grouping[]).map((grouping) => ({
      label: groupings[grouping].label,
      description: grouping === current ? "current" : "",
      detail: groupings[grouping].detail,
      grouping,
    }));
    const picked = await vscode.window.showQuickPick(items, { placeHolder: "Group the agents by" });
    if (picked === undefined) return;
    await this.#memory.update(key, picked.grouping);
    this.#changed.fire();
    await showView();
  }

  /** Filters while it is typed; Escape brings back what was there before. */
  async #askFilter(): Promise<void> {
    await showView();
    const before = this.#filter;
    const box = vscode.window.createInputBox();
    box.title = "Filter Agents";
    box.placeholder = "Name, path, base class or capability";
    box.prompt =
      "Also is:migrated, is:test, is:abstract, has:tool_usage, extends:ToolAgent; -is:test leaves tests out";
    box.value = before?.text ?? "";
    box.ignoreFocusOut = true;
    box.onDidChangeValue((value) => {
      const filter = parseFilter(value);
      const { Warning } = vscode.InputBoxValidationSeverity;
      box.validationMessage = filter?.problem ? { message: filter.problem, severity: Warning } : "";
      this.#setFilter(filter);
    });
    const accepted = new Promise<boolean>((resolve) => {
      box.onDidAccept(() => resolve(true));
      box.onDidHide(() => resolve(false));
    });
    box.show();
    if (!(await accepted)) this.#setFilter(before);
    box.dispose();
    await showView();
  }

  #setFilter(filter: Filter | null): void {
    this.#filter = filter;
    this.#changed.fire();
  }
}

async function showView(): Promise<void> {
  await vscode.commands.executeCommand(`${Views.agents}.focus`);
}
