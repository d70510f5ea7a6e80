import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { runName } from "../model/agentRef.ts";
import { slug } from "../runtime/files/slug.ts";
import { inBackground, type Log } from "./answers.ts";
import { Disposables } from "./disposables.ts";
import type { Agent } from "./index/indexService.ts";
import { checkpointsOf } from "./checkpointDocuments.ts";
import { StoreWatcher } from "./storeWatcher.ts";

const fileName = /^[0-9a-f-]{36}\.json$/;

/** How many checkpoints agents have; each is counted once until the files change. */
export class CheckpointCounts implements vscode.Disposable {
  readonly #log: Log;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  #counts = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
    this.#owned.add(
      new StoreWatcher("checkpoints/**", () => {
        this.#counts = new Map();
        this.#changed.fire();
      }),
    );
  }

  /** 0 until it is known, and told then. */
  of({ folder, record: { file_path: file, name } }: Agent): number {
    const agent = runName({ file, name });
    const key = `${folder.uri.toString()}|${agent}`;
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    this.#counts.set(key, 0);
    inBackground(this.#log, this.#count(key, join(checkpointsOf(folder.uri), slug(agent))));
    return 0;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** By their names alone: there may be very many. */
  async #count(key: string, folder: string): Promise<void> {
    const counts = this.#counts;
    const names = await readdir(folder).catch(() => []);
    const count = names.filter((name) => fileName.test(name)).length;
    if (counts !== this.#counts || count === 0) return;
    counts.set(key, count);
    this.#changed.fire();
  }
}
