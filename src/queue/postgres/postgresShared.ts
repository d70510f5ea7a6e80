import type { QueueAddress } from "../address.ts";
import type { Shared } from "../shared.ts";
import { PostgresFiles } from "./postgresFiles.ts";
import { PostgresLogs } from "./postgresLogs.ts";
import { PostgresServer } from "./postgresServer.ts";
import { keepTidy } from "./tidy.ts";

/** Rejects with a UserError within ten seconds where PostgreSQL cannot be used. */
export async function openPostgresShared(address: QueueAddress): Promise<Shared> {
  const server = await PostgresServer.open(address);
  const stopTidying = keepTidy(server);
  const logs = new PostgresLogs(server);
  return {
    logs,
    files: new PostgresFiles(server),
    close: async () => {
      stopTidying();
      await Promise.all([logs.close(), server.close()]);
    },
  };
}
