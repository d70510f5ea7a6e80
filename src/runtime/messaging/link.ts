import { copyPlain } from "./copyPlain.ts";
import type { Delivery } from "./delivery.ts";
import { Fifo } from "./fifo.ts";
import { code, Items, itemsOf, type PortLike, toPacket } from "./port.ts";
import { PatternSet } from "./topics.ts";

/** What a link tells the network that it belongs to. */
export interface LinkOwner {
  readonly id: string;
  /** The other end has said who it is. */
  met(link: Link): void;
  learned(link: Link, origin: string, path: readonly string[]): void;
  forgot(link: Link, origin: string): void;
  /** What the other end wants of a bus has changed. */
  wants(link: Link, origin: string): void;
  received(link: Link, message: Received): void;
  /** Sends what is still to be said before the next message. */
  settle(): void;
  /** The link is no more; `error` where that is somebody's fault. */
  lost(link: Link, error: Error | null): void;
}

/** A message that came by a link. */
export interface Received {
  /** Counts the messages of this link. */
  which: number;
  origin: string;
  number: number;
  topic: string;
  body: unknown;
}

interface Waiting {
  number: number;
  topic: string;
  body: unknown;
  delivery: Delivery;
}

const endings = ["close", "exit"];
const broken = "messageerror";
/** So many items are sent at once, without waiting for more. */
const mostItems = 512;

/** One connection to another bus: packs what is sent, bounds what is under way, settles it when the connection ends. */
export class Link {
  /** The id of the bus at the other end; null before it has spoken. */
  peer: string | null = null;
  /** What the other end was told. */
  readonly announced = new Map<string, string>();
  readonly wanted = new Map<string, string>();
  /** What the other end wants of each bus. */
  readonly wants = new Map<string, PatternSet>();
  readonly #owner: LinkOwner;
  readonly #port: PortLike;
  readonly #highWaterMark: number;
  #out: unknown[] = [];
  #scheduled = false;
  #sent = 0;
  #received = 0;
  readonly #unaccepted = new Map<number, { delivery: Delivery; own: boolean }>();
  #ownUnaccepted = 0;
  readonly #waiting = new Fifo<Waiting>();
  #ack: { first: number; last: number } | null = null;
  #ackScheduled = false;
  #open = true;
  readonly #onReady: ((failure: Error | null) => void)[] = [];
  #ready = false;

