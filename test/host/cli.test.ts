import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { AgentLine } from "../../src/model/agentRecord.ts";
import { RunEvent } from "../../src/model/runRecord.ts";
import { commandLine, jsonLines } from "./commandLine.ts";
import { dist, livesAfter, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

const { start, cli } = commandLine(workspace);

const AGENT = `
  console.log("noise at import");
  export class Echo { constructor(mark = "") { this.mark = mark; } run(task) { console.log("noise"); console.error("more noise"); return { heard: task, mark: this.mark }; } }
  export class Fails { run() { throw new TypeError("no luck"); } }
  export class Needs { constructor(llm) { this.name = llm.name; } run() { return this.name; } }
  export class Loop { run() { for (;;); } }
  export class Huge { run() { return "x".repeat(3_000_000); } }`;

test("run --json prints the events of the run, finished last, and nothing else on standard output", async () => {
  await workspace.write("a.mjs", AGENT);
  const { code, out, err } = await cli("run", "a.mjs#Echo", "--task", '{"q":1}', "--args", '["!"]', "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const events = jsonLines(out).map((line) => RunEvent.parse(line));
  expect(events[0]).toMatchObject({
    type: "queued",
    agent: { file_path: "a.mjs", name: "Echo" },
    task: { q: 1 },
    args: ["!"],
  });
  expect(events.at(-1)).toMatchObject({
    type: "finished",
    status: "success",
    output: { heard: { q: 1 }, mark: "!" },
  });
  const log = { stdout: "", stderr: "" };
  for (const event of events) if (event.type === "log") log[event.stream] += event.text;
  expect(log).toEqual({ stdout: "noise at import\nnoise\n", stderr: "more noise\n" });
});

test("run prints just the result on standard output, for pipes", async () => {
  await workspace.write("a.mjs", AGENT);
  const { code, out, err } = await cli("run", "a.mjs#Echo", "--task", '"tea"');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ heard: "tea", mark: "" });
  expect(err).toMatch(/^stdout +noise$/m);
  expect(err).toMatch(/^success +\d+ ms$/m);
});

