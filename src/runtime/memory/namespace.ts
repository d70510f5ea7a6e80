import { AgentUsageError } from "../core/errors.ts";
import { type Entry, isLive } from "./entry.ts";
import type { Grant } from "./grants.ts";

/** Whose memory, and which part of it. */
export interface Place {
  readonly owner: string;
  readonly namespace: string;
}

/** How an entry is added. */
export interface PutRules {
  now: number;
  maxEntries: number;
  /** Whether the writer may drop the entry of a key for want of room. */
  mayDrop: (key: string) => boolean;
}

/** What one namespace of one agent holds: entries in the order in which they were written, and grants. */
export class Namespace {
  readonly place: Place;
  readonly #entries = new Map<string, Entry>();
  #grants: readonly Grant[];
  /** No entry expires before it. */
  #soonest = Infinity;
  #changes = 0;

  constructor(place: Place, entries: Iterable<Entry> = [], grants: readonly Grant[] = []) {
    this.place = place;
    this.#grants = grants;
    for (const entry of entries) this.#add(entry);
  }

  /** Counts up with each change. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether it holds nothing worth a file. */
  get isEmpty(): boolean {
    return this.#entries.size === 0 && this.#grants.length === 0;
  }

  get grants(): readonly Grant[] {
    return this.#grants;
  }

  /** Those that have expired included. */
  get all(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** The entry of a key that has not expired. */
  find(key: string, now: number): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && isLive(entry, now) ? entry : undefined;
  }

  /** Entries that have not expired, least recently written first. */
  live(now: number): Entry[] {
    return [...this.#entries.values()].filter((entry) => isLive(entry, now));
  }

  /** Adds or replaces an entry, and drops those least recently written where there is no room. */
  put(entry: Entry, { now, maxEntries, mayDrop }: PutRules): void {
    this.purge(now);
    const others = this.#entries.size - (this.#entries.has(entry.key) ? 1 : 0);
    const dropped: string[] = [];
    for (const key of others < maxEntries ? [] : this.#entries.keys()) {
      if (dropped.length > others - maxEntries) break;
      if (key !== entry.key && mayDrop(key)) dropped.push(key);
    }
    if (others - dropped.length >= maxEntries) {
      throw new AgentUsageError(
        `Namespace "${this.place.namespace}" of agent "${this.place.owner}" is full: it has maxEntries (${maxEntries}) ` +
          `entries, and agent "${entry.writtenBy}" may not drop one of them. Delete some first.`,
      );
    }
    for (const key of dropped) this.#entries.delete(key);
    this.#add(entry);
    this.#changes += 1;
  }

  /** Answers whether there was such an entry. */
  remove(key: string): boolean {
    if (!this.#entries.delete(key)) return false;
    this.#changes += 1;
    return true;
  }

  /** Removes what has expired; answers with how many. */
  purge(now: number): number {
    if (now < this.#soonest) return 0;
    let purged = 0;
    this.#soonest = Infinity;
    for (const entry of this.#entries.values()) {
      if (!isLive(entry, now)) {
        this.#entries.delete(entry.key);
        purged += 1;
      } else {
        this.#soonest = Math.min(this.#soonest, entry.expiresAt ?? Infinity);
      }
    }
    this.#changes += purged;
    return purged;
  }

  setGrants(grants: readonly Grant[]): void {
    this.#grants = grants;
    this.#changes += 1;
  }

  #add(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#entries.set(entry.key, entry);
    this.#soonest = Math.min(this.#soonest, entry.expiresAt ?? Infinity);
  }
}
