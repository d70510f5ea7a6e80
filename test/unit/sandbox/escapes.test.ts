import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { codeLimits } from "../../../src/model/sandbox.ts";
import { CodeRunner } from "../../../src/runs/fixes/codeRunner.ts";

const dist = resolve(import.meta.dirname, "../../../dist");
const file = join(dist, "sandbox.cjs");
if (!existsSync(file)) {
  spawnSync(process.execPath, ["scripts/build.ts", "sandbox"], { cwd: join(dist, ".."), stdio: "inherit" });
}

const runner = new CodeRunner(file);
const input = { task: { text: "tea", list: [1] }, context: { n: 1 } };
const run = (code: string, given = input) => runner.run(code, given);

/** What a text finds, told through the only way out. */
const seen = async (expression: string) => (await run(`return { task: { seen: ${expression} } };`)).task;

test("a text gets task and context and answers with a patch", async () => {
  expect(await run("return { task: { text: task.text + context.n } };")).toEqual({ task: { text: "tea1" } });
  expect(await run("context.n += 1; return { context };")).toEqual({ context: { n: 2 } });
});

test.each([
  ["typeof process"],
  ["typeof require"],
  ["typeof module"],
  ["typeof globalThis.process"],
  ["typeof Buffer"],
  ["typeof fetch"],
  ["typeof WebAssembly"],
  ["typeof setTimeout"],
  ["typeof console"],
  ["typeof std"],
  ["typeof os"],
  ["typeof scriptArgs"],
  ["typeof task.constructor.constructor('return this')().process"],
  ["typeof (function () { return this; }).constructor('return this')().require"],
  ["typeof (0, eval)('this').process"],
  ["typeof Function('return this')().process"],
  ["typeof (async () => {}).constructor('return this')"],
  ["typeof Object.getPrototypeOf(function* () {}).constructor('return process')().process"],
  [
    "typeof Reflect.ownKeys(globalThis).find((key) => /^(process|require|module|worker|buffer|global)$/i.test(String(key)))",
  ],
])("%s finds nothing of the host", async (expression) => {
  const found = (await seen(expression)) as { seen: unknown };
  expect(["undefined", "object", "function"]).toContain(found.seen);
  if (!/async/.test(expression)) expect(found.seen).toBe("undefined");
});

test("nothing of Node is imported", async () => {
  await expect(
    run("return import('node:fs').then((fs) => ({ task: { found: typeof fs } }));"),
  ).rejects.toThrow(/changes neither task nor context|could not load|Error/);
  await expect(run("}); import fs from 'node:fs'; (function () {")).rejects.toThrow(
    "its code threw SyntaxError",
  );
  await expect(run("return require('fs');")).rejects.toThrow("'require' is not defined");
});

test.each([
  ["an endless loop", "for (;;) {}", "took too long"],
  ["an endless generator", "for (const _ of (function* () { for (;;) yield 1; })());", "took too long"],
  [
    "a regular expression that runs for ages",
    "/^(a+)+$/.test('a'.repeat(50) + '!'); return {};",
    "its code took too long",
  ],
  [
    "a sort that never agrees",
    "Array.from({ length: 1e6 }, (_, i) => i).sort(() => { for (;;); });",
    /^its code took too (much memory|long)$/,
  ],
  [
    "endless recursion",
    "const f = () => f() + 1; return f();",
    "its code threw InternalError: stack overflow",
  ],
  [
    "endless recursion in a getter",
    "const o = { get a() { return this.a; } }; return { task: o };",
    "its code threw InternalError: stack overflow",
  ],
  [
    "endless recursion in toJSON",
    "const o = { toJSON() { return JSON.stringify(this); } }; return { task: o };",
    "its code threw InternalError: stack overflow",
  ],
  [
    "endless recursion of proxies",
    "let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return { task: p.a ?? 1 };",
    "its code threw InternalError: stack overflow",
  ],
  ["a memory bomb", "const a = []; for (;;) a.push(new Array(1e5).fill(1));", "its code"],
  ["a text that doubles", "let s = 'x'; for (;;) s += s;", "its code"],
  ["a huge buffer", "return { task: new Uint8Array(2 ** 30).length };", "its code"],
  ["many buffers", "const a = []; for (;;) a.push(new Uint8Array(2 ** 20));", "its code"],
  ["a huge answer", "return { task: { text: 'x'.repeat(1e6) } };", "too large a patch"],
  [
    "an answer of many values",
    "return { task: Array.from({ length: 50000 }, () => 0) };",
    "more than 10000 values",
  ],
  [
    "an answer that nests",
    "let o = 1; for (let i = 0; i < 500; i++) o = [o]; return { task: o };",
    "nests deeper",
  ],
  ["a promise that never settles", "return new Promise(() => {});", "neither task nor context"],
  ["an async text", "return (async () => ({ task: 1 }))();", "neither task nor context"],
  ["no answer", "", "its code"],
  ["a number", "return 7;", "cannot be used"],
  ["a list", "return [{ task: 1 }];", "cannot be used"],
  ["a function", "return () => 1;", "cannot be used"],
  ["another field", "return { task: 1, file: '/etc/passwd' };", "Unrecognized key"],
  ["what is no JSON", "return { task: 1n };", "its code threw"],
  ["a cycle", "const o = {}; o.o = o; return { task: o };", "its code threw"],
  ["an error with getters", "throw { get name() { for (;;); }, get message() { throw 1; } };", "its code"],
  ["what throws nothing", "throw undefined;", "its code threw"],
  ["broken text", "return {", "its code threw SyntaxError"],
  ["the end of the sandbox", "throw Object.assign(new Error('interrupted'), {});", "took too long"],
])("%s is contained", async (_name, code, message) => {
  const startedAt = performance.now();
  await expect(run(code)).rejects.toThrow(message);
  expect(performance.now() - startedAt).toBeLessThan(codeLimits.threadMs + 3_000);
  expect(Reflect.has(Object.prototype, "polluted")).toBe(false);
});