test("exit code 1 and the user's line where the agent fails", async () => {
  await workspace.write("a.mjs", AGENT);
  const { code, out, err } = await cli("run", "a.mjs#Fails", "--task", "1", "--retries", "1");
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(/TypeError: no luck\n {4}at Fails\.run \(.*a\.mjs:4:/);
  expect(err).toMatch(/attempt 1 of 2 failed/);
  expect((await cli("run", "a.mjs#Loop", "--task", "1", "--timeout", "200")).code).toBe(1);
});

test.each([
  [["run", "a.mjs#Echo", "--task", "{q:1}"], /^--task is not JSON/],
  [
    ["run", "a.mjs#Echo", "--task", "1", "--args", "{}"],
    /^--args takes the constructor's arguments as a JSON array/,
  ],
  [["run", "a.mjs#Echo", "--task", "1", "--retries", "-1"], /whole number/],
  [["run", "a.mjs#Echo", "--task", "1", "--timeout", "soon"], /whole number/],
  [["run", "a.mjs#Echo", "--task", "1", "--result-limit", "0"], /number above 0/],
  [["run", "a.mjs#Echo", "--task", "1", "--workspace", "nowhere"], /^There is no folder nowhere/],
  [["run", "a.mjs#Echo"], /--task/],
  [["run", "a.mjs", "--task", "1"], /FILE#Class/],
  [["run", "none.mjs#Echo", "--task", "1"], /^There is no file none\.mjs/],
  [["run", "a.mjs#Nope", "--task", "1"], /has no class Nope; it exports Echo/],
  [["run", "a.vue#Echo", "--task", "1"], /^Echo stands in the component a\.vue, which cannot be loaded/],
  [["run", "a.mjs#Needs", "--task", "1"], /cannot be constructed without arguments \(llm\)/],
  [["index", "nowhere"], /^There is no folder nowhere/],
  [["index", "a.mjs"], /is not a folder/],
  [["census", "nowhere"], /^There is no folder nowhere/],
  [["census"], /missing required argument 'dir'/],
  [["census", ".", "."], /^The census takes one folder, and 2 were given/],
  [["census", ".", "--json", "--markdown"], /^--json and --markdown exclude each other/],
  [["migrate", "a.mjs#Nope"], /Nope/],
  [["conquer"], /unknown command/],
  [[], /Usage/],
])("exit code 2 for %j", async (args, message) => {
  await workspace.write("a.mjs", AGENT);
  await workspace.write("a.vue", `<script>\n${AGENT}\n</script>\n`);
  const { code, out, err } = await cli(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
  expect(err).not.toMatch(/^\s+at /m);
});

test("a wrong request that is found while running still ends the JSON with finished", async () => {
  await workspace.write("a.mjs", AGENT);
  const { code, out } = await cli("run", "a.mjs#Needs", "--task", "1", "--json");
  expect(code).toBe(2);
  expect(jsonLines(out).at(-1)).toMatchObject({
    type: "finished",
    status: "failed",
    error: { name: "UserError" },
  });
});

test("--help and --version", async () => {
  const manifest = JSON.parse(await readFile(join(dist, "..", "package.json"), "utf8")) as {
    version: string;
  };
  expect(await cli("--version")).toEqual({ code: 0, out: `${manifest.version}\n`, err: "" });
  const help = await cli("run", "--help");
  expect(help).toMatchObject({ code: 0, err: "" });
  for (const option of ["--task", "--args", "--json", "--retries", "--timeout", "--workspace"]) {
    expect(help.out).toContain(option);
  }
});

test("the workspace is the nearest folder with package.json or .proj-intel, or the one that is named", async () => {
  await workspace.write("packages/one/package.json", "{}");
  await workspace.write("packages/one/src/a.mjs", AGENT);
  await cli("run", "packages/one/src/a.mjs#Echo", "--task", "1");
  expect(existsSync(join(workspace.root, "packages/one/.proj-intel/runs"))).toBe(true);
  await cli("run", "packages/one/src/a.mjs#Echo", "--task", "1", "--workspace", "packages");
  const runs = await readdir(join(workspace.root, "packages/.proj-intel/runs"));
  const record = runs.find((name) => name.endsWith(".jsonl")) ?? "";
  expect(await readFile(join(workspace.root, "packages/.proj-intel/runs", record), "utf8")).toContain(
    '"file_path":"one/src/a.mjs"',
  );
  expect(existsSync(join(workspace.root, ".proj-intel"))).toBe(false);
});

test("a large result is complete, and a reader that leaves early is no error", async () => {
  await workspace.write("a.mjs", AGENT);
  const { out } = await cli("run", "a.mjs#Huge", "--task", "1", "--json");
  expect((jsonLines(out).at(-1) as { output: { output: string } }).output.output).toHaveLength(3_000_000);
  const child = spawn(
    process.execPath,
    [join(dist, "cli.cjs"), "run", "a.mjs#Huge", "--task", "1", "--json"],
    {
      cwd: workspace.root,
    },
  );
  child.stdout.once("data", () => child.stdout.destroy());
  const [code, err] = await Promise.all([
    new Promise((resolve) => child.once("close", resolve)),
    text(child.stderr),
  ]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
});

test.skipIf(process.platform === "win32")(
  "an interrupt cancels the run, keeps its record and exits with 130",
  async () => {
    await workspace.write("a.mjs", AGENT);
    const { child, ended } = start("run", "a.mjs#Loop", "--task", "1", "--json");
    await new Promise<void>((resolve) => {
      child.stdout?.on("data", (chunk: Buffer) => chunk.includes('"checkpoint"') && resolve());
    });
    child.kill("SIGINT");
    const { code, out } = await ended;
    expect(code).toBe(130);
    expect(jsonLines(out).at(-1)).toMatchObject({ type: "finished", status: "cancelled" });
  },
);

test("the agents' process dies with its parent, also while an agent burns CPU", async () => {
  await workspace.write("a.mjs", AGENT);
  const { child } = start("run", "a.mjs#Loop", "--task", "1", "--json");
  const pid = await new Promise<number>((resolve) => {
    let out = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      const started = out.includes('"checkpoint"') ? /"pid":(\d+)/.exec(out) : null;
      if (started) resolve(Number(started[1]));
    });
  });
  child.kill("SIGKILL");
  expect(await livesAfter(pid, 2_000)).toBe(false);
});

test("index reads the settings of VS Code in the folder, and says what it leaves out", async () => {
  await workspace.write(
    "a.ts",
    "export class Clerk { tell(text: string) {} }\nexport class OldAgent { run(task: string) {} }",
  );
  await workspace.write(
    ".vscode/settings.json",
    `{
  // For agents
  "opsviAgents.index.agentNames": ["Cl*", 7],
  "opsviAgents.index.notAgentNames": ["OldAgent"],
  "opsviAgents.index.capabilities": { "messaging": ["tell"] },
}`,
  );
  const { out, err, code } = await cli("index", ".", "--json");
  expect(code).toBe(0);
  expect(err).toMatch(/^opsviAgents\.index\.agentNames takes a list of class names.*; 7 was left out\.\n/);
  const records = jsonLines(out).map((line) => AgentLine.parse(line).data);
  expect(records.map(({ name, capabilities }) => [name, capabilities.map((proved) => proved.name)])).toEqual([
    ["Clerk", ["messaging"]],
  ]);
  await workspace.write(".vscode/settings.json", '{\n"opsviAgents.index.agentNames": ["Clerk"\n');
  const damaged = await cli("index", ".");
  expect(damaged.err).toMatch(
    /^\.vscode\/settings\.json has an error in line \d \(\w+\): it is read as far as it can be\.\n/,
  );
  expect(damaged.out).toMatch(/^Clerk +agent/);
});

test("index lists agents as lines of the index file, writes nothing unasked, and shows rejected classes with --all", async () => {
  await workspace.write(
    "src/agents.ts",
    `export class ResearchAgent { async execute(task: string) { return task; } }
    export class AgentError extends Error {}`,
  );
  const listed = await cli("index", ".", "--json");
  expect(listed.code).toBe(0);
  const lines = jsonLines(listed.out).map((line) => AgentLine.parse(line));
  expect(lines.map(({ name }) => name)).toEqual(["ResearchAgent"]);
  expect(existsSync(join(workspace.root, ".proj-intel"))).toBe(false);
  const all = jsonLines((await cli("index", ".", "--json", "--all")).out).map(
    (line) => AgentLine.parse(line).data,
  );
  expect(all.map(({ name, role }) => [name, role])).toEqual([
    ["ResearchAgent", "agent"],
    ["AgentError", "not"],
  ]);
  expect((await cli("index", ".")).out).toMatch(/^ResearchAgent +agent +src\/agents\.ts:1 +.*task_execution/);
  expect((await cli("index", ".", "--write")).code).toBe(0);
  const written = await readFile(join(workspace.root, ".proj-intel/agent_architecture.jsonl"), "utf8");
  expect(jsonLines(written)).toEqual(jsonLines(listed.out));
});

test("census counts the agents of a folder as a table, a document and JSON, and writes nothing", async () => {
  await workspace.write(
    "src/agents.ts",
    `export abstract class BaseAgent { async initialize() {} }
    export class PriceAgent extends BaseAgent { async execute(task: string) { return task; } useTool() {} }`,
  );
  await workspace.write(
    "src/agents.test.ts",
    `import { PriceAgent } from "./agents";
    class FakeAgent extends PriceAgent {}`,
  );
  const listed = await cli("census", ".");
  expect(listed.code).toBe(0);
  expect(listed.err).toMatch(/^2 agents in 2 files, \d+\.\d s\n$/);
  for (const line of [
    /^ {2}Agents +2 {2}2 classes$/m,
    /^ {2}In test files +1 {2}not counted here$/m,
    /^ {2}Base classes +1 {2}1 own, 0 of packages$/m,
    /^ {2}Lifecycle methods +1 {2}1 async$/m,
    /^ {2}Tool methods +1 {2}0 async$/m,
    /^ {2}Orchestration files +0$/m,
    /^ {2}BaseAgent +2 {2}src\/agents\.ts$/m,
  ])
    expect(listed.out).toMatch(line);

  const json = await cli("census", ".", "--json", "--tests");
  expect(jsonLines(json.out)).toMatchObject([
    { agents: 3, tests: { agents: 1, counted: true }, bases: { all: 2 }, families: [{ name: "BaseAgent" }] },
  ]);
  const markdown = await cli("census", ".", "--markdown");
  expect(markdown.out).toMatch(/^# Census of the agents in /);
  expect(markdown.out).toContain("| Tool methods | 1 | 0 async |");
  expect(await readdir(workspace.root)).toEqual(["src"]);
});

test("migrations and undoings of several processes at once share one runtime and leave nothing", async () => {
  await workspace.write("package.json", `{ "type": "module" }`);
  const text =
    "export class OneAgent { run(t) { return t; } }\nexport class TwoAgent { run(t) { return t; } }\n";
  const file = await workspace.write("both.mjs", text);
  const other = await workspace.write("other.mjs", text);
  const agents = ["both.mjs#OneAgent", "both.mjs#TwoAgent", "other.mjs#OneAgent"];
  const all = async (...options: string[]) =>
    (await Promise.all(agents.map((agent) => cli("migrate", agent, ...options)))).map(({ code }) => code);
  const entries = async () => (await readdir(workspace.root)).sort();

  expect(await all()).toEqual([0, 0, 0]);
  expect(await entries()).toEqual([".proj-intel", "both.mjs", "opsvi-agents", "other.mjs", "package.json"]);
  expect(await all("--undo")).toEqual([0, 0, 0]);
  expect(await entries()).toEqual([".proj-intel", "both.mjs", "other.mjs", "package.json"]);
  expect(await readFile(file, "utf8")).toBe(text);
  expect(await readFile(other, "utf8")).toBe(text);
});

test("migrate shows a diff, adds the adapter, and takes it back to the byte", async () => {
  const before = `export class ResearchAgent {\n  async execute(task: string) {\n    return task;\n  }\n}\n`;
  const file = await workspace.write("src/agent.ts", before);
  await workspace.write("package.json", `{ "type": "module", "dependencies": { "opsvi-agents": "*" } }`);
  const dry = await cli("migrate", "src/agent.ts#ResearchAgent", "--dry-run");
  expect(dry.code).toBe(0);
  expect(dry.out).toMatch(/^--- a\/src\/agent\.ts\n\+\+\+ b\/src\/agent\.ts\n@@/);
  expect(dry.out).toMatch(/^\+.*class ResearchAgentAdapter/m);
  expect(await readFile(file, "utf8")).toBe(before);

  const migrated = await cli("migrate", "src/agent.ts#ResearchAgent", "--json");
  expect(migrated.code).toBe(0);
  expect(jsonLines(migrated.out)).toMatchObject([
    { type: "migration", data: { status: "migrated", adapter: "ResearchAgentAdapter" } },
  ]);
  const after = await readFile(file, "utf8");
  expect(after).toContain("class ResearchAgentAdapter");

  const log = join(workspace.root, ".proj-intel/migrations.jsonl");
  const logged = await readFile(log, "utf8");
  const again = await cli("migrate", "src/agent.ts#ResearchAgent");
  expect(again).toMatchObject({
    code: 0,
    out: "skipped   src/agent.ts#ResearchAgent  ResearchAgent is migrated already: ResearchAgentAdapter wraps it.\n1 skipped.\n",
  });
  const asJson = await cli("migrate", "src/agent.ts#ResearchAgent", "--json");
  expect(asJson.code).toBe(0);
  expect(jsonLines(asJson.out)).toMatchObject([{ type: "migration", data: { status: "skipped" } }]);
  expect(await readFile(file, "utf8")).toBe(after);
  expect(await readFile(log, "utf8")).toBe(logged);

  const undone = await cli("migrate", "src/agent.ts#ResearchAgent", "--undo");
  expect(undone.code).toBe(0);
  expect(await readFile(file, "utf8")).toBe(before);
});

const DESK = `export class Desk { count = 0; constructor(name = "Ada") { this.name = name; }
  run(task) { this.count += 1; return { by: this.name, task, at: process.hrtime.bigint() }; } }`;

test("parity compares a class with the adapter that a migration would add, and writes nothing", async () => {
  await workspace.write("package.json", "{}");
  await workspace.write("desk.mjs", DESK);
  await workspace.write("tasks.jsonl", '"tea"\n\n{"q":1}\n');
  const before = (await readdir(workspace.root)).sort();
  const plain = await cli("parity", "desk.mjs#Desk", "--task", '"tea"', "--args", '["Bo"]');
  expect({ code: plain.code, err: plain.err }).toEqual({
    code: 0,
    err: "Desk and DeskAdapter do the same for the task. What the class itself does differently each time does not count.\n",
  });
  expect(plain.out).toMatch(/^same {5}"tea", made with \["Bo"\]$/m);
  expect(plain.out).toMatch(/^ {2}value\.at\.value +"\d+" +"\d+" {2}\(varies by itself\)$/m);
  const { code, out } = await cli("parity", "desk.mjs#Desk", "--tasks", "tasks.jsonl", "--json");
  expect(code).toBe(0);
  expect(jsonLines(out)).toMatchObject([
    {
      type: "parity",
      data: { file_path: "desk.mjs", name: "Desk", adapter_name: "DeskAdapter", task: "tea" },
    },
    {
      type: "parity",
      data: { task: { q: 1 }, same: true, adapter: { end: "returned", value: { by: "Ada" } } },
    },
  ]);
  expect((await readdir(workspace.root)).sort()).toEqual(before);
});

test("parity gives the recorded tasks to the adapter on the disk; differences end with code 1", async () => {
  await workspace.write("package.json", "{}");
  await workspace.write("desk.mjs", DESK.replace(", at: process.hrtime.bigint()", ""));
  expect((await cli("run", "desk.mjs#Desk", "--task", '"tea"')).code).toBe(0);
  expect((await cli("migrate", "desk.mjs#Desk")).code).toBe(0);
  const same = await cli("parity", "desk.mjs#Desk");
  expect([same.code, same.err]).toEqual([0, "Desk and DeskAdapter do the same for the task.\n"]);
  const migrated = await readFile(join(workspace.root, "desk.mjs"), "utf8");
  await workspace.write("desk.mjs", migrated.replace("new Desk(...args)", 'new Desk("Bo")'));
  const { code, out, err } = await cli("parity", "desk.mjs#Desk");
  expect([code, err]).toEqual([1, "Desk and DeskAdapter differ: 2 differences.\n"]);
  expect(out).toMatch(/^ {2}value\.by +"Ada" +"Bo"$/m);
  expect(out).toMatch(/^ {2}state\.name +"Ada" +"Bo"$/m);
  const recorded = await readdir(join(workspace.root, ".proj-intel", "runs"));
  expect(recorded.filter((name) => name.endsWith(".jsonl"))).toHaveLength(1);
  expect(await readdir(join(workspace.root, ".proj-intel"))).not.toContain("error_patterns.json");
});

test("parity says in one sentence what is missing", async () => {
  await workspace.write("package.json", "{}");
  await workspace.write("desk.mjs", DESK);
  await workspace.write("bad.jsonl", '1\n{"q":\n');
  const none = await cli("parity", "desk.mjs#Desk");
  expect([none.code, none.out]).toEqual([2, ""]);
  expect(none.err).toContain(
    "give a task with --task JSON, or a file with one JSON a line with --tasks FILE.jsonl.",
  );
  const bad = await cli("parity", "desk.mjs#Desk", "--tasks", "bad.jsonl");
  expect([bad.code, bad.err.startsWith("bad.jsonl:2 is not JSON (")]).toEqual([2, true]);
  const both = await cli("parity", "desk.mjs#Desk", "--tasks", "bad.jsonl", "--task", "1");
  expect([both.code, both.err]).toEqual([
    2,
    "--task and --tasks exclude each other: give one task, or a file of them.\n",
  ]);
  const refused = await cli("parity", "desk.mjs#Missing", "--task", "1");
  expect([refused.code, refused.err.split("\n").length]).toEqual([2, 2]);
});

test("an interrupt ends a comparison", async () => {
  await workspace.write("package.json", "{}");
  await workspace.write("loop.mjs", `export class Loop { run() { console.log("begun"); for (;;); } }`);
  const { child, ended } = start("parity", "loop.mjs#Loop", "--task", "1");
  await new Promise<void>((resolve) =>
    child.stderr?.on("data", (text: Buffer) => {
      if (text.includes("legacy    begun")) resolve();
    }),
  );
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
});

test("migrate --update brings an adapter up to date with its class, once", async () => {
  const before = `export class ResearchAgent {\n  execute(task: string) {\n    return task;\n  }\n}\n`;
  const file = await workspace.write("src/agent.ts", before);
  await workspace.write("package.json", `{ "type": "module", "dependencies": { "opsvi-agents": "*" } }`);
  const agent = "src/agent.ts#ResearchAgent";
  expect(await cli("migrate", agent, "--update")).toMatchObject({
    code: 2,
    err: "ResearchAgent has no adapter yet: migrate it first.\n",
  });
  await cli("migrate", agent);
  const reason =
    "ResearchAgentAdapter is up to date: what it was made from in ResearchAgent has not changed.";
  const upToDate = { code: 0, out: expect.stringContaining(`skipped   ${agent}  ${reason}\n`) as string };
  expect(await cli("migrate", agent, "--update")).toMatchObject(upToDate);
  const typed = (text: string) => text.replace("class ResearchAgent {", "class ResearchAgent<T = string> {");
  await workspace.write("src/agent.ts", typed(await readFile(file, "utf8")));
  const updated = await cli("migrate", agent, "--update");
  expect(updated).toMatchObject({
    code: 0,
    out: expect.stringContaining(`migrated  ${agent}  ResearchAgentAdapter\n`) as string,
  });
  expect(await readFile(file, "utf8")).toContain("class ResearchAgentAdapter<T = string> extends");
  expect(await cli("migrate", agent, "--update")).toMatchObject(upToDate);
  expect((await cli("migrate", agent, "--undo")).code).toBe(0);
  expect(await readFile(file, "utf8")).toBe(typed(before));
});

test("--env names the file of environment variables of a run", async () => {
  await workspace.write("e.mjs", `export class Env { run() { return process.env.CITY; } }`);
  await workspace.write("city.env", "CITY=Turin\n");
  const run = await cli("run", "e.mjs#Env", "--task", "1", "--env", "city.env");
  expect([run.code, JSON.parse(run.out)]).toEqual([0, { output: "Turin" }]);
  expect(await cli("run", "e.mjs#Env", "--task", "1", "--env", "nope.env")).toEqual({
    ...{ code: 2, out: "", err: "There is no file nope.env.\n" },
  });
});
