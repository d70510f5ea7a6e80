import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import { CheckpointClient } from "../../checkpoints/client.ts";
import type { CheckpointFolder, CheckpointKey } from "../../model/checkpoints.ts";
import { UserError } from "../../model/userError.ts";
import { inBackground, type Log } from "../answers.ts";
import { Disposables } from "../disposables.ts";
import { StoreWatcher } from "../storeWatcher.ts";
import { namedFileFolders } from "../fileFolders.ts";

/** Reads and changes the checkpoints of all workspace folders, in a thread that starts when it is first asked. */
export class CheckpointReader implements vscode.Disposable {
  readonly #client: CheckpointClient;
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  #watch: Disposables | null = null;
  #versions: Readonly<Record<string, Record<string, number>>> = {};
  #opening: Promise<void> | null = null;

  /** @param workerFile the bundle of the thread */
  constructor(workerFile: string, log: Log) {
    this.#log = log;
    this.#client = new CheckpointClient(workerFile, () => this.#changed.fire());
  }

  get folders(): CheckpointFolder[] {
    return [...namedFileFolders()].map(([name, { uri }]) => ({
      ...{ folder: uri.toString(), path: uri.fsPath, name },
    }));
  }

  /** Knows the folders. */
  async client(): Promise<CheckpointClient> {
    this.#watch ??= this.#owned.add(this.#watching());
    await (this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    }));
    return this.#client;
  }

  /** @param versions the state versions that classes have now, by folder (its URI) and agent */
  declare(versions: Readonly<Record<string, Record<string, number>>>): void {
    if (isDeepStrictEqual(versions, this.#versions)) return;
    this.#versions = versions;
    if (this.#opening !== null)
      inBackground(
        this.#log,
        this.#open().then(() => this.#changed.fire()),
      );
  }

  /** Rejects with a UserError where it is gone. */
  async fileOf(key: CheckpointKey): Promise<string> {
    return (await this.client()).call.fileOf(key);
  }

  /** Looks whether anything changed that no event told: they get lost where a folder is new. */
  look(): void {
    if (this.#watch !== null) inBackground(this.#log, this.#client.call.refresh());
  }

  #open(): Promise<void> {
    const versions = (folder: string) => this.#versions[folder] ?? {};
    return this.#client.open(this.folders.map((each) => ({ ...each, versions: versions(each.folder) })));
  }

  #watching(): Disposables {
    const watching = new Disposables();
    watching.add(
      new StoreWatcher("checkpoints/**", (files) => {
        const paths = files.length === 0 ? undefined : files.map(({ fsPath }) => fsPath);
        inBackground(this.#log, this.#client.call.refresh(paths));
      }),
    );
    watching.add(vscode.workspace.onDidChangeWorkspaceFolders(() => inBackground(this.#log, this.#open())));
    return watching;
  }

  dispose(): void {
    this.#owned.dispose();
    inBackground(this.#log, this.#client.dispose());
  }
}

/** The workspace folder of a checkpoint. Throws a UserError where it is closed. */
export function folderNamed(folder: string): vscode.WorkspaceFolder {
  const found = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.toString() === folder);
  if (found === undefined) throw new UserError("The folder of this checkpoint is no longer open.");
  return found;
}
