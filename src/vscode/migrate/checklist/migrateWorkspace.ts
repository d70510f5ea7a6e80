import * as vscode from "vscode";
import { counted } from "../../../model/counted.ts";
import { withMigrationLock } from "../../../migration/migrationLock.ts";
import { missingInstalls } from "../../../migration/packageManager.ts";
import type { MigrationReport } from "../../../model/migrationReport.ts";
import { inBackground, isCancellation, Notice, registerCommand, type Log } from "../../answers.ts";
import { Commands } from "../../contributions.ts";
import { Disposables } from "../../disposables.ts";
import type { FolderIndex } from "../../index/folderIndex.ts";
import type { IndexService } from "../../index/indexService.ts";
import { inProgress, type Watch } from "../../inProgress.ts";
import type { MigrationReportPanel } from "../../panels/migrationReportPanel.ts";
import { openAt } from "../../tree/items.ts";
import type { Node } from "../../tree/node.ts";
import { isTrustedFor } from "../../trust.ts";
import { offerInstall } from "../install.ts";
import { chooseMethod, chooseRuntime, migrationOptions } from "../migrationOptions.ts";
import type { Recovery } from "../recovery.ts";
import type { VendoredRuntimes } from "../vendoredRuntimes.ts";
import { ChecklistView } from "./checklistView.ts";
import { acceptGitState, saveEditors } from "./consent.ts";
import { runMigration } from "./migrationRun.ts";
import type { ChecklistNode } from "./nodes.ts";
import { bringsRuntime, PreparedFolder, type WantedClass } from "./prepared.ts";
import { allWanted, selectedWanted } from "./wanted.ts";

interface Parts {
  index: IndexService;
  recovery: Recovery;
  runtimes: VendoredRuntimes;
  reports: MigrationReportPanel;
  /** The type check process's bundle. */
  checkFile: string;
  log: Log;
}

interface Wanted {
  index: FolderIndex;
  classes: WantedClass[];
}

interface Reported {
  folder: PreparedFolder;
  index: FolderIndex;
  report: MigrationReport;
}

const what = "Migrating agents";

