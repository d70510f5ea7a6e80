import { Appends } from "../appends.ts";
import { LINE_BYTES, MOST_READ_BYTES } from "../keeping.ts";
import type { SharedLogs } from "../sharedLogs.ts";
import { groupOf } from "../watches.ts";
import { Writes } from "../writes.ts";
import type { PostgresServer } from "./postgresServer.ts";
import { PostgresWatch } from "./postgresWatch.ts";

/** So many logs are asked for at a time. */
const READ_TOGETHER = 20_000;

/** Logs in PostgreSQL: a row for each line. */
export class PostgresLogs implements SharedLogs {
  readonly #server: PostgresServer;
  readonly #writes = new Writes();
  readonly #appends: Appends;
  readonly #watch: PostgresWatch;

  constructor(server: PostgresServer) {
    this.#server = server;
    this.#watch = new PostgresWatch(server.address);
    const { schema } = server;
    this.#appends = new Appends(this.#writes, async (name, { claim, lines, closes }, { writer, number }) => {
      const [row] = await server.query<{ added: boolean }>(
        `SELECT ${schema}.append_to_log($1, $2, $3, $4, $5, $6, $7) AS added`,
        [name, writer, number, claim, closes, lines, this.#watch.channel(groupOf(name))],
      );
      return row?.added === true;
    });
  }

  claim(name: string): Promise<number> {
    return this.#writes.next(name, async ({ writer, number }) => {
      const [row] = await this.#server.query<{ claim: string }>(
        `SELECT ${this.#server.schema}.claim_log($1, $2, $3) AS claim`,
        [name, writer, number],
      );
      return Number(row?.claim);
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
      const rows = await this.#server.query<{ place: number; text_of_line: string }>(
        `SELECT place, text_of_line FROM ${this.#server.schema}.read_logs($1, $2, $3)`,
        [some.map(([name]) => name), some.map(([, position]) => position), left],
      );
      for (const { place, text_of_line } of rows) {
        const name = some[place - 1]?.[0] ?? "";
        const lines = read.get(name);
        if (lines === undefined) read.set(name, [text_of_line]);
        else lines.push(text_of_line);
        left -= Buffer.byteLength(text_of_line) + LINE_BYTES;
      }
    }
    return read;
  }

  async remove(names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.#server.query(`SELECT ${this.#server.schema}.remove_logs($1)`, [names]);
  }

  watch(group: string, onGrown: (name: string) => void, onGap: () => void): Promise<() => Promise<void>> {
    return this.#watch.watch(group, { onGrown, onGap });
  }

  /** Ends the connection that watches. */
  close(): Promise<void> {
    return this.#watch.close();
  }
}