  constructor(owner: LinkOwner, port: PortLike, highWaterMark: number, ref: boolean) {
    this.#owner = owner;
    this.#port = port;
    this.#highWaterMark = Math.max(1, highWaterMark);
    port.on("message", this.#onMessage);
    port.on(broken, this.#onBroken);
    for (const event of endings) port.on(event, this.#onClose);
    port.start?.();
    if (!ref) port.unref?.();
    this.say(code.hello, owner.id);
  }

  get open(): boolean {
    return this.#open;
  }

  /** Whether one more message would have to wait. */
  get full(): boolean {
    return this.#ownUnaccepted + this.#waiting.length >= this.#highWaterMark;
  }

  /** Resolves when the other end has told what it wants; rejects where the link ends before. */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (failure: Error | null) => (failure === null ? resolve() : reject(failure));
      if (this.#ready) resolve();
      else if (!this.#open) reject(closedError());
      else this.#onReady.push(settle);
    });
  }

  /** Sends a message of this bus, at once or when there is room. Throws where the message cannot be copied. */
  send(number: number, topic: string, body: unknown, delivery: Delivery): void {
    if (!this.#open) return;
    if (this.#ownUnaccepted < this.#highWaterMark && this.#waiting.length === 0) {
      this.#transmit([code.message, number, topic], body, delivery, true);
    } else {
      const copy = (copyPlain(body) ?? { copy: structuredClone(body) }).copy;
      delivery.hold();
      this.#waiting.add({ number, topic, body: copy, delivery });
    }
  }

  /** Passes on a message of another bus, whose own limit bounds how many there are. */
  relay({ origin, number, topic, body }: Received, delivery: Delivery): void {
    if (this.#open) this.#transmit([code.relay, origin, number, topic], body, delivery, false);
  }

  /** Sends something other than a message, in order. */
  say(...items: unknown[]): void {
    if (!this.#open) return;
    this.#out.push(...items);
    this.#schedule();
  }

  /** Tells the other end that a message was accepted, or why not. */
  answer(which: number, failure: string | null): void {
    if (!this.#open) return;
    if (failure !== null) this.say(code.failed, which, failure);
    else if (this.#ack?.last === which - 1) this.#ack.last = which;
    else {
      this.#flushAck();
      this.#ack = { first: which, last: which };
    }
    if (this.#ackScheduled) return;
    // After all messages that have come: one answer for many.
    this.#ackScheduled = true;
    setImmediate(() => {
      this.#ackScheduled = false;
      this.#flush();
    });
  }

  /** Ends the connection; what was handed to the port still arrives. */
  close(error: Error | null = null): void {
    if (!this.#open) return;
    this.#flushAck();
    this.say(code.bye);
    this.#flush();
    this.#end(error);
    this.#port.close?.();
  }

  #transmit(head: unknown[], body: unknown, delivery: Delivery, own: boolean): void {
    this.#owner.settle();
    const plain = copyPlain(body);
    const before = this.#out.length;
    this.#out.push(...head, plain === null ? body : plain.copy);
    if (plain === null) {
      try {
        this.#post();
      } catch (error) {
        this.#out.length = before;
        if (!canBeCopied(body)) throw error;
        this.#end(brokenError(error));
      }
    } else if (this.#out.length >= mostItems) this.#flush();
    else this.#schedule();
    this.#sent += 1;
    delivery.hold();
    if (!this.#open) {
      delivery.release(closed);
      return;
    }
    this.#unaccepted.set(this.#sent, { delivery, own });
    if (own) this.#ownUnaccepted += 1;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flushAck(): void {
    if (this.#ack === null) return;
    this.#out.push(code.accepted, this.#ack.first, this.#ack.last);
    this.#ack = null;
  }

  #flush(): void {
    this.#flushAck();
    try {
      if (this.#open && this.#out.length > 0) this.#post();
    } catch (cause) {
      this.#end(brokenError(cause));
    }
  }

  #post(): void {
    this.#port.postMessage(toPacket(this.#out));
    this.#out = [];
  }

  readonly #onMessage = (value: unknown): void => {
    const items = itemsOf(value);
    if (items === null || !this.#open) return;
    try {
      this.#read(new Items(items));
    } catch (cause) {
      this.close(
        new Error("The connection to another bus was closed: it sent what is no packet.", { cause }),
      );
    }
  };

  readonly #onBroken = (cause: unknown): void => {
    this.close(
      new Error("The connection to another bus was closed: a message could not be read.", { cause }),
    );
  };

  readonly #onClose = (): void => this.#end(null);

  #read(items: Items): void {
    while (items.more && this.#open) {
      const what = items.any();
      if (this.peer === null && what !== code.hello) throw new Error("it does not start with hello");
      switch (what) {
        case code.hello:
          if (this.peer !== null) throw new Error("it says hello twice");
          this.peer = items.text();
          this.#owner.met(this);
          break;
        case code.ready:
          this.#ready = true;
          for (const settle of this.#onReady.splice(0)) settle(null);
          break;
        case code.route:
          this.#owner.learned(this, items.text(), items.texts());
          break;
        case code.unroute:
          this.#owner.forgot(this, items.text());
          break;
        case code.want:
          this.#want(items.text(), items.texts());
          break;
        case code.message:
          this.#receive(this.peer ?? "", items);
          break;
        case code.relay:
          this.#receive(items.text(), items);
          break;
        case code.accepted: {
          const first = items.count();
          const last = items.count();
          if (last > this.#sent) throw new Error("it accepts what was not sent");
          for (let which = first; which <= last; which += 1) this.#accepted(which, null);
          this.#sendWaiting();
          break;
        }
        case code.failed:
          this.#accepted(items.count(), items.text());
          this.#sendWaiting();
          break;
        case code.bye:
          this.#end(null);
          this.#port.close?.();
          break;
        default:
          throw new Error("it holds an unknown code");
      }
    }
  }

  #want(origin: string, patterns: readonly string[]): void {
    this.wants.set(origin, new PatternSet(patterns));
    this.#owner.wants(this, origin);
  }

  #receive(origin: string, items: Items): void {
    this.#received += 1;
    this.#owner.received(this, {
      which: this.#received,
      origin,
      number: items.count(),
      topic: items.text(),
      body: items.any(),
    });
  }

  #accepted(which: number, failure: string | null): void {
    const entry = this.#unaccepted.get(which);
    if (entry === undefined) return;
    this.#unaccepted.delete(which);
    if (entry.own) this.#ownUnaccepted -= 1;
    entry.delivery.release(failure);
  }

  #sendWaiting(): void {
    while (this.#ownUnaccepted < this.#highWaterMark) {
      const next = this.#waiting.take();
      if (next === undefined) return;
      const { number, topic, body, delivery } = next;
      try {
        this.#transmit([code.message, number, topic], body, delivery, true);
        delivery.release();
      } catch (error) {
        delivery.release(`it cannot be sent (${error instanceof Error ? error.message : String(error)})`);
      }
    }
  }

  /** Settles all that waits for the other end. */
  #end(error: Error | null): void {
    if (!this.#open) return;
    this.#open = false;
    this.#port.off("message", this.#onMessage);
    this.#port.off(broken, this.#onBroken);
    for (const event of endings) this.#port.off(event, this.#onClose);
    this.#out = [];
    this.#owner.lost(this, error);
    const deliveries = [...this.#unaccepted.values(), ...this.#waiting.takeAll()];
    this.#unaccepted.clear();
    for (const { delivery } of deliveries) delivery.release(closed);
    for (const settle of this.#onReady.splice(0)) settle(closedError());
  }
}

/** Copying fails with a DataCloneError, or with whatever a getter of the message throws. */
function canBeCopied(body: unknown): boolean {
  try {
    structuredClone(body);
    return true;
  } catch {
    return false;
  }
}

const closed = "the connection to another bus closed before it was accepted there";
const brokenError = (cause: unknown) =>
  new Error("The connection to another bus broke: its port takes no messages.", { cause });
const closedError = () => new Error("The connection to another bus closed before it was ready.");
