import { expect, test } from "vitest";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

test("runs a TypeScript class with what only TypeScript has", async () => {
  await workspace.write(
    "tsconfig.json",
    `{ // with a comment
    "compilerOptions": { "experimentalDecorators": true, "target": "ES2020", "paths": { "@lib/*": ["./lib/*"] } } }`,
  );
  await workspace.write("lib/shout.ts", `export const shout = (text: string): string => text.toUpperCase();`);
  const run = await workspace.run(
    "agent.ts",
    `import { shout } from "@lib/shout";
     import { type Task } from "./task.js";
     import fs = require("node:fs");
     enum Tone { Calm = "calm", Loud = "loud" }
     const enum Size { Small = 1 }
     namespace Defaults { export const topic = "tea" }
     const fields: string[] = [];
     function field(_target: object, key: string) { fields.push(key); }
     function log(_target: object, _key: string, descriptor: PropertyDescriptor) {
       const original = descriptor.value;
       descriptor.value = function (this: unknown, ...args: unknown[]) { return ["logged", original.apply(this, args)]; };
     }
     abstract class Base { protected config: object; constructor(config: object) { this.config = config; } }
     export class Agent extends Base {
       protected config: { tone: Tone };
       @field model: string = "small";
       constructor(private readonly name: string = "Ada") { super({ tone: Tone.Loud }); }
       @log
       execute(task: Task): unknown {
         const text = <string>(task.topic ?? Defaults.topic);
         return [shout(text), this.config.tone, this.name, this.model, fields, Size.Small, typeof fs.readFileSync] satisfies unknown[];
       }
     }`,
    "Agent",
    { task: { topic: "coffee" } },
  );
  expect(run.output).toEqual({
    output: ["logged", ["COFFEE", "loud", "Ada", "small", ["model"], 1, "function"]],
  });
});

test.each([
  ["named export of an ES module", "a.mjs", `export class A { run() { return "esm"; } }`, "A", "esm"],
  [
    "default export",
    "a.ts",
    `export default class A { run() { return "named default"; } }`,
    "A",
    "named default",
  ],
  [
    "anonymous default export",
    "a.ts",
    `export default class { run() { return "anonymous"; } }`,
    "default",
    "anonymous",
  ],
  [
    "export under another name",
    "a.ts",
    `class A { run() { return "renamed"; } }\nexport { A as B };`,
    "A",
    "renamed",
  ],
  ["module.exports", "a.cjs", `module.exports = class A { run() { return "cjs"; } };`, "A", "cjs"],
  [
    "anonymous module.exports",
    "a.js",
    `module.exports = class { run() { return "anonymous cjs"; } };`,
    "default",
    "anonymous cjs",
  ],
  [
    "exports.A",
    "a.js",
    `class A { run() { return require("node:path").sep.length; } }\nexports.A = A;`,
    "A",
    1,
  ],
  ["export =", "a.ts", `class A { run(): string { return "assigned"; } }\nexport = A;`, "A", "assigned"],
  [
    "an ES5 constructor",
    "a.js",
    `function A() {}\nA.prototype.run = function () { return "es5"; };\nexports.A = A;`,
    "A",
    "es5",
  ],
  [
    "top-level await",
    "a.ts",
    `const x: number = await Promise.resolve(7);\nexport class A { run() { return x; } }`,
    "A",
    7,
  ],
  [
    "JSX",
    "a.tsx",
    `const h = (tag: string) => tag;\n/** @jsx h */\nexport class A { run() { return <b>hi</b>; } }`,
    "A",
    "b",
  ],
  [
    "a byte order mark and CRLF",
    "a.ts",
    `\uFEFFexport class A {\r\n  run() { return "windows"; }\r\n}\r\n`,
    "A",
    "windows",
  ],
])("finds the class: %s", async (_title, path, text, name, value) => {
  const run = await workspace.run(path, text, name);
  expect(run.end.error).toBeUndefined();
  expect(run.output).toEqual({ output: value });
});

test("fills parameters as TypeScript declares them: those with a question mark may be left out", async () => {
  const run = await workspace.run(
    "a.ts",
    `export class A {
       execute(text: string, limit?: number, note = "none") { return [text, limit ?? "no limit", note, arguments.length]; }
     }`,
    "A",
    { task: { text: "tea" } },
  );
  expect(run.end.output).toEqual({ output: ["tea", "no limit", "none", 1] });
  const arrow = await workspace.run(
    "b.ts",
    `export class B { execute = async (text: string, limit?: number) => ({ text, limit, arity: this.execute.length }); }`,
    "B",
    { task: { text: "tea", limit: 3 } },
  );
  expect(arrow.end.output).toEqual({ text: "tea", limit: 3, arity: 2 });
});

test("takes the source as it is now, and fresh module state, for every run", async () => {
  const first = await workspace.run("a.ts", `let n = 0;\nexport class A { run() { return ++n; } }`, "A");
  const second = workspace.start("a.ts#A");
  await second.finished;
  expect([first.output, second.output]).toEqual([{ output: 1 }, { output: 1 }]);
  const changed = await workspace.run("a.ts", `export class A { run() { return "changed"; } }`, "A");
  expect(changed.output).toEqual({ output: "changed" });
});

