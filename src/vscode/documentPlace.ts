import * as vscode from "vscode";

/** What a document shows that is computed from the files of a folder. */
export interface DocumentPlace {
  folder: vscode.Uri;
  id: string;
}

export function placeQuery({ folder, id }: DocumentPlace): string {
  return [folder.toString(), id].map(encodeURIComponent).join("|");
}

export function placeOf({ query }: vscode.Uri): DocumentPlace {
  const [folder = "", id = ""] = query.split("|").map(decodeURIComponent);
  return { folder: vscode.Uri.parse(folder), id };
}
