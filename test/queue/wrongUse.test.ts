import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Redis } from "ioredis";
import { commandLine } from "../host/commandLine.ts";
import { useWorkspace } from "../host/workspace.ts";
import { startRedis, type TestServer, withoutPassword } from "./servers.ts";

const AGENTS = `
  export class EchoAgent { execute(task) { return task; } }
  export class FailsAgent { execute() { throw new Error("no luck"); } }`;
const PIPELINE = { steps: [{ id: "one", agent: "a.mjs#EchoAgent", task: 1 }] };
/** What cannot end is ended by then. */
const LONGEST_MS = 20_000;

const workspace = useWorkspace();
const { start, cli } = commandLine(workspace);
let server: TestServer;
let queue: string[] = [];

beforeAll(async () => {
  server = await startRedis();
  const { address, password } = withoutPassword(server.url);
  vi.stubEnv("OPSVI_AGENTS_QUEUE_PASSWORD", password);
  queue = ["--queue", address, "--queue-name", `w${Date.now()}`];
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});
beforeEach(async () => {
  await workspace.write("package.json", "{}");
  await workspace.write("a.mjs", AGENTS);
  await workspace.write("tasks.jsonl", '{"agent":"a.mjs#EchoAgent","task":1}');
  await workspace.write("p.agents.json", JSON.stringify(PIPELINE));
});

/** Code null: it did not end by itself. */
async function ended(...command: string[]): Promise<{ code: number | null; err: string }> {
  const { child, ended: end } = start(...command, ...(command.includes("--queue") ? [] : queue));
  const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS);
  const { code, err } = await end;
  clearTimeout(timer);
  return { code, err };
}

const RUN = ["run", "a.mjs#EchoAgent", "--task", "1"];
const BATCH = ["batch", "tasks.jsonl"];
const PIPE = ["pipeline", "p.agents.json"];
const MISSING = ["--env", "missing.env"];
const NONSENSE = ["--otlp", "nonsense"];

test.each([
  ...[RUN, BATCH, PIPE, ["worker"]].map((command) => ({ command: [...command, ...MISSING] })),
  ...[RUN, BATCH, PIPE].map((command) => ({ command: [...command, ...NONSENSE] })),
])("a command for a queue with a wrong option says so, and ends: $command", async ({ command }) => {
  const { code, err } = await ended(...command);
  expect(code).toBe(2);
  expect(err).toMatch(/^(There is no file missing\.env\.|.*--otlp.*nonsense.*)\n$/);
});

test("what cannot be resumed in a queue is told, and the command ends", async () => {
  const failed = await cli("run", "a.mjs#FailsAgent", "--task", "1", "--json");
  const { runId } = JSON.parse(failed.out.split("\n")[0] ?? "") as { runId: string };
  expect(await ended("runs", "resume", runId, ...MISSING)).toEqual({
    code: 2,
    err: "There is no file missing.env.\n",
  });
  const done = await cli(...BATCH, "--json");
  const { batch } = JSON.parse(done.out.trim().split("\n").at(-1) ?? "") as { batch: string };
  expect(await ended("runs", "resume", batch)).toEqual({
    code: 2,
    err: `No run of batch ${batch} was cancelled or interrupted, so there is nothing to resume.\n`,
  });
});

test("a worker that its server does not let tell of itself says so, and ends", async () => {
  const redis = new Redis(server.url);
  const { password } = new URL(server.url);
  const [, url = "", , name = ""] = queue;
  await redis.acl("SETUSER", "half", "on", `>${password}`, "&*", `~${name}:format`, "~bull:*", "+@all");
  redis.disconnect();
  const address = new URL(url);
  address.username = "half";
  const { code, err } = await ended("worker", "--queue", address.href, "--queue-name", name);
  expect(err).toMatch(/cannot be used: NOPERM|No permissions to access a key/);
  expect(err).not.toContain("takes runs of");
  expect(code).toBe(2);
});
