import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import {
  CallToolResultSchema,
  ElicitRequestSchema,
  type ElicitResult,
} from "@modelcontextprotocol/sdk/types.js";
import { afterEach, describe, expect, it } from "vitest";
import { readRun } from "../../src/runs/readRun.ts";
import { commandLine } from "./commandLine.ts";
import { dist, livesAfter, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { cli } = commandLine(workspace);

const search = `
/** Finds what was written about a topic. */
export class SearchAgent {
  async execute(query: string, limit: number, context?: object) { return { found: [query, limit] }; }
}
export class BrokenAgent { async execute(): Promise<never> { throw new TypeError("no account"); } }
export class EnvAgent { async execute() { return process.env.CITY; } }
export class EndlessAgent { execute(task: unknown) { for (;;); } }
export class GreetingAgent {
  constructor(private readonly greeting: string) {}
  async execute(name: string) { return { text: this.greeting + " " + name }; }
}
`;
const SEEN = `
export class SeenAgent {
  execute() {
    const { CITY: city, ACCESS: access } = process.env;
    console.log(access);
    const others = Object.keys(process.env).filter((name) => name.startsWith("OPSVI_AGENTS"));
    return { city, access, known: access === "not-to-be-written-down", others };
  }
}
`;
const stepping = `
import { BaseAgent } from "${join(dist, "library/index.mjs")}";
export class SteppingAgent extends BaseAgent {
  constructor() { super({ name: "stepping", agentType: "test" }); }
  async executeImpl(task, context) {
    for (const fraction of [0.25, 0.5, 0.25, 1]) {
      context.progress("at " + fraction, fraction);
      // The client forgets who listens as soon as it has read the answer.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { done: true };
  }
}
`;

const asking = `
import { BaseAgent } from "${join(dist, "library/index.mjs")}";
export class AskingAgent extends BaseAgent {
  constructor() { super({ name: "asking", agentType: "test" }); }
  async executeImpl(questions, context) {
    const answers = [];
    for (const question of questions) answers.push(await context.ask(question));
    return { answers };
  }
}
`;
const SURE = { kind: "approve", message: "Sure?" };

let client: Client | null = null;
afterEach(async () => {
  await client?.close();
  client = null;
});

/** @param fill answers the forms of the server; without it the client can show none */
async function open(
  agents: unknown[],
  fill?: (form: unknown, signal: AbortSignal) => ElicitResult | Promise<ElicitResult>,
  options: string[] = [],
  env: Record<string, string> = {},
): Promise<{ client: Client; pid: number; err: Promise<string> }> {
  await workspace.write("src/search.ts", search);
  await workspace.write("src/stepping.mjs", stepping);
  await workspace.write("src/asking.mjs", asking);
  await workspace.write(".proj-intel/mcp.json", JSON.stringify({ agents }));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(dist, "cli.cjs"), "mcp", workspace.root, ...options],
    stderr: "pipe",
    env: { ...getDefaultEnvironment(), ...env },
  });
  const capabilities = fill === undefined ? {} : { elicitation: {} };
  client = new Client({ name: "test", version: "1" }, { capabilities });
  if (fill !== undefined)
    client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) => fill(params, signal));
  const err = text(transport.stderr as Readable);
  await client.connect(transport);
  return { client, pid: transport.pid ?? 0, err };
}

/** Of the text parts. */
function textOf(result: Awaited<ReturnType<Client["callTool"]>>): string {
  return (result.content as { type: string; text: string }[]).map(({ text }) => text).join("\n");
}

async function onlyRun(): Promise<string> {
  const names = await readdir(join(workspace.root, ".proj-intel/runs"));
  return names.find((name) => name.endsWith(".jsonl"))?.replace(".jsonl", "") ?? "";
}

