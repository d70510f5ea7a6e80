import { dirname } from "node:path";
import * as vscode from "vscode";
import { packageManagerOf } from "../../migration/packageManager.ts";
import { defaultPlanOptions, type PlanOptions } from "../../model/migrationPlan.ts";
import { migrationSettingIds, readMigrationSettings } from "../../model/migrationSettings.ts";
import { Settings } from "../contributions.ts";
import type { FolderOptions } from "./checklist/prepared.ts";
import { severalFolders } from "../severalFolders.ts";

/** What a folder's settings say of migrations. `asks`: the user has not settled where the runtime comes from. */
export function migrationOptions(folder: vscode.WorkspaceFolder): { options: FolderOptions; asks: boolean } {
  const configuration = vscode.workspace.getConfiguration(undefined, folder);
  const { settings, problems } = readMigrationSettings((id) => configuration.get(id));
  for (const problem of problems) void vscode.window.showWarningMessage(problem);
  return {
    options: {
      ...defaultPlanOptions,
      ...settings,
      verify: configuration.get<boolean>(Settings.verify, true),
      commit: configuration.get<boolean>(Settings.commit, false),
    },
    asks: settings.runtime === undefined,
  };
}

/** Asks once where migrated classes get the runtime from, and remembers it. Undefined where the user gives no answer. */
export async function chooseRuntime(
  folder: vscode.WorkspaceFolder,
  manifestOf: string,
  token?: vscode.CancellationToken,
): Promise<PlanOptions["runtime"] | undefined> {
  const manager = await packageManagerOf(dirname(manifestOf));
  const picked = await vscode.window.showQuickPick(
    [
      {
        label: "Copy the runtime into this workspace (recommended)",
        detail: "The folder opsvi-agents: works offline, updated by a command, removed by the last undo.",
        runtime: "vendored" as const,
      },
      {
        label: "Add opsvi-agents to package.json",
        detail: `To be installed by ${manager}, from a registry that has it.`,
        runtime: "package" as const,
      },
    ],
    {
      title: `Migrating ${folder.name}: where do migrated classes get BaseAgent from?`,
      placeHolder: "Remembered in the settings of this workspace",
      ignoreFocusOut: true,
    },
    token,
  );
  if (picked === undefined) return undefined;
  const several = severalFolders();
  const target = several ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace
    .getConfiguration(undefined, folder)
    .update(migrationSettingIds.runtime, picked.runtime, target);
  return picked.runtime;
}

/** Undefined where the user names none. */
export async function chooseMethod(name: string, methods: readonly string[]): Promise<string | undefined> {
  const options = { title: `Migrate ${name}`, placeHolder: "Which method takes tasks?" };
  return vscode.window.showQuickPick([...methods], options);
}
