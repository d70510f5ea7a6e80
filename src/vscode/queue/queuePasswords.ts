import * as vscode from "vscode";
import { shownAddress, type QueueAddress } from "../../queue/address.ts";
import { registerCommand, type Log } from "../answers.ts";
import { Commands } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { PASSWORD_KEYS, passwordKey } from "./queuePlace.ts";
import { namedQueue } from "./queueSettings.ts";

/** Passwords of queues, kept in the keychain of the system. Each is given to its own address alone. */
export class QueuePasswords implements vscode.Disposable {
  readonly #storage: vscode.SecretStorage;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;

  constructor(storage: vscode.SecretStorage, log: Log) {
    this.#storage = storage;
    this.#owned.add(registerCommand(log, Commands.setQueuePassword, () => this.#set()));
    this.#owned.add(storage.onDidChange(({ key }) => key.startsWith(PASSWORD_KEYS) && this.#changed.fire()));
  }

  /** "" where there is none. */
  async of(address: QueueAddress): Promise<string> {
    return (await this.#storage.get(passwordKey(address))) ?? "";
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #set(): Promise<void> {
    const address = namedQueue();
    const shown = shownAddress(address);
    const password = await vscode.window.showInputBox({
      title: `Password of ${shown}`,
      prompt: "Empty for none. Kept by the keychain of the system, and given to this address alone",
      password: true,
      ignoreFocusOut: true,
    });
    if (password === undefined) return;
    if (password === "") await this.#storage.delete(passwordKey(address));
    else await this.#storage.store(passwordKey(address), password);
    void vscode.window.showInformationMessage(
      password === "" ? `${shown} is given no password.` : `${shown} is given the password from now on.`,
    );
  }
}
