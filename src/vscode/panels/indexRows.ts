import * as vscode from "vscode";
import type { CountedFolder } from "../../census/folders.ts";
import { byUniqueName } from "../../model/distinct.ts";
import { SourcePlace, type IndexRow, type PanelState } from "../../model/panelProtocol.ts";
import { UserError } from "../../model/userError.ts";
import type { FolderIndex } from "../index/folderIndex.ts";
import type { IndexService } from "../index/indexService.ts";
import { findClass, uriOf } from "../tree/items.ts";

/** The folders of the index by name; none before it has begun. */
export const namedFolders = (index: IndexService): Map<string, FolderIndex> =>
  byUniqueName(index.folders, ({ folder }) => folder.name);

/** What is indexed so far, of one folder or (null) of all. */
export function countedFolders(index: IndexService, folder: string | null): CountedFolder[] {
  return [...namedFolders(index)]
    .filter(([name]) => folder === null || name === folder)
    .flatMap(([name, { snapshot }]) => (snapshot === null ? [] : { name, snapshot }));
}

/** A row a folder, and one of all folders where there are several. */
export function indexRows<Content>(
  index: IndexService,
  contentOf: (folders: readonly CountedFolder[]) => Content,
): PanelState<IndexRow<Content>> {
  const named = namedFolders(index);
  const rowOf = (folder: string | null, parts: FolderIndex[]): IndexRow<Content> => {
    const folders = countedFolders(index, folder);
    return {
      folder,
      state: parts.length === 1 ? (parts[0]?.state ?? "idle") : index.state,
      progress: parts.find(({ progress }) => progress !== null)?.progress ?? null,
      content: folders.length === 0 ? null : contentOf(folders),
    };
  };
  const rows = [...named].map(([name, folder]) => rowOf(name, [folder]));
  return {
    rows: rows.length > 1 ? [rowOf(null, [...named.values()]), ...rows] : rows,
    notes: [...named].flatMap(([name, { failure }]) => (failure === null ? [] : `${name}: ${failure}`)),
  };
}

/** Shows the line a page names; only files of a workspace folder. */
export async function openPlace(index: IndexService, asked: SourcePlace): Promise<void> {
  const { folder: name, file_path, lineno, name: className } = SourcePlace.parse(asked);
  const folder = namedFolders(index).get(name);
  const place = { root: folder?.root ?? "", file: file_path, line: lineno, name: className };
  const uri = uriOf(place);
  if (folder === undefined || index.folderOf(uri) !== folder)
    throw new UserError(`${file_path} is in no folder of this workspace.`);
  const line = lineno ?? (await findClass(place)) ?? 1;
  const at = new vscode.Position(Math.max(line - 1, 0), 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
}
