import { Redis, ReplyError } from "ioredis";
import { UserError } from "../../model/userError.ts";
import { shownAddress, type QueueAddress } from "../address.ts";
import { networkProblem, reasonOf } from "../networkProblem.ts";
import { Reach, type Problem } from "../reach.ts";
import { withScripts, type Scripts } from "./scripts.ts";

/** Of what is kept under the keys of a queue. */
const FORMAT = 1;
const CONNECT_MS = 5_000;
/** A connection that says nothing for so long is given up. */
const SILENCE_MS = 20_000;
const LONGEST_PAUSE_MS = 2_000;

/** A server that is away for now, or that is not the one that takes writes. */
const AWAY = /^(LOADING|BUSY|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS|UNKILLABLE)\b/;
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|OOM|ERR (invalid|DB index|value is not|AUTH|max number))/i;

/** A connection to Redis that is made anew when it breaks, and calls that wait meanwhile. */
export class RedisServer {
  readonly address: QueueAddress;
  readonly #redis: Redis & Scripts;
  readonly #reach: Reach;
  /** Why there is no connection: what calls are rejected with then does not tell. */
  #lastProblem: unknown = null;
  #hasBeenReached = false;

  private constructor(address: QueueAddress) {
    this.address = address;
    this.#redis = withScripts(connection(address));
    this.#redis.on("error", (error) => (this.#lastProblem = error));
    this.#redis.on("ready", () => {
      this.#lastProblem = null;
    });
    const ping = () => this.#redis.ping();
    this.#reach = new Reach({ address, ping, problemOf: (error) => this.#problemOf(error) });
  }

  /** Rejects with a UserError within ten seconds where it cannot be used. */
  static async open(address: QueueAddress): Promise<RedisServer> {
    const server = new RedisServer(address);
    try {
      await server.#reach.open(() => server.#prepare());
      server.#hasBeenReached = true;
      return server;
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** @param call is made again where the connection broke, also when the server may have got it */
  call<T>(call: (redis: Redis & Scripts) => Promise<T>): Promise<T> {
    return this.#reach.call(async () => {
      try {
        return await call(this.#redis);
      } catch (error) {
        // The next answer could be that of this command, if ever there is one.
        if (error instanceof Error && error.message === "Command timed out") this.#redis.disconnect(true);
        throw error;
      }
    });
  }

  close(): void {
    this.#reach.close();
    this.#redis.disconnect();
  }

  async #prepare(): Promise<void> {
    const { address } = this;
    const redis = this.#redis;
    // A driver that is refused its database goes on with another one.
    await redis.select(redis.options.db ?? 0);
    const key = `${address.name}:format`;
    await redis.setnx(key, FORMAT);
    if (Number(await redis.get(key)) > FORMAT)
      throw new UserError(`The queue ${shownAddress(address)} was made by a newer opsvi-agents.`);
  }

  /** A server without TLS waits for more, and so do we. */
  #aboutTls(cause: unknown): string {
    const isLate = (cause as NodeJS.ErrnoException).code === "ETIMEDOUT";
    return isLate && this.address.url.startsWith("rediss:") ? " (it may be a server without TLS)" : "";
  }

  #problemOf(error: unknown): Problem {
    if (isReply(error)) return replyProblem(error);
    const cause = this.#lastProblem ?? error;
    if (isReply(cause)) return replyProblem(cause);
    const found = networkProblem(cause, this.#hasBeenReached);
    if (found !== null) return { ...found, reason: found.reason + this.#aboutTls(cause) };
    const isOfConnection =
      error instanceof Error &&
      /writeable|retries per request|timed out|closed|ended|aborted/i.test(error.message);
    const reason = cause === error && isOfConnection ? "there is no connection" : reasonOf(cause);
    return { kind: isOfConnection ? "away" : "unknown", reason };
  }
}

/** Commands are rejected while there is no connection: whoever calls waits, and tells what may be sent again. */
export function connection({ url }: QueueAddress): Redis {
  return new Redis(url, {
    connectTimeout: CONNECT_MS,
    commandTimeout: SILENCE_MS,
    keepAlive: SILENCE_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), LONGEST_PAUSE_MS),
    // After a failover the name leads to another server.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  });
}

/** The driver's own types say nothing of this class. */
const isReply = (error: unknown): error is Error => error instanceof ReplyError;

function replyProblem(error: Error): Problem {
  const message = error.message.replace(/^Ready check failed: /, "");
  const reason = reasonOf(new Error(message));
  if (AWAY.test(message)) return { kind: "away", reason };
  return { kind: REFUSED.test(message) ? "refused" : "unknown", reason };
}
