import type { SharedLogs } from "./sharedLogs.ts";

/** What hints have told is read together. */
const GATHER_MS = 15;
/** A server that does not want us is not asked all the time. */
const AFTER_FAULT_MS = 1_000;
/** Where a hint was lost without anyone telling. */
const LOOK_AGAIN_MS = 10_000;

interface Followed {
  next: number;
  onLines: (lines: string[]) => void;
}

/** Reads many logs of one group as they grow. */
export class LogFollower {
  readonly #logs: SharedLogs;
  readonly #onError: (error: unknown) => void;
  readonly #followed = new Map<string, Followed>();
  readonly #grown = new Set<string>();
  readonly #group: string;
  /** Ends it. Null where it could not begin: it is tried again by who follows next. */
  #watching: Promise<() => Promise<void>> | null = null;
  readonly #again: NodeJS.Timeout;
  #timer: NodeJS.Timeout | null = null;
  #reading = false;
  #closed = false;

  /** @param onError told once for each time that the logs cannot be read; it goes on */
  constructor(logs: SharedLogs, group: string, onError: (error: unknown) => void) {
    this.#logs = logs;
    this.#onError = onError;
    this.#group = group;
    this.#watch().catch(onError);
    this.#again = setInterval(() => this.#all(), LOOK_AGAIN_MS);
  }

  /**
   * Resolves once no hint of it is missed; what is there already comes too.
   * @param isEmpty nobody can have written yet
   */
  async follow(name: string, onLines: (lines: string[]) => void, isEmpty = false): Promise<void> {
    this.#followed.set(name, { next: 0, onLines });
    await this.#watch();
    if (!isEmpty) this.#hint(name);
  }

  leave(name: string): void {
    this.#followed.delete(name);
    this.#grown.delete(name);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#again);
    if (this.#timer !== null) clearTimeout(this.#timer);
    const stop = await this.#watching?.catch(() => null);
    await stop?.();
  }

  #watch(): Promise<() => Promise<void>> {
    this.#watching ??= this.#logs
      .watch(
        this.#group,
        (name) => this.#hint(name),
        () => this.#all(),
      )
      .catch((error: unknown) => {
        this.#watching = null;
        throw error;
      });
    return this.#watching;
  }

  #hint(name: string): void {
    if (!this.#followed.has(name)) return;
    this.#grown.add(name);
    this.#soon();
  }

  #all(): void {
    for (const name of this.#followed.keys()) this.#grown.add(name);
    this.#soon();
  }

  #soon(ms = GATHER_MS): void {
    if (this.#closed || this.#reading || this.#grown.size === 0) return;
    this.#timer ??= setTimeout(() => void this.#read(), ms);
  }

  async #read(): Promise<void> {
    this.#timer = null;
    this.#reading = true;
    let isWell = true;
    const from = new Map<string, number>();
    for (const name of this.#grown) {
      const followed = this.#followed.get(name);
      if (followed !== undefined) from.set(name, followed.next);
    }
    this.#grown.clear();
    try {
      const read = await this.#logs.read(from);
      for (const [name, lines] of read) this.#take(name, lines);
    } catch (error) {
      isWell = false;
      for (const name of from.keys()) this.#grown.add(name);
      if (!this.#closed) this.#onError(error);
    }
    this.#reading = false;
    this.#soon(isWell ? GATHER_MS : AFTER_FAULT_MS);
  }

  #take(name: string, lines: string[]): void {
    const followed = this.#followed.get(name);
    if (followed === undefined || lines.length === 0) return;
    followed.next += lines.length;
    // There may be more than one answer holds.
    this.#grown.add(name);
    followed.onLines(lines);
  }
}
