import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { commandLine } from "./commandLine.ts";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { cli } = commandLine(workspace);

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number; doubleValue?: number };
}
interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  status: { code: number };
}
interface Sent {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: SentSpan[] }[] }[];
}

let server: Server | undefined;
afterEach(() => server?.close());

/** A collector that keeps what it is sent. */
async function collector(status = 200) {
  const requests: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ url: request.url, headers: request.headers, body });
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const spans = () =>
    requests.flatMap(({ body }) =>
      (JSON.parse(body) as Sent).resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
  return { requests, spans, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const attributesOf = ({ attributes }: SentSpan) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

const AGENTS = `
  import { existsSync, writeFileSync } from "node:fs";
  export class Once {
    run(task) {
      if (!existsSync("ready")) { writeFileSync("ready", ""); throw new TypeError("not ready for " + task.word); }
      return { word: task.word };
    }
  }
  export class Broken { run(task) { throw new RangeError("no " + task.word); } }`;

async function write(): Promise<void> {
  await workspace.write("package.json", "{}");
  await workspace.write("a.mjs", AGENTS);
}

test("a run goes to the endpoint that is named, as a span above those of its attempts", async () => {
  await write();
  const { requests, spans, url } = await collector();
  process.env["OTEL_EXPORTER_OTLP_HEADERS"] = "x-key=abc";
  try {
    const { code } = await cli(
      "run",
      "a.mjs#Once",
      "--task",
      '{"word":"lamp"}',
      "--retries",
      "1",
      "--otlp",
      url,
    );
    expect(code).toBe(0);
  } finally {
    delete process.env["OTEL_EXPORTER_OTLP_HEADERS"];
  }
  expect(requests.map((request) => [request.url, request.headers["x-key"]])).toEqual([["/v1/traces", "abc"]]);
  const [root, ...below] = spans().sort((a, b) => Number(a.startTimeUnixNano) - Number(b.startTimeUnixNano));
  const [run] = await listRuns(workspace.root);
  const id = run?.runId.replaceAll("-", "") ?? "";
  expect(root).toMatchObject({ traceId: id, spanId: id.slice(-16), name: "invoke_agent Once" });
  expect(root?.parentSpanId ?? "").toBe("");
  expect(root && attributesOf(root)).toMatchObject({
    ...{ "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Once", "code.file.path": "a.mjs" },
    ...{ "opsvi.run.status": "success", "opsvi.run.attempts": 2 },
  });
  expect(below.map((span) => [span.name, span.parentSpanId, span.status.code])).toEqual([
    ["attempt 1", root?.spanId, 2],
    ["attempt 2", root?.spanId, 0],
  ]);
  expect(below[0] && attributesOf(below[0])["error.type"]).toBe("TypeError");
  // Neither tasks nor results nor messages of errors.
  expect(requests.map(({ body }) => body).join("")).not.toContain("lamp");
});

test("a batch sends each of its runs", async () => {
  await write();
  await workspace.write("tasks.jsonl", '{"task":{"word":"lamp"}}\n'.repeat(5));
  const { spans, url } = await collector();
  const { code } = await cli("batch", "tasks.jsonl", "--agent", "a.mjs#Broken", "--otlp", `${url}/v1/traces`);
  expect(code).toBe(1);
  const roots = spans().filter(({ name }) => name === "invoke_agent Broken");
  expect(roots).toHaveLength(5);
  expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(5);
  expect(new Set(roots.map((span) => attributesOf(span)["opsvi.batch.id"])).size).toBe(1);
  expect(roots.map((span) => attributesOf(span)["error.type"])).toEqual(Array(5).fill("RangeError"));
});

test("an endpoint that is down or refuses disturbs no run, and is told once", async () => {
  await write();
  const { url } = await collector(400);
  const refused = await cli("run", "a.mjs#Once", "--task", "{}", "--retries", "1", "--otlp", url);
  expect(refused.code).toBe(0);
  expect(refused.err.match(/Spans cannot be sent to/g)).toHaveLength(1);
  const started = Date.now();
  const down = await cli("run", "a.mjs#Once", "--task", "{}", "--otlp", "http://127.0.0.1:9");
  expect(down.code).toBe(0);
  expect(Date.now() - started).toBeLessThan(12_000);
  expect((await cli("run", "a.mjs#Once", "--task", "{}", "--otlp", "nowhere")).code).toBe(2);
});
