import type { Redis } from "ioredis";
import type { QueueAddress } from "../address.ts";
import { networkProblem, reasonOf } from "../networkProblem.ts";
import { Reach } from "../reach.ts";
import { Watches } from "../watches.ts";
import { connection } from "./redisServer.ts";

/** A connection that is cut without a word is noticed after two of these. */
const LOOK_MS = 20_000;

/** Hears what is published of logs that were added to, over a connection of its own. */
export class RedisWatch {
  readonly #address: QueueAddress;
  readonly #watches = new Watches();
  readonly #reach: Reach;
  #redis: Redis | null = null;
  #looking: NodeJS.Timeout | undefined;
  #wasCut = false;

  constructor(address: QueueAddress) {
    this.#address = address;
    const problemOf = (error: unknown) =>
      networkProblem(error, true) ?? { kind: "away" as const, reason: reasonOf(error) };
    this.#reach = new Reach({ address, ping: () => this.#connected().ping(), problemOf });
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
      await this.#reach.call(() => this.#connected().subscribe(this.channel(group)));
    } catch (error) {
      end();
      throw error;
    }
    return async () => {
      end();
      if (this.#watches.has(group)) return;
      // Without a connection it is not heard either.
      await this.#redis?.unsubscribe(this.channel(group)).catch(() => undefined);
      // It may have been asked for again in the meantime.
      if (this.#watches.has(group)) await this.#redis?.subscribe(this.channel(group)).catch(() => undefined);
    };
  }

  close(): void {
    this.#reach.close();
    clearInterval(this.#looking);
    this.#redis?.disconnect();
  }

  #connected(): Redis {
    if (this.#redis !== null) return this.#redis;
    const redis = connection(this.#address);
    this.#redis = redis;
    redis.on("message", (_channel, name) => this.#watches.grown(name));
    // The next connection is on its way; who waits for one is told by the calls.
    redis.on("error", () => undefined);
    redis.on("close", () => (this.#wasCut = true));
    redis.on("ready", () => void this.#listenAgain(redis));
    this.#looking = setInterval(() => {
      redis.ping().catch((error: unknown) => {
        if (error instanceof Error && error.message === "Command timed out") redis.disconnect(true);
      });
    }, LOOK_MS).unref();
    return redis;
  }

  async #listenAgain(redis: Redis): Promise<void> {
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
