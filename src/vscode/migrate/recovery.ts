import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { withMigrationLock } from "../../migration/migrationLock.ts";
import {
  finishPending,
  readPending,
  undoPending,
  unverifiedNote,
  type Recovered,
} from "../../migration/recovery.ts";
import type { PendingMigrations } from "../../model/migrationPlan.ts";
import { inBackground, showFailure, type Log } from "../answers.ts";
import { Disposables } from "../disposables.ts";
import { fileFolders } from "../fileFolders.ts";

/** Asks what is to become of a migration that a crash has interrupted: at the start, and before another one. */
export class Recovery implements vscode.Disposable {
  readonly #log: Log;
  readonly #owned = new Disposables();
  /** Folders the user is being asked for. */
  readonly #asked = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
    const askAll = () => {
      if (!vscode.workspace.isTrusted) return;
      for (const folder of fileFolders()) inBackground(log, this.ask(folder));
    };
    this.#owned.add(vscode.workspace.onDidGrantWorkspaceTrust(askAll));
    this.#owned.add(vscode.workspace.onDidChangeWorkspaceFolders(askAll));
    askAll();
  }

  /** True where a migration was interrupted: the user is asked, and nothing else is to be done before. */
  async ask(folder: vscode.WorkspaceFolder): Promise<boolean> {
    const root = folder.uri.fsPath;
    if (folder.uri.scheme !== "file") return false;
    let pending: PendingMigrations | null;
    try {
      if ((await readPending(root)) === null) return false;
      // Another process may be in the middle of it: a migration is interrupted only where nobody holds the lock.
      pending = await withMigrationLock(root, () => readPending(root));
    } catch (error) {
      void showFailure(error, this.#log);
      return true;
    }
    if (pending === null) return false;
    if (!this.#asked.has(root)) {
      this.#asked.add(root);
      inBackground(
        this.#log,
        this.#offer(folder, pending).finally(() => this.#asked.delete(root)),
      );
    }
    return true;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #offer(folder: vscode.WorkspaceFolder, pending: PendingMigrations): Promise<void> {
    const root = folder.uri.fsPath;
    const [finish, undo, show] = ["Finish", "Undo", "Show Files"] as const;
    for (;;) {
      const choice = await vscode.window.showWarningMessage(
        interruption(folder.name, pending),
        finish,
        undo,
        show,
      );
      if (choice === undefined) return;
      try {
        if (choice === show) {
          await this.#show(folder, pending);
          continue;
        }
        const act = choice === finish ? finishPending : undoPending;
        const recovered = await withMigrationLock(root, () => act(root));
        void vscode.window.showInformationMessage(outcome(choice === finish, recovered));
      } catch (error) {
        void showFailure(error, this.#log);
      }
      return;
    }
  }

  async #show(folder: vscode.WorkspaceFolder, { steps }: PendingMigrations): Promise<void> {
    const picked = await vscode.window.showQuickPick(
      steps.map(({ path, before, after }) => ({
        label: path,
        description: before === null ? "created" : after === null ? "removed" : "changed",
      })),
      { title: "Files of the interrupted migration", placeHolder: "Open a file as it is now" },
    );
    if (picked === undefined) return;
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.joinPath(folder.uri, picked.label));
  }
}

function interruption(folder: string, { entries, steps, time }: PendingMigrations): string {
  const undoing = entries.length > 0 && entries.every(({ data }) => data.status === "undone");
  const what =
    entries.length > 0
      ? `${undoing ? "Undoing the migration" : "A migration"} of ${counted(entries.length, "class", "classes")}`
      : `An update of the runtime (${counted(steps.length, "file")})`;
  return `${what} in ${folder} was interrupted on ${new Date(time).toLocaleString()}.`;
}

function outcome(finished: boolean, recovered: Recovered): string {
  const { written, left } = recovered;
  const already = finished ? "all files were written already" : "no file was written yet";
  const files = written.length + left.length > 0 ? `${counted(written.length, "file")} written` : already;
  return [
    `The interrupted migration is ${finished ? "finished" : "taken back"}: ${files}.`,
    ...(left.length > 0 ? [`Edited since, and left as they are: ${left.join(", ")}.`] : []),
    unverifiedNote(recovered) ?? [],
  ]
    .flat()
    .join(" ");
}
