import { describe, expect, test } from "vitest";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { commandLine } from "./commandLine.ts";
import { livesAfter, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { start } = commandLine(workspace);
const agent = (body: string) => `export class A { async run() { ${body} } }`;
const WAIT = `await new Promise((done) => setTimeout(done, 5000));`;
const RING = `const ring = {}; ring.self = ring;`;
const TRAP = `const trap = () => { throw new Error("trap"); }; const proxy = new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap });`;
const BROKEN = `const broken = new Error("real"); Object.defineProperty(broken, "message", { get() { throw new Error("trap"); } });`;
const UNREADABLE = "An error was thrown whose message cannot be read";

describe("An agent that throws", () => {
  test.each([
    ["undefined", `throw undefined;`, "undefined was thrown in place of an error"],
    ["a symbol", `throw Symbol("odd");`, "Symbol(odd)"],
    ["a function", `throw function odd() {};`, "function odd() {}"],
    ["an object that holds itself", `${RING} throw ring;`, "[object Object]"],
    ["what cannot be looked at", `${TRAP} throw proxy;`, `${UNREADABLE}: trap`],
    ["an error without a readable message", `${BROKEN} throw broken;`, `${UNREADABLE}: trap`],
    ["such an error where nobody waits", `${BROKEN} Promise.reject(broken); ${WAIT}`, `${UNREADABLE}: trap`],
    ["nothing, asynchronously", `await Promise.reject(null);`, "null was thrown in place of an error"],
    ["undefined where nobody waits", `Promise.reject(undefined); ${WAIT}`, "undefined"],
    [
      "a ring where nobody waits",
      `${RING} Promise.reject(ring); ${WAIT}`,
      "<ref *1> { self: [Circular *1] }",
    ],
    ["a stack overflow", `const down = () => down() + 1; return down();`, "Maximum call stack size exceeded"],
    ["process.abort", `process.abort();`, "process.abort() is not supported in workers"],
  ])("%s fails its run with a message", async (_title, body, message) => {
    const run = await workspace.run("a.mjs", agent(body), "A");
    expect(run.end).toMatchObject({ status: "failed", error: { message } });
    await run.record();
  });
});

describe("An agent that returns", () => {
  const instead = (what: string) => [`The output holds a description in place of the value: ${what}.`];

  test.each([
    ["a function", `return () => 1;`, { output: "function (anonymous)" }, instead("function (anonymous)")],
    ["a symbol", `return Symbol("odd");`, { output: "Symbol(odd)" }, instead("Symbol(odd)")],
    ["a bigint", `return 10n;`, { output: "10n" }, instead("10n")],
    ["not a number", `return NaN;`, { output: "NaN" }, instead("NaN")],
    ["nothing", `return;`, { output: null }, []],
    [
      "a property that cannot be read",
      `return { get broken() { throw new Error("trap"); }, fine: 1 };`,
      { output: "[unreadable: trap]" },
      instead("[unreadable: trap]"),
    ],
    [
      "a broken toJSON",
      `return { toJSON() { throw new Error("trap"); } };`,
      { toJSON: "function toJSON" },
      ["The output holds a description in place of toJSON: function toJSON."],
    ],
  ])("%s has it described, with a warning", async (_title, body, output, warnings) => {
    const run = await workspace.run("a.mjs", agent(body), "A");
    expect(run.end).toMatchObject({ status: "success", output, warnings });
    await run.record();
  });

  test("100,000 objects in each other succeeds with what can be kept", async () => {
    const body = `let deep = {}; for (let i = 0; i < 100000; i++) deep = { deep }; return deep;`;
    const run = await workspace.run("a.mjs", agent(body), "A");
    expect(run.end.status).toBe("success");
    expect(run.end.warnings).toHaveLength(1);
    await run.record();
  });

  test("what cannot be looked at fails its run with a message", async () => {
    const run = await workspace.run("a.mjs", agent(`${TRAP} return proxy;`), "A");
    expect(run.end).toMatchObject({ status: "failed", error: { message: "trap" } });
    await run.record();
  });
});

describe.skipIf(process.platform === "win32")("A process that ends by", () => {
  test.each(["SIGSEGV", "SIGABRT", "SIGBUS", "SIGKILL"])(
    "%s interrupts its run, names the signal, and leaves a service that goes on",
    async (signal) => {
      const run = await workspace.run(
        "a.mjs",
        agent(`process.kill(process.pid, "${signal}"); for (;;);`),
        "A",
      );
      expect(run.end).toMatchObject({
        status: "interrupted",
        error: {
          name: "InterruptedError",
          message: `interrupted (host crashed): the process of the agents ended with ${signal}`,
        },
      });
      await run.record();
      const next = await workspace.run("b.mjs", agent(`return "next";`), "A");
      expect(next.output).toEqual({ output: "next" });
    },
  );

  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s to the process of the agents does not end it: that is for whoever started it",
    async (signal) => {
      await workspace.write("a.mjs", agent(`console.log("waiting"); ${WAIT}`));
      const run = workspace.start("a.mjs#A");
      await run.until("log");
      const { pid } = await run.until("started");
      process.kill(pid, signal);
      expect(await livesAfter(pid, 300)).toBe(true);
      await run.cancel();
      expect(run.end.status).toBe("cancelled");
    },
  );

  // As the system does that is short of memory: the process of the agents lives until it notices, the command line is gone.
  test("a kill of its parent reads as interrupted at once", async () => {
    await workspace.write("a.mjs", agent(`console.log("waiting"); ${WAIT}`));
    const { child, ended } = start("run", "a.mjs#A", "--task", "1", "--json");
    let out = "";
    child.stdout?.on("data", (chunk: Buffer) => void (out += String(chunk)));
    await expect.poll(() => out, { timeout: 10_000 }).toContain("waiting");
    expect((await listRuns(workspace.root)).map(({ state }) => state)).toEqual(["running"]);
    child.kill("SIGKILL");
    await ended;
    expect((await listRuns(workspace.root)).map(({ state }) => state)).toEqual(["interrupted"]);
    expect(await livesAfter(Number(/"pid":(\d+)/.exec(out)?.[1]), 10_000)).toBe(false);
  });
});
