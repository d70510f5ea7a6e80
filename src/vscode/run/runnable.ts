import * as vscode from "vscode";
import { componentSentence, isComponent } from "../../model/componentFile.ts";
import { UserError } from "../../model/userError.ts";
import type { Agent } from "../index/indexService.ts";
import { isSource } from "../index/relevance.ts";

/** Why an agent cannot be loaded or made, a sentence; null where it may be. */
export function whyUnrunnable({ record }: Agent): string | null {
  const { name, file_path: file, kind } = record;
  if (isComponent(file)) return componentSentence(name, file);
  if (record.abstract) return `${name} is abstract and cannot be run: run a class that extends it.`;
  if (record.exported !== null) return null;
  const what = { class: "the class", instance: "its constant at the top level", factory: "the function" };
  return `${name} is not exported from ${file}, so it cannot be loaded: add \`export\` to ${what[kind]}.`;
}

/** Throws a UserError for an agent that cannot be loaded or made. */
export function refuseUnrunnable(agent: Agent): void {
  const why = whyUnrunnable(agent);
  if (why !== null) throw new UserError(why);
}

/** A run loads files from disk: what is being edited must be there. */
export async function saveSources(folder: vscode.WorkspaceFolder): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    const { uri } = document;
    if (!document.isDirty || uri.scheme !== "file" || !isSource(uri.fsPath)) continue;
    if (vscode.workspace.getWorkspaceFolder(uri) !== folder || (await document.save())) continue;
    throw new UserError(
      `${vscode.workspace.asRelativePath(uri)} could not be saved, and a run uses the files on disk: save it and run again.`,
    );
  }
}
