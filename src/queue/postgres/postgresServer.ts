import { DatabaseError, Pool, type PoolClient, type QueryResult, type QueryResultRow } from "pg";
import type { Socket } from "node:net";
import pLimit from "p-limit";
import { UserError } from "../../model/userError.ts";
import { shownAddress, type QueueAddress } from "../address.ts";
import { networkProblem, reasonOf } from "../networkProblem.ts";
import { Reach, type Problem } from "../reach.ts";
import { endSilent, sizeOf } from "../silence.ts";
import { FORMAT, LOCK, schemaOf, tables } from "./tables.ts";

const CONNECT_MS = 5_000;
/** A server lets in a hundred or so, of all processes together. */
const CONNECTIONS = 3;

/** Breaks, shutdowns, starts, too many connections, deadlocks, a server that only reads: it passes. */
const AWAY = /^(08...|57P0[1235]|53300|40001|40P01|25006)$/;
/** Names and passwords, databases and schemas that are none, what is not allowed, full disks, limits. */
const REFUSED = /^(28...|3D000|42501|42939|42P07|53...|54...)$/;

/** Connections to PostgreSQL, and calls that wait while there is none. */
export class PostgresServer {
  readonly address: QueueAddress;
  readonly schema: string;
  readonly #pool: Pool;
  readonly #reach: Reach;
  /** What waits here waits for no connection of the pool, which would take it for a server that is away. */
  readonly #atATime = pLimit(CONNECTIONS);
  readonly #atWork = new WeakSet<PoolClient>();
  /** The bytes of queries that have no answer yet: they share the line. */
  #sent = 0;
  #hasBeenReached = false;

  private constructor(address: QueueAddress) {
    this.address = address;
    this.schema = schemaOf(address.name);
    this.#pool = new Pool({ ...connection(address), max: CONNECTIONS });
    // Of connections that nobody uses; the next call makes another one.
    this.#pool.on("error", () => undefined);
    this.#pool.on("connect", (client) => {
      endSilent(socketOf(client), () => (this.#atWork.has(client) ? this.#sent : null));
    });
    this.#pool.on("acquire", (client) => void this.#atWork.add(client));
    this.#pool.on("release", (_error, client) => void this.#atWork.delete(client));
    const ping = () => this.#pool.query("SELECT 1");
    const problemOf = (error: unknown) => postgresProblem(error, this.#hasBeenReached);
    this.#reach = new Reach({ address, ping, problemOf });
  }

  /** Rejects with a UserError within ten seconds where it cannot be used. */
  static async open(address: QueueAddress): Promise<PostgresServer> {
    const server = new PostgresServer(address);
    try {
      await server.#reach.open(() => server.#prepare());
      server.#hasBeenReached = true;
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** The rows. The query is made again where the connection broke, also when the server may have got it. */
  query<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    return this.#reach.call(async () => {
      const { rows } = await this.#atATime(() => {
        this.#reach.throwIfAway();
        return this.#answered<Row>(text, values);
      });
      return rows;
    });
  }

  async #answered<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<QueryResult<Row>> {
    const size = sizeOf(values);
    this.#sent += size;
    try {
      return await this.#pool.query<Row>(text, values);
    } finally {
      this.#sent -= size;
    }
  }

  async close(): Promise<void> {
    this.#reach.close();
    if (this.#pool.ending) return;
    // It waits for connections that are being made, which can take as long as a server says nothing.
    await Promise.race([this.#pool.end(), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
  }

  async #prepare(): Promise<void> {
    if ((await this.#format()) === null) await this.#makeTables();
    if (((await this.#format()) ?? 0) > FORMAT)
      throw new UserError(`The queue ${shownAddress(this.address)} was made by a newer opsvi-agents.`);
  }

  /** Null where there are no tables. */
  async #format(): Promise<number | null> {
    if (!(await this.#areThere(this.#pool))) return null;
    const { rows } = await this.#pool.query<{ number: number }>(`SELECT number FROM ${this.schema}.format`);
    return rows[0]?.number ?? null;
  }

  async #makeTables(): Promise<void> {
    const client = await this.#pool.connect();
    // It is told to the query as well.
    client.on("error", () => undefined);
    try {
      await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${LOCK})`);
      if (!(await this.#areThere(client))) await client.query(tables(this.address.name));
      await client.query("COMMIT");
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async #areThere(connection: Pool | PoolClient): Promise<boolean> {
    // Unlike to_regclass, it sees what others made since the transaction began.
    const { rowCount } = await connection.query(
      "SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'format'",
      [this.address.name],
    );
    return rowCount !== 0;
  }
}

export function connection({ url }: QueueAddress) {
  return {
    connectionString: url,
    application_name: "opsvi-agents",
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  };
}

/** What is in a pool is more than its type says. */
const socketOf = (client: PoolClient): Socket =>
  (client as unknown as { connection: { stream: Socket } }).connection.stream;

export function postgresProblem(error: unknown, hasBeenReached: boolean): Problem {
  const reason = reasonOf(error);
  if (error instanceof DatabaseError) {
    const code = error.code ?? "";
    if (AWAY.test(code)) return { kind: "away", reason };
    return { kind: REFUSED.test(code) ? "refused" : "unknown", reason };
  }
  const found = networkProblem(error, hasBeenReached);
  if (found !== null) return found;
  if (!(error instanceof Error)) return { kind: "unknown", reason };
  // No password for a server that wants one.
  if (error.message.startsWith("SASL")) return { kind: "refused", reason };
  const isOfConnection = /terminated|time(d )?out|timeout|not queryable|connection/i.test(error.message);
  return { kind: isOfConnection ? "away" : "unknown", reason };
}
