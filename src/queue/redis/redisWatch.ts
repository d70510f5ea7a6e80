import type { QueueAddress } from "../address.ts";
import { Reach } from "../reach.ts";
import { Watches } from "../watches.ts";
import { RedisConnection } from "./redisConnection.ts";

/** A connection that is cut without a word is noticed after two of these. */
const LOOK_MS = 20_000;

/** Hears what is published of logs that were added to, over a connection of its own. */
export class RedisWatch {
  readonly #address: QueueAddress;
  readonly #watches = new Watches();
  readonly #reach: Reach;
  #connection: RedisConnection | null = null;
  #looking: NodeJS.Timeout | undefined;
  #wasCut = false;

  constructor(address: QueueAddress) {
    this.#address = address;
    const ping = () => this.#connected().redis.ping();
    const problemOf = (error: unknown) => this.#connected().problemOf(error);
    this.#reach = new Reach({ address, ping, problemOf });
  }

  channel(group: string): string {
    return `${this.#address.name}:grown:${group}`;
  }

  async watch(
    group: string,
    watch: { onGrown(name: string): void; onGap(): void },
  ): Promise<() => Promise<void>> {
    const end = this.#watches.add(group, watch);
    try {
      await this.#reach.call(() => this.#connected().redis.subscribe(this.channel(group)));
    } catch (error) {
      end();
      throw error;
    }
    return async () => {
      end();
      const redis = this.#connection?.redis;
      if (redis === undefined || this.#watches.has(group)) return;
      // Without a connection it is not heard either.
      await redis.unsubscribe(this.channel(group)).catch(() => undefined);
      // It may have been asked for again in the meantime.
      if (this.#watches.has(group)) await redis.subscribe(this.channel(group)).catch(() => undefined);
    };
  }

  close(): void {
    this.#reach.close();
    clearInterval(this.#looking);
    this.#connection?.redis.disconnect();
  }

  #connected(): RedisConnection {
    if (this.#connection !== null) return this.#connection;
    const connection = new RedisConnection(this.#address);
    this.#connection = connection;
    const { redis } = connection;
    redis.on("message", (_channel, name) => this.#watches.grown(name));
    redis.on("close", () => (this.#wasCut = true));
    redis.on("ready", () => void this.#listenAgain(connection));
    // Without an answer to it, the connection is given up.
    this.#looking = setInterval(() => void redis.ping().catch(() => undefined), LOOK_MS).unref();
    return connection;
  }

  async #listenAgain({ redis }: RedisConnection): Promise<void> {
    const channels = this.#watches.groups.map((group) => this.channel(group));
    if (!this.#wasCut || channels.length === 0) return;
    try {
      await redis.subscribe(...channels);
      this.#wasCut = false;
      this.#watches.gap();
    } catch {
      if (redis.status === "ready") redis.disconnect(true);
    }
  }
}
