import type { Encoder } from "../checkpoint/encode.ts";
import { AgentUsageError, describeError } from "../core/errors.ts";
import { StoreError } from "../storeError.ts";
import { type MemoryAccess, MemoryAccessError } from "./accessError.ts";
import { type EncodedValue, encodeValue, type Entry, makeEntry, valueOf } from "./entry.ts";
import { callOfGrant, coverKey, grantsFor } from "./grants.ts";
import { checkName, checkSettings, checkTags, defaultNamespace } from "./names.ts";
import type { Namespace, Place } from "./namespace.ts";
import { search } from "./search.ts";
import type { Storage } from "./storage.ts";
import type {
  ListOptions,
  MemoryEntry,
  MemoryEntryInfo,
  MemoryMatch,
  MemoryQuery,
  NamespaceOptions,
  SetOptions,
  SharedMemory,
} from "./types.ts";

/** What all views of a store use. */
export interface Parts {
  readonly storage: Storage;
  readonly encoder: Encoder;
  readonly maxEntries: number;
  readonly now: () => number;
}

/** One agent's view of its own or another agent's memory. */
export class View implements SharedMemory {
  readonly agent: string;
  readonly owner: string;
  protected readonly parts: Parts;

  constructor(parts: Parts, agent: string, owner: string) {
    this.parts = parts;
    this.agent = agent;
    this.owner = owner;
  }

  set(key: string, value: unknown, options: SetOptions = {}): MemoryEntryInfo {
    const place = this.place(options);
    const settings = settingsOf(key, options);
    this.#checkBefore(place, key);
    const encoded = encodeValue(this.parts.encoder, key, value);
    return this.parts.storage.change(place, (namespace) => this.#put(namespace, key, encoded, settings));
  }

  update(key: string, change: (value: unknown) => unknown, options: SetOptions = {}): unknown {
    const place = this.place(options);
    const settings = settingsOf(key, options);
    this.#checkBefore(place, key);
    return this.parts.storage.change(place, (namespace) => {
      this.#check(namespace, "write", key);
      const present = namespace.find(key, this.parts.now());
      const value = change(present === undefined ? undefined : this.#value(namespace, present));
      const encoded = encodeValue(this.parts.encoder, key, value);
      this.#put(namespace, key, encoded, settings);
      return value;
    });
  }

  get(key: string, options: NamespaceOptions = {}): unknown {
    const { namespace, found } = this.#find(key, options);
    return found === undefined ? undefined : this.#value(namespace, found);
  }

  entry(key: string, options: NamespaceOptions = {}): MemoryEntry | null {
    const { namespace, found } = this.#find(key, options);
    return found === undefined ? null : this.#entry(namespace, found);
  }

  has(key: string, options: NamespaceOptions = {}): boolean {
    return this.#find(key, options).found !== undefined;
  }

  delete(key: string, options: NamespaceOptions = {}): boolean {
    const place = this.place(options);
    this.#checkBefore(place, key);
    return this.parts.storage.change(place, (namespace) => {
      this.#check(namespace, "write", key);
      const found = namespace.find(key, this.parts.now()) !== undefined;
      namespace.remove(key);
      return found;
    });
  }

  keys(options: ListOptions = {}): string[] {
    return this.#list(options).map(({ key }) => key);
  }

  entries(options: ListOptions = {}): MemoryEntry[] {
    const namespace = this.parts.storage.read(this.place(options));
    return this.#list(options, namespace).map((entry) => this.#entry(namespace, entry));
  }

  clear(options: ListOptions = {}): number {
    const place = this.place(options);
    this.#checkBefore(place, null);
    return this.parts.storage.change(place, (namespace) => {
      const mayWrite = this.#keysFor(namespace, "write");
      const { keyPrefix = "" } = options;
      namespace.purge(this.parts.now());
      const cleared = [...namespace.all].filter(({ key }) => key.startsWith(keyPrefix) && mayWrite(key));
      for (const { key } of cleared) namespace.remove(key);
      return cleared.length;
    });
  }

  search(query: string | MemoryQuery): MemoryMatch[] {
    const wanted = typeof query === "string" ? { text: query } : query;
    const namespace = this.parts.storage.read(this.place(wanted));
    const entries = this.#list(wanted, namespace);
    try {
      return search(entries, wanted).map(({ entry, score }) => ({ ...this.#entry(namespace, entry), score }));
    } catch (error) {
      if (error instanceof AgentUsageError || error instanceof StoreError) throw error;
      // Somewhere is a damaged value: this names it.
      for (const entry of entries) this.#value(namespace, entry);
      throw error;
    }
  }

  namespaces(): string[] {
    const now = this.parts.now();
    return this.parts.storage
      .list(this.owner)
      .filter((namespace) => {
        const grants = this.isOwn ? null : grantsFor(namespace.grants, this.agent, "read");
        return namespace.live(now).some(({ key }) => grants === null || coverKey(grants, key));
      })
      .map(({ place }) => place.namespace);
  }

  protected get isOwn(): boolean {
    return this.agent === this.owner;
  }

  protected place(options: NamespaceOptions): Place {
    checkSettings("What memory is told of a namespace", options);
    const { namespace = defaultNamespace } = options;
    return { owner: this.owner, namespace: checkName("A namespace", namespace) };
  }

  /** Whoever may not write shall not make others wait, nor make a folder. */
  #checkBefore(place: Place, key: string | null): void {
    if (!this.isOwn) this.#check(this.parts.storage.read(place), "write", key);
  }

  #check(namespace: Namespace, access: MemoryAccess, key: string | null): void {
    if (this.isOwn) return;
    const grants = grantsFor(namespace.grants, this.agent, access);
    if (key === null ? grants.length > 0 : coverKey(grants, key)) return;
    const { owner, namespace: name } = namespace.place;
    const what = key === null ? "anything" : `"${key}"`;
    const call = callOfGrant(this.agent, access, { namespace: name === defaultNamespace ? null : name, key });
    throw new MemoryAccessError(
      `Agent "${this.agent}" may not ${access} ${what} in namespace "${name}" of agent "${owner}": the memory of ` +
        `agent "${owner}" can allow it with ${call}.`,
      { agent: this.agent, access, key },
    );
  }

  /** Which keys may be read or written; throws where none may. */
  #keysFor(namespace: Namespace, access: MemoryAccess): (key: string) => boolean {
    if (this.isOwn) return () => true;
    this.#check(namespace, access, null);
    const grants = grantsFor(namespace.grants, this.agent, access);
    return (key) => coverKey(grants, key);
  }

  #find(key: string, options: NamespaceOptions): { namespace: Namespace; found: Entry | undefined } {
    const namespace = this.parts.storage.read(this.place(options));
    this.#check(namespace, "read", key);
    return { namespace, found: namespace.find(key, this.parts.now()) };
  }

  #list(options: ListOptions, namespace = this.parts.storage.read(this.place(options))): Entry[] {
    const mayRead = this.#keysFor(namespace, "read");
    const { keyPrefix = "" } = options;
    return namespace.live(this.parts.now()).filter(({ key }) => key.startsWith(keyPrefix) && mayRead(key));
  }

