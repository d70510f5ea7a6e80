import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { commandLine, jsonLines } from "../host/commandLine.ts";
import { useWorkspace } from "../host/workspace.ts";
import { makeCertificate, type Certificate } from "./certificate.ts";
import { startPostgres, startRedis, type TestServer, withoutPassword } from "./servers.ts";
import { WorkerProcess } from "./workerProcess.ts";

const workspace = useWorkspace();
const { cli } = commandLine(workspace);

describe.each([
  { kind: "Redis", given: "REDIS_URL", begin: (tls: Certificate) => startRedis("everysec", tls) },
  { kind: "PostgreSQL", given: "PG_URL", begin: startPostgres },
])("a queue on $kind that takes nothing without TLS", ({ given, begin }) => {
  const isGiven = (process.env[given] ?? "") !== "";
  let certificate: Certificate;
  let server: TestServer;
  const workers: WorkerProcess[] = [];

  beforeAll(async () => {
    if (isGiven) return;
    certificate = makeCertificate();
    server = await begin(certificate);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  });
  afterAll(async () => {
    await server.stop();
    certificate.dispose();
  });

  /** Its address without the password, which goes into the environment. */
  function address(change: (url: URL) => void = () => undefined): string {
    const shown = withoutPassword(server.url);
    vi.stubEnv("OPSVI_AGENTS_QUEUE_PASSWORD", shown.password);
    const url = new URL(shown.address);
    change(url);
    return url.href;
  }

  test.skipIf(isGiven)("runs agents where its authority is known", async () => {
    vi.stubEnv("NODE_EXTRA_CA_CERTS", certificate.file);
    await workspace.write("package.json", "{}");
    await workspace.write("a.mjs", "export class EchoAgent { execute(task) { return { heard: task }; } }");
    const worker = new WorkerProcess(server.url, workspace.root);
    workers.push(worker);
    await worker.ready();
    const task = JSON.stringify({ topic: "tea" });
    const ran = await cli("run", "a.mjs#EchoAgent", "--task", task, "--queue", address(), "--json");
    expect(ran.err).toBe("");
    expect(ran.code).toBe(0);
    expect(jsonLines(ran.out).at(-1)).toMatchObject({
      ...{ type: "finished", status: "success", output: { heard: { topic: "tea" } } },
    });
    expect(await worker.stop()).toBe(0);
  });

  test.skipIf(isGiven)("is refused in a sentence where its authority is not known", async () => {
    const refused = await cli("workers", "--queue", address());
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toMatch(/^[^\n]*self-signed certificate[^\n]*\n$/);
  });

  test.skipIf(isGiven)("is refused where the certificate is another host's", async () => {
    vi.stubEnv("NODE_EXTRA_CA_CERTS", certificate.file);
    const other = address((url) => (url.hostname = "127.0.0.1"));
    const refused = await cli("workers", "--queue", other);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toMatch(/^[^\n]*certificate[^\n]*\n$/);
  });

  test.skipIf(isGiven)("is reached by no address without TLS", async () => {
    const plain = address((url) => {
      url.search = "";
      url.href = url.href.replace("rediss:", "redis:");
    });
    const refused = await cli("workers", "--queue", plain);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/^[^\n]+\n$/);
  });
});
