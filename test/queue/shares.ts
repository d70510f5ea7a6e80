import { randomBytes } from "node:crypto";
import { queueAddress, type QueueAddress } from "../../src/queue/address.ts";
import { openPostgresShared } from "../../src/queue/postgres/postgresShared.ts";
import { openRedisShared } from "../../src/queue/redis/redisShared.ts";
import type { Shared } from "../../src/queue/shared.ts";
import { startPostgres, startRedis, type TestServer } from "./servers.ts";

/** The servers whose stores have to pass the same cases. */
export const SERVERS: readonly { kind: TestServer["kind"]; start: () => Promise<TestServer> }[] = [
  { kind: "redis", start: () => startRedis("always") },
  { kind: "postgres", start: startPostgres },
];

/** Of a queue that nobody used before. */
export const newQueue = (url: string): QueueAddress =>
  queueAddress(url, `test-${randomBytes(6).toString("hex")}`);

export const openShared = (address: QueueAddress): Promise<Shared> =>
  address.kind === "redis" ? openRedisShared(address) : openPostgresShared(address);
