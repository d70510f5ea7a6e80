import { randomUUID } from "node:crypto";
import { AgentUsageError } from "../core/errors.ts";
import { emitWarning } from "../storeError.ts";
import { Delivery, UndeliveredError } from "./delivery.ts";
import type { Link } from "./link.ts";
import { MessageQueue, type Messages } from "./messageQueue.ts";
import { Network } from "./network.ts";
import type { PortLike } from "./port.ts";
import { HandlerSubscription, type Subscriber } from "./subscription.ts";
import {
  checkHighWaterMark,
  checkPattern,
  checkTopic,
  matches,
  type MatchingTopic,
  type MessageOf,
  type PatternOf,
  type TopicOf,
} from "./topics.ts";

/** Settings of a {@link MessageBus}. */
export interface MessageBusOptions {
  /** How many messages a subscriber accepts ahead of the one it handles, where it does not say; 64. */
  highWaterMark?: number | undefined;
  /**
   * Told what a handler threw, what became of a connection, and which posted message was not delivered; `topic` is
   * null where it is about no single message. By default a warning of the process.
   */
  onError?: ((error: unknown, topic: string | null) => void) | undefined;
}

/** Settings of a subscription. */
export interface SubscribeOptions {
  /**
   * How many unhandled messages the subscriber accepts, the one in its handler included, before those who publish have
   * to wait; 0 makes them wait until each is handled.
   */
  highWaterMark?: number | undefined;
}

/** Settings of a connection between two buses. */
export interface ConnectOptions {
  /** How many messages of this bus may be under way to the other side and not accepted there; 1024. */
  highWaterMark?: number | undefined;
  /** Whether the connection keeps the process or thread alive, as a listening port does; true. */
  ref?: boolean | undefined;
}

/** A connection between two buses, made by {@link MessageBus.connect}. */
export interface BusConnection {
  /** Whether it has not ended yet. */
  readonly open: boolean;
  /**
   * Resolves when this bus knows the subscriptions of the other side, those of the buses connected there included: from
   * then on what is published here reaches them. Rejects with an Error where the connection ends before.
   */
  ready(): Promise<void>;
  /** Ends the connection and closes the port. What was sent still arrives; may be called twice. */
  close(): void;
}

interface Receivers {
  subscribers: readonly Subscriber[];
  links: readonly Link[];
}

const defaultHighWaterMark = 64;
const defaultLinkHighWaterMark = 1024;
const mostCachedTopics = 1000;

/**
 * Publishes typed messages to subscribers, in this thread and, over ports, in others. `Topics` maps each topic to its
 * message: `new MessageBus<{ "task.done": { id: string } }>()`.
 *
 * Each subscriber gets every message of its topics that is published after it subscribed, exactly once, and those of one
 * publisher in the order in which they were published; those of other buses from when the subscription is known there
 * (see {@link BusConnection.ready}), and maybe what was still on its way to an earlier subscriber of the same bus. A
 * subscriber behind a connection that has ended counts as gone, until another way to it is known.
 *
 * A subscriber handles one message at a time, and what it throws reaches {@link MessageBusOptions.onError} and nobody
 * else. Subscribers of one bus share the message itself: do not change it. Those of other buses get a copy.
 */
export class MessageBus<Topics extends object = Record<string, unknown>> {
  readonly #highWaterMark: number;
  readonly #report: (error: unknown, topic: string | null) => void;
  readonly #subscribers = new Set<Subscriber>();
  readonly #receivers = new Map<string, Receivers>();
  readonly #network: Network;
  #closed = false;

  /** Makes a bus without subscribers and connections. Throws an {@link AgentUsageError} for a wrong high-water mark. */
  constructor(options: MessageBusOptions = {}) {
    this.#highWaterMark = checkHighWaterMark(options.highWaterMark ?? defaultHighWaterMark);
    this.#report = options.onError ?? warn;
    this.#network = new Network(randomUUID(), {
      patterns: () => new Set([...this.#subscribers].map(({ pattern }) => pattern)),
      offer: (topic, message, delivery) => this.#offer(this.#receiversOf(topic), topic, message, delivery),
      changed: () => this.#receivers.clear(),
      onError: (error) => this.#onError(error, null),
    });
  }

