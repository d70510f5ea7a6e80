import { Client } from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import { startPostgres } from "./servers.ts";

test("a queue that cannot be opened leaves no connection behind, and is a sentence", async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const client = new Client({ connectionString: server.url });
  await client.connect();
  onTestFinished(() => client.end());
  const name = `n${Date.now()}`;
  await client.query(`
    CREATE ROLE ${name} LOGIN PASSWORD 'half';
    GRANT CREATE ON DATABASE ${client.database ?? ""} TO ${name};
    CREATE SCHEMA IF NOT EXISTS bullmq;`);
  const url = new URL(server.url);
  url.username = name;
  url.password = "half";
  await expect(openQueue(queueAddress(url.href, name), () => undefined)).rejects.toMatchObject({
    name: "UserError",
    message: expect.stringMatching(
      /^The queue postgres:\/\/\S+ \(\S+\) cannot be used: the tables of BullMQ cannot be made in its schema bullmq \(.+\)\.$/,
    ) as string,
  });
  await vi.waitFor(
    async () => {
      const { rowCount } = await client.query("SELECT FROM pg_stat_activity WHERE usename = $1", [name]);
      expect(rowCount).toBe(0);
    },
    { timeout: 5_000, interval: 100 },
  );
});
