import { setImmediate as nextTurn } from "node:timers/promises";
import { UserError } from "../../model/userError.ts";
import { StoreError } from "../../runtime/storeError.ts";
import type { SharedFiles } from "../sharedFiles.ts";
import { MemoryFolder } from "./memoryFolder.ts";
import { SharedMemoryIndex, type MemoryIndex } from "./memoryIndex.ts";

const nameOf = (file: string): string => `memory/${file}`;

/**
 * Keeps what agents remember in a workspace folder and in the store that all machines share the same. Who writes at once loses
 * nothing of others: files are merged key by key. Where nobody remembers anything, an exchange is one call.
 */
export class MemoryExchange {
  readonly #files: SharedFiles;
  readonly #index: SharedMemoryIndex;
  readonly #folder: MemoryFolder;
  /** Of the last one that was seen. */
  #store: string | null = null;
  /** The tag of the index of which all is here. */
  #brought: string | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<string[]> | null = null;
  #sending: Promise<string[]> | null = null;

  /** @param root absolute path of the workspace folder */
  constructor(files: SharedFiles, root: string) {
    this.#files = files;
    this.#index = new SharedMemoryIndex(files);
    this.#folder = new MemoryFolder(root);
  }

  /**
   * Brings what is newer in the store, and sends what is newer here. Whoever asks while others wait gets theirs.
   * @returns what was left alone, a sentence each
   */
  exchange(): Promise<string[]> {
    if (this.#next !== null) return this.#next;
    const next = this.#last.then(() => {
      this.#next = null;
      return told(() => this.#exchangeAll());
    });
    this.#next = next;
    this.#last = next;
    return next;
  }

  /** Tells another machine whether there is something to bring. Null where there is no memory. */
  get newest(): string | null {
    return this.#index.tag;
  }

  /** The same, without a call where all that another machine had is here. @param newest what it told */
  async bring(newest: string | null): Promise<string[]> {
    return newest === null || newest === this.#brought ? [] : this.exchange();
  }

  /** The same, without a call where nothing changed here. Who asks at the same time has one look at the folder. */
  send(): Promise<string[]> {
    this.#sending ??= nextTurn().then(() => {
      this.#sending = null;
      return this.#send();
    });
    return this.#sending;
  }

  async #send(): Promise<string[]> {
    if (!this.#folder.isUsed) return [];
    if (this.#store !== null && this.#folder.differing(this.#store, {}).length === 0) return [];
    return this.exchange();
  }

  async #exchangeAll(): Promise<string[]> {
    let index = await this.#index.read();
    if (index === null) {
      if (!this.#folder.isUsed) return [];
      index = await this.#index.begin();
    }
    this.#store = index.id;
    const { tag } = this.#index;
    const left: string[] = [];
    for (const file of this.#folder.differing(index.id, index.counts))
      left.push(...(await told(() => this.#exchange(file, index))));
    this.#brought = left.length === 0 ? tag : null;
    return left;
  }

  /** Whoever fails to write the shared file was forestalled by one that did: it ends. */
  async #exchange(file: string, { id, counts }: MemoryIndex): Promise<string[]> {
    const count = counts[file] ?? 0;
    for (;;) {
      const shared = await this.#files.get(nameOf(file));
      const { text, isUntold } = await this.#folder.merge(file, id, shared, count);
      if (text === null) {
        if (isUntold) await this.#index.count(file);
        return [];
      }
      const before = shared?.tag ?? null;
      const now = await this.#files.put(nameOf(file), Buffer.from(text), { over: before });
      if (now === null) continue;
      const counted = await this.#index.count(file);
      // Where others wrote too, it is read once more.
      await this.#folder.sent(file, id, text, {
        ...{ before, now },
        count: counted === count + 1 ? counted : count,
      });
      return [];
    }
  }
}

/** What cannot be exchanged ends no run. */
async function told(action: () => Promise<string[]>): Promise<string[]> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof UserError || error instanceof StoreError) return [error.message];
    const { message } = error as Error;
    return [`What agents remember was not exchanged with the other machines: ${message}`];
  }
}