describe("opsvi-agents mcp", () => {
  it("offers one tool for each opted-in agent, with what is known of its task", async () => {
    await workspace.write(
      "src/other/search.ts",
      "export class SearchAgent { execute(task) { return task; } }",
    );
    const { client } = await open([
      "src/search.ts#SearchAgent",
      "src/other/search.ts#SearchAgent",
      "src/search.ts#GreetingAgent",
      { agent: "src/search.ts#BrokenAgent", args: [1] },
    ]);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "SearchAgent_src_search",
      "SearchAgent_src_other_search",
      "GreetingAgent",
      "BrokenAgent",
    ]);
    expect(tools[0]).toEqual({
      name: "SearchAgent_src_search",
      title: "SearchAgent",
      description: "Finds what was written about a topic.\n\nRuns the agent src/search.ts#SearchAgent.",
      inputSchema: {
        type: "object",
        properties: {
          task: {
            description: "The task.",
            anyOf: [
              {
                type: "object",
                properties: {
                  query: { type: "string" },
                  limit: { type: "number" },
                  context: { type: "object" },
                },
                required: ["query", "limit"],
              },
              { type: "array" },
            ],
          },
        },
        required: ["task"],
      },
    });
    expect(tools[2]?.inputSchema).toEqual({
      type: "object",
      properties: {
        task: { type: "string", description: "The task." },
        args: { type: "array", description: "The constructor's arguments: (greeting: string)", minItems: 1 },
      },
      required: ["task", "args"],
    });
  });

  it("runs an agent as VS Code and the command line do: recorded, with its result", async () => {
    const { client } = await open([
      "src/search.ts#SearchAgent",
      { agent: "src/search.ts#GreetingAgent", args: ["Ahoy"] },
    ]);
    const found = await client.callTool({
      name: "SearchAgent",
      arguments: { task: { query: "tea", limit: 3 } },
    });
    expect(found.isError).toBeUndefined();
    expect(JSON.parse(textOf(found))).toEqual({ found: ["tea", 3] });
    const greeted = await client.callTool({ name: "GreetingAgent", arguments: { task: "Ada" } });
    expect(JSON.parse(textOf(greeted))).toEqual({ text: "Ahoy Ada" });
    const records = (await readdir(join(workspace.root, ".proj-intel/runs"))).filter((name) =>
      name.endsWith(".jsonl"),
    );
    expect(records).toHaveLength(2);
    const [first = ""] = records.sort();
    const events = await readRun(workspace.root, first.replace(".jsonl", ""));
    expect(events[0]).toMatchObject({
      type: "queued",
      agent: { file_path: "src/search.ts", name: "SearchAgent" },
      task: { query: "tea", limit: 3 },
    });
    expect(events.at(-1)).toMatchObject({ type: "finished", status: "success" });
  });

  it("gives its runs the environment variables of another file than .env", async () => {
    await workspace.write(".env", "CITY=Oslo\n");
    await workspace.write("city.env", "CITY=Turin\n");
    const options = ["--env", join(workspace.root, "city.env")];
    const { client } = await open(["src/search.ts#EnvAgent"], undefined, options);
    const called = await client.callTool({ name: "EnvAgent", arguments: { task: 1 } });
    expect(textOf(called)).toContain("Turin");
    expect(await cli("mcp", ".", "--env", "nope.env")).toEqual({
      ...{ code: 2, out: "", err: "There is no file nope.env.\n" },
    });
  });

  it("gives agents what VS Code started it with, keeps the secrets of that, and hides how it came", async () => {
    const secret = "not-to-be-written-down";
    const given = { env: { CITY: "Lima", ACCESS: secret }, secrets: ["ACCESS"] };
    await workspace.write("src/seen.ts", SEEN);
    const { client } = await open(["src/seen.ts#SeenAgent"], undefined, [], {
      OPSVI_AGENTS_SURROUNDINGS: JSON.stringify(given),
    });
    const called = await client.callTool({ name: "SeenAgent", arguments: { task: 1 } });
    expect(JSON.parse(textOf(called))).toEqual({
      ...{ city: "Lima", access: "[redacted]", known: true, others: [] },
    });
    const record = await readFile(join(workspace.root, `.proj-intel/runs/${await onlyRun()}.jsonl`), "utf8");
    expect(record).toContain("[redacted]");
    expect(record).not.toContain(secret);
    const wrong = { OPSVI_AGENTS_SURROUNDINGS: "{}" };
    await expect(open(["src/seen.ts#SeenAgent"], undefined, [], wrong)).rejects.toThrow("closed");
  });

  it("answers failures and wrong calls with one sentence, as errors", async () => {
    const { client } = await open(["src/search.ts#BrokenAgent"]);
    const failed = await client.callTool({ name: "BrokenAgent", arguments: { task: {} } });
    expect(failed).toEqual({
      content: [{ type: "text", text: "BrokenAgent failed: TypeError: no account" }],
      isError: true,
    });
    expect(textOf(await client.callTool({ name: "BrokenAgent", arguments: {} }))).toBe(
      'The input needs "task", any JSON, and takes "args", a list.',
    );
    expect(textOf(await client.callTool({ name: "Nobody", arguments: { task: 1 } }))).toBe(
      "There is no tool Nobody: there are BrokenAgent.",
    );
  });

  it("refuses a call that is none with one sentence", async () => {
    const { client } = await open(["src/search.ts#SearchAgent"]);
    const sentence = 'A call names its tool in "name", and gives its input in "arguments", an object.';
    for (const params of [{ name: "SearchAgent", arguments: [1] }, { arguments: {} }]) {
      const called = client.request({ method: "tools/call", params }, CallToolResultSchema);
      await expect(called).rejects.toMatchObject({
        code: -32602,
        message: expect.stringMatching(new RegExp(`${sentence}$`)) as unknown,
      });
    }
  });

  it("tells progress, which only ever grows", async () => {
    const { client } = await open(["src/stepping.mjs#SteppingAgent"]);
    const heard: { progress: number; message?: string | undefined }[] = [];
    const stepped = await client.callTool({ name: "SteppingAgent", arguments: { task: {} } }, undefined, {
      onprogress: ({ progress, message }) => heard.push({ progress, message }),
    });
    expect(JSON.parse(textOf(stepped))).toEqual({ done: true });
    expect(heard.map(({ message }) => message)).toEqual(["started", "at 0.25", "at 0.5", "at 0.25", "at 1"]);
    const figures = heard.map(({ progress }) => progress);
    expect(figures).toEqual([...new Set(figures)].sort((a, b) => a - b));
    expect(figures.at(-1)).toBe(1);
  });

  it("cancels the run with the request, also of an agent in an endless loop", async () => {
    const { client } = await open(["src/search.ts#EndlessAgent"]);
    const abort = new AbortController();
    const called = client.callTool({ name: "EndlessAgent", arguments: { task: {} } }, undefined, {
      signal: abort.signal,
      onprogress: () => abort.abort(),
    });
    await expect(called).rejects.toThrow();
    const ended = async () => {
      return (await readRun(workspace.root, await onlyRun())).at(-1);
    };
    await expect.poll(ended, { timeout: 10_000 }).toMatchObject({ type: "finished", status: "cancelled" });
  });

  it("has the client's user answer what an agent asks", async () => {
    const forms: unknown[] = [];
    const answers = [false, "blue", "Ada"];
    const { client } = await open(["src/asking.mjs#AskingAgent"], (form) => {
      forms.push(form);
      return { action: "accept", content: { answer: answers[forms.length - 1] ?? "" } };
    });
    const task = [
      SURE,
      { kind: "choose", message: "Which?", options: ["red", "blue"] },
      { kind: "text", message: "Who?", default: "Eve" },
    ];
    const asked = await client.callTool({ name: "AskingAgent", arguments: { task } });
    expect(JSON.parse(textOf(asked))).toEqual({ answers });
    expect(forms).toMatchObject([
      { message: "Sure?", requestedSchema: { properties: { answer: { type: "boolean" } } } },
      { message: "Which?", requestedSchema: { properties: { answer: { enum: ["red", "blue"] } } } },
      { message: "Who?", requestedSchema: { properties: { answer: { type: "string", default: "Eve" } } } },
    ]);
  });

  it.each(["decline", "cancel"] as const)("cancels the run where the user says %s", async (action) => {
    const { client } = await open(["src/asking.mjs#AskingAgent"], () => ({ action }));
    expect(await client.callTool({ name: "AskingAgent", arguments: { task: [SURE] } })).toEqual({
      content: [
        { type: "text", text: 'AskingAgent was cancelled, because its question was not answered: "Sure?".' },
      ],
      isError: true,
    });
  });

  it("takes its form back when another process answers", async () => {
    let forms = 0;
    let withdrawn = false;
    const { client } = await open(["src/asking.mjs#AskingAgent"], async (_, signal) => {
      forms += 1;
      // The SDK's client does not hear that request 0 is cancelled.
      if (forms === 1) return { action: "accept", content: { answer: false } };
      const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
      await cli("runs", "answer", await onlyRun(), "yes");
      await aborted;
      withdrawn = true;
      return { action: "cancel" };
    });
    const asked = await client.callTool({ name: "AskingAgent", arguments: { task: [SURE, SURE] } });
    expect(JSON.parse(textOf(asked))).toEqual({ answers: [false, true] });
    await expect.poll(() => withdrawn).toBe(true);
  });

  it.each([
    ["without forms", undefined, SURE, /^Sure\?\nThe run waits: .* runs answer .* VALUE \(yes or no\)$/],
    [
      "that shows forms, but may not for secrets",
      () => ({ action: "decline" as const }),
      { kind: "text", message: "Code?", secret: true },
      /^Code\?\nThe run waits: .* runs answer .* give the secret to its standard input$/,
    ],
    [
      "whose forms fail",
      () => Promise.reject(new Error("no window")),
      SURE,
      /^Sure\?\nThe run waits: .* VALUE \(yes or no\)$/,
    ],
  ])("tells a client %s how to answer from elsewhere", async (_, fill, question, sentence) => {
    const { client, err } = await open(["src/asking.mjs#AskingAgent"], fill);
    const told = new Promise<string>((resolve) => {
      client
        .callTool({ name: "AskingAgent", arguments: { task: [question] } }, undefined, {
          onprogress: ({ message = "" }) => {
            if (message !== "started") resolve(message);
          },
        })
        .catch(() => undefined);
    });
    const hint = await told;
    expect(hint).toMatch(sentence);
    expect(hint).toContain(await onlyRun());
    await client.close();
    expect(await err).toContain(hint);
  });

  it("ends with its client, and the runs under way with it", async () => {
    const { client, pid } = await open(["src/search.ts#EndlessAgent"]);
    const started = new Promise<void>((resolve) => {
      client
        .callTool({ name: "EndlessAgent", arguments: { task: {} } }, undefined, {
          onprogress: () => resolve(),
        })
        .catch(() => undefined);
    });
    await started;
    await client.close();
    expect(await livesAfter(pid, 10_000)).toBe(false);
  });

  it.each([
    [null, /offers no agents: name them in \.proj-intel\/mcp\.json/],
    ["{", /^\.proj-intel\/mcp\.json is not JSON: /],
    ['{"agents": []}', /^\.proj-intel\/mcp\.json does not fit at agents: write \{"agents"/],
    ['{"agents": [{"name": 1}]}', /^\.proj-intel\/mcp\.json does not fit at agents\.0/],
    ['{"agents": ["a.ts"]}', /^"a\.ts" does not name an agent class/],
    ['{"agents": ["a.ts#A", "a.ts#A"]}', /names a\.ts#A twice/],
    ['{"agents": ["a.ts#A"]}', /names a\.ts#A, but there is no file a\.ts in /],
    ['{"agents": ["../a.ts#A"]}', /names \.\.\/a\.ts#A, but there is no file \.\.\/a\.ts in /],
  ])("refuses %s with one sentence", async (text, sentence) => {
    if (text !== null) await workspace.write(".proj-intel/mcp.json", text);
    const { code, out, err } = await cli("mcp");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toMatch(sentence);
  });
});