test.each([
  [`return JSON.parse('{"task": {"__proto__": {"polluted": true}}}');`],
  [`return { task: { a: JSON.parse('{"__proto__": {"polluted": true}}') } };`],
  [
    `Object.prototype.toJSON = function () { return 1; }; return { task: { ["__proto__"]: { polluted: true } } };`,
  ],
  [`return { toJSON() { return JSON.parse('{"task": {"__proto__": {"polluted": true}}}'); } };`],
])("a patch changes no prototype: %s", async (code) => {
  const patch = await run(code).catch((error: unknown) => error);
  expect(patch).toBeInstanceOf(Error);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each([
  [
    "its own JSON",
    'JSON.stringify = () => \'{"task": "forged", "x": 1}\'; JSON.parse = () => ({}); return { task: 1 };',
    { task: 1 },
  ],
  ["its own call", "Function.prototype.call = () => ({ task: 'forged' }); return { task: 1 };", { task: 1 }],
  ["toJSON of its own", "return { toJSON: () => ({ task: 2 }) };", { task: 2 }],
  [
    "a proxy",
    "return new Proxy({}, { ownKeys: () => ['task'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 3 }), get: (_, key) => (key === 'task' ? 3 : undefined) });",
    { task: 3 },
  ],
])("with %s it can say no more than a patch", async (_name, code, patch) => {
  expect(await run(code)).toEqual(patch);
});

test.each([
  [
    "a command that hides text from a terminal",
    "/* Safe.\u001b]8;;*/ return { task: 1 }; /*\u0007 */ return {};",
    "U+001B",
  ],
  ["a line that looks like a comment", "// Safe.\u2028return { task: 1 };\nreturn {};", "U+2028"],
  ["what an editor does not show", `return {};${" ".repeat(10_000)}`, "longer than 500 characters"],
])("a text with %s is not run, whoever approved it", async (_name, code, told) => {
  await expect(run(code)).rejects.toThrow(told);
});

test("texts know nothing of each other", async () => {
  await run("globalThis.kept = 1; Array.prototype.kept = 1; return { task: 1 };");
  expect(await seen("typeof kept + typeof [].kept")).toEqual({ seen: "undefinedundefined" });
});

test("who stops the run waits for no text", async () => {
  const aborting = new AbortController();
  const startedAt = performance.now();
  const running = runner.run("for (;;) {}", input, aborting.signal);
  setTimeout(() => aborting.abort(), 100);
  await expect(running).rejects.toThrow("the run was stopped");
  expect(performance.now() - startedAt).toBeLessThan(900);
});

test("this thread goes on meanwhile", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 10);
  await expect(run("for (;;) {}")).rejects.toThrow("took too long");
  clearInterval(timer);
  expect(turns).toBeGreaterThan(20);
});

test("what is too large, or no JSON, is not handed over", async () => {
  await expect(run("return {};", { ...input, task: { text: "x".repeat(2e6), list: [] } })).rejects.toThrow(
    "1 MiB",
  );
  const cycle: { list: unknown[] } = { list: [] };
  cycle.list.push(cycle);
  await expect(runner.run("return {};", { task: cycle, context: null })).rejects.toThrow("no JSON");
});
