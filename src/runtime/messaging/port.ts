/**
 * One end of a two-way connection that copies messages and keeps their order: a `MessagePort`, a `Worker`, or
 * `parentPort` of `node:worker_threads`, or anything alike.
 */
export interface PortLike {
  /** Sends a copy of a value to the other end. */
  postMessage(value: unknown): void;
  /** Calls the listener with what the other end sent ("message"), or when the connection is no more ("close", "exit"). */
  on(event: string, listener: (value: unknown) => void): unknown;
  /** Forgets a listener. */
  off(event: string, listener: (value: unknown) => void): unknown;
  /** Starts receiving, where that is not done by listening. */
  start?(): void;
  /** Closes the connection, where that can be done from this end. */
  close?(): void;
  /** Lets the process end although the connection is open. */
  unref?(): void;
}

/** What a packet holds, each code followed by its values. */
export const code = {
  /** bus id: who speaks. The first that is sent. */
  hello: 0,
  /** All that was known when hello came has been answered. */
  ready: 1,
  /** origin, path: messages of this bus come by this connection, through these buses. */
  route: 2,
  /** origin: they do no more. */
  unroute: 3,
  /** origin, patterns: what is wanted of this bus; replaces what was wanted before. */
  want: 4,
  /** number, topic, body: a message of the bus that speaks. */
  message: 5,
  /** origin, number, topic, body: a message of another bus. */
  relay: 6,
  /** first, last: the messages that were received as these on this connection are accepted. Counting starts at 1. */
  accepted: 7,
  /** which, why: a message was not delivered to everybody. */
  failed: 8,
  /** The connection ends. */
  bye: 9,
} as const;

/** Tells packets from other messages on the same port, and versions apart. */
const tag = "opsvi-agents/bus/1";

/** Items are flat: code, values, code, values … */
export interface Packet {
  bus: typeof tag;
  items: unknown[];
}

export const toPacket = (items: unknown[]): Packet => ({ bus: tag, items });

/** The items of a packet; null for what is none. */
export function itemsOf(value: unknown): readonly unknown[] | null {
  if (typeof value !== "object" || value === null) return null;
  const { bus, items } = value as { bus?: unknown; items?: unknown };
  return bus === tag && Array.isArray(items) ? (items as unknown[]) : null;
}

/** Reads items one after the other; throws where one is missing or of another type. */
export class Items {
  readonly #items: readonly unknown[];
  #next = 0;

  constructor(items: readonly unknown[]) {
    this.#items = items;
  }

  get more(): boolean {
    return this.#next < this.#items.length;
  }

  any(): unknown {
    if (!this.more) throw new Error("a packet ends too early");
    const item = this.#items[this.#next];
    this.#next += 1;
    return item;
  }

  text(): string {
    const item = this.any();
    if (typeof item !== "string") throw new Error("a packet holds no text where one belongs");
    return item;
  }

  count(): number {
    const item = this.any();
    if (typeof item !== "number" || !Number.isSafeInteger(item) || item < 0) {
      throw new Error("a packet holds no count where one belongs");
    }
    return item;
  }

  texts(): string[] {
    const item = this.any();
    if (Array.isArray(item) && item.every((text) => typeof text === "string")) return item;
    throw new Error("a packet holds no list of texts where one belongs");
  }
}
