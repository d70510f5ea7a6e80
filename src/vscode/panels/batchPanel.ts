import * as vscode from "vscode";
import { BatchExport, RunRef, type BatchHost, type BatchTable } from "../../model/batchTable.ts";
import { displayName } from "../../model/displayName.ts";
import { inBackground, Notice, type Log } from "../answers.ts";
import { counting, grouped, isGroup, type BatchGroup } from "../batches/batchGroup.ts";
import type { BatchActions } from "../batches/batchActions.ts";
import { exported } from "../batches/exported.ts";
import { RunTexts } from "../batches/runTexts.ts";
import { tableOf } from "../batches/tableOf.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { JsonDocuments } from "../jsonDocuments.ts";
import { surroundings } from "../runs/items.ts";
import type { RunDocuments } from "../runs/runDocuments.ts";
import type { RunHistory } from "../runs/runHistory.ts";
import { exportFile } from "./exportFile.ts";
import { Panel } from "./panel.ts";

interface Parts {
  history: RunHistory;
  actions: BatchActions;
  results: JsonDocuments;
  logs: RunDocuments;
  memory: vscode.Memento;
  extension: vscode.Uri;
  log: Log;
}

const shown = "batch|shown";
/** A table that is in sight follows its runs so often. */
const FOLLOW_MS = 500;

/** The table of one batch; also after a reload. */
export class BatchPanel implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #owned = new Disposables();
  readonly #panel: Panel<BatchTable, BatchHost>;
  readonly #texts = new RunTexts();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { history, actions, extension, log } = parts;
    this.#panel = this.#owned.add(
      new Panel<BatchTable, BatchHost>(
        {
          type: Panels.batch,
          title: "Batch",
          script: "batch",
          read: async () => {
            await history.list();
            const group = this.#group();
            return { rows: group === undefined ? [] : [await this.#tableOf(group)], notes: [] };
          },
          functions: {
            open: (ref) => this.#open(ref),
            stop: () => actions.stop(this.#known()),
            rerunUnsuccessful: () => actions.rerunUnsuccessful(this.#known()),
            export: (format) => this.#export(format),
            runSelected: async () => {
              await vscode.commands.executeCommand(Commands.runSelected);
            },
          },
        },
        extension,
        log,
      ),
    );
    this.#owned.add(history.onDidChange(() => this.#follow()));
    this.#owned.add({ dispose: () => clearTimeout(this.#timer) });
  }

  show(batch: string): void {
    inBackground(
      this.#parts.log,
      Promise.resolve(this.#parts.memory.update(shown, batch)).then(() => this.#panel.show({})),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #group(): BatchGroup | undefined {
    const id = this.#parts.memory.get<string>(shown);
    const rows = this.#parts.history.rows.filter(({ summary }) => summary.batch === id);
    return id === undefined ? undefined : grouped(rows).find(isGroup);
  }

  #known(): BatchGroup {
    const group = this.#group();
    if (group === undefined) throw new Notice("The records of this batch are no longer there.");
    return group;
  }

  async #tableOf(group: BatchGroup): Promise<BatchTable> {
    return tableOf(group, await this.#texts.of(counting(group)), surroundings());
  }

  async #open(ref: unknown): Promise<void> {
    const { folder, runId } = RunRef.parse(ref);
    const row = this.#known().rows.find((each) => each.folder.uri === folder && each.summary.runId === runId);
    if (row === undefined) throw new Notice("The record of this run is no longer there.");
    const { agent, state } = row.summary;
    if (state !== "success") return this.#parts.logs.show(row);
    await this.#parts.results.show(vscode.Uri.parse(folder), runId, `${displayName(agent.name)} result`);
  }

  async #export(asked: unknown): Promise<void> {
    const format = BatchExport.parse(asked);
    const group = this.#known();
    const { name, text } = exported(
      tableOf(group, await this.#texts.whole(counting(group)), surroundings()),
      format,
    );
    await exportFile(this.#parts.log, name, text);
  }

  #follow(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#panel.refresh();
    }, FOLLOW_MS);
  }
}
