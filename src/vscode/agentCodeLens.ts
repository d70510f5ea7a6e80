import * as vscode from "vscode";
import { counted } from "../model/counted.ts";
import { canBeMigrated, canBeRun } from "./abilities.ts";
import { targetOf } from "./agentTarget.ts";
import { inBackground, type Log } from "./answers.ts";
import type { CheckpointCounts } from "./checkpointCounts.ts";
import { Commands, Settings } from "./contributions.ts";
import { Disposables } from "./disposables.ts";
import type { Agent, IndexService } from "./index/indexService.ts";
import { languages, mayHoldAgents } from "./languages.ts";
import { openAt } from "./tree/items.ts";

/** Run · Migrate · Checkpoints above each agent. */
export class AgentCodeLens implements vscode.Disposable, vscode.CodeLensProvider {
  readonly #index: IndexService;
  readonly #checkpoints: CheckpointCounts;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(index: IndexService, checkpoints: CheckpointCounts, log: Log) {
    this.#index = index;
    this.#checkpoints = checkpoints;
    this.#log = log;
    const changed = () => this.#changed.fire();
    for (const subscription of [
      vscode.languages.registerCodeLensProvider(languages, this),
      index.onDidChange(changed),
      checkpoints.onDidChange(changed),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(Settings.codeLens)) changed();
      }),
    ]) {
      this.#owned.add(subscription);
    }
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const wanted = vscode.workspace
      .getConfiguration(undefined, document)
      .get<boolean>(Settings.codeLens, true);
    if (!wanted || !mayHoldAgents(document)) return [];
    inBackground(this.#log, this.#index.ready());
    return this.#index.agentsIn(document.uri).flatMap((agent) => {
      const line = Math.min(Math.max(agent.record.lineno - 1, 0), document.lineCount - 1);
      const { range } = document.lineAt(line);
      return this.#commandsOf(agent).map((command) => new vscode.CodeLens(range, command));
    });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #commandsOf(agent: Agent): vscode.Command[] {
    const { record } = agent;
    if (!canBeRun(record)) return [];
    const target = [targetOf(agent)];
    const run = { command: Commands.runTask, title: "$(play) Run", tooltip: "Run Task…", arguments: target };
    const debug = { command: Commands.debugTask, title: "Debug", tooltip: "Debug Task…", arguments: target };
    const migrate = {
      command: Commands.migrate,
      title: "Migrate",
      tooltip: "Migrate to BaseAgent",
      arguments: target,
    };
    const count = this.#checkpoints.of(agent);
    const checkpoints = {
      command: Commands.showAgentCheckpoints,
      title: count === 0 ? "Checkpoints" : counted(count, "checkpoint"),
      tooltip: "Show the checkpoints of this agent",
      arguments: target,
    };
    if (canBeMigrated(record)) return [run, debug, migrate, checkpoints];
    return record.migrated ? [run, debug, this.#migrated(agent), checkpoints] : [run, debug, checkpoints];
  }

  /** Leads to the adapter. */
  #migrated({ folder, record }: Agent): vscode.Command {
    const adapters = this.#index.agents.filter(
      (other) => other.folder === folder && other.record.adapts === record.name,
    );
    const adapter = adapters.find((other) => other.record.file_path === record.file_path) ?? adapters[0];
    const title = "Migrated";
    return adapter === undefined
      ? { title, command: "" }
      : { ...openAt(adapter.uri, adapter.record.lineno), title, tooltip: `Go to ${adapter.record.name}` };
  }
}
