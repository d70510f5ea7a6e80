import { Redis, ReplyError } from "ioredis";
import type { QueueAddress } from "../address.ts";
import { networkProblem, reasonOf } from "../networkProblem.ts";
import type { Problem } from "../reach.ts";
import { endSilent, SILENCE_MS, sizeOf } from "../silence.ts";
import { withScripts, type Scripts } from "./scripts.ts";

const CONNECT_MS = 5_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** A server that is away for now, is full for now, or is not the one that takes writes. */
const AWAY =
  /^(LOADING|BUSY|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS|UNKILLABLE|ERR max number)\b/;
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|OOM|ERR (invalid|DB index|value is not|AUTH))\b/i;

/** A connection to Redis that is made anew when it breaks, at once and then every two seconds. */
export class RedisConnection {
  readonly redis: Redis & Scripts;
  readonly #isTls: boolean;
  /** Why there is no connection: what commands are rejected with then does not tell. */
  #lastProblem: unknown = null;
  #hasBeenReady = false;

  constructor({ url }: QueueAddress) {
    this.#isTls = url.startsWith("rediss:");
    // Commands are rejected while there is no connection: whoever gives them waits, and knows what may be given again.
    const redis = new Redis(url, {
      connectTimeout: CONNECT_MS,
      keepAlive: SILENCE_MS,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(FIRST_PAUSE_MS * 2 ** Math.min(times, 10), LONGEST_PAUSE_MS),
      // After a failover the name leads to another server.
      reconnectOnError: (error) => error.message.startsWith("READONLY"),
    });
    redis.on("error", (error) => (this.#lastProblem = error));
    redis.on("connect", () => endSilent(redis.stream, () => unanswered(redis)));
    redis.on("ready", () => {
      this.#lastProblem = null;
      this.#hasBeenReady = true;
    });
    this.redis = withScripts(redis);
  }

  problemOf(error: unknown): Problem {
    if (isReply(error)) return replyProblem(error);
    const cause = this.#lastProblem ?? error;
    if (isReply(cause)) return replyProblem(cause);
    const found = networkProblem(cause, this.#hasBeenReady);
    if (found !== null) return { ...found, reason: found.reason + this.#aboutTls(cause) };
    const isOfConnection =
      error instanceof Error &&
      /writeable|retries per request|timed out|closed|ended|aborted/i.test(error.message);
    // The driver's words for this speak of its options.
    const reason =
      isOfConnection && /enableOfflineQueue|retries per request/.test(String(cause))
        ? "there is no connection"
        : reasonOf(cause);
    return { kind: isOfConnection ? "away" : "unknown", reason };
  }

  /** A server without TLS waits for more, and so do we. */
  #aboutTls(cause: unknown): string {
    const isLate = (cause as NodeJS.ErrnoException).code === "ETIMEDOUT";
    return isLate && this.#isTls ? " (it may be a server without TLS)" : "";
  }
}

/** The bytes of the commands that have no answer yet; null where all have. */
function unanswered({ commandQueue }: Redis): number | null {
  if (commandQueue.length === 0) return null;
  return sizeOf(commandQueue.toArray().map(({ command }) => command.args));
}

/** The driver's own types say nothing of this class. */
const isReply = (error: unknown): error is Error => error instanceof ReplyError;

function replyProblem(error: Error): Problem {
  const message = error.message.replace(/^Ready check failed: /, "");
  const reason = reasonOf(new Error(message));
  if (AWAY.test(message)) return { kind: "away", reason };
  return { kind: REFUSED.test(message) ? "refused" : "unknown", reason };
}
