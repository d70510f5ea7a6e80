import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { baseMembers } from "../../../src/indexer/planning/rewrite/baseMembers.ts";
import { applyPlan } from "./applyPlan.ts";
import { undoMigrations } from "../../../src/migration/undo.ts";
import { BaseAgent } from "../../../src/runtime/core/agent.ts";
import { compile } from "./compiler.ts";
import { buildCore, coreDir, Project, repository } from "./project.ts";
import { recordOf } from "./record.ts";

beforeAll(() => {
  buildCore();
  if (existsSync(join(coreDir, "../typescript/lib.d.ts"))) return;
  execFileSync(process.execPath, ["scripts/build.ts", "typeCheck"], { cwd: repository, stdio: "inherit" });
}, 120_000);

const path = "src/parser.ts";
const agent = `import { log } from "./log";

/** Parses. */
export class ParserAgent {
  private seen = 0;

  constructor(private readonly seed: string) {
    log(seed);
  }

  // What it does.
  async execute(task: { text: string }): Promise<{ length: number; seed: string }> {
    this.seen += 1;
    if (task.text === "") throw new TypeError("Nothing to parse.");
    return { length: task.text.length, seed: this.seed };
  }

  get count(): number {
    return this.seen;
  }
}
`;
const main = `import { ParserAgent } from "./parser";

const agents = [new ParserAgent("a"), new ParserAgent("b")];
export const counts = agents.map((agent) => agent.count);
`;
const options = {
  strict: true,
  module: "commonjs",
  target: "es2022",
  rootDir: ".",
  outDir: "out",
  types: [],
  ignoreDeprecations: "6.0",
};
const files = {
  "package.json": `{ "name": "shop", "private": true }`,
  "tsconfig.json": JSON.stringify({ compilerOptions: options, include: ["src"] }),
  "src/log.ts": "export const log = (text: string): string => text;\n",
  "src/main.ts": main,
  [path]: agent,
};

const plan = (project: Project, name = "ParserAgent") =>
  project.plan(path, name, recordOf(name, path), { action: "rewrite" });

async function rewritten(project: Project): Promise<void> {
  const result = await plan(project);
  if (result.status !== "ready") throw new Error(result.reason);
  await applyPlan(project.root, result.plan);
}

/** Runs a piece of a program on what the project compiles to. */
function run(project: Project, code: string): unknown {
  const module = pathToFileURL(project.path("out/src/parser.js")).href;
  const program = `const { ParserAgent } = (await import(${JSON.stringify(module)})).default; ${code}`;
  const text = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  return JSON.parse(text);
}

test("the members that BaseAgent gives are known", () => {
  const own = Object.getOwnPropertyNames(BaseAgent.prototype).filter((name) => name !== "constructor");
  const made = new BaseAgent({ name: "a", agentType: "a" });
  expect([...baseMembers].sort()).toEqual([...own, ...Object.getOwnPropertyNames(made)].sort());
});

test("the class becomes a BaseAgent that type-checks, does the same, and is undone to the byte", async () => {
  using project = new Project(files);
  expect(compile(project.root)).toEqual([]);
  const report = `console.log(JSON.stringify({ value, count: agent.count }))`;
  const before = run(
    project,
    `const agent = new ParserAgent("x"); const value = await agent.execute({ text: "four" }); ${report}`,
  );
  await rewritten(project);
  const text = project.read(path);
  expect(text.slice(text.indexOf("/** Parses"))).toBe(`/** Parses. */
export class ParserAgent extends BaseAgent<{ text: string }, { length: number; seed: string }> {
  private seen = 0;

  constructor(private readonly seed: string) {
    super({
      agentType: "research",
      name: "ParserAgent",
      capabilities: ["task_execution", "tool_usage"],
    });
    log(seed);
  }

  // What it does.
  protected async executeImpl(task: { text: string }): Promise<{ length: number; seed: string }> {
    this.seen += 1;
    if (task.text === "") throw new TypeError("Nothing to parse.");
    return { length: task.text.length, seed: this.seed };
  }

  get count(): number {
    return this.seen;
  }
}
`);
  expect(compile(project.root)).toEqual([]);
  const made = `const agent = new ParserAgent("x");`;
  expect(
    run(project, `${made} const { value } = await agent.executeAsync({ text: "four" }); ${report}`),
  ).toEqual(before);
  expect(
    run(
      project,
      `${made} const { status, cause } = await agent.executeAsync({ text: "" }); console.log(JSON.stringify([status, cause.name, cause.message]))`,
    ),
  ).toEqual(["failed", "TypeError", "Nothing to parse."]);
  expect((await plan(project)).status).toBe("refused");
  await undoMigrations({ root: project.root });
  expect(project.read(path)).toBe(agent);
  expect(existsSync(project.path("opsvi-agents"))).toBe(false);
}, 60_000);

