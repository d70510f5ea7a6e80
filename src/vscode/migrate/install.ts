import * as vscode from "vscode";
import { installNote, missingInstalls } from "../../migration/packageManager.ts";
import type { MigrationPlan } from "../../model/migrationPlan.ts";

/** Where migrations added the runtime to a package.json: says what installs it, and runs that in a terminal if wanted. */
export async function offerInstall(plans: readonly MigrationPlan[]): Promise<void> {
  for (const install of await missingInstalls(plans)) {
    const run = `Run ${install.command}`;
    if ((await vscode.window.showInformationMessage(installNote(install), run)) !== run) continue;
    const terminal = vscode.window.createTerminal({ name: install.command, cwd: install.folder });
    terminal.show();
    terminal.sendText(install.command);
  }
}
