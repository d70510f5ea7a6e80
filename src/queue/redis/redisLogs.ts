import { Appends } from "../appends.ts";
import { CLOSED_LASTS_MS, LINE_BYTES, MOST_READ_BYTES, UNUSED_LASTS_MS, WRITES_LAST_MS } from "../keeping.ts";
import type { SharedLogs } from "../sharedLogs.ts";
import { groupOf } from "../watches.ts";
import { Writes, type Write } from "../writes.ts";
import { RedisWatch } from "./redisWatch.ts";
import type { RedisServer } from "./redisServer.ts";

/** So many logs are asked for at a time: a server does nothing else meanwhile. */
const READ_TOGETHER = 2_000;

/** Logs in Redis: a list of lines each, and a hash with what else is known of it. */
export class RedisLogs implements SharedLogs {
  readonly #server: RedisServer;
  readonly #prefix: string;
  readonly #writes = new Writes();
  readonly #appends: Appends;
  readonly #watch: RedisWatch;

  constructor(server: RedisServer) {
    this.#server = server;
    this.#prefix = server.address.name;
    this.#watch = new RedisWatch(server.address);
    this.#appends = new Appends(this.#writes, async (name, { claim, lines, closes }, write) => {
      const lastsMs = closes ? CLOSED_LASTS_MS : UNUSED_LASTS_MS;
      const how = [write.number, WRITES_LAST_MS, lastsMs, claim ?? "", closes ? 1 : 0];
      const told = [this.#watch.channel(groupOf(name)), name, `${write.writer} ${write.number}`];
      const values = [...this.#keys(name, write), ...how, ...told, ...lines];
      return (await server.call((redis) => redis.appendToLog(values))) === 1;
    });
  }

  claim(name: string): Promise<number> {
    return this.#writes.next(name, (write) => {
      const how = [write.number, WRITES_LAST_MS, UNUSED_LASTS_MS];
      return this.#server.call((redis) => redis.claimLog([...this.#keys(name, write), ...how]));
    });
  }

  append(
    name: string,
    claim: number | null,
    lines: readonly string[],
    { closes = false }: { closes?: boolean } = {},
  ): Promise<boolean> {
    return this.#appends.add(name, { claim, lines, closes });
  }

  async read(from: ReadonlyMap<string, number>): Promise<Map<string, string[]>> {
    const read = new Map<string, string[]>();
    const asked = [...from];
    let left = MOST_READ_BYTES;
    for (let first = 0; first < asked.length && left > 0; first += READ_TOGETHER) {
      const some = asked.slice(first, first + READ_TOGETHER);
      const keys = some.map(([name]) => this.#lines(name));
      const positions = some.map(([, position]) => position);
      const [remains, found] = await this.#server.call((redis) =>
        redis.readLogs([keys.length, ...keys, left, LINE_BYTES, ...positions]),
      );
      left = remains;
      for (let at = 0; at < found.length; at += 2) {
        const name = some[(found[at] as number) - 1]?.[0];
        if (name !== undefined) read.set(name, found[at + 1] as string[]);
      }
    }
    return read;
  }

  async remove(names: readonly string[]): Promise<void> {
    for (let first = 0; first < names.length; first += READ_TOGETHER) {
      const some = names.slice(first, first + READ_TOGETHER);
      const keys = some.flatMap((name) => [this.#log(name), this.#lines(name)]);
      await this.#server.call((redis) => redis.unlink(keys));
    }
  }

  watch(group: string, onGrown: (name: string) => void, onGap: () => void): Promise<() => Promise<void>> {
    return this.#watch.watch(group, { onGrown, onGap });
  }

  /** Ends the connection that watches. */
  close(): void {
    this.#watch.close();
  }

  #log(name: string): string {
    return `${this.#prefix}:log:${name}`;
  }

  #lines(name: string): string {
    return `${this.#prefix}:lines:${name}`;
  }

  #keys(name: string, { writer }: Write): string[] {
    return [this.#log(name), this.#lines(name), `${this.#prefix}:write:${writer}:${name}`];
  }
}