test("a class without a constructor gets one, and edits elsewhere do not keep it from being undone", async () => {
  const plain = "export class ParserAgent {\n  run(task: string) {\n    return task.length;\n  }\n}\n";
  using project = new Project({ ...files, [path]: plain, "src/main.ts": "export {};\n" });
  await rewritten(project);
  expect(project.read(path)).toContain(`export class ParserAgent extends BaseAgent<string> {
  constructor() {
    super({
      agentType: "research",
      name: "ParserAgent",
      capabilities: ["task_execution", "tool_usage"],
    });
  }

  protected executeImpl(task: string) {`);
  expect(compile(project.root)).toEqual([]);
  project.write(path, `// note\n${project.read(path)}`);
  await undoMigrations({ root: project.root });
  expect(project.read(path)).toBe(`// note\n${plain}`);
}, 60_000);

describe("refused by the text of the class", () => {
  const inside = (member: string) => agent.replace("  get count", `${member}\n\n  get count`);
  test.each([
    [
      "a base",
      agent.replace("ParserAgent {", "ParserAgent extends Array<string> {"),
      /^ParserAgent has a base class already/,
    ],
    [
      "an interface",
      agent.replace("ParserAgent {", "ParserAgent implements Disposable {"),
      /implements an interface/,
    ],
    ["a decorator", agent.replace("export class", "@sealed\nexport class"), /is decorated/],
    [
      "a member of BaseAgent's",
      inside("  initialize(): void {}"),
      /has a member "initialize", which BaseAgent has too/,
    ],
    ["a parameter property of BaseAgent's", agent.replaceAll("seed", "context"), /has a member "context"/],
    ["an index signature", inside("  [key: string]: unknown;"), /computed or any/],
    ["a computed name", inside("  [Symbol.iterator]() {}"), /computed or any/],
    ["new.target", agent.replace("log(seed)", "log(new.target.name)"), /uses "new.target"/],
    ["arguments", agent.replace("log(seed)", "log(arguments[0])"), /uses "arguments"/],
    [
      "a constructor that returns",
      agent.replace("log(seed);", "return log(seed) as never;"),
      /may answer with another object/,
    ],
    [
      "overloads of the constructor",
      agent.replace("constructor(", "constructor(seed: string);\n  constructor("),
      /several constructor signatures/,
    ],
    [
      "a private constructor",
      agent.replace("constructor(", "private constructor("),
      /has a private constructor/,
    ],
    ["no method", agent.replace("execute(", "lookUp("), /no method of its own that takes tasks/],
    [
      "two methods",
      inside("  run(task: string) {\n    return task;\n  }"),
      /several methods that take tasks: execute, run/,
    ],
    ["a generator", agent.replace("async execute", "async *execute"), /is a generator/],
    [
      "more than a task",
      agent.replace("{ text: string })", "{ text: string }, user: string)"),
      /takes more than the task/,
    ],
    ["a task that may be missing", agent.replace("task: {", "task?: {"), /may be missing/],
    ["type parameters of the method", agent.replace("execute(", "execute<T>("), /has type parameters/],
  ])("%s", async (_what, text, reason) => {
    using project = new Project({ ...files, [path]: text });
    const result = await plan(project);
    expect(result).toMatchObject({ status: "refused", reason: expect.stringMatching(reason) as string });
  });

  test("JavaScript, and a package that others install", async () => {
    using project = new Project({ ...files, "bot.js": "export class BotAgent {\n  run(task) {}\n}\n" });
    const bot = await project.plan("bot.js", "BotAgent", undefined, { action: "rewrite" });
    expect(bot).toMatchObject({ reason: expect.stringMatching(/^bot\.js is JavaScript/) as string });
    project.write("package.json", `{ "name": "shop" }`);
    expect(await plan(project)).toMatchObject({
      reason: `ParserAgent is exported by a package that others may install: package.json does not say "private": true.`,
    });
  });
});

