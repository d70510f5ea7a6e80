import type { Delivery } from "./delivery.ts";
import { Fifo } from "./fifo.ts";

/** A message that waits for its subscriber. */
export interface Item {
  readonly topic: string;
  readonly message: unknown;
  /** Who waits for its acceptance; null where nobody does. */
  delivery: Delivery | null;
}

/**
 * The messages of one subscriber, in order. A message is accepted when it is among the first `highWaterMark` that are
 * not finished, or when it is finished itself.
 */
export class Inbox {
  readonly #highWaterMark: number;
  readonly #items = new Fifo<Item>();
  #unfinished = 0;
  #current: Item | null = null;

  constructor(highWaterMark: number) {
    this.#highWaterMark = highWaterMark;
  }

  /** Whether one more would have to wait for its acceptance; a subscriber that accepts nothing ahead takes one when idle. */
  get full(): boolean {
    return this.#unfinished >= Math.max(1, this.#highWaterMark);
  }

  add(topic: string, message: unknown, delivery: Delivery): void {
    const waits = this.#unfinished >= this.#highWaterMark;
    if (waits) delivery.hold();
    this.#unfinished += 1;
    this.#items.add({ topic, message, delivery: waits ? delivery : null });
  }

  /** The next message, unfinished until {@link finish} is called. */
  take(): Item | null {
    const item = this.#items.take() ?? null;
    if (item !== null) this.#current = item;
    return item;
  }

  /** The message that was taken last is done with: another one may be accepted. */
  finish(): void {
    if (this.#current === null) return;
    accept(this.#current);
    this.#current = null;
    this.#unfinished -= 1;
    const next = this.#items.at(this.#highWaterMark - 1);
    if (next !== undefined) accept(next);
  }

  /** Nothing more will come: nobody has to wait for what is there. */
  acceptAll(): void {
    if (this.#current !== null) accept(this.#current);
    for (const item of this.#items) accept(item);
  }

  /** Nothing is wanted any more: nobody shall wait for it. */
  clear(): void {
    const dropped = this.#items.takeAll();
    this.#unfinished = 0;
    if (this.#current !== null) accept(this.#current);
    this.#current = null;
    for (const item of dropped) accept(item);
  }
}

function accept(item: Item): void {
  const { delivery } = item;
  item.delivery = null;
  delivery?.release();
}
