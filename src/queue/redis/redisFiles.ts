import { folderOf, tagOf } from "../fileNames.ts";
import { WRITES_LAST_MS } from "../keeping.ts";
import type { SharedFiles } from "../sharedFiles.ts";
import { Writes } from "../writes.ts";
import type { RedisServer } from "./redisServer.ts";

const REMOVE_TOGETHER = 1_000;

/** Files in Redis: a hash each, and a sorted set of the names for each folder. */
export class RedisFiles implements SharedFiles {
  readonly #server: RedisServer;
  readonly #prefix: string;
  readonly #writes = new Writes();

  constructor(server: RedisServer) {
    this.#server = server;
    this.#prefix = server.address.name;
  }

  put(
    name: string,
    bytes: Uint8Array,
    { lastsMs, over }: { lastsMs?: number; over?: string | null } = {},
  ): Promise<string | null> {
    const replaces = over === undefined ? "any" : over === null ? "none" : "tag";
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const what = [replaces, over ?? "", name, content, tagOf(bytes), whole(lastsMs)];
    return this.#writes.next(name, ({ writer, number }) => {
      const keys = [this.#file(name), this.#folder(folderOf(name)), `${this.#prefix}:put:${writer}:${name}`];
      return this.#server.call((redis) => redis.putFile([...keys, number, WRITES_LAST_MS, ...what]));
    });
  }

  async get(name: string): Promise<{ bytes: Uint8Array; tag: string } | null> {
    const [bytes, tag] = await this.#server.call((redis) =>
      redis.hmgetBuffer(this.#file(name), "bytes", "tag"),
    );
    return bytes && tag ? { bytes, tag: tag.toString() } : null;
  }

  async list(folder: string): Promise<string[]> {
    return (await this.#server.call((redis) => redis.listFolder([this.#folder(folder)]))).sort();
  }

  async remove(names: readonly string[]): Promise<void> {
    for (let first = 0; first < names.length; first += REMOVE_TOGETHER) {
      const some = names.slice(first, first + REMOVE_TOGETHER);
      const keys = some.flatMap((name) => [this.#file(name), this.#folder(folderOf(name))]);
      await this.#server.call((redis) => redis.removeFiles([keys.length, ...keys, ...some]));
    }
  }

  #file(name: string): string {
    return `${this.#prefix}:file:${name}`;
  }

  #folder(folder: string): string {
    return `${this.#prefix}:folder:${folder}`;
  }
}

/** Redis takes whole milliseconds, at least one. */
const whole = (ms: number | undefined) => (ms === undefined ? "" : Math.max(1, Math.ceil(ms)));