  /**
   * Calls `handler` with each message of a topic, or of all topics with a prefix (`task.*`, `*`), and the topic it came
   * under; where it returns a promise, the next message waits for it. Answers with the function that unsubscribes: what
   * still waits for the handler is dropped then. Throws an {@link AgentUsageError} after {@link close}.
   */
  subscribe<Pattern extends PatternOf<Topics>>(
    pattern: Pattern,
    handler: (message: MessageOf<Topics, Pattern>, topic: MatchingTopic<Topics, Pattern>) => unknown,
    options: SubscribeOptions = {},
  ): () => void {
    const subscription = new HandlerSubscription(
      this.#check(pattern),
      checkHighWaterMark(options.highWaterMark ?? this.#highWaterMark),
      handler as (message: unknown, topic: string) => unknown,
      (error, topic) => this.#onError(error, topic),
    );
    this.#add(subscription);
    return () => this.#remove(subscription);
  }

  /**
   * Messages of a topic, or of all topics with a prefix, from now on: `for await (const message of bus.messages("x"))`.
   * A message counts as handled when it is taken. Throws an {@link AgentUsageError} after {@link close}.
   */
  messages<Pattern extends PatternOf<Topics>>(
    pattern: Pattern,
    options: SubscribeOptions = {},
  ): Messages<MessageOf<Topics, Pattern>> {
    const queue = new MessageQueue<MessageOf<Topics, Pattern>>(
      this.#check(pattern),
      checkHighWaterMark(options.highWaterMark ?? this.#highWaterMark),
      (self) => this.#remove(self),
    );
    this.#add(queue);
    return queue;
  }

  /**
   * Hands a message to every subscriber, here at once; resolves when each one, also of other buses, has accepted it: has
   * fewer unhandled messages than its high-water mark, or has handled it. Whoever waits for that never runs ahead of a
   * slow subscriber. A handler that waits for its own topic, or in a circle, can wait for itself: let it {@link post}.
   *
   * Rejects with an {@link UndeliveredError} where a connection ended before the other side had accepted it, with a
   * DataCloneError where the message cannot be copied to another bus (nobody has it then), and with an
   * {@link AgentUsageError} after {@link close}.
   */
  async publish<Topic extends TopicOf<Topics>>(topic: Topic, message: Topics[Topic]): Promise<void> {
    this.#checkOpen();
    checkTopic(topic);
    const delivery = this.#send(this.#receiversOf(topic), topic, message);
    if (delivery.accepted) return;
    const failure = await new Promise<string | null>((resolve) => delivery.whenDone(resolve));
    if (failure !== null) throw new UndeliveredError(topic, failure);
  }

  /**
   * Publishes without waiting: answers true where every subscriber has room for the message, and false, with nobody
   * having got it, where one has none; then wait for {@link publish} instead. A message that a connection loses later is
   * told to {@link MessageBusOptions.onError}. Throws a DataCloneError where it cannot be copied to another bus, and an
   * {@link AgentUsageError} after {@link close}.
   */
  post<Topic extends TopicOf<Topics>>(topic: Topic, message: Topics[Topic]): boolean {
    this.#checkOpen();
    checkTopic(topic);
    const receivers = this.#receiversOf(topic);
    const isFull = ({ full }: { full: boolean }): boolean => full;
    if (receivers.subscribers.some(isFull) || receivers.links.some(isFull)) return false;
    const delivery = this.#send(receivers, topic, message);
    if (!delivery.accepted) {
      delivery.whenDone((failure) => {
        // Whoever closes the bus has been told that what was sent still arrives.
        if (failure !== null && !this.#closed) this.#onError(new UndeliveredError(topic, failure), topic);
      });
    }
    return true;
  }

  /** Whether anybody, here or on a bus that is connected, would get a message of this topic now. */
  hasSubscribers(topic: TopicOf<Topics>): boolean {
    const { subscribers, links } = this.#receiversOf(topic);
    return subscribers.length + links.length > 0;
  }

  /**
   * Connects this bus with the one at the other end of a port, usually in another thread, which calls this too: what is
   * published on either reaches the subscribers of both, and of all buses connected with them, in a star, a chain or a
   * ring, once. Only topics that somebody subscribes to there are sent. Other messages on the port are left alone.
   * Throws an {@link AgentUsageError} after {@link close}.
   */
  connect(port: PortLike, options: ConnectOptions = {}): BusConnection {
    this.#checkOpen();
    const highWaterMark = checkHighWaterMark(options.highWaterMark ?? defaultLinkHighWaterMark);
    const link = this.#network.connect(port, highWaterMark, options.ref ?? true);
    return {
      get open() {
        return link.open;
      },
      ready: () => link.ready(),
      close: () => link.close(),
    };
  }

  /**
   * Ends all connections and takes no more messages. What subscribers here have accepted or wait for is still handled;
   * loops over {@link messages} end after it. Publishing that waits for them resolves, for another bus rejects. May be called twice.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#network.close();
    for (const subscriber of this.#subscribers) subscriber.end();
    this.#receivers.clear();
  }

  #check(pattern: string): string {
    this.#checkOpen();
    checkPattern(pattern);
    return pattern;
  }

  #checkOpen(): void {
    if (this.#closed) throw new AgentUsageError("The message bus was closed: make a new one.");
  }

  #add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    this.#receivers.clear();
    this.#network.interestChanged();
  }

  #remove(subscriber: Subscriber): void {
    if (!this.#subscribers.delete(subscriber)) return;
    this.#receivers.clear();
    subscriber.stop();
    this.#network.interestChanged();
  }

  #receiversOf(topic: string): Receivers {
    let receivers = this.#receivers.get(topic);
    if (receivers === undefined) {
      if (this.#receivers.size >= mostCachedTopics) this.#receivers.clear();
      receivers = {
        subscribers: [...this.#subscribers].filter(({ pattern }) => matches(pattern, topic)),
        links: this.#network.linksFor(topic),
      };
      this.#receivers.set(topic, receivers);
    }
    return receivers;
  }

  #send(receivers: Receivers, topic: string, message: unknown): Delivery {
    const delivery = new Delivery();
    if (receivers.links.length > 0) {
      // First the copies: where one cannot be made, nobody gets the message.
      const number = this.#network.number();
      for (const link of receivers.links) link.send(number, topic, message, delivery);
    }
    this.#offer(receivers, topic, message, delivery);
    return delivery;
  }

  /** Everybody has the message before anybody's handler can publish the next one. */
  #offer({ subscribers }: Receivers, topic: string, message: unknown, delivery: Delivery): void {
    for (const subscriber of subscribers) subscriber.offer(topic, message, delivery);
    for (const subscriber of subscribers) subscriber.drain();
  }

  #onError(error: unknown, topic: string | null): void {
    try {
      this.#report(error, topic);
    } catch (thrown) {
      warn(thrown, topic);
    }
  }
}

function warn(error: unknown, topic: string | null): void {
  const about = topic === null ? "" : ` Topic: ${topic}.`;
  emitWarning(`Message bus: ${error instanceof Error ? error.message : String(error)}${about}`);
}
