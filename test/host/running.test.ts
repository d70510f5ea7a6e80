import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RunService } from "../../src/runs/runService.ts";
import { Slots } from "../../src/runs/slots.ts";
import { dist, livesAfter, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const core = JSON.stringify(new URL("../../dist/core/core.mjs", import.meta.url).pathname);

test("answers with what a synchronous and an asynchronous agent return", async () => {
  const text = `export class Sync { run(task) { return { twice: task.n * 2 }; } }
    export class Async { async process(task) { await new Promise((done) => setTimeout(done, 20)); return [task]; } }`;
  const sync = await workspace.run("a.mjs", text, "Sync", { task: { n: 4 } });
  expect(sync.end.stopped).toBeUndefined();
  expect(sync.end).toMatchObject({ status: "success", output: { twice: 8 }, attempts: 1, warnings: [] });
  const asynchronous = workspace.start("a.mjs#Async", "tea");
  expect((await asynchronous.finished).output).toEqual({ output: ["tea"] });
  await sync.record();
  await asynchronous.record();
});

test("ends a synchronous endless loop within 2 s of the cancel, with its log", async () => {
  await workspace.write(
    "a.ts",
    `export class Loop { run() { console.log("one"); console.error("two"); process.stdout.write("three"); for (;;); } }`,
  );
  const run = workspace.start("a.ts#Loop");
  await run.until("log", ({ text }) => text.includes("three"));
  const started = Date.now();
  await run.cancel();
  expect(Date.now() - started).toBeLessThan(2_000);
  expect(run.end).toMatchObject({ status: "cancelled", stopped: "thread" });
  expect([run.log(), run.log("stderr")]).toEqual(["one\nthree", "two\n"]);
  await run.record();
});

test("lets an agent that heeds the abort signal end at once", async () => {
  await workspace.write(
    "a.mjs",
    `import { BaseAgent } from ${core};
     export class Heeds extends BaseAgent {
       constructor() { super({ name: "heeds", agentType: "test" }); }
       executeImpl(task, { signal }) {
         console.log("waiting");
         return new Promise((done) => { setInterval(() => {}, 1000); signal.addEventListener("abort", () => { console.log("heard"); done("stopped"); }); });
       }
     }`,
  );
  const run = workspace.start("a.mjs#Heeds");
  await run.until("log");
  const started = Date.now();
  await run.cancel();
  expect(Date.now() - started).toBeLessThan(900);
  expect(run.end).toMatchObject({ status: "cancelled", stopped: "signal" });
  expect(run.log()).toContain("heard");
});

test("ends a run at its timeout, also a synchronous one", async () => {
  const run = await workspace.run("a.mjs", `export class A { run() { for (;;); } }`, "A", { timeoutMs: 300 });
  expect(run.end).toMatchObject({
    ...{ status: "failed", stopped: "thread" },
    error: { name: "TimeoutError", message: "The run took longer than 300 ms and was stopped." },
  });
  expect(run.end.error?.signature).toBeTypeOf("string");
});

test("ends a thread that is blocked in native code with its process, and the next run gets a new one", async () => {
  await workspace.write(
    "a.mjs",
    `import { execFileSync } from "node:child_process";
     export class Blocked { run() { console.log("blocking"); execFileSync(process.execPath, ["-e", "setTimeout(() => {}, 15000)"]); } }
     export class Quick { run() { return "quick"; } }`,
  );
  const run = workspace.start("a.mjs#Blocked");
  const { pid } = await run.until("started");
  await run.until("log");
  const started = Date.now();
  await run.cancel();
  expect(Date.now() - started).toBeLessThan(3_500);
  expect(run.end).toMatchObject({ status: "cancelled", stopped: "process" });
  expect(await livesAfter(pid, 2_000)).toBe(false);
  const next = workspace.start("a.mjs#Quick");
  expect((await next.finished).output).toEqual({ output: "quick" });
  expect((await next.until("started")).pid).not.toBe(pid);
});

test.each([
  [
    "process.exit in the agent",
    `export class A { run() { process.exit(3); } }`,
    "The agent called process.exit(3).",
  ],
  [
    "process.exit at import",
    `process.exit(1);\nexport class A { run() {} }`,
    "The agent called process.exit(1).",
  ],
  [
    "an unhandled rejection",
    `export class A { async run() { Promise.reject(new Error("forgotten")); await new Promise((r) => setTimeout(r, 5000)); } }`,
    "forgotten",
  ],
  [
    "an uncaught exception",
    `export class A { async run() { setTimeout(() => { throw new Error("later"); }); await new Promise((r) => setTimeout(r, 5000)); } }`,
    "later",
  ],
  [
    "a promise that nothing can settle",
    `export class A { run() { return new Promise(() => {}); } }`,
    "The agent never finished: it waits for a promise that nothing can settle any more.",
  ],
  [
    "an error with causes",
    `export class A { run() { throw new Error("outer", { cause: new TypeError("middle", { cause: "inner" }) }); } }`,
    "outer (cause: middle; inner)",
  ],
  [
    "several errors at once",
    `export class A { run() { return Promise.any([Promise.reject(new Error("one")), Promise.reject(new Error("two"))]); } }`,
    "All promises were rejected (cause: one; two)",
  ],
  [
    "an error without a message",
    `export class A { run() { throw new Error("", { cause: new Error("behind it") }); } }`,
    "behind it",
  ],
  ["null thrown", `export class A { run() { throw null; } }`, "null was thrown in place of an error"],
  ["a string thrown", `export class A { run() { throw "plain text"; } }`, "plain text"],
  ["an object thrown", `export class A { run() { throw { code: 5 }; } }`, `{"code":5}`],
])("ends %s in one clear record", async (_title, text, message) => {
  const run = await workspace.run("a.mjs", text, "A");
  expect(run.end).toMatchObject({ status: "failed", error: { message } });
  expect(run.end.error?.signature).toBeTypeOf("string");
  await run.record();
  const patterns: unknown = JSON.parse(
    await readFile(join(workspace.root, ".proj-intel", "error_patterns.json"), "utf8").catch(() => "{}"),
  );
  expect(patterns).toBeDefined();
});

test.each([
  ["an exception", `setTimeout(() => { throw new Error("late"); });`],
  ["a rejection", `Promise.reject(new Error("late"));`],
  ["an exit", `process.exit(1);`],
])("keeps the result of an agent that ends its shutdown with %s", async (_title, code) => {
  const run = await workspace.run(
    "a.mjs",
    `export class A { run() { return "stands"; } async shutdown() { ${code} await new Promise((done) => setTimeout(done, 100)); } }`,
    "A",
  );
  expect(run.end).toMatchObject({ status: "success", output: { output: "stands" } });
});

test("ends an agent that exhausts memory without harm to the run beside it", async () => {
  await workspace.write(
    "a.mjs",
    `export class Greedy { run() { const all = []; for (;;) all.push({ text: "x".repeat(10) + all.length, list: new Array(50).fill(all.length) }); } }
     export class Patient { async run() { for (let i = 0; i < 20; i++) await new Promise((done) => setTimeout(done, 100)); return "unharmed"; } }`,
  );
  const patient = workspace.start("a.mjs#Patient");
  await patient.until("checkpoint");
  const greedy = workspace.start("a.mjs#Greedy", {}, { memoryMb: 64 });
  expect(await greedy.finished).toMatchObject({
    status: "failed",
    error: {
      name: "OutOfMemoryError",
      message: "The agent used more than 64 MiB of memory and was stopped.",
    },
  });
  expect((await patient.finished).output).toEqual({ output: "unharmed" });
});

test("ends an agent whose buffers take more memory than it may", async () => {
  await workspace.write(
    "a.mjs",
    `export class Greedy {
       async run() {
         for (const all = []; ; await new Promise((done) => setTimeout(done, 20))) all.push(Buffer.alloc(8 * 2 ** 20, 1));
       }
     }`,
  );
  const { status, error } = await workspace.start("a.mjs#Greedy", {}, { memoryMb: 64 }).finished;
  expect(status).toBe("failed");
  expect(error).toMatchObject({
    name: "OutOfMemoryError",
    message: "The agent used more than 64 MiB of memory and was stopped.",
  });
});

test("a flood of progress delays no stop, and its record stays small", async () => {
  await workspace.write(
    "a.mjs",
    `import { BaseAgent } from ${core};
     export class Floods extends BaseAgent {
       constructor() { super({ name: "floods", agentType: "test" }); }
       executeImpl(task, ctx) { for (let step = 0; ; step += 1) { ctx.progress("step " + step); ctx.usage({ tokens: 1 }); } }
     }`,
  );
  const run = workspace.start("a.mjs#Floods", {}, { timeoutMs: 1_000 });
  const { status, error, durationMs } = await run.finished;
  expect({ status, name: error?.name }).toEqual({ status: "failed", name: "TimeoutError" });
  expect(durationMs).toBeLessThan(4_000);
  expect((await run.record()).length).toBeLessThan(2_000);
});

test("turns an output that cannot be kept into a description, with a warning", async () => {
  const run = await workspace.run(
    "a.mjs",
    `export class A { run() { const ring = { big: 10n, fn() {} }; ring.self = ring; return ring; } }`,
    "A",
  );
  expect(run.end.status).toBe("success");
  expect(run.end.warnings.length).toBeGreaterThan(0);
  expect((await run.record()).at(-1)).toMatchObject({ output: run.output });
});

test("retries with growing delays, and the last attempt's answer counts", async () => {
  const run = await workspace.run(
    "a.mjs",
    `let calls = 0;
     export class Flaky { run() { calls++; if (calls < 3) throw new Error("not yet " + calls); return calls; } }`,
    "Flaky",
    { retries: 2 },
  );
  expect(run.end).toMatchObject({ status: "success", attempts: 3, output: { output: 3 } });
  const retries = run.events.filter((event) => event.type === "retry");
  expect(retries).toMatchObject([
    { attempt: 1, of: 3, error: { message: "not yet 1" } },
    { attempt: 2, of: 3, error: { message: "not yet 2" } },
  ]);
  const [first = 0, second = 0] = retries.map(({ delayMs }) => delayMs);
  expect(first).toBeGreaterThan(400);
  expect(second).toBeGreaterThan(first);
});

test("a cancel ends the waiting between attempts", async () => {
  await workspace.write("a.mjs", `export class A { run() { throw new Error("again"); } }`);
  const run = workspace.start("a.mjs#A", {}, { retries: 8 });
  await run.until("retry", ({ attempt }) => attempt === 3);
  const started = Date.now();
  await run.cancel();
  expect(Date.now() - started).toBeLessThan(1_000);
  expect(run.end.status).toBe("cancelled");
});

test("rolls a failing agent back, and says so in its checkpoints", async () => {
  const run = await workspace.run(
    "a.mjs",
    `export class A { count = 0; run() { this.count++; if (this.count === 1) { this.dirty = true; throw new Error("half done"); } return { count: this.count, dirty: this.dirty ?? false }; } }`,
    "A",
    { retries: 1 },
  );
  expect(run.end).toMatchObject({ status: "failed", attempts: 2 });
  const labels = run.events.filter((event) => event.type === "checkpoint").map(({ label }) => label);
  expect(labels).toEqual(["started", "rollback", "rollback"]);
});

test("runs five agents at the same time", async () => {
  await workspace.write(
    "a.mjs",
    `import { readdirSync, writeFileSync } from "node:fs";
     export class Meets { async run({ n, folder }) {
       writeFileSync(folder + "/here-" + n, "");
       while (readdirSync(folder).filter((name) => name.startsWith("here-")).length < 5) await new Promise((done) => setTimeout(done, 10));
       return n;
     } }`,
  );
  const runs = [1, 2, 3, 4, 5].map((n) => workspace.start("a.mjs#Meets", { n, folder: workspace.root }));
  const ends = await Promise.all(runs.map((run) => run.finished));
  expect(ends.map(({ output }) => output)).toEqual([1, 2, 3, 4, 5].map((n) => ({ output: n })));
  const pids = await Promise.all(runs.map(async (run) => (await run.until("started")).pid));
  expect(new Set(pids).size).toBe(1);
});

test("as many run at a time as there are slots; the others wait as queued, and leave when they are cancelled", async () => {
  await workspace.write(
    "a.mjs",
    "export class Waits { run(ms) { return new Promise((done) => setTimeout(() => done(ms), ms)); } }",
  );
  const service = new RunService({
    hostFile: join(dist, "agentHost.cjs"),
    nodePath: process.execPath,
    slots: new Slots(1),
  });
  const start = (task: number) =>
    service.start({ root: workspace.root, file: join(workspace.root, "a.mjs"), name: "Waits", task });
  const types: string[] = [];
  const first = start(60_000);
  const second = start(2);
  const third = start(3);
  const fourth = start(4);
  second.onEvent(({ type }) => types.push(type));
  const begun = new Promise<void>((resolve) => {
    first.onEvent(({ type }) => {
      if (type === "checkpoint") resolve();
    });
  });
  await third.cancel();
  expect(await third.finished).toMatchObject({ status: "cancelled", attempts: 0 });
  await begun;
  expect(types).toEqual(["queued"]);
  await first.cancel();
  expect(await second.finished).toMatchObject({ status: "success", output: { output: 2 } });
  expect(types.slice(0, 2)).toEqual(["queued", "started"]);
  expect(await fourth.finished).toMatchObject({ status: "success", output: { output: 4 } });
  await service.dispose();
});

test("keeps output written past the streams, and ends a flood of it", async () => {
  const run = await workspace.run(
    "a.mjs",
    `import { writeSync } from "node:fs";
     import { execFileSync } from "node:child_process";
     export class A { run() {
       writeSync(1, "descriptor ");
       execFileSync(process.execPath, ["-e", "process.stdout.write('child ')"], { stdio: "inherit" });
       for (let i = 0; i < 12; i++) console.log("x".repeat(1024 * 1024));
       return 1;
     } }`,
    "A",
  );
  expect(run.end.status).toBe("success");
  expect(run.log()).toContain("descriptor ");
  expect(run.log()).toContain("child ");
  expect(run.log().length).toBeLessThan(10 * 1024 * 1024);
  expect(run.log("stderr")).toContain("The log of this run ends here: it is longer than 8 MiB.");
});

test("keeps as much of the log as it is allowed, from a child process too", async () => {
  const run = await workspace.run(
    "a.mjs",
    `import { execFileSync } from "node:child_process";
     export class A { run() {
       console.log("é".repeat(300_000));
       execFileSync(process.execPath, ["-e", "process.stdout.write('x'.repeat(1e6))"], { stdio: "inherit" });
       return "done";
     } }`,
    "A",
    { logMb: 0.5 },
  );
  expect(run.end.status).toBe("success");
  expect(Buffer.byteLength(run.log())).toBeLessThanOrEqual(512 * 1024);
  expect(run.log("stderr")).toContain("The log of this run ends here: it is longer than 0.5 MiB.");
});

test("fails where the result is larger than it may be, and says how large", async () => {
  const source = `export class A { run(length) { return "x".repeat(length); } }`;
  const limits = { task: 1024 * 1024, resultMb: 0.5 };
  const run = await workspace.run("a.mjs", source, "A", limits);
  expect(run.end).toMatchObject({
    status: "failed",
    error: {
      name: "ResultTooLargeError",
      message:
        "The agent returned 1 MiB, and a result may have 0.5 MiB: allow it more, or let it write what it made to a file and return the name.",
    },
  });
  expect(run.end.output).toBeUndefined();
  expect((await workspace.run("a.mjs", source, "A", { ...limits, resultMb: 1.5 })).end.status).toBe(
    "success",
  );
});

test("ends the log of a flood that a child process writes", async () => {
  const run = await workspace.run(
    "a.mjs",
    `import { execFileSync } from "node:child_process";
     export class A { run() { execFileSync(process.execPath, ["-e", "process.stdout.write('x'.repeat(20e6))"], { stdio: "inherit" }); } }`,
    "A",
  );
  expect(run.end.status).toBe("success");
  expect(run.log()).toHaveLength(8 * 1024 * 1024);
  expect(run.log("stderr")).toContain("The log of this run ends here: it is longer than 8 MiB.");
});

test("a truncated checkpoint in the store does not stop a run", async () => {
  const text = `export class A { run() { return 1; } }`;
  const first = await workspace.run("a.mjs", text, "A");
  const folder = join(workspace.root, ".proj-intel", "checkpoints");
  const [agent = ""] = await readdir(folder);
  const [file = ""] = (await readdir(join(folder, agent))).filter((name) =>
    /^[\da-f-]{36}\.json$/.test(name),
  );
  const path = join(folder, agent, file);
  await writeFile(path, (await readFile(path, "utf8")).slice(0, 30));
  const second = workspace.start("a.mjs#A");
  expect(await second.finished).toMatchObject({ status: "success", output: first.output });
});

test("cancels what has not begun", async () => {
  await workspace.write("a.mjs", `export class A { run() { return 1; } }`);
  const run = workspace.start("a.mjs#A");
  await run.cancel();
  expect(run.end).toMatchObject({ status: "cancelled", attempts: 0 });
  expect((await run.record()).map(({ type }) => type)).not.toContain("checkpoint");
});
