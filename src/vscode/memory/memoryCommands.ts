import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import { StoreError } from "../../runtime/index.ts";
import { inBackground, Notice, registerCommand, type Log } from "../answers.ts";
import { Commands, type CommandId } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { isTrustedFor } from "../trust.ts";
import { addMemory } from "./addMemory.ts";
import type { MemoryDocuments } from "./memoryDocuments.ts";
import type { MemoryNode, MemoryNodeOf } from "./memoryNode.ts";
import { grantText } from "./memoryText.ts";
import type { MemoryView } from "./memoryView.ts";
import { memoryStore } from "./readMemory.ts";
import { fileFolders } from "../fileFolders.ts";

interface Parts {
  view: MemoryView;
  documents: MemoryDocuments;
  log: Log;
}

type Kind = MemoryNode["kind"];

/** What can be done with the rows of the Memory view. */
export function registerMemoryCommands({ view, documents, log }: Parts): Disposables {
  const owned = new Disposables();
  const on = <K extends Kind>(
    command: CommandId,
    kinds: readonly K[],
    act: (node: MemoryNodeOf<K>) => unknown,
  ) =>
    owned.add(
      registerCommand(log, command, async (argument) => {
        // Never the selected row instead: it may be another than the one whose menu was open.
        if (!isNode(argument) || !(kinds as readonly Kind[]).includes(argument.kind))
          throw new Notice("The Memory view changed meanwhile: choose the row once more.");
        try {
          await act(argument as MemoryNodeOf<K>);
        } catch (error) {
          throw error instanceof StoreError ? new UserError(error.message) : error;
        }
      }),
    );
  /** Says what was done, with a button that takes it back. */
  const undoable = (done: string, undo: () => void): void => {
    view.refresh();
    const asked = vscode.window.showInformationMessage(done, "Undo").then((choice) => {
      if (choice === "Undo") undo();
      view.refresh();
    });
    inBackground(log, Promise.resolve(asked));
  };
  owned.add(
    registerCommand(log, Commands.addMemory, async (argument) => {
      if (!isTrustedFor("Changing memory")) return;
      const place = await placeOf(isNode(argument) ? argument : view.selection[0]);
      const added = place && (await addMemory(place));
      if (added !== undefined) undoable(added.sentence, added.undo);
    }),
  );
  on(Commands.openMemory, ["entry", "note"], (node) => open(node, documents));
  on(Commands.showMoreMemory, ["more"], (node) => view.showMore(node));
  on(Commands.forgetMemory, ["entry"], ({ folder, of: { agent, namespace }, read: { key } }) => {
    if (!isTrustedFor("Changing memory")) return;
    const memory = memoryStore(folder.uri.fsPath).of(agent);
    const bringBack = memory.keep({ namespace });
    memory.delete(key, { namespace });
    undoable(`${agent} forgot "${key}".`, bringBack);
  });
  on(Commands.clearMemory, ["namespace"], async ({ folder, of: { agent, namespace }, count }) => {
    if (!isTrustedFor("Changing memory")) return;
    const detail = "Grants stay. It can be undone until the notification is closed.";
    const question = `Forget the ${counted(count, "value")} in namespace "${namespace}" of ${agent}?`;
    const choice = await vscode.window.showWarningMessage(question, { modal: true, detail }, "Forget");
    if (choice !== "Forget") return;
    const memory = memoryStore(folder.uri.fsPath).of(agent);
    const bringBack = memory.keep({ namespace });
    const cleared = memory.clear({ namespace });
    undoable(`${agent} forgot ${counted(cleared, "value")} of namespace "${namespace}".`, bringBack);
  });
  on(Commands.revokeGrant, ["grant"], ({ folder, grant }) => {
    if (!isTrustedFor("Changing who may use memory")) return;
    const memory = memoryStore(folder.uri.fsPath).of(grant.from);
    memory.revoke(grant);
    undoable(`${grant.to} no longer ${grantText(grant)} of ${grant.from}.`, () => memory.grant(grant));
  });
  return owned;
}

/** That of a row, else a folder of the workspace. */
async function placeOf(node: MemoryNode | undefined) {
  if (node?.kind === "agent") return { folder: node.folder, agent: node.agent };
  if (node !== undefined && "of" in node) return { folder: node.folder, ...node.of };
  if (node !== undefined) return { folder: node.folder };
  const folders = fileFolders();
  if (folders.length === 0) throw new Notice("Open a folder first: memory stands in its .proj-intel/memory.");
  const folder = folders.length === 1 ? folders[0] : await vscode.window.showWorkspaceFolderPick();
  return folder && { folder };
}

async function open(node: MemoryNodeOf<"entry" | "note">, documents: MemoryDocuments): Promise<void> {
  if (node.kind === "entry") {
    const { folder, of, read } = node;
    return documents.show({ folder: folder.uri, ...of, key: read.key });
  }
  const { file, sentence } = node.note;
  if (file === null) throw new UserError(sentence);
  await vscode.window.showTextDocument(vscode.Uri.file(file));
}

const isNode = (value: unknown): value is MemoryNode =>
  typeof value === "object" && value !== null && "kind" in value && "folder" in value && "id" in value;
