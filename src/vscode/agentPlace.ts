import { existsSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import * as vscode from "vscode";
import { parseAgentRef } from "../model/agentRef.ts";
import { componentSentence, isComponent } from "../model/componentFile.ts";
import { UserError } from "../model/userError.ts";
import type { Runnable } from "./run/runner.ts";
import { fileFolders } from "./fileFolders.ts";

/**
 * Where FILE#Class is: the file as it is written, in `folder` or else in any folder of the workspace, whose name may stand
 * before it. Whether the file has that class its run tells.
 */
export function agentPlace(ref: string, folder?: vscode.WorkspaceFolder): Runnable {
  const { file, name } = parseAgentRef(ref);
  const uri = candidates(file, folder).find(({ fsPath }) => isFile(fsPath));
  if (uri === undefined)
    throw new UserError(`There is no file ${file} in ${folder?.name ?? "this workspace"}.`);
  if (isComponent(file)) throw new UserError(componentSentence(name, file));
  const owner = vscode.workspace.getWorkspaceFolder(uri);
  if (owner === undefined)
    throw new UserError(`${file} is in no folder of this workspace: open its folder to run ${name}.`);
  return { folder: owner, uri, name };
}

function candidates(file: string, folder: vscode.WorkspaceFolder | undefined): vscode.Uri[] {
  if (isAbsolute(file)) return [vscode.Uri.file(file)];
  const all = fileFolders();
  const [first = "", ...rest] = file.split(/[\\/]/);
  const within = (folder === undefined ? all : [folder]).map(({ uri }) => vscode.Uri.joinPath(uri, file));
  const named = all.filter(({ name }) => name === first);
  return [...within, ...named.map(({ uri }) => vscode.Uri.joinPath(uri, ...rest))];
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