test("takes paths and options from the project that tsconfig.json refers to", async () => {
  await workspace.write(
    "tsconfig.json",
    `{ "files": [], "references": [{ "path": "./tsconfig.node.json" }, { "path": "./tsconfig.app.json" }] }`,
  );
  await workspace.write(
    "tsconfig.node.json",
    `{ "include": ["vite.config.ts"], "compilerOptions": { "composite": true } }`,
  );
  await workspace.write(
    "tsconfig.app.json",
    `{ "include": ["src"], "compilerOptions": { "useDefineForClassFields": false, "baseUrl": ".", "paths": { "@/*": ["./src/*"] } } }`,
  );
  await workspace.write("src/lib/base.ts", `export class Base { model = "kept"; }`);
  const run = await workspace.run(
    "src/a.ts",
    `import { Base } from "@/lib/base";\nexport class A extends Base { model: string; run() { return this.model; } }`,
    "A",
  );
  expect(run.end.error).toBeUndefined();
  expect(run.output).toEqual({ output: "kept" });
});

test("does not stop at a tsconfig.json that cannot be read", async () => {
  await workspace.write("tsconfig.json", `{ "extends": "@nobody/tsconfig" }`);
  const run = await workspace.run("a.ts", `export class A { run() { return 1; } }`, "A");
  expect(run.end.status).toBe("success");
  expect(run.log("stderr")).toContain("The options of tsconfig.json are not used");
});

test.each([
  [
    "a class that is not exported",
    `class Hidden {}\nexport class Seen {}`,
    "Hidden",
    `Hidden cannot be run, because a.ts does not export it (write "export class Hidden"); it exports Seen.`,
  ],
  [
    "a class that does not exist",
    `export class Seen {}\nexport const x = 1;`,
    "Nope",
    "a.ts has no class Nope; it exports Seen, x.",
  ],
  ...["toString", "__proto__", "toString.call"].map((name): [string, string, string, string] => [
    `what every object inherits, ${name}`,
    `export class Seen {}`,
    name,
    `a.ts has no class ${name}; it exports Seen.`,
  ]),
  ["no exports at all", `console.log("script");`, "Nope", "a.ts has no class Nope; it exports nothing."],
  [
    "an export that is no agent",
    `export const make = 5;`,
    "make",
    `The export "make" of a.ts is neither a class nor an agent nor a function that makes one; it exports make.`,
  ],
  ["no default export", `export class Seen {}`, "default", "a.ts has no default export; it exports Seen."],
])("says in one sentence what is wrong: %s", async (_title, text, name, message) => {
  const run = await workspace.run("a.ts", text, name);
  expect(run.end).toMatchObject({ status: "failed", error: { name: "UserError", message } });
});

test("says that a class takes no tasks", async () => {
  const run = await workspace.run("a.ts", `export class A { hello() {} }`, "A");
  expect(run.end).toMatchObject({ status: "failed", error: { name: "UserError" } });
  expect(run.end.error?.message).toBe(
    "A has no method that takes tasks, such as execute, run or processMessage. It has hello: " +
      'name one as "method" in .proj-intel/adapters.json.',
  );
});

test("says which file is missing", async () => {
  const run = workspace.start("none.ts#A");
  expect((await run.finished).error).toMatchObject({
    name: "UserError",
    message: expect.stringMatching(/There is no file .*none\.ts\./) as unknown,
  });
});

test("names the parameters of a class that cannot be constructed without arguments", async () => {
  const text = `export class A {
    private readonly name: string;
    constructor(llm: { name: string }, options: object, retries = 3) { this.name = llm.name; }
    run() { return this.name; }
  }`;
  const bare = await workspace.run("a.ts", text, "A");
  expect(bare.end.error).toMatchObject({
    name: "UserError",
    message: expect.stringContaining("A cannot be constructed without arguments (llm, options)") as unknown,
  });
  const given = workspace.start("a.ts#A", {}, { args: [{ name: "small" }] });
  expect((await given.finished).output).toEqual({ output: "small" });
});

test("reports a module that throws on import with the user's line", async () => {
  const run = await workspace.run(
    "a.ts",
    `export class A { run() {} }\n\nthrow new RangeError("at import");`,
    "A",
  );
  expect(run.end).toMatchObject({ status: "failed", error: { name: "RangeError", message: "at import" } });
  expect(run.end.error?.stack).toMatch(/a\.ts:3:/);
  expect(run.end.error?.stack).not.toMatch(/agentThread|node:internal/);
});

test("reports a syntax error with its place", async () => {
  const run = await workspace.run("a.ts", `export class A {\n  run( { return 1 }\n}`, "A");
  expect(run.end.error).toMatchObject({ name: "SyntaxError" });
  expect(run.end.error?.message).toMatch(/a\.ts:2:\d+\)$/);
});

test("keeps what a module writes while it is loaded", async () => {
  const run = await workspace.run(
    "a.cjs",
    `console.log("loading");\nmodule.exports = class A { run() {} };`,
    "A",
  );
  expect(run.log()).toBe("loading\n");
});

test("uses an agent of another copy of the runtime as it is", async () => {
  const core = JSON.stringify(new URL("../../dist/core/core.mjs", import.meta.url).pathname);
  const run = await workspace.run(
    "a.mjs",
    `import { BaseAgent } from ${core};
     export class Own extends BaseAgent {
       constructor() { super({ name: "own", agentType: "test" }); }
       executeImpl(task, context) { context.progress("half", 0.5); return { task, runId: context.runId, wrapped: "legacy" in this }; }
     }`,
    "Own",
    { task: "tea" },
  );
  expect(run.output).toEqual({ task: "tea", runId: run.id, wrapped: false });
  expect(run.events).toContainEqual(
    expect.objectContaining({ type: "progress", message: "half", fraction: 0.5 }),
  );
});
