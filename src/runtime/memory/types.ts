import type { AgentOrName } from "./agentName.ts";
import type { ContextGrant, ContextGrantFilter, ContextGrantRequest } from "./contextTypes.ts";

/** Settings of a {@link MemoryStore}. */
export interface MemoryStoreOptions {
  /**
   * Where memory is kept, by convention `.proj-intel/memory`; it is made at the first write. Without it, memory lasts as
   * long as the process.
   */
  folder?: string | undefined;
  /** How many entries a namespace may hold, a whole number of at least 1; default 10,000. */
  maxEntries?: number | undefined;
  /** The time in milliseconds since the epoch; by default the system's. Processes of one folder need the same. */
  now?: (() => number) | undefined;
  /** Told once about each file that a list leaves out; by default a warning of the process. */
  onWarning?: ((message: string) => void) | undefined;
}

/** Which part of an agent's memory. */
export interface NamespaceOptions {
  /** The namespace; "default" where it is left out. Each agent has its own of each name. */
  namespace?: string | undefined;
}

/** How a value is remembered. */
export interface SetOptions extends NamespaceOptions {
  /** Milliseconds until it is gone, over 0; it stays where this is left out. */
  ttlMs?: number | undefined;
  /** Words to find it by. */
  tags?: readonly string[] | undefined;
}

/** Which keys are listed. */
export interface ListOptions extends NamespaceOptions {
  /** What the keys begin with. */
  keyPrefix?: string | undefined;
}

/** What is looked for. At least one of `text` and `tags` is usual; with neither, everything is found. */
export interface MemoryQuery extends ListOptions {
  /** Words: entries that have at least one of them, or a word that begins with one, are found. */
  text?: string | undefined;
  /** Entries that have all of these are found. */
  tags?: readonly string[] | undefined;
  /** How many are found at most, a whole number of at least 1; default 20. */
  limit?: number | undefined;
}

/** What is known of an entry. */
export interface MemoryEntryInfo {
  /** Names it in its namespace. */
  readonly key: string;
  /** The namespace. */
  readonly namespace: string;
  /** Words to find it by. */
  readonly tags: readonly string[];
  /** Milliseconds since the epoch. */
  readonly writtenAt: number;
  /** The name of the agent that wrote it: the owner, or one with a grant. */
  readonly writtenBy: string;
  /** Milliseconds since the epoch, from when on it is gone; null where it stays. */
  readonly expiresAt: number | null;
  /** How many secrets in it were replaced by "[redacted]". */
  readonly redactions: number;
}

/** An entry and its value. */
export interface MemoryEntry extends MemoryEntryInfo {
  /** A copy of what was set. */
  readonly value: unknown;
}

/** An entry that was found. */
export interface MemoryMatch extends MemoryEntry {
  /** How well it fits (see {@link SharedMemory.search}); 0 where no text was looked for. */
  readonly score: number;
}

/** What an agent grants another one: one `key`, the keys with a `keyPrefix`, or a whole namespace. */
export interface GrantRequest extends ContextGrantRequest, NamespaceOptions {}

/** Which grants: those that fit each field that is given. A {@link MemoryGrant} is a filter for itself. */
export interface GrantFilter extends ContextGrantFilter, NamespaceOptions {}

/** A grant that is in force: agent `to` may use what agent `from` remembers. */
export interface MemoryGrant extends ContextGrant {
  /** The name of the agent whose memory it is. */
  readonly from: string;
  /** The namespace. */
  readonly namespace: string;
}

/**
 * What one agent can do with memory: all of its own, or what grants allow of another agent's. Grants are looked at at
 * each call: what no grant allows throws a {@link MemoryAccessError} that says which one would. Files that are damaged or
 * newer throw a {@link StoreError} and are left alone.
 */
export interface SharedMemory {
  /** The name of the agent that looks. */
  readonly agent: string;
  /** The name of the agent whose memory it is. */
  readonly owner: string;
  /**
   * Remembers a copy of a value, without its secrets (see {@link redact}); it is on disk, where there is a folder, when
   * this returns. Where the namespace is full, the entry least recently written is dropped, of those that this agent
   * may write. Throws an {@link AgentUsageError} for a value that cannot be kept whole, naming the paths (functions,
   * instances of classes), and for a key, tag or namespace that is empty, longer than 512 characters or looks like a
   * secret; nothing is stored then.
   */
  set(key: string, value: unknown, options?: SetOptions): MemoryEntryInfo;
  /**
   * Sets a value that `change` makes of the present one (undefined where there is none), and answers with it; no other
   * process writes to the namespace meanwhile. `change` must be quick, return no promise, and not write to memory. The
   * options are those of the new value: tags and time to live of the old one are gone with it. Throws what it throws, then nothing is changed, and what {@link set} throws.
   */
  update(key: string, change: (value: unknown) => unknown, options?: SetOptions): unknown;
  /** A copy of the value, or undefined where there is none or it has expired. */
  get(key: string, options?: NamespaceOptions): unknown;
  /** The value, as {@link get} gives it, and what is known of it; null where there is none. */
  entry(key: string, options?: NamespaceOptions): MemoryEntry | null;
  /** Whether there is a value. */
  has(key: string, options?: NamespaceOptions): boolean;
  /** Forgets a value; answers whether there was one. */
  delete(key: string, options?: NamespaceOptions): boolean;
  /** The keys that this agent may read, least recently written first. */
  keys(options?: ListOptions): string[];
  /** The entries that this agent may read, with copies of their values, least recently written first. */
  entries(options?: ListOptions): MemoryEntry[];
  /** Forgets what this agent may write of a namespace; answers with how many values. */
  clear(options?: ListOptions): number;
  /**
   * Finds entries by words of a text, or by text and tags, best first. A word is a run of letters and digits, in
   * whatever case; `lastError` is "last", "error" and "lasterror". Each word of the text counts once: 3 where it is a
   * word of the key, 2 of a tag, 1 of the value (its texts, numbers and keys, up to 100,000 characters), half of that
   * where it only begins a word. Entries with more of the words come first, then those with a higher sum (`score`), then
   * those written more recently.
   */
  search(query: string | MemoryQuery): MemoryMatch[];
  /** The namespaces that hold something that this agent may read, sorted. */
  namespaces(): string[];
}

/** An agent's own memory. No other agent sees it without a grant. */
export interface AgentMemory extends SharedMemory {
  /**
   * Lets another agent use what is in a namespace now and later. Replaces a grant to the same agent for the same keys.
   * Throws an {@link AgentUsageError} for a grant that cannot be.
   */
  grant(request: GrantRequest): MemoryGrant;
  /** Takes back the grants that fit the filter, all without one; in force at once. Answers with those taken back. */
  revoke(filter?: GrantFilter): MemoryGrant[];
  /**
   * Keeps what a namespace holds now, and answers with what brings back the values of it that are gone by then: those
   * that were set anew, or have expired, stay as they are. That answers with how many came back.
   */
  keep(options?: NamespaceOptions): () => number;
  /** The grants that this agent gave. */
  grants(): MemoryGrant[];
  /** The grants that other agents gave this one. */
  received(): MemoryGrant[];
  /** The memory of another agent, as far as grants allow at each call. */
  shared(owner: AgentOrName): SharedMemory;
}
