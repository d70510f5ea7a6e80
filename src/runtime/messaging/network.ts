import { AgentUsageError } from "../core/errors.ts";
import { Delivery } from "./delivery.ts";
import { Link, type LinkOwner, type Received } from "./link.ts";
import { code, type PortLike } from "./port.ts";
import { Routes } from "./routes.ts";
import type { PatternSet } from "./topics.ts";

/** What the network needs of the bus that it connects with others. */
export interface LocalBus {
  /** What the bus has subscribers for. */
  patterns(): Iterable<string>;
  /** Hands a message of another bus to the subscribers. */
  offer(topic: string, message: unknown, delivery: Delivery): void;
  /** What other buses want has changed. */
  changed(): void;
  onError(error: unknown): void;
}

const mostDeparted = 1000;

/**
 * The links of one bus. Messages of each bus spread along a tree of links that every bus chooses the same way: it takes
 * them from one link only, and asks for what it wants only there. So rings carry nothing twice. Who publishes is
 * answered when everybody down the tree has accepted, so that relaying needs no limit of its own and cannot get stuck.
 */
export class Network implements LinkOwner {
  readonly id: string;
  readonly #local: LocalBus;
  readonly #links = new Set<Link>();
  readonly #routes: Routes<Link>;
  /** The newest message of each bus. */
  readonly #newest = new Map<string, number>();
  /** The same of buses that cannot be reached now: another way to them may bring the same messages. */
  readonly #departed = new Map<string, number>();
  #number = 0;
  #unsettled = false;

  constructor(id: string, local: LocalBus) {
    this.id = id;
    this.#local = local;
    this.#routes = new Routes(id);
  }

  connect(port: PortLike, highWaterMark: number, ref: boolean): Link {
    const link = new Link(this, port, highWaterMark, ref);
    this.#links.add(link);
    return link;
  }

  close(): void {
    for (const link of [...this.#links]) link.close();
  }

  /** The links to subscribers of this bus's messages of a topic. */
  linksFor(topic: string): Link[] {
    return [...this.#links].filter((link) => link.wants.get(this.id)?.matches(topic) === true);
  }

  /** A number for the next message of this bus. */
  number(): number {
    this.#number += 1;
    return this.#number;
  }

  /** What this bus wants has changed; others learn it soon, and before its next message. */
  interestChanged(): void {
    if (this.#unsettled || this.#links.size === 0) return;
    this.#unsettled = true;
    queueMicrotask(() => this.settle());
  }

  settle(): void {
    if (!this.#unsettled) return;
    this.#unsettled = false;
    const own = new Set(this.#local.patterns());
    const links = [...this.#links].filter(({ peer }) => peer !== null);
    for (const link of links) this.#settleRoutes(link, link.peer ?? "");
    for (const link of links) this.#settleWants(link, own);
  }

  #settleRoutes(link: Link, peer: string): void {
    const offers = this.#routes.offersTo(link, peer);
    for (const origin of [...link.announced.keys()]) {
      if (offers.has(origin)) continue;
      link.announced.delete(origin);
      link.say(code.unroute, origin);
    }
    for (const [origin, path] of offers) {
      const key = path.join(" ");
      if (link.announced.get(origin) === key) continue;
      link.announced.set(origin, key);
      link.say(code.route, origin, path);
    }
  }

  #settleWants(link: Link, own: ReadonlySet<string>): void {
    const offered = this.#routes.offeredBy(link);
    for (const origin of [...link.wanted.keys()])
      if (!offered.includes(origin)) this.#wantNothing(link, origin);
    for (const origin of offered) {
      const patterns = this.#routes.chosen(origin) === link ? this.#wantedOf(origin, link, own) : [];
      const key = JSON.stringify(patterns);
      if (link.wanted.get(origin) === key) continue;
      link.wanted.set(origin, key);
      link.say(code.want, origin, patterns);
    }
  }

  /** Said once when a way ends, so that both sides forget it. */
  #wantNothing(link: Link, origin: string): void {
    if (link.wanted.delete(origin)) link.say(code.want, origin, []);
  }

  #wantedOf(origin: string, link: Link, own: ReadonlySet<string>): string[] {
    const wanted = new Set(own);
    for (const other of this.#links) {
      if (other === link) continue;
      for (const pattern of this.#wantedBy(other, origin)?.patterns ?? []) wanted.add(pattern);
    }
    return [...wanted].sort();
  }

  /** A bus that was told of another one, and has not answered yet, wants of it what it wants of this bus. */
  #wantedBy(link: Link, origin: string): PatternSet | undefined {
    return link.wants.get(origin) ?? (link.announced.has(origin) ? link.wants.get(this.id) : undefined);
  }

  met(link: Link): void {
    const { peer } = link;
    if (peer === null) return;
    if (peer === this.id) {
      link.close(
        new AgentUsageError("A bus was connected to itself: connect the two ends of a port to two buses."),
      );
      return;
    }
    this.#routes.learn(link, peer, [peer]);
    this.#unsettled = true;
    this.settle();
    link.say(code.ready);
  }

  learned(link: Link, origin: string, path: readonly string[]): void {
    this.#routes.learn(link, origin, path);
    this.interestChanged();
  }

  forgot(link: Link, origin: string): void {
    if (this.#routes.forget(link, origin)) this.#depart(origin);
    // At once: the same way may be offered again before anything else is settled.
    this.#wantNothing(link, origin);
    this.interestChanged();
  }

  wants(link: Link, origin: string): void {
    if (origin !== this.id && !link.announced.has(origin)) link.wants.delete(origin);
    if (origin === this.id) this.#local.changed();
    else this.interestChanged();
  }

  received(link: Link, message: Received): void {
    const { origin, number, topic, body, which } = message;
    if (this.#routes.chosen(origin) !== link || number <= this.#newestOf(origin)) {
      link.answer(which, null);
      return;
    }
    this.#newest.set(origin, number);
    this.#departed.delete(origin);
    const delivery = new Delivery();
    // First the copies for others: a subscriber here may change the message.
    for (const other of this.#links) {
      if (other !== link && this.#wantedBy(other, origin)?.matches(topic) === true)
        other.relay(message, delivery);
    }
    this.#local.offer(topic, body, delivery);
    delivery.whenDone((failure) => link.answer(which, failure));
  }

  lost(link: Link, error: Error | null): void {
    this.#links.delete(link);
    for (const origin of this.#routes.drop(link)) this.#depart(origin);
    this.#local.changed();
    this.interestChanged();
    if (error !== null) this.#local.onError(error);
  }

  #newestOf(origin: string): number {
    return this.#newest.get(origin) ?? this.#departed.get(origin) ?? 0;
  }

  #depart(origin: string): void {
    this.#departed.set(origin, this.#newestOf(origin));
    this.#newest.delete(origin);
    const [oldest] = this.#departed.keys();
    if (this.#departed.size > mostDeparted && oldest !== undefined) this.#departed.delete(oldest);
  }
}
