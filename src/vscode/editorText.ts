import { setTimeout as wait } from "node:timers/promises";
import type * as vscode from "vscode";
import { textOf } from "../migration/files.ts";

const longestMs = 2_000;

/** Editors drop the byte-order mark and keep one kind of line ending. */
export function asDocument(text: string): string {
  return text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
}

/** Waits until VS Code has noticed what happened to the file of a document without unsaved text; two seconds at most. */
export async function noticed(document: vscode.TextDocument): Promise<void> {
  const end = Date.now() + longestMs;
  while (!document.isDirty && Date.now() < end) {
    const onDisk = await textOf(document.uri.fsPath).catch(() => null);
    if (onDisk === null || agrees(document, onDisk)) return;
    await wait(50);
  }
}

/** Whether a document has no other text than its file, but for what is not saved. */
export function agrees(document: vscode.TextDocument, onDisk: string): boolean {
  // A file in another encoding is known to the editor alone.
  if (document.isDirty || onDisk.includes("\uFFFD")) return true;
  return asDocument(onDisk) === asDocument(document.getText());
}
