import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../model/userError.ts";
import { shownAddress, type QueueAddress } from "./address.ts";

/** A server that stays away: what was asked of it can be asked again. */
export class ServerAway extends UserError {
  readonly isAway = true;
}

/** Also one of another bundle. */
export const isAway = (error: unknown): boolean => (error as { isAway?: unknown } | null)?.isAway === true;

/** What an error of a driver means: the server is away for now, it does not want us, or nothing that we know. */
export interface Problem {
  kind: "away" | "refused" | "unknown";
  reason: string;
}

export interface Server {
  address: QueueAddress;
  /** Resolves where the server answers. */
  ping(): Promise<unknown>;
  problemOf(error: unknown): Problem;
}

/** How long a call waits for a server that is away. */
const LONGEST_MS = 60_000;
const SHORTEST_MS = 5_000;
const OPENING_MS = 8_000;
/** Ends what is opened by a server that takes connections and says nothing. */
const LONGEST_OPENING_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** Calls to a server that may be away: they are made again once it answers. One at a time looks whether it does. */
export class Reach {
  readonly #server: Server;
  readonly #closed = new AbortController();
  #back: Promise<void> | null = null;
  /** What told that the server is away, until it answers. */
  #away: { error: unknown } | null = null;
  #waiting = 0;

  constructor(server: Server) {
    this.#server = server;
  }

  /**
   * @param call is made again where the connection broke, also when the server may have got it
   * @throws {UserError} where the server stays away for a minute or does not want us
   */
  call<T>(call: () => Promise<T>): Promise<T> {
    return this.#call(call, LONGEST_MS);
  }

  /** The first call: it gives up within ten seconds, and whatever is wrong is told as a UserError. */
  async open<T>(call: () => Promise<T>): Promise<T> {
    const opened = new AbortController();
    const late = pause(LONGEST_OPENING_MS, undefined, { signal: opened.signal }).then(() => {
      throw this.#unreachable("it does not answer");
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([this.#call(call, OPENING_MS), late]);
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw this.#refused(this.#server.problemOf(error).reason);
    } finally {
      opened.abort();
    }
  }

  /** For calls that had to wait for something else: where the server has gone away meanwhile, they need not try. */
  throwIfAway(): void {
    if (this.#away !== null) throw this.#away.error;
  }

  /** What waits rejects. */
  close(): void {
    this.#closed.abort();
  }

  async #call<T>(call: () => Promise<T>, patienceMs: number): Promise<T> {
    const began = performance.now();
    let until: number | null = null;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = longer(pauseMs)) {
      try {
        this.#closed.signal.throwIfAborted();
        this.throwIfAway();
        return await call();
      } catch (error) {
        if (this.#closed.signal.aborted) throw this.#unreachable("it has been closed here");
        const { kind, reason } = this.#server.problemOf(error);
        if (kind === "unknown") throw error;
        if (kind === "refused") throw this.#refused(reason);
        this.#away ??= { error };
        const now = performance.now();
        // What a busy server was slow with is not held against one that was away for a moment.
        until ??= Math.max(began + patienceMs, now + SHORTEST_MS);
        if (await this.#answersWithin(until - now, pauseMs)) continue;
        // More may be known of it now.
        throw this.#unreachable(this.#server.problemOf(this.#away.error).reason);
      }
    }
  }

  /** @returns false where it is too late */
  async #answersWithin(longestMs: number, pauseMs: number): Promise<boolean> {
    if (longestMs <= 0) return false;
    const done = new AbortController();
    const signal = AbortSignal.any([done.signal, this.#closed.signal]);
    const tooLate = pause(longestMs, false, { signal }).catch(() => true);
    this.#waiting += 1;
    try {
      await pause(Math.min(pauseMs, longestMs), undefined, { signal }).catch(() => undefined);
      this.#back ??= this.#lookForIt().finally(() => (this.#back = null));
      return await Promise.race([this.#back.then(() => true), tooLate]);
    } finally {
      this.#waiting -= 1;
      done.abort();
    }
  }

  async #lookForIt(): Promise<void> {
    const { signal } = this.#closed;
    for (let pauseMs = FIRST_PAUSE_MS; this.#waiting > 0 && !signal.aborted; pauseMs = longer(pauseMs))
      try {
        await this.#server.ping();
        this.#away = null;
        return;
      } catch (error) {
        const isAway = this.#server.problemOf(error).kind === "away";
        // Whoever waits is told of anything else by a call of its own.
        this.#away = isAway ? { error } : null;
        if (!isAway) return;
        await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      }
  }

  #unreachable(reason: string): ServerAway {
    return unreachable(this.#server.address, reason);
  }

  #refused(reason: string): UserError {
    return unusable(this.#server.address, reason);
  }
}

export const unreachable = (address: QueueAddress, reason: string): ServerAway =>
  new ServerAway(`The queue ${shownAddress(address)} cannot be reached: ${reason}.`);

export const unusable = (address: QueueAddress, reason: string): UserError =>
  new UserError(`The queue ${shownAddress(address)} cannot be used: ${reason}.`);

const longer = (pauseMs: number) => Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