describe("refused by who uses it", () => {
  const imports = `import { ParserAgent } from "./parser";\nconst agent = new ParserAgent("a");\n`;
  test.each([
    ["a call", `void agent.execute({ text: "" });`, "has its execute called or taken in src/main.ts:3."],
    [
      "a method that is taken",
      `export const { execute } = agent;`,
      "has its execute taken in src/main.ts:3.",
    ],
    [
      "a computed name",
      `export const get = (key: "execute" | "count") => agent[key];`,
      "is asked for a member by a computed name in src/main.ts:3.",
    ],
    ["any", `export const other: any = agent;`, "is seen as something else in src/main.ts:3."],
    [
      "unknown, in a holder",
      `export const other: { agent: unknown } = { agent };`,
      "is seen as something else in src/main.ts:3.",
    ],
    [
      "an interface",
      `interface Runs { count: number }\nexport const other: Runs = agent;`,
      "is seen as something else in src/main.ts:4.",
    ],
    ["a cast", `export const other = agent as unknown;`, "is seen as something else in src/main.ts:3."],
    [
      "JSON",
      `export const text = JSON.stringify(agent);`,
      "is passed to code that does not know it in src/main.ts:3.",
    ],
    [
      "JSON of what holds it",
      `class Service {\n  agent = agent;\n}\nJSON.stringify(new Service());`,
      "is passed to code that does not know it in src/main.ts:6.",
    ],
    [
      "a spread",
      `export const copy = { ...agent };`,
      "is used in a way that is not understood in src/main.ts:3.",
    ],
    [
      "for in",
      `for (const key in agent) key.trim();`,
      "is used in a way that is not understood in src/main.ts:3.",
    ],
    [
      "in",
      `export const has = "execute" in agent;`,
      "is used in a way that is not understood in src/main.ts:3.",
    ],
    ["an heir", `export class Heir extends ParserAgent {}`, "has an heir in src/main.ts:3."],
    [
      "a generic function",
      `const show = <T>(it: T) => String(it);\nshow(agent);`,
      "is passed to code that does not know it in src/main.ts:4.",
    ],
    [
      "a callback",
      `const show = (it: unknown) => String(it);\n[agent].forEach(show);`,
      "is passed to code that does not know it in src/main.ts:4.",
    ],
    [
      "the class as a value",
      `export const types: Record<string, unknown> = { ParserAgent };`,
      "is seen as something else in src/main.ts:3.",
    ],
    [
      "the prototype",
      `ParserAgent.prototype.execute.call(agent, { text: "" });`,
      "has its execute called or taken in src/main.ts:3.",
    ],
  ])("%s", async (_what, code, reason) => {
    using project = new Project({ ...files, "src/main.ts": `${imports}${code}\n` });
    expect(await plan(project)).toEqual({ status: "refused", reason: `ParserAgent ${reason}` });
  });

  test.each([
    [
      "JavaScript",
      "src/tool.js",
      `const { ParserAgent } = require("./parser");\nnew ParserAgent("a").execute({});\n`,
      /ParserAgent has its execute called or taken in src\/tool\.js:2/,
    ],
    [
      "a module that is not found",
      "src/other.ts",
      `import { agents } from "@shop/agents";\nagents.run();\n`,
      /"@shop\/agents" in src\/other\.ts:1 is not found/,
    ],
    [
      "a module that only a run knows",
      "src/other.ts",
      "export const load = (name: string) => import(name);\n",
      /What is loaded in src\/other\.ts:1/,
    ],
    [
      "a component",
      "src/App.vue",
      `<script>import { ParserAgent } from "./parser";</script>\n`,
      /^src\/App\.vue may use ParserAgent/,
    ],
  ])("%s", async (_what, file, text, reason) => {
    using project = new Project({ ...files, [file]: text });
    expect(await plan(project)).toMatchObject({
      status: "refused",
      reason: expect.stringMatching(reason) as string,
    });
  });

  test("a type that the class no longer is", async () => {
    const code = `import type { ParserAgent } from "./parser";\nexport type Task = Parameters<ParserAgent["execute"]>[0]["text"];\nexport const made: ParserAgent["count"] = 1;\nexport type Run = (agent: Awaited<ReturnType<ParserAgent["execute"]>>["seed"]) => void;\n`;
    using project = new Project({ ...files, "src/main.ts": code });
    expect(await plan(project)).toMatchObject({
      reason: expect.stringMatching(/^After it, src\/main\.ts:\d would not compile: /) as string,
    });
  });

  test("harmless uses are none", async () => {
    const code = `import { ParserAgent } from "./parser";
const byName = new Map<string, ParserAgent>();
function make(seed: string): ParserAgent {
  const made = new ParserAgent(seed);
  byName.set(seed, made);
  return made;
}
function count(agent: ParserAgent | undefined): number {
  return agent?.count ?? 0;
}
export class Service {
  private readonly agent = make("a");
  total(): number {
    return count(this.agent) + [...byName.values()].reduce((sum, each) => sum + each.count, 0);
  }
}
export const isOne = (agent: ParserAgent): boolean => agent instanceof ParserAgent && !!agent;
`;
    using project = new Project({ ...files, "src/main.ts": code });
    expect(await plan(project)).toMatchObject({ status: "ready" });
  });
}, 60_000);
