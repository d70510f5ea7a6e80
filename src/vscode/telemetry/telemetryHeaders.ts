import * as vscode from "vscode";
import { parseHeaders } from "../../telemetry/headerList.ts";
import { Notice, registerCommand, type Log } from "../answers.ts";
import { Commands, Settings } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { telemetryEndpoint } from "./telemetrySettings.ts";

/** Headers that an endpoint asks for, such as its key, kept in the keychain of the system. No other host gets them. */
export class TelemetryHeaders implements vscode.Disposable {
  readonly #storage: vscode.SecretStorage;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;

  constructor(storage: vscode.SecretStorage, log: Log) {
    this.#storage = storage;
    this.#owned.add(registerCommand(log, Commands.setTelemetryHeaders, () => this.#set()));
    this.#owned.add(storage.onDidChange(({ key }) => key.startsWith(PREFIX) && this.#changed.fire()));
  }

  async of(endpoint: string): Promise<Record<string, string>> {
    return parseHeaders((await this.#storage.get(keyOf(endpoint))) ?? "") ?? {};
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #set(): Promise<void> {
    const endpoint = telemetryEndpoint();
    if (endpoint === null)
      throw new Notice(
        `Headers are set for an endpoint: first name one in the setting ${Settings.telemetryEndpoint}.`,
      );
    const { host } = new URL(endpoint);
    const text = await vscode.window.showInputBox({
      title: `Headers for ${host}`,
      prompt:
        "NAME=value, several with commas between them; empty for none. Kept by the keychain of the system",
      placeHolder: "authorization=Bearer%20…",
      password: true,
      ignoreFocusOut: true,
      validateInput: (given) =>
        parseHeaders(given) === null
          ? "Headers are NAME=value,NAME=value; a comma within a value is written as %2C."
          : undefined,
    });
    if (text === undefined) return;
    const names = Object.keys(parseHeaders(text) ?? {});
    if (names.length === 0) await this.#storage.delete(keyOf(endpoint));
    else await this.#storage.store(keyOf(endpoint), text);
    void vscode.window.showInformationMessage(
      names.length === 0
        ? `Spans go to ${host} without headers of their own.`
        : `Spans go to ${host} with ${names.join(", ")}.`,
    );
  }
}

const PREFIX = "telemetryHeaders|";
const keyOf = (endpoint: string): string => PREFIX + new URL(endpoint).origin;
