import { afterEach, expect, test } from "vitest";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { attributesOf, startCollector, type SpanCollector } from "../spanCollector.ts";
import { commandLine } from "./commandLine.ts";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { cli } = commandLine(workspace);

let open: SpanCollector | undefined;
afterEach(() => open?.close());

async function collector(status?: number): Promise<SpanCollector> {
  open = await startCollector(status);
  return open;
}

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
  const [root, ...below] = spans();
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

test("a pipeline is the span above those of its steps, and one that goes on with it a trace of its own", async () => {
  await write();
  const step = (id: string, name: string) => ({ id, agent: `a.mjs#${name}`, task: { word: id } });
  const steps = [step("first", "Once"), { parallel: [step("second", "Once"), step("third", "Broken")] }];
  await workspace.write("words.agents.json", JSON.stringify({ steps }));
  const { requests, spans, url } = await collector();
  const pipeline = (...args: string[]) =>
    cli("pipeline", "words.agents.json", "--retries", "0", "--otlp", url, ...args);
  await workspace.write("ready", "");
  expect((await pipeline()).code).toBe(1);
  const id = (await listRuns(workspace.root)).find(({ step }) => step === null)?.runId ?? "";
  const roots = spans().filter(({ name }) => name.startsWith("invoke_"));
  expect(roots.map(({ name }) => name).sort()).toEqual([
    ...["invoke_agent Broken", "invoke_agent Once", "invoke_agent Once", "invoke_workflow words"],
  ]);
  const root = roots.find(({ name }) => name === "invoke_workflow words");
  const below = roots.filter((span) => span !== root);
  expect(root).toMatchObject({ traceId: id.replaceAll("-", "") });
  expect(root && attributesOf(root)).toMatchObject({ "opsvi.run.status": "failed" });
  expect(new Set(below.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([root?.spanId]));
  expect(below.map((span) => attributesOf(span)["opsvi.pipeline.step"]).sort()).toEqual([
    ...["first", "second", "third"],
  ]);
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
  expect(below.every((span) => span.endTimeUnixNano <= (root?.endTimeUnixNano ?? ""))).toBe(true);
  expect(requests.map(({ body }) => body).join("")).not.toContain("no third");
  expect((await pipeline("--resume", id)).code).toBe(1);
  const resumed = spans().filter(({ traceId }) => traceId !== root?.traceId);
  expect(resumed.map(({ name }) => name).sort()).toEqual([
    ...["attempt 1", "invoke_agent Broken", "invoke_workflow words"],
  ]);
  expect(new Set(resumed.map(({ traceId }) => traceId)).size).toBe(1);
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
