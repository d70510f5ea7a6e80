import type { QueueAddress } from "../address.ts";
import type { Shared } from "../shared.ts";
import { RedisFiles } from "./redisFiles.ts";
import { RedisLogs } from "./redisLogs.ts";
import { RedisServer } from "./redisServer.ts";

/** Rejects with a UserError within ten seconds where Redis cannot be used. */
export async function openRedisShared(address: QueueAddress): Promise<Shared> {
  const server = await RedisServer.open(address);
  const logs = new RedisLogs(server);
  return {
    logs,
    files: new RedisFiles(server),
    close: () => {
      logs.close();
      server.close();
      return Promise.resolve();
    },
  };
}
