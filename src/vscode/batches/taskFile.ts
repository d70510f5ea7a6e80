import { basename } from "node:path";
import * as vscode from "vscode";
import { UserError } from "../../model/userError.ts";
import { Notice } from "../answers.ts";
import { fileFolders } from "../fileFolders.ts";

const MOST_OFFERED = 500;
const LEFT_OUT = "{**/node_modules/**,**/.proj-intel/**}";

/** A file of tasks, with what is being typed into it. */
export interface TaskFile {
  uri: vscode.Uri;
  /** As sentences call it. */
  name: string;
  text: string;
}

/** Rejects with a UserError where it cannot be read. */
export async function readTaskFile(uri: vscode.Uri): Promise<TaskFile> {
  const name = basename(uri.path);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return { uri, name, text: open.getText() };
  try {
    return { uri, name, text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) };
  } catch (error) {
    throw new UserError(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The file the command was called on, the one that is being edited, or one the user picks. */
export async function findTaskFile(argument: unknown): Promise<vscode.Uri | undefined> {
  if (argument instanceof vscode.Uri) return argument;
  const edited = vscode.window.activeTextEditor?.document.uri;
  const found = await vscode.workspace.findFiles("**/*.jsonl", LEFT_OUT, MOST_OFFERED);
  const files = found.sort((a, b) => Number(isSame(b, edited)) - Number(isSame(a, edited)) || compare(a, b));
  const browse = { label: "Browse…", alwaysShow: true, uri: null };
  const items = files.map((uri) => ({
    label: basename(uri.path),
    description: vscode.workspace.asRelativePath(uri),
    uri,
  }));
  const picked = await vscode.window.showQuickPick([...items, browse], {
    title: "Run File of Tasks",
    placeHolder: "A .jsonl file with one task a line",
    matchOnDescription: true,
  });
  if (picked === undefined) return undefined;
  if (picked.uri !== null) return picked.uri;
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: "Run File of Tasks",
      filters: { "JSON Lines": ["jsonl", "ndjson"] },
    })) ?? [];
  return chosen;
}

/** The folder that the files of its lines are relative to. */
export async function folderOfTasks(uri: vscode.Uri): Promise<vscode.WorkspaceFolder | undefined> {
  const own = vscode.workspace.getWorkspaceFolder(uri);
  const folders = fileFolders();
  if (own !== undefined || folders.length === 1) return own ?? folders[0];
  if (folders.length === 0) throw new Notice("No folder is open: agents run in a folder.");
  return vscode.window.showWorkspaceFolderPick({
    placeHolder: "The folder that the agents of its lines are in",
  });
}

const isSame = (uri: vscode.Uri, other: vscode.Uri | undefined): boolean =>
  uri.toString() === other?.toString();
const compare = (a: vscode.Uri, b: vscode.Uri): number => a.path.localeCompare(b.path);
