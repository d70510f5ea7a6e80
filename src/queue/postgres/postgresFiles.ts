import { folderOf, tagOf } from "../fileNames.ts";
import type { SharedFiles } from "../sharedFiles.ts";
import { Writes } from "../writes.ts";
import type { PostgresServer } from "./postgresServer.ts";

const IS_THERE = "(expires_at IS NULL OR expires_at > clock_timestamp())";

/** Files in PostgreSQL: a row each. */
export class PostgresFiles implements SharedFiles {
  readonly #server: PostgresServer;
  readonly #table: string;
  readonly #writes = new Writes();

  constructor(server: PostgresServer) {
    this.#server = server;
    this.#table = `${server.schema}.files`;
  }

  put(
    name: string,
    bytes: Uint8Array,
    { lastsMs, over }: { lastsMs?: number; over?: string | null } = {},
  ): Promise<string | null> {
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const what = [folderOf(name), content, tagOf(bytes), lastsMs ?? null, over !== undefined, over ?? null];
    return this.#writes.next(name, async ({ writer, number }) => {
      const [row] = await this.#server.query<{ tag: string | null }>(
        `SELECT ${this.#server.schema}.put_file($1, $2, $3, $4, $5, $6, $7, $8, $9) AS tag`,
        [name, writer, number, ...what],
      );
      return row?.tag ?? null;
    });
  }

  async get(name: string): Promise<{ bytes: Uint8Array; tag: string } | null> {
    const [file] = await this.#server.query<{ bytes: Buffer; tag: string }>(
      `SELECT bytes, tag FROM ${this.#table} WHERE name = $1 AND ${IS_THERE}`,
      [name],
    );
    return file ?? null;
  }

  async list(folder: string): Promise<string[]> {
    const rows = await this.#server.query<{ name: string }>(
      `SELECT name FROM ${this.#table} WHERE folder = $1 AND ${IS_THERE}`,
      [folder],
    );
    return rows.map(({ name }) => name).sort();
  }

  async remove(names: readonly string[]): Promise<void> {
    if (names.length > 0)
      await this.#server.query(`DELETE FROM ${this.#table} WHERE name = ANY ($1)`, [names]);
  }
}
