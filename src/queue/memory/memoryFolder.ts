import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeAtomic } from "../../runtime/files/atomicFile.ts";
import { withLock } from "../../runtime/files/lock.ts";
import { memoryFileName, parseNamespace, readNamespace, stampOf, textOf } from "../../runtime/memory/file.ts";
import { prepareMemoryFolder } from "../../runtime/memory/fileStorage.ts";
import { Namespace } from "../../runtime/memory/namespace.ts";
import { StoreError } from "../../runtime/storeError.ts";
import { UserError } from "../../model/userError.ts";
import { carriedMebibytes, isCarried } from "../carried.ts";
import { ExchangedFiles } from "./exchangedFiles.ts";
import { commonOf, isSame, mergeMemory, NOTHING_IN_COMMON } from "./mergeMemory.ts";

/** One file of memory as the shared store has it; null where it has none. */
export type SharedMemory = { bytes: Uint8Array; tag: string } | null;

export interface Merged {
  /** What the shared file is to hold; null where it does. */
  text: string | null;
  /** Whether it may hold it because of an exchange that was cut off before it told others. */
  isUntold: boolean;
}

const LOCK_MS = 10_000;
const LOCK_TRY_MS = 20;
/** File systems take 255 bytes, and beside a file stands its lock. */
const LONGEST_NAME = 240;

/** What agents remember in one workspace folder, for the exchange with a shared store. */
export class MemoryFolder {
  readonly #folder: string;
  /** By the id of the store. */
  readonly #exchanged = new Map<string, ExchangedFiles>();

  constructor(root: string) {
    this.#folder = join(root, ".proj-intel", "memory");
  }

  /** Whether there may be something to exchange. */
  get isUsed(): boolean {
    return existsSync(this.#folder);
  }

  /** The files that differ from what the folder last had in common with a store, or are written there since. */
  differing(store: string, counts: Readonly<Record<string, number>>): string[] {
    const exchanged = this.#exchangedWith(store);
    const names = new Set([...this.#names(), ...exchanged.names(), ...Object.keys(counts)]);
    return [...names].filter((name) => {
      if (!isFileName(name)) return false;
      const known = exchanged.read(name);
      return (known?.stamp ?? null) !== this.#stamp(name) || (known?.count ?? 0) < (counts[name] ?? 0);
    });
  }

  /**
   * Makes of a file what it and the shared one hold together.
   * @param count of the shared one, read before it was
   * Rejects with a UserError or StoreError where the file is left alone.
   */
  async merge(name: string, store: string, shared: SharedMemory, count: number): Promise<Merged> {
    const there = shared === null ? null : parsed(name, shared.bytes);
    prepareMemoryFolder(this.#folder);
    return this.#locked(name, (isHeld) => {
      const path = join(this.#folder, name);
      const exchanged = this.#exchangedWith(store);
      const here = this.#read(path, name, there);
      if (here === null) {
        exchanged.write(name, { tag: null, count, stamp: null, common: NOTHING_IN_COMMON });
        return { text: null, isUntold: false };
      }
      const before = exchanged.read(name);
      // Without the shared one nothing was removed there: it was lost.
      const common = there === null ? undefined : before?.common;
      const together = mergeMemory(common ?? NOTHING_IN_COMMON, here, there ?? new Namespace(here.place));
      const text = textOf(together);
      if (!isCarried(Buffer.byteLength(text))) throw tooLarge(here);
      if (!isSame(together, here) && !replaced(path, together.isEmpty ? null : text, isHeld))
        throw new StoreError(`The memory ${path} was not changed: another process went on. Try again.`);
      const isShared = there === null ? together.isEmpty : isSame(together, there);
      exchanged.write(name, {
        ...{ tag: shared?.tag ?? null, count, stamp: isShared ? stampOf(path) : "" },
        common: there === null ? NOTHING_IN_COMMON : commonOf(there),
      });
      return { text: isShared ? null : text, isUntold: before?.stamp === "" };
    });
  }

  /**
   * Notes that the shared file holds a text now.
   * @param tags of the shared file, before and now
   */
  async sent(
    name: string,
    store: string,
    text: string,
    { before, now, count }: { before: string | null; now: string; count: number },
  ): Promise<void> {
    await this.#locked(name, () => {
      const path = join(this.#folder, name);
      const exchanged = this.#exchangedWith(store);
      // Another process of the folder may have gone on with it.
      if (exchanged.read(name)?.tag !== before) return;
      const sent = parseNamespace(text, name);
      const here = stampOf(path);
      const holds = here === null ? new Namespace(sent.place) : readNamespace(path);
      const stamp = isSame(sent, holds) ? here : "";
      exchanged.write(name, { tag: now, count, stamp, common: commonOf(sent) });
    });
  }

  /** Null where neither the folder nor the store has anything. */
  #read(path: string, name: string, there: Namespace | null): Namespace | null {
    if (stampOf(path) === null) return there === null ? null : new Namespace(there.place);
    const here = readNamespace(path);
    if (memoryFileName(here.place) !== name)
      throw new StoreError(`The memory ${path} is left alone: its name is not that of what it holds.`);
    const { owner, namespace } = there?.place ?? here.place;
    if (owner === here.place.owner && namespace === here.place.namespace) return here;
    throw new StoreError(
      `The memory ${path} is left alone: the shared store has that of another agent under this name.`,
    );
  }

  #exchangedWith(store: string): ExchangedFiles {
    const exchanged = this.#exchanged.get(store) ?? new ExchangedFiles(this.#folder, store);
    this.#exchanged.set(store, exchanged);
    return exchanged;
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder);
    } catch {
      return [];
    }
  }

  #stamp(name: string): string | null {
    try {
      return stampOf(join(this.#folder, name));
    } catch {
      // Merging it will say why it is not read.
      return "unreadable";
    }
  }

  async #locked<T>(name: string, action: (isHeld: () => boolean) => T): Promise<T> {
    const path = join(this.#folder, name);
    const until = Date.now() + LOCK_MS;
    while (Date.now() < until) {
      const done = withLock(`${path}.lock`, 0, action);
      if (done !== null) return done.value;
      await sleep(LOCK_TRY_MS);
    }
    throw new StoreError(`The memory ${path} is in use by another process all the time: try again later.`);
  }
}

/** What comes from elsewhere names no path. */
const isFileName = (name: string): boolean =>
  name.length <= LONGEST_NAME && /^[\w-][\w.-]*(?:\+[\w-][\w.-]*)?\.json$/.test(name);

function parsed(name: string, bytes: Uint8Array): Namespace {
  const namespace = parseNamespace(Buffer.from(bytes).toString("utf8"), `${name} of the shared store`);
  if (memoryFileName(namespace.place) === name) return namespace;
  throw new StoreError(`The memory ${name} of the shared store is left alone: it is of another name.`);
}

function replaced(path: string, text: string | null, isHeld: () => boolean): boolean {
  if (text !== null) return writeAtomic(path, text, isHeld);
  if (!isHeld()) return false;
  rmSync(path, { force: true });
  return true;
}

function tooLarge({ place: { owner, namespace } }: Namespace): UserError {
  return new UserError(
    `What agent "${owner}" remembers in namespace "${namespace}" is larger than ${carriedMebibytes} MiB and is not carried between machines: let it forget some, or divide it into namespaces.`,
  );
}