/** Migrate Workspace…, and Migrate to BaseAgent for several: plan, choose, look, apply, report. */
export class MigrateWorkspace implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #owned = new Disposables();
  readonly #view: ChecklistView;
  /** Of the folders in the checklist. */
  readonly #indexes = new Map<PreparedFolder, FolderIndex>();
  #busy = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { log } = parts;
    this.#view = this.#owned.add(new ChecklistView(log));
    for (const subscription of [
      registerCommand(log, Commands.migrateWorkspace, (row) => this.#prepareAll(row)),
      registerCommand(log, Commands.openMigrationChange, (node, clicked) =>
        this.#open(node as ChecklistNode, clicked === true),
      ),
      registerCommand(log, Commands.openMigrationChanges, () => this.#openAll()),
      registerCommand(log, Commands.toggleMigration, () => this.#toggle()),
      registerCommand(log, Commands.applyMigrations, () => this.#alone(() => this.#apply())),
      registerCommand(log, Commands.discardMigrations, () => this.#view.close()),
    ]) {
      this.#owned.add(subscription);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** The selected rows of the Agents view. */
  async prepareRows(rows: readonly Node[]): Promise<void> {
    if (!isTrustedFor(what)) return;
    await this.#prepare(() =>
      Promise.resolve(
        this.#parts.index.folders.map((index) => ({
          index,
          classes: selectedWanted(
            index.root,
            rows.flatMap(({ place, record }) =>
              place?.root === index.root && record !== null ? [record] : [],
            ),
          ),
        })),
      ),
    );
  }

  async #prepareAll(row: unknown): Promise<void> {
    if (!isTrustedFor(what)) return;
    const { index } = this.#parts;
    await this.#prepare(async () => {
      await index.settled();
      const folders = index.folders.filter(({ root }) => !isFolderRow(row) || row.id === root);
      return folders.map((folder) => ({
        index: folder,
        classes: allWanted(folder.root, folder.snapshot?.agents ?? []),
      }));
    });
  }

  /** One thing at a time: what is being planned or written is not planned anew. */
  async #alone(act: () => Promise<void>): Promise<void> {
    if (this.#busy) throw new Notice("A migration is under way: its progress is shown below.");
    this.#busy = true;
    try {
      await act();
    } catch (error) {
      if (!isCancellation(error)) throw error;
    } finally {
      this.#busy = false;
    }
  }

  async #prepare(find: () => Promise<Wanted[]>): Promise<void> {
    let folders: PreparedFolder[] = [];
    await this.#alone(async () => {
      folders = await this.#planAll(await find());
    });
    // What is in sight can be applied.
    if (folders.length > 0) await this.#view.show(folders);
  }

  /** None where the user does not go on. */
  async #planAll(all: readonly Wanted[]): Promise<PreparedFolder[]> {
    const wanted = all.filter(({ classes }) => classes.length > 0);
    if (wanted.length === 0) {
      throw new Notice(
        "There is no agent class to migrate: the Agents view shows which there are, and which are migrated.",
      );
    }
    for (const { index } of wanted) if (await this.#parts.recovery.ask(index.folder)) return [];
    await this.#view.close();
    this.#indexes.clear();
    const total = wanted.reduce((sum, { classes }) => sum + classes.length, 0);
    try {
      await inProgress(`Planning the migration of ${counted(total, "class", "classes")}`, async (watch) => {
        for (const each of wanted) {
          const folder = await this.#plan(each, watch);
          if (folder === null) {
            this.#indexes.clear();
            return;
          }
          this.#indexes.set(folder, each.index);
        }
      });
    } catch (error) {
      if (isCancellation(error)) {
        void vscode.window.showInformationMessage("Planning was cancelled: nothing is changed.");
      }
      throw error;
    }
    return [...this.#indexes.keys()];
  }

  /** Null where the user does not say where the runtime is to come from. */
  async #plan({ index, classes }: Wanted, { signal, token, tell }: Watch): Promise<PreparedFolder | null> {
    await index.settle();
    const { options, asks } = migrationOptions(index.folder);
    const folder = new PreparedFolder(index.root, index.folder.name, options, (requests, planOptions) =>
      index.planMigrations(requests, planOptions),
    );
    const onProgress = (done: number, total: number) => tell(`${done} of ${total}`);
    const watch = { signal, onProgress };
    await folder.prepare(classes, watch);
    const [first] = folder.chosen;
    if (asks && first !== undefined && bringsRuntime(folder.shared)) {
      const runtime = await chooseRuntime(index.folder, first.request.file, token);
      signal.throwIfAborted();
      if (runtime === undefined) return null;
      options.runtime = runtime;
      if (runtime === "package") await folder.prepare(classes, watch);
    }
    // What is not installed yet cannot be checked.
    if ((await missingInstalls(folder.plans)).length > 0) options.verify = false;
    return folder;
  }

  async #open(node: ChecklistNode, clicked: boolean): Promise<void> {
    if (node.kind !== "class" || (clicked && this.#view.isToggling())) return;
    const { prepared, folder } = node;
    if (prepared.result.status === "choice") return this.#choose(folder, prepared.result.methods, node);
    await this.#view.settled();
    const step = folder.stepOf(prepared);
    if (step === undefined) {
      const { command, arguments: parts = [] } = openAt(
        vscode.Uri.file(prepared.request.file),
        prepared.line,
      );
      await vscode.commands.executeCommand(command, ...(parts as unknown[]));
      return;
    }
    await this.#view.previews.open(step, prepared);
  }

  async #choose(folder: PreparedFolder, methods: readonly string[], node: ChecklistNode): Promise<void> {
    if (node.kind !== "class") return;
    const method = await chooseMethod(node.label, methods);
    if (method !== undefined) this.#view.plan(() => folder.choose(node.prepared, method));
  }

  async #openAll(): Promise<void> {
    await this.#view.settled();
    const steps = this.#view.folders.flatMap((folder) => folder.steps);
    if (steps.length === 0) throw new Notice("Nothing is checked: there is no change to show.");
    await this.#view.previews.openAll(steps);
  }

  async #toggle(): Promise<void> {
    const node = await this.#view.focused();
    if (node !== undefined && node.checked !== null) this.#view.check(node, !node.checked);
  }

  async #apply(): Promise<void> {
    if (!isTrustedFor(what)) return;
    await this.#view.settled();
    const folders = this.#view.folders.filter(({ chosen }) => chosen.length > 0);
    if (folders.length === 0) throw new Notice("Nothing is checked: check the classes to migrate.");
    const paths = folders.flatMap(({ steps }) => steps.map(({ path }) => path));
    if (!(await saveEditors(paths)) || !(await acceptGitState(folders))) return;
    const reports: Reported[] = [];
    let changed: boolean;
    const total = folders.reduce((sum, { chosen }) => sum + chosen.length, 0);
    const title = `Migrating ${counted(total, "class", "classes")}`;
    try {
      changed = await inProgress(title, async (watch) => {
        for (const folder of folders) {
          const report = await this.#migrate(folder, watch);
          const index = this.#indexes.get(folder);
          if (report === null || index === undefined) return true;
          reports.push({ folder, index, report });
        }
        return false;
      });
    } catch (error) {
      // What was written of the folders before it stays, and is reported.
      if (reports.length > 0) await this.#finish(reports);
      if (isCancellation(error)) {
        const where = reports.length > 0 ? " in the folder it had come to" : "";
        void vscode.window.showInformationMessage(
          `The migration was cancelled: nothing of it stays${where}.`,
        );
      }
      throw error;
    } finally {
      this.#view.refresh();
    }
    if (changed) {
      void vscode.window.showWarningMessage(
        "Files have changed since the differences were made: they are made anew. Look at them, then apply again.",
      );
    } else await this.#view.close();
    if (reports.length > 0) await this.#finish(reports);
  }

  /** Null where what is to be written is not what was shown. */
  async #migrate(folder: PreparedFolder, { signal, tell }: Watch): Promise<MigrationReport | null> {
    return withMigrationLock(folder.root, async () => {
      tell("planning…");
      const index = this.#indexes.get(folder);
      await index?.settle();
      const { answers, same } = await folder.settle({ signal });
      if (!same) return null;
      try {
        return await runMigration({ folder, answers, checkFile: this.#parts.checkFile, signal, tell });
      } finally {
        for (const { path } of folder.steps) index?.touch(path);
      }
    });
  }

  async #finish(reports: readonly Reported[]): Promise<void> {
    const { log, runtimes } = this.#parts;
    await this.#parts.reports.show(reports);
    for (const { folder } of reports) {
      inBackground(log, offerInstall(folder.plans));
      inBackground(log, runtimes.hint(folder.root));
    }
  }
}

function isFolderRow(row: unknown): row is Node {
  return typeof row === "object" && row !== null && "kind" in row && row.kind === "folder";
}
