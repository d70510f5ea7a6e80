import * as vscode from "vscode";
import { parseAgentRef } from "../../model/agentRef.ts";
import {
  PerformanceChoice,
  PerformanceExport,
  type Performance,
  type PerformanceHost,
  type PerformanceView,
} from "../../model/performance.ts";
import { PerformanceClient } from "../../performance/client.ts";
import { performanceCsv } from "../../performance/performanceCsv.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { IndexService } from "../index/indexService.ts";
import type { RunHistory } from "../runs/runHistory.ts";
import { StoreWatcher } from "../storeWatcher.ts";
import { exportFile } from "./exportFile.ts";
import { openPlace } from "./indexRows.ts";
import { Panel } from "./panel.ts";
import { namedFileFolders } from "../fileFolders.ts";

interface Parts {
  index: IndexService;
  history: RunHistory;
  memory: vscode.Memento;
  extension: vscode.Uri;
  log: Log;
  /** The bundle of the thread that reads records. */
  workerFile: string;
}

const chosen = "performance|choice";
const usual: PerformanceChoice = { folder: null, span: "week", agent: null };
/** A panel in sight follows the runs so often. */
const FOLLOW_MS = 1000;
/** What is still unread is shown sooner. */
const READ_ON_MS = 50;

interface Folder {
  /** Unique among the folders. */
  name: string;
  uri: string;
  root: string;
}

/** Agents: Show Performance. What is chosen stands in the workspace's memory, and so survives a reload. */
export class PerformancePanel implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #owned = new Disposables();
  readonly #client: PerformanceClient;
  readonly #panel: Panel<PerformanceView, PerformanceHost>;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { history, extension, log, workerFile } = parts;
    this.#client = this.#owned.add(new PerformanceClient(workerFile));
    this.#panel = this.#owned.add(
      new Panel<PerformanceView, PerformanceHost>(
        {
          type: Panels.performance,
          title: "Performance",
          script: "performance",
          read: async () => ({ rows: [await this.#view()], notes: [] }),
          functions: {
            choose: (choice) => this.#choose(choice),
            export: (format) => this.#export(PerformanceExport.parse(format)),
            open: (agent) => this.#open(agent),
            runTask: async () => {
              await vscode.commands.executeCommand(Commands.runTask);
            },
          },
        },
        extension,
        log,
      ),
    );
    this.#owned.add(history.onDidChange(() => this.#follow(FOLLOW_MS)));
    this.#owned.add(new StoreWatcher("runs/*.jsonl", () => this.#follow(FOLLOW_MS)));
    this.#owned.add(registerCommand(log, Commands.showPerformance, () => this.#panel.show()));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#owned.dispose();
  }

  get #folders(): Folder[] {
    // Not those of the index: it may not have begun yet.
    return [...namedFileFolders()].map(([name, { uri }]) => ({
      ...{ name, uri: uri.toString(), root: uri.fsPath },
    }));
  }

  get #choice(): PerformanceChoice {
    return PerformanceChoice.safeParse(this.#parts.memory.get(chosen)).data ?? usual;
  }

  /** What is not told anew stays: two may be changed before the panel is drawn again. */
  async #choose(changed: object): Promise<void> {
    await this.#parts.memory.update(chosen, PerformanceChoice.parse({ ...this.#choice, ...changed }));
    this.#panel.refresh();
  }

  async #view(): Promise<PerformanceView> {
    const choice = this.#choice;
    const folders = this.#folders;
    const folder = folders.find(({ uri }) => uri === choice.folder)?.uri ?? null;
    const { performance, agentsWithRuns, unread, recorded } = await this.#client.figures(
      folders
        .filter(({ uri }) => folder === null || uri === folder)
        .map(({ name, root }) => ({ root, prefix: folders.length > 1 ? `${name}/` : "" })),
      { span: choice.span, agent: choice.agent },
    );
    if (unread > 0) this.#follow(READ_ON_MS);
    // Of the runs of other processes, nobody tells how far they are.
    else if (performance.total.atWork > 0) this.#follow(FOLLOW_MS);
    return {
      ...{ ...performance, agentsWithRuns, unread, recorded, folder },
      folders: folders.map(({ uri, name }) => ({ uri, name })),
    };
  }

  async #export(format: PerformanceExport): Promise<void> {
    const view = await this.#view();
    if (view.unread > 0) throw new Notice("The records are still being read: export the figures after that.");
    await exportFile(this.#parts.log, `performance.${format}`, textOf(figuresOf(view), format));
  }

  async #open(asked: unknown): Promise<void> {
    const { file, name } = parseAgentRef(String(asked));
    const { index } = this.#parts;
    await index.ready();
    const folders = this.#folders;
    const [only] = folders;
    const folder = folders.length === 1 ? only : folders.find((each) => file.startsWith(`${each.name}/`));
    if (folder === undefined) throw new Notice(`The folder of ${file} is no longer open.`);
    const file_path = folders.length === 1 ? file : file.slice(folder.name.length + 1);
    await openPlace(index, { folder: folder.name, file_path, lineno: null, name });
  }

  #follow(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#panel.refresh();
    }, ms);
  }
}

/** Without what the panel alone needs. */
function figuresOf(view: PerformanceView): Performance {
  const { query, from, to, bucketMs, total, perMinute, parallel } = view;
  const { agents, tools, batches, buckets, suggestions, slowest, mostFailing } = view;
  return {
    ...{ query, from, to, bucketMs, total, perMinute, parallel },
    ...{ agents, tools, batches, buckets, suggestions, slowest, mostFailing },
  };
}

const textOf = (figures: Performance, format: PerformanceExport): string =>
  format === "csv" ? performanceCsv(figures) : `${JSON.stringify(figures, null, 2)}\n`;
