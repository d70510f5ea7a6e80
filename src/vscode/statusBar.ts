import * as vscode from "vscode";
import { Views } from "./contributions.ts";
import { Disposables } from "./disposables.ts";
import type { IndexService } from "./index/indexService.ts";
import { statusText } from "./statusText.ts";

/** How many agents there are and how the index does; a click shows the Agents view. */
export class StatusBar implements vscode.Disposable {
  readonly #index: IndexService;
  readonly #owned = new Disposables();
  readonly #item = this.#owned.add(
    vscode.window.createStatusBarItem("agents", vscode.StatusBarAlignment.Left),
  );

  constructor(index: IndexService) {
    this.#index = index;
    this.#item.name = "Agents";
    this.#item.command = `${Views.agents}.focus`;
    this.#owned.add(index.onDidChange(() => this.#show()));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #show(): void {
    const { folders, state, agents } = this.#index;
    const under = folders.flatMap(({ progress }) => (progress === null ? [] : [progress]));
    const sum = (key: "done" | "total") => under.reduce((total, progress) => total + progress[key], 0);
    const said = statusText({
      state,
      agents: agents.filter(({ record }) => record.adapts === null).length,
      failure: folders.find(({ failure }) => failure !== null)?.failure ?? null,
      progress: under.length === 0 ? null : { done: sum("done"), total: sum("total") },
    });
    if (said === null || folders.length === 0) {
      this.#item.hide();
      return;
    }
    this.#item.text = said.text;
    this.#item.tooltip = said.label;
    this.#item.accessibilityInformation = { label: said.label, role: "button" };
    const failed = state === "failed" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    this.#item.backgroundColor = failed;
    this.#item.show();
  }
}
