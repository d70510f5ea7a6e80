import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import type { QueueAddress } from "../address.ts";
import { Reach } from "../reach.ts";
import { Watches } from "../watches.ts";
import { SILENCE_MS } from "../silence.ts";
import { connection, postgresProblem } from "./postgresServer.ts";

/** A connection that is cut without a word is noticed after two of these. */
const LOOK_MS = 20_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** Listens for logs that were added to, over a connection of its own, which is made anew when it breaks. */
export class PostgresWatch {
  readonly #address: QueueAddress;
  readonly #watches = new Watches();
  readonly #reach: Reach;
  readonly #closed = new AbortController();
  #client: Promise<Client> | null = null;

  constructor(address: QueueAddress) {
    this.#address = address;
    const ping = async () => (await this.#connected()).query("SELECT 1");
    this.#reach = new Reach({ address, ping, problemOf: (error) => postgresProblem(error, true) });
  }

  /** Names of channels have 63 bytes at most. */
  channel(group: string): string {
    const short = createHash("sha256").update(group).digest("hex").slice(0, 20);
    return `${this.#address.name}:${short}`;
  }

  async watch(
    group: string,
    watch: { onGrown(name: string): void; onGap(): void },
  ): Promise<() => Promise<void>> {
    const end = this.#watches.add(group, watch);
    try {
      await this.#reach.call(() => this.#say("LISTEN", group));
    } catch (error) {
      end();
      throw error;
    }
    return async () => {
      end();
      if (this.#watches.has(group) || this.#client === null) return;
      // Without a connection nothing is heard either.
      await this.#say("UNLISTEN", group).catch(() => undefined);
      // It may have been asked for again in the meantime.
      if (this.#watches.has(group)) await this.#say("LISTEN", group).catch(() => undefined);
    };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#reach.close();
    const client = await this.#client?.catch(() => null);
    await client?.end().catch(() => undefined);
  }

  async #say(what: "LISTEN" | "UNLISTEN", group: string): Promise<void> {
    const client = await this.#connected();
    await client.query(`${what} "${this.channel(group)}"`);
  }

  /** One connection at a time, for all who wait for it. */
  #connected(): Promise<Client> {
    this.#client ??= this.#connect().catch((error: unknown) => {
      this.#client = null;
      throw error;
    });
    return this.#client;
  }

  async #connect(): Promise<Client> {
    const client = new Client({ ...connection(this.#address), query_timeout: SILENCE_MS });
    let isCut = false;
    const looking = setInterval(() => {
      client.query("SELECT 1").catch(() => void client.end().catch(() => undefined));
    }, LOOK_MS).unref();
    const cut = () => {
      clearInterval(looking);
      if (isCut) return;
      isCut = true;
      void this.#again(client);
    };
    client.on("error", cut);
    client.on("end", cut);
    client.on("notification", ({ payload }) => this.#watches.grown(payload ?? ""));
    try {
      await client.connect();
    } catch (error) {
      isCut = true;
      clearInterval(looking);
      throw error;
    }
    return client;
  }

  /** Until there is a connection once more that listens to all, unless nobody watches any more. */
  async #again(cut: Client): Promise<void> {
    this.#client = null;
    await cut.end().catch(() => undefined);
    const { signal } = this.#closed;
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      if (this.#watches.groups.length === 0) return;
      try {
        for (const group of this.#watches.groups) await this.#say("LISTEN", group);
        this.#watches.gap();
        return;
      } catch {
        await pause(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
