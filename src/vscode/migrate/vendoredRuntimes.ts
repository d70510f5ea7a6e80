import { relative } from "node:path";
import * as vscode from "vscode";
import { version } from "../../../package.json";
import { withMigrationLock } from "../../migration/migrationLock.ts";
import { readCore } from "../../migration/readCore.ts";
import { planRuntimeUpdates, updateRuntimes, type RuntimeUpdate } from "../../migration/runtimeUpdate.ts";
import { Notice, registerCommand, showFailure, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import { isTrustedFor } from "../trust.ts";
import { fileFolders } from "../fileFolders.ts";

/** Brings the copies of the runtime in the workspace to the version of this extension. */
export class VendoredRuntimes implements vscode.Disposable {
  readonly #coreFolder: string;
  readonly #log: Log;
  readonly #registered: vscode.Disposable;
  /** Folders whose old runtime users have been told of. */
  readonly #told = new Set<string>();

  /** @param coreFolder of the library's core bundle */
  constructor(coreFolder: string, log: Log) {
    this.#coreFolder = coreFolder;
    this.#log = log;
    this.#registered = registerCommand(log, Commands.updateRuntime, async () => {
      if (isTrustedFor("Updating the vendored runtime")) await this.#updateAll();
    });
  }

  /** Tells once of a runtime in a workspace folder that is not of this version. */
  async hint(root: string): Promise<void> {
    if (this.#told.has(root)) return;
    const updates = await this.#plan(root);
    if (updates.length === 0) return;
    this.#told.add(root);
    const update = "Update Vendored Runtime";
    const choice = await vscode.window.showInformationMessage(updates.map(sentence(root)).join(" "), update);
    if (choice !== update) return;
    try {
      await this.#updateAll();
    } catch (error) {
      void showFailure(error, this.#log);
    }
  }

  dispose(): void {
    this.#registered.dispose();
  }

  async #updateAll(): Promise<void> {
    const done: string[] = [];
    for (const { uri } of fileFolders()) {
      const root = uri.fsPath;
      if ((await this.#plan(root)).length === 0) continue;
      await withMigrationLock(root, async () => {
        const updates = await this.#plan(root);
        await updateRuntimes(root, updates);
        done.push(...updates.map(({ folder }) => relative(root, folder)));
      });
    }
    if (done.length === 0) {
      throw new Notice(
        `Every vendored runtime of this workspace is of version ${version}, or there is none.`,
      );
    }
    void vscode.window.showInformationMessage(`${done.join(", ")}: updated to version ${version}.`);
  }

  async #plan(root: string): Promise<RuntimeUpdate[]> {
    return planRuntimeUpdates(root, await readCore(this.#coreFolder), version);
  }
}

const sentence =
  (root: string) =>
  ({ folder, from }: RuntimeUpdate): string =>
    from === version
      ? `The vendored runtime in ${relative(root, folder)} is not complete.`
      : `The vendored runtime in ${relative(root, folder)} is of version ${from}; this is ${version}.`;
