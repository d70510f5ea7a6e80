import * as vscode from "vscode";
import { classKey, type MigratedClass } from "../../migration/migratedClass.ts";
import { reportMarkdown } from "../../migration/reportMarkdown.ts";
import type { MigrationReport } from "../../model/migrationReport.ts";
import type { MigrationReportHost } from "../../model/panelProtocol.ts";
import { inBackground, registerCommand, type Log } from "../answers.ts";
import { Commands, Panels } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { FolderIndex } from "../index/folderIndex.ts";
import type { IndexService } from "../index/indexService.ts";
import type { MigrationUndo } from "../migrate/migrationUndo.ts";
import { exportFile } from "./exportFile.ts";
import { namedFolders, openPlace } from "./indexRows.ts";
import { Panel } from "./panel.ts";

const stored = "migrationReports";

/** The report of the last migration of many classes; also after a reload. */
export class MigrationReportPanel implements vscode.Disposable {
  readonly #owned = new Disposables();
  readonly #index: IndexService;
  readonly #memory: vscode.Memento;
  readonly #panel: Panel<MigrationReport, MigrationReportHost>;

  constructor(
    index: IndexService,
    undo: MigrationUndo,
    memory: vscode.Memento,
    extension: vscode.Uri,
    log: Log,
  ) {
    this.#index = index;
    this.#memory = memory;
    this.#panel = this.#owned.add(
      new Panel<MigrationReport, MigrationReportHost>(
        {
          type: Panels.migrationReport,
          title: "Migration Report",
          script: "migrationReport",
          read: () => Promise.resolve({ rows: this.#reports, notes: [] }),
          functions: {
            open: async (place) => {
              await index.ready();
              await openPlace(index, place);
            },
            save: (folder) => exportFile(log, "migration.md", reportMarkdown(this.#reportOf(folder))),
            undo: (folder) => this.#undo(undo, folder),
            migrateWorkspace: async () => {
              await vscode.commands.executeCommand(Commands.migrateWorkspace);
            },
          },
        },
        extension,
        log,
      ),
    );
    this.#owned.add(
      undo.onDidUndo(({ folder, classes }) => inBackground(log, this.#follow(folder, classes))),
    );
    this.#owned.add(registerCommand(log, Commands.showMigrationReport, () => this.#panel.show()));
  }

  /** Shows what became of a migration; a report each folder. */
  async show(reports: readonly { index: FolderIndex; report: MigrationReport }[]): Promise<void> {
    const names = new Map([...namedFolders(this.#index)].map(([name, folder]) => [folder, name]));
    await this.#memory.update(
      stored,
      reports.map(({ index, report }) => ({ ...report, folder: names.get(index) ?? report.folder })),
    );
    this.#panel.show({});
  }

  dispose(): void {
    this.#owned.dispose();
  }

  get #reports(): MigrationReport[] {
    return this.#memory.get<MigrationReport[]>(stored, []);
  }

  #reportOf(folder: unknown): MigrationReport {
    const report = this.#reports.find((each) => each.folder === folder);
    if (report === undefined) throw new Error("There is no such report.");
    return report;
  }

  async #undo(undo: MigrationUndo, folder: unknown): Promise<void> {
    const report = this.#reportOf(folder);
    const index = namedFolders(this.#index).get(report.folder);
    if (index === undefined) return;
    await undo.undo(
      index.folder,
      report.classes.filter(({ status }) => status === "migrated"),
    );
  }

  /** Wherever it was asked for, the report says so. */
  async #follow(folder: vscode.WorkspaceFolder, undone: readonly MigratedClass[]): Promise<void> {
    const keys = new Set(undone.map(classKey));
    const folders = namedFolders(this.#index);
    const reports = this.#reports.map((report) => {
      if (folders.get(report.folder)?.folder.uri.toString() !== folder.uri.toString()) return report;
      const classes = report.classes.map((each) =>
        each.status === "migrated" && keys.has(classKey(each))
          ? { ...each, status: "undone" as const }
          : each,
      );
      return { ...report, classes };
    });
    await this.#memory.update(stored, reports);
    this.#panel.refresh();
  }
}
