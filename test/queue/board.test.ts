import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queueAddress } from "../../src/queue/address.ts";
import { openQueue } from "../../src/queue/connect.ts";
import { dist } from "../host/workspace.ts";
import { npm } from "../vscode/command.ts";
import { startPostgres, type TestServer, withoutPassword } from "./servers.ts";

let server: TestServer;
let folder = "";
beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), "board-"));
  await writeFile(join(folder, "package.json"), "{}");
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

function board() {
  const { address, password } = withoutPassword(server.url);
  const env = { ...process.env, OPSVI_AGENTS_QUEUE_PASSWORD: password };
  const args = [join(dist, "cli.cjs"), "board", "--queue", address, "--port", "0"];
  return spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
}

test("the board says what it needs, and shows the jobs of a queue once it has that", async () => {
  const missing = board();
  const said = text(missing.stderr);
  const code = await new Promise((resolve) => missing.once("close", resolve));
  const install = "npm install --no-save bullmq @bull-board/api @bull-board/express express";
  expect({ code, said: await said }).toEqual({
    ...{
      code: 2,
      said: `The board is not installed here: run ${install} in this folder, then the command again.\n`,
    },
  });

  await npm(install.split(" ").slice(1), folder);
  const queue = await openQueue(queueAddress(server.url), () => undefined);
  const job = { id: "r1", title: "a.mjs#EchoAgent", data: { task: "tea" }, priority: 0, delayMs: 0 };
  await queue.jobs.add(job);
  await queue.close();
  const shown = board();
  const ended = new Promise((resolve) => shown.once("close", resolve));
  const [url] = await new Promise<string[]>((resolve) => {
    let out = "";
    shown.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes("\n")) resolve(out.split("\n"));
    });
  });
  const answer = await fetch(`${url ?? ""}api/queues?activeQueue=opsvi-agents&status=prioritized&page=1`);
  const { queues } = (await answer.json()) as { queues: unknown[] };
  expect(queues).toMatchObject([
    {
      ...{ name: "opsvi-agents", readOnlyMode: true },
      jobs: [{ id: "r1", name: "a.mjs#EchoAgent", data: { json: '{"task":"tea"}' } }],
    },
  ]);
  shown.kill("SIGTERM");
  expect(await ended).toBe(0);
});
