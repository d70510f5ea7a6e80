import * as vscode from "vscode";
import { runName } from "../model/agentRef.ts";
import { FileCheckpointStore } from "../runtime/index.ts";
import { sentenceFor, type Log } from "./answers.ts";
import { Disposables } from "./disposables.ts";
import type { Agent } from "./index/indexService.ts";
import { checkpointsOf } from "./checkpointDocuments.ts";
import { StoreWatcher } from "./storeWatcher.ts";

/** How many checkpoints agents have; each is counted once until the files change. */
export class CheckpointCounts implements vscode.Disposable {
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #counts = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
    this.#owned.add(
      new StoreWatcher("checkpoints/**", () => {
        this.#counts.clear();
        this.#changed.fire();
      }),
    );
  }

  of({ folder, record: { file_path: file, name } }: Agent): number {
    const agent = runName({ file, name });
    const key = `${folder.uri.toString()}|${agent}`;
    const count = this.#counts.get(key) ?? this.#count(folder.uri, agent);
    this.#counts.set(key, count);
    return count;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** What cannot be read is told by the panel. */
  #count(folder: vscode.Uri, agent: string): number {
    const onWarning = (sentence: string) => this.#log.debug(sentence);
    try {
      return new FileCheckpointStore(checkpointsOf(folder), { onWarning }).list(agent).length;
    } catch (error) {
      this.#log.debug(sentenceFor(error, this.#log));
      return 0;
    }
  }
}
