import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { Commands, Views } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { isActive } from "./row.ts";
import type { RunHistory } from "./runHistory.ts";

/** How many runs are at work, and beside it what stops all of them. */
export class RunsStatus implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #count = this.#owned.add(
    vscode.window.createStatusBarItem("runs", vscode.StatusBarAlignment.Left),
  );
  readonly #stop = this.#owned.add(
    vscode.window.createStatusBarItem("stopRuns", vscode.StatusBarAlignment.Left),
  );

  constructor(history: RunHistory) {
    this.#count.name = "Agent Runs";
    this.#count.command = `${Views.runs}.focus`;
    this.#stop.name = "Stop All Agent Runs";
    this.#stop.text = "$(debug-stop)";
    this.#stop.command = Commands.stopAllRuns;
    this.#owned.add(history.onDidChange(() => this.#show(history)));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #show(history: RunHistory): void {
    const active = history.rows.filter((row) => row.mine && isActive(row));
    if (active.length === 0) {
      this.#count.hide();
      this.#stop.hide();
      return;
    }
    const waiting = active.filter(({ summary }) => summary.state === "waiting").length;
    const asks = waiting === 0 ? "" : ` · ${waiting} $(question)`;
    this.#count.text = `$(loading~spin) ${active.length}${asks}`;
    const label =
      `${counted(active.length, "agent run", "agent runs")} at work` +
      (waiting === 0 ? "" : `, ${waiting} waiting for an answer`);
    this.#count.tooltip = `${label}: show them`;
    this.#count.accessibilityInformation = { label, role: "button" };
    this.#stop.tooltip = `Stop ${counted(active.length, "agent run", "agent runs")}`;
    this.#stop.accessibilityInformation = { label: this.#stop.tooltip, role: "button" };
    this.#count.show();
    this.#stop.show();
  }
}
