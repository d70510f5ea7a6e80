import * as vscode from "vscode";
import * as z from "zod";
import { SHORTEST_SECRET } from "../../runtime/checkpoint/knownSecrets.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { isTrustedFor } from "../trust.ts";
import { fileFolders } from "../fileFolders.ts";

const Stored = z.record(z.string(), z.string());

/** Environment variables for the agents of a folder that are kept in the keychain of the system and nowhere else. */
export class Secrets implements vscode.Disposable {
  readonly #storage: vscode.SecretStorage;
  readonly #owned = new Disposables();

  constructor(storage: vscode.SecretStorage, log: Log) {
    this.#storage = storage;
    this.#owned.add(registerCommand(log, Commands.setSecret, () => this.#set()));
    this.#owned.add(registerCommand(log, Commands.removeSecret, () => this.#remove()));
  }

  /** By name. */
  async of(folder: string): Promise<Record<string, string>> {
    const text = await this.#storage.get(keyOf(folder));
    if (text === undefined) return {};
    return Stored.safeParse(JSON.parse(text)).data ?? {};
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #set(): Promise<void> {
    if (!isTrustedFor("Giving secrets to agents")) return;
    const folder = await pickFolder("Set a secret for the agents of");
    if (folder === undefined) return;
    const name = await vscode.window.showInputBox({
      title: "Set Secret (1/2): name",
      prompt: "The environment variable that agents read it from",
      placeHolder: "OPENAI_API_KEY",
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^[A-Za-z_]\w*$/.test(text)
          ? undefined
          : "A name has letters, digits and _, and begins with no digit.",
    });
    if (name === undefined) return;
    const value = await vscode.window.showInputBox({
      title: `Set Secret (2/2): value of ${name}`,
      prompt: "Kept by the keychain of the system; never written to records, logs or checkpoints",
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        text.length >= SHORTEST_SECRET
          ? undefined
          : `A secret has at least ${SHORTEST_SECRET} characters: what is shorter cannot be kept out of what is written.`,
    });
    if (value === undefined) return;
    await this.#store(folder.uri.fsPath, { ...(await this.of(folder.uri.fsPath)), [name]: value });
    void vscode.window.showInformationMessage(`Runs in ${folder.name} get ${name} from now on.`);
  }

  async #remove(): Promise<void> {
    const folder = await pickFolder("Remove a secret of the agents of");
    if (folder === undefined) return;
    const stored = await this.of(folder.uri.fsPath);
    const names = Object.keys(stored).sort();
    if (names.length === 0)
      throw new Notice(`No secrets are set for ${folder.name}: Agents: Set Secret… sets one.`);
    const name = await vscode.window.showQuickPick(names, { title: "Remove Secret" });
    if (name === undefined) return;
    const rest = Object.fromEntries(Object.entries(stored).filter(([known]) => known !== name));
    await this.#store(folder.uri.fsPath, rest);
    void vscode.window.showInformationMessage(`${name} is removed from ${folder.name}.`);
  }

  async #store(folder: string, secrets: Record<string, string>): Promise<void> {
    if (Object.keys(secrets).length === 0) await this.#storage.delete(keyOf(folder));
    else await this.#storage.store(keyOf(folder), JSON.stringify(secrets));
  }
}

const keyOf = (folder: string): string => `secrets|${folder}`;

async function pickFolder(placeHolder: string): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = fileFolders();
  if (folders.length === 0)
    throw new Notice("No folder is open: secrets are set for the agents of a folder.");
  return folders.length === 1 ? folders[0] : vscode.window.showWorkspaceFolderPick({ placeHolder });
}
