import * as vscode from "vscode";
import { migratedEntry, undoneEntries } from "../../migration/entry.ts";
import { textOf } from "../../migration/files.ts";
import { appendLog, readLog, stateOf } from "../../migration/log.ts";
import { planUndo, removeEmptyFolders } from "../../migration/undo.ts";
import type { MigrationEntry, MigrationPlan } from "../../model/migrationPlan.ts";
import { UserError } from "../../model/userError.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import type { IndexService } from "../index/indexService.ts";
import { isTrustedFor } from "../trust.ts";
import { applyChanges } from "./workspaceChange.ts";

/** Keeps the log of migrations, and takes them back: by the notification or by Agents: Undo Migration…. */
export class MigrationUndo implements vscode.Disposable {
  readonly #index: IndexService;
  readonly #registered: vscode.Disposable;

  constructor(index: IndexService, log: Log) {
    this.#index = index;
    this.#registered = registerCommand(log, Commands.undoMigration, async () => {
      if (!isTrustedFor("Undoing a migration")) return;
      const picked = await vscode.window.showQuickPick(this.#items(), {
        placeHolder: "Which migration should be undone?",
        matchOnDescription: true,
      });
      if (picked !== undefined) await this.undo(picked.folder, picked.entry.data);
    });
  }

  async record(folder: vscode.WorkspaceFolder, plan: MigrationPlan): Promise<void> {
    await appendLog(folder.uri.fsPath, [migratedEntry(folder.uri.fsPath, plan)]);
  }

  async undo(
    folder: vscode.WorkspaceFolder,
    { file_path, name }: { file_path: string; name: string },
  ): Promise<void> {
    const root = folder.uri.fsPath;
    const { plan, refused } = await planUndo({ root, classes: [{ file_path, name }], readText: textInSight });
    const [refusal] = refused;
    if (refusal !== undefined) throw new UserError(refusal.reason);
    await applyChanges(plan.changes, `Undoing the migration of ${name}`, plan.removals);
    await appendLog(root, undoneEntries(plan));
    await removeEmptyFolders(plan);
    void vscode.window.showInformationMessage(`The migration of ${name} is undone.`);
  }

  dispose(): void {
    this.#registered.dispose();
  }

  /** Newest first. What an editor's undo has taken back already is not offered. */
  async #items() {
    await this.#index.settled();
    const items: (vscode.QuickPickItem & { folder: vscode.WorkspaceFolder; entry: MigrationEntry })[] = [];
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const { active } = stateOf(await readLog(folder.uri.fsPath));
      for (const entry of active) {
        const { name, file_path: description } = entry.data;
        if (!this.#isMigrated(folder, entry)) continue;
        items.push({
          label: name,
          description,
          detail: new Date(entry.time).toLocaleString(),
          folder,
          entry,
        });
      }
    }
    if (items.length === 0) throw new Notice("There is no migration to undo in this workspace.");
    return items.sort((a, b) => b.entry.time.localeCompare(a.entry.time));
  }

  #isMigrated(folder: vscode.WorkspaceFolder, { data }: MigrationEntry): boolean {
    return this.#index.agents.some(
      ({ record, folder: owner }) =>
        owner.uri.toString() === folder.uri.toString() &&
        record.migrated &&
        record.name === data.name &&
        record.file_path === data.file_path,
    );
  }
}

/** An open editor's text where it differs from the disk. */
async function textInSight(path: string): Promise<string | null> {
  const uri = vscode.Uri.file(path).toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
  if (open?.isDirty === true) return open.getText();
  return await textOf(path);
}
