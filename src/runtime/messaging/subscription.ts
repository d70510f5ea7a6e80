import type { Delivery } from "./delivery.ts";
import { Inbox } from "./inbox.ts";

/** What a bus hands messages to. Handing over never calls foreign code; draining does. */
export interface Subscriber {
  readonly pattern: string;
  /** Whether one more message would have to wait for its acceptance. */
  readonly full: boolean;
  offer(topic: string, message: unknown, delivery: Delivery): void;
  /** Handles what waits. */
  drain(): void;
  /** Nothing more will come; what waits is still handled. */
  end(): void;
  /** Nothing is wanted any more. */
  stop(): void;
}

/** Calls a handler with one message at a time. */
export class HandlerSubscription implements Subscriber {
  readonly pattern: string;
  readonly #handler: (message: unknown, topic: string) => unknown;
  readonly #onError: (error: unknown, topic: string) => void;
  readonly #inbox: Inbox;
  #busy = false;
  #stopped = false;

  constructor(
    pattern: string,
    highWaterMark: number,
    handler: (message: unknown, topic: string) => unknown,
    onError: (error: unknown, topic: string) => void,
  ) {
    this.pattern = pattern;
    this.#inbox = new Inbox(highWaterMark);
    this.#handler = handler;
    this.#onError = onError;
  }

  get full(): boolean {
    return this.#inbox.full;
  }

  offer(topic: string, message: unknown, delivery: Delivery): void {
    if (!this.#stopped) this.#inbox.add(topic, message, delivery);
  }

  drain(): void {
    while (!this.#busy) {
      const item = this.#inbox.take();
      if (item === null) return;
      const { topic } = item;
      // A handler that publishes comes by here again: its messages wait until it is done.
      this.#busy = true;
      try {
        const handler = this.#handler;
        const result = handler(item.message, topic);
        if (isThenable(result)) {
          this.#waitFor(result, topic);
          return;
        }
      } catch (error) {
        this.#onError(error, topic);
      }
      this.#finish();
    }
  }

  #waitFor(result: PromiseLike<unknown>, topic: string): void {
    Promise.resolve(result)
      .catch((error: unknown) => this.#onError(error, topic))
      .then(() => {
        this.#finish();
        this.drain();
      })
      .catch((error: unknown) => this.#onError(error, topic));
  }

  #finish(): void {
    this.#busy = false;
    this.#inbox.finish();
  }

  end(): void {
    this.#inbox.acceptAll();
  }

  stop(): void {
    this.#stopped = true;
    this.#inbox.clear();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
