import type { Delivery } from "./delivery.ts";
import { Fifo } from "./fifo.ts";
import { Inbox } from "./inbox.ts";
import type { Subscriber } from "./subscription.ts";

/** Messages of a subscription as they come, for `for await`. Leaving the loop unsubscribes. */
export interface Messages<Message> extends AsyncIterable<Message> {
  /** The next message; waits for it. Done after the subscription or the bus was closed. */
  next(): Promise<IteratorResult<Message, undefined>>;
  /** Unsubscribes: what waits is dropped, and every waiting {@link next} is done. */
  return(): Promise<IteratorResult<Message, undefined>>;
  /** The same subscription. */
  [Symbol.asyncIterator](): Messages<Message>;
}

/** Keeps messages until they are asked for. */
export class MessageQueue<Message> implements Subscriber, Messages<Message> {
  readonly pattern: string;
  readonly #inbox: Inbox;
  readonly #unsubscribe: (self: MessageQueue<Message>) => void;
  readonly #waiting = new Fifo<(result: IteratorResult<Message, undefined>) => void>();
  #ended = false;

  constructor(pattern: string, highWaterMark: number, unsubscribe: (self: MessageQueue<Message>) => void) {
    this.pattern = pattern;
    this.#inbox = new Inbox(highWaterMark);
    this.#unsubscribe = unsubscribe;
  }

  get full(): boolean {
    return this.#waiting.length === 0 && this.#inbox.full;
  }

  offer(topic: string, message: unknown, delivery: Delivery): void {
    if (!this.#ended) this.#inbox.add(topic, message, delivery);
  }

  drain(): void {
    while (this.#waiting.length > 0) {
      const next = this.#take();
      if (next === null) return;
      this.#waiting.take()?.(next);
    }
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    const next = this.#take();
    if (next !== null) return Promise.resolve(next);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #take(): IteratorResult<Message, undefined> | null {
    const item = this.#inbox.take();
    if (item === null) return null;
    this.#inbox.finish();
    return { done: false, value: item.message as Message };
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    this.#unsubscribe(this);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  end(): void {
    this.#ended = true;
    this.#inbox.acceptAll();
    for (const resolve of this.#waiting.takeAll()) resolve({ done: true, value: undefined });
  }

  stop(): void {
    this.end();
    this.#inbox.clear();
  }
}
