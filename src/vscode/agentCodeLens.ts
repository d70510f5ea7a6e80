import * as vscode from "vscode";
import { targetOf } from "./agentTarget.ts";
import { inBackground, type Log } from "./answers.ts";
import { Commands } from "./contributions.ts";
import { Disposables } from "./disposables.ts";
import type { IndexService } from "./index/indexService.ts";
import { languages, mayHoldAgents } from "./languages.ts";

/** Run · Migrate above each agent class. */
export class AgentCodeLens implements vscode.Disposable, vscode.CodeLensProvider {
  readonly #index: IndexService;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(index: IndexService, log: Log) {
    this.#index = index;
    this.#log = log;
    this.#owned.add(vscode.languages.registerCodeLensProvider(languages, this));
    this.#owned.add(index.onDidChange(() => this.#changed.fire()));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!mayHoldAgents(document)) return [];
    inBackground(this.#log, this.#index.ready());
    return this.#index.agentsIn(document.uri).flatMap((agent) => {
      const { record } = agent;
      if (record.adapts !== null || record.abstract) return [];
      const line = Math.min(Math.max(record.lineno - 1, 0), document.lineCount - 1);
      const range = document.lineAt(line).range;
      const argument = [targetOf(agent)];
      const run = {
        command: Commands.runTask,
        title: "$(play) Run",
        tooltip: "Run Task…",
        arguments: argument,
      };
      const migrate = {
        command: Commands.migrate,
        title: "Migrate",
        tooltip: "Migrate to BaseAgent",
        arguments: argument,
      };
      return (record.migrated ? [run] : [run, migrate]).map((command) => new vscode.CodeLens(range, command));
    });
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
