import type { Redis } from "ioredis";
import { UserError } from "../../model/userError.ts";
import { shownAddress, type QueueAddress } from "../address.ts";
import { Reach } from "../reach.ts";
import { RedisConnection } from "./redisConnection.ts";
import type { Scripts } from "./scripts.ts";

/** Of what is kept under the keys of a queue. */
const FORMAT = 1;

/** Redis, and calls that wait while it is away. */
export class RedisServer {
  readonly address: QueueAddress;
  readonly #connection: RedisConnection;
  readonly #reach: Reach;

  private constructor(address: QueueAddress) {
    this.address = address;
    const connection = new RedisConnection(address);
    this.#connection = connection;
    const ping = () => connection.redis.ping();
    this.#reach = new Reach({ address, ping, problemOf: (error) => connection.problemOf(error) });
  }

  /** Rejects with a UserError within ten seconds where it cannot be used. */
  static async open(address: QueueAddress): Promise<RedisServer> {
    const server = new RedisServer(address);
    try {
      await server.#reach.open(() => server.#prepare());
      return server;
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** @param call is made again where the connection broke, also when the server may have got it */
  call<T>(call: (redis: Redis & Scripts) => Promise<T>): Promise<T> {
    return this.#reach.call(() => call(this.#connection.redis));
  }

  close(): void {
    this.#reach.close();
    this.#connection.redis.disconnect();
  }

  async #prepare(): Promise<void> {
    const { redis } = this.#connection;
    // A driver that is refused its database goes on with another one.
    await redis.select(redis.options.db ?? 0);
    const key = `${this.address.name}:format`;
    await redis.setnx(key, FORMAT);
    if (Number(await redis.get(key)) > FORMAT)
      throw new UserError(`The queue ${shownAddress(this.address)} was made by a newer opsvi-agents.`);
  }
}
