import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { retentionOf } from "../../model/retention.ts";
import { hasFactory, setupFileNames } from "../../model/setupFile.ts";
import { runSurroundings, type FindSurroundings } from "../../runs/runSurroundings.ts";
import { Settings } from "../contributions.ts";
import type { Secrets } from "./secrets.ts";

/** As the settings of a folder say. */
export function surroundingsWith(secrets: Secrets): FindSurroundings {
  return async (root) => {
    const settings = vscode.workspace.getConfiguration(undefined, vscode.Uri.file(root));
    const variables = settings.get<Record<string, unknown>>(Settings.env, {});
    return await runSurroundings(root, {
      setupFile: settings.get<string>(Settings.setupFile, "").trim(),
      envFile: settings.get<string>(Settings.envFile, "").trim(),
      variables: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [
          name,
          typeof value === "string" ? value : JSON.stringify(value),
        ]),
      ),
      secrets: await secrets.of(root),
      retention: retentionOf(settings.get(Settings.retention)),
    });
  };
}

/** Whether the setup file of a folder makes the agents of a class. */
export async function isSetUp(folder: vscode.WorkspaceFolder, name: string): Promise<boolean> {
  const settings = vscode.workspace.getConfiguration(undefined, folder);
  const set = settings.get<string>(Settings.setupFile, "").trim();
  for (const path of set === "" ? setupFileNames : [set]) {
    const file = set === "" ? join(folder.uri.fsPath, path) : vscode.Uri.joinPath(folder.uri, path).fsPath;
    const text = await readFile(file, "utf8").catch(() => null);
    if (text !== null) return hasFactory(text, name);
  }
  return false;
}
