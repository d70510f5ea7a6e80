import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { undoneEntries } from "../../migration/entry.ts";
import { readLog, stateOf } from "../../migration/log.ts";
import { classKey, type MigratedClass } from "../../migration/migratedClass.ts";
import { withMigrationLock } from "../../migration/migrationLock.ts";
import { planUndo, removeEmptyFolders, undoMigrations } from "../../migration/undo.ts";
import type { RefusedUndo } from "../../migration/undoPlan.ts";
import type { MigrationEntry } from "../../model/migrationPlan.ts";
import { UserError } from "../../model/userError.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { IndexService } from "../index/indexService.ts";
import { agentRows } from "../tree/rows.ts";
import { isTrustedFor } from "../trust.ts";
import type { Recovery } from "./recovery.ts";
import { undoSentence } from "./undoSentence.ts";
import { applyLogged, isDirty, textInSight } from "./workspaceChange.ts";
import { fileFolders } from "../fileFolders.ts";

interface Migrated extends MigratedClass {
  folder: vscode.WorkspaceFolder;
}

interface Undone {
  folder: vscode.WorkspaceFolder;
  /** That are as they were. */
  classes: readonly MigratedClass[];
}

interface Item extends vscode.QuickPickItem {
  /** All of them where it stands for all. */
  classes: Migrated[];
}

/** Takes migrations back: from the notification, the report, the tree or by Agents: Undo Migration…. */
export class MigrationUndo implements vscode.Disposable {
  readonly #index: IndexService;
  readonly #recovery: Recovery;
  readonly #owned = new Disposables();
  readonly #undone = this.#owned.add(new vscode.EventEmitter<Undone>());
  readonly onDidUndo = this.#undone.event;

  constructor(index: IndexService, recovery: Recovery, log: Log) {
    this.#index = index;
    this.#recovery = recovery;
    const undo = async (row: unknown, selected: unknown) => {
      if (!isTrustedFor("Undoing a migration")) return;
      const classes = this.#classesOf(row, selected) ?? (await this.#pick());
      for (const folder of new Set(classes.map((each) => each.folder))) {
        await this.undo(
          folder,
          classes.filter((each) => each.folder === folder),
        );
      }
    };
    this.#owned.add(registerCommand(log, Commands.undoMigration, undo));
  }

  async undo(folder: vscode.WorkspaceFolder, classes: readonly MigratedClass[]): Promise<void> {
    if (!isTrustedFor("Undoing a migration") || (await this.#recovery.ask(folder))) return;
    const title = `Undoing ${counted(classes.length, "migration")}`;
    const { undone, refused, paths } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title },
      () => withMigrationLock(folder.uri.fsPath, () => undoNow(folder.uri.fsPath, classes)),
    );
    // What asks next need not wait until the file system tells of it.
    for (const path of paths) this.#index.folderOf(vscode.Uri.file(path))?.touch(path);
    this.#undone.fire({ folder, classes: undone });
    const show = refused.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    void show(undoSentence(undone, refused));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Those of the rows that the command was called on; null where it was called on none. */
  #classesOf(row: unknown, selected: unknown): Migrated[] | null {
    const rows = agentRows(row, selected);
    if (rows.length === 0) return null;
    const folders = new Map(this.#index.folders.map(({ root, folder }) => [root, folder]));
    const classes = rows.flatMap(({ place, record }) => {
      const folder = place === null ? undefined : folders.get(place.root);
      if (folder === undefined || record?.migrated !== true) return [];
      return { folder, file_path: record.file_path, name: record.adapts ?? record.name };
    });
    if (classes.length === 0) throw new Notice("None of the selected agents is migrated.");
    return classes;
  }

  async #pick(): Promise<Migrated[]> {
    // Shown only when it is complete: Enter on a list without its items would choose none of them.
    const picked = await vscode.window.showQuickPick<Item>(await this.#items(), {
      title: "Undo Migration",
      placeHolder: "Which migrations should be undone?",
      matchOnDescription: true,
      canPickMany: true,
      ignoreFocusOut: true,
    });
    return [...new Set(picked?.flatMap(({ classes }) => classes))];
  }

  /** Newest first. What an editor's undo has taken back already is not offered. */
  async #items(): Promise<Item[]> {
    await this.#index.settled();
    const found: { folder: vscode.WorkspaceFolder; entry: MigrationEntry }[] = [];
    for (const folder of fileFolders()) {
      const { active } = stateOf(await readLog(folder.uri.fsPath));
      const migrated = this.#migratedIn(folder);
      for (const entry of active) if (migrated.has(classKey(entry.data))) found.push({ folder, entry });
    }
    if (found.length === 0) throw new Notice("There is no migration to undo in this workspace.");
    const items = found
      .sort((a, b) => b.entry.time.localeCompare(a.entry.time))
      .map(({ folder, entry: { data, time } }): Item => {
        const { name, file_path } = data;
        const detail = new Date(time).toLocaleString();
        return { label: name, description: file_path, detail, classes: [{ folder, file_path, name }] };
      });
    // The only one need not be ticked first.
    if (items.length === 1) return items.map((item) => ({ ...item, picked: true }));
    const all: Item = {
      label: `All ${items.length} migrations`,
      iconPath: new vscode.ThemeIcon("discard"),
      alwaysShow: true,
      classes: items.flatMap(({ classes }) => classes),
    };
    const separator = { label: "", kind: vscode.QuickPickItemKind.Separator, classes: [] };
    return [all, separator, ...items];
  }

  #migratedIn(folder: vscode.WorkspaceFolder): Set<string> {
    const agents = this.#index.agents.filter(
      ({ record, folder: owner }) => record.migrated && owner.uri.toString() === folder.uri.toString(),
    );
    return new Set(agents.map(({ record }) => classKey(record)));
  }
}

/** In the editors where there is unsaved text, else on the disk. */
async function undoNow(
  root: string,
  classes: readonly MigratedClass[],
): Promise<{ undone: readonly MigratedClass[]; refused: readonly RefusedUndo[]; paths: string[] }> {
  const { plan, refused } = await planUndo({ root, classes, readText: textInSight });
  const { changes, removals, undone } = plan;
  if (undone.length === 0) {
    throw new UserError(refused[0]?.reason ?? "There is no migration to undo.");
  }
  const paths = [...changes, ...removals].map(({ path }) => path);
  if (!paths.some(isDirty)) {
    const done = await undoMigrations({ root, classes });
    return { undone: done.entries.map(({ data }) => data), refused: done.refused, paths };
  }
  const what =
    undone.length === 1 ? `Undoing the migration of ${undone[0]?.name ?? ""}` : "Undoing migrations";
  await applyLogged({ root, changes, removals, entries: undoneEntries(plan), what });
  await removeEmptyFolders(plan);
  return { undone, refused, paths };
}