  #put(namespace: Namespace, key: string, value: EncodedValue, settings: Settings): MemoryEntryInfo {
    this.#check(namespace, "write", key);
    const now = this.parts.now();
    const { ttlMs, tags } = settings;
    const info = {
      key,
      tags,
      writtenAt: now,
      writtenBy: this.agent,
      expiresAt: ttlMs === undefined ? null : now + ttlMs,
      redactions: value.redactions,
    };
    const mayDrop = this.#keysFor(namespace, "write");
    namespace.put(makeEntry(info, value.json), { now, maxEntries: this.parts.maxEntries, mayDrop });
    return { ...info, tags: [...tags], namespace: namespace.place.namespace };
  }

  #entry(namespace: Namespace, entry: Entry): MemoryEntry {
    const { key, tags, writtenAt, writtenBy, expiresAt, redactions } = entry;
    return {
      key,
      namespace: namespace.place.namespace,
      value: this.#value(namespace, entry),
      tags: [...tags],
      writtenAt,
      writtenBy,
      expiresAt,
      redactions,
    };
  }

  #value({ place }: Namespace, entry: Entry): unknown {
    try {
      return valueOf(entry);
    } catch (error) {
      throw new StoreError(
        `The value of "${entry.key}" in namespace "${place.namespace}" of agent "${place.owner}" is damaged: ` +
          `${describeError(error).message}. Mend its file, or delete the value.`,
        { cause: error },
      );
    }
  }
}

interface Settings {
  ttlMs: number | undefined;
  tags: readonly string[];
}

function settingsOf(key: string, { ttlMs, tags = [] }: SetOptions): Settings {
  checkName("A key", key);
  if (ttlMs !== undefined && !(Number.isFinite(ttlMs) && ttlMs > 0)) {
    throw new AgentUsageError(`ttlMs is a number of milliseconds over 0, and not ${String(ttlMs)}.`);
  }
  return { ttlMs, tags: checkTags(tags) };
}
