import * as vscode from "vscode";
import { UserError } from "../../model/userError.ts";
import type { QueueAddress } from "../../queue/address.ts";
import { Faults } from "../../queue/faults.ts";
import type { Queue } from "../../queue/queue.ts";
import { hideSecrets, withoutKnownSecrets } from "../../runtime/checkpoint/knownSecrets.ts";
import { Notice, type Log } from "../answers.ts";
import { Contexts, Settings } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import { passwordAdvice, withPassword } from "./queuePlace.ts";
import type { QueuePasswords } from "./queuePasswords.ts";
import { isQueueUsed, namedQueue } from "./queueSettings.ts";

/** The queue of the user's settings; its libraries are loaded by whoever opens it first. */
export class QueueOfUser implements vscode.Disposable {
  readonly #passwords: QueuePasswords;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<void>());
  /** It is another one, or none, from now on. */
  readonly onDidChange = this.#changed.event;
  readonly #faults: Faults;

  constructor(passwords: QueuePasswords, log: Log) {
    this.#passwords = passwords;
    this.#faults = new Faults((message) => log.warn(`Queue: ${withoutKnownSecrets(message).text}`));
    this.#owned.add(passwords.onDidChange(() => this.#changed.fire()));
    this.#owned.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        const ours = [Settings.engine, Settings.queueUrl, Settings.queueName];
        if (!ours.some((setting) => event.affectsConfiguration(setting))) return;
        this.#tell();
        this.#changed.fire();
      }),
    );
    this.#tell();
  }

  /** Whether runs go there. */
  get isUsed(): boolean {
    return isQueueUsed();
  }

  /** What opens it, also once the settings name another one. It rejects with a UserError where that cannot be. */
  opener(): () => Promise<Queue> {
    const address = attempt(namedQueue);
    return async () => this.#open(address());
  }

  async hasPassword(): Promise<boolean> {
    return (await this.#passwords.of(namedQueue())) !== "";
  }

  /** What goes wrong between a queue that is open and its server: each thing is told once in a row. */
  note(error: unknown): void {
    this.#faults.add(error);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #open(address: QueueAddress): Promise<Queue> {
    const password = await this.#passwords.of(address);
    hideSecrets([password]);
    const { openQueue } = await import("../../queue/connect.ts");
    try {
      return await openQueue(withPassword(address, password), (error) => this.note(error));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(error.message + passwordAdvice(error.message));
    }
  }

  #tell(): void {
    void vscode.commands.executeCommand("setContext", Contexts.queueUsed, this.isUsed);
  }
}

/** Answers as the call did, or throws what it threw. */
function attempt<T>(call: () => T): () => T {
  try {
    const value = call();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Throws a Notice where agents run on this machine. */
export function refuseUnused(queue: QueueOfUser): void {
  if (queue.isUsed) return;
  throw new Notice(
    `Agents run on this machine. They run where the workers of a queue are once the setting ${Settings.engine} is “queue”.`,
  );
}
