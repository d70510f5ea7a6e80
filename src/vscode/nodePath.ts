import * as vscode from "vscode";
import { Settings } from "./contributions.ts";

/** The Node that the settings of a folder name; "" for none. */
export function nodePathOf(scope: vscode.ConfigurationScope | undefined): string {
  return vscode.workspace.getConfiguration(undefined, scope).get<string>(Settings.nodePath, "").trim();
}
