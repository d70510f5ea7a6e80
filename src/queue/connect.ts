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
import { PatientPool } from "./postgres/patientPool.ts";
import { openPostgresShared } from "./postgres/postgresShared.ts";
import type { Queue } from "./queue.ts";
import { patiently } from "./patiently.ts";
import { openRedisShared } from "./redis/redisShared.ts";

/**
 * Opens a queue, and makes on its server what it needs there. The only file that the libraries of servers are loaded by.
 * Rejects with a UserError where the server cannot be reached, or does not let us in.
 */
export async function openQueue(address: QueueAddress, onError: (error: Error) => void): Promise<Queue> {
  // First: it says clearly what is wrong with a server.
  const shared = await (address.kind === "redis" ? openRedisShared(address) : openPostgresShared(address));
  const parts = address.kind === "redis" ? redisParts(address) : await postgresParts(address);
  const jobs = new BullJobs(parts, address.name, onError);
  return {
    ...{ jobs, shared, shown: shownAddress(address) },
    close: async () => {
      await jobs.close();
      await parts.close?.();
      await shared.close();
    },
  };
}

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

async function postgresParts({ url }: QueueAddress): Promise<Parts> {
  const pool = new PatientPool({ connectionString: url, options: "-c search_path=bullmq", max: 12 });
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
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
    close: () => patiently(pool.end()),
  };
}
