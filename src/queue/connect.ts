import {
  createPostgresBackend,
  Queue as BullQueue,
  runMigrations,
  Worker as BullWorker,
  type PgPool,
} from "bullmq";
import type { QueueAddress } from "./address.ts";
import { shownAddress } from "./address.ts";
import { BullJobs, type BullParts } from "./jobs.ts";
import type { UserError } from "../model/userError.ts";
import { PatientPool } from "./postgres/patientPool.ts";
import { postgresProblem } from "./postgres/postgresServer.ts";
import { openPostgresShared } from "./postgres/postgresShared.ts";
import type { Queue } from "./queue.ts";
import { patiently } from "./patiently.ts";
import { unreachable, unusable } from "./reach.ts";
import type { Shared } from "./shared.ts";
import { openRedisShared } from "./redis/redisShared.ts";

/**
 * Opens a queue, and makes on its server what it needs there. The only file that the libraries of servers are loaded by.
 * Rejects with a UserError where the server cannot be reached, or does not let us in.
 */
export async function openQueue(address: QueueAddress, onError: (error: Error) => void): Promise<Queue> {
  const shared = await openShared(address);
  const parts = await bullParts(address).catch(async (error: unknown) => {
    await patiently(shared.close());
    throw error;
  });
  const jobs = new BullJobs(parts, address.name, onError);
  return {
    ...{ jobs, shared, shown: shownAddress(address) },
    close: async () => {
      await jobs.close();
      await parts.close?.();
      await patiently(shared.close());
    },
  };
}

/** The jobs alone, as BullMQ's own programs take them. Rejects as above. */
export async function openJobs(
  address: QueueAddress,
  onError: (error: Error) => void,
): Promise<{ queue: BullQueue; close(): Promise<void> }> {
  await (await openShared(address)).close();
  const parts = await bullParts(address);
  const queue = parts.queue(address.name);
  queue.on("error", onError);
  return {
    queue,
    close: async () => {
      await patiently(queue.close());
      await parts.close?.();
    },
  };
}

/** Only what is shared besides the jobs. Rejects as `openQueue` does, and says clearly what is wrong with a server. */
export const openShared = (address: QueueAddress): Promise<Shared> =>
  address.kind === "redis" ? openRedisShared(address) : openPostgresShared(address);

const bullParts = async (address: QueueAddress): Promise<Parts> =>
  address.kind === "redis" ? redisParts(address) : postgresParts(address);

interface Parts extends BullParts {
  close?: () => Promise<void>;
}

/** BullMQ waits by itself until a server is back, where it is not told otherwise. */
function redisParts({ url }: QueueAddress): Parts {
  const connection = { url, maxRetriesPerRequest: null };
  return {
    queue: (name) => new BullQueue(name, { connection }),
    worker: (name, process, options) => new BullWorker(name, process, { ...options, connection }),
  };
}

async function postgresParts(address: QueueAddress): Promise<Parts> {
  const pool = new PatientPool({ connectionString: address.url, options: "-c search_path=bullmq", max: 12 });
  try {
    await migrated(pool);
  } catch (error) {
    await patiently(pool.end());
    throw cannotBeUsed(address, error);
  }
  // Its types are of queues on Redis alone.
  const connection = pool as unknown as PgPool;
  return {
    queue: (name) => new BullQueue(name, { connection }, createPostgresBackend) as unknown as BullQueue,
    worker: (name, process, options) =>
      new BullWorker(
        name,
        process,
        { ...options, connection },
        createPostgresBackend,
      ) as unknown as BullWorker,
    close: async () => {
      await patiently(pool.end());
    },
  };
}

/** Makes the tables of BullMQ, or brings them up to date. */
async function migrated(pool: PatientPool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function cannotBeUsed(address: QueueAddress, error: unknown): UserError {
  const { kind, reason } = postgresProblem(error, true);
  if (kind === "away") return unreachable(address, reason);
  return unusable(address, `the tables of BullMQ cannot be made in its schema bullmq (${reason})`);
}
