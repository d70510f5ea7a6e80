import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { UserError } from "../../src/model/userError.ts";
import { RunService, type Attach } from "../../src/runs/runService.ts";
import { Inspector } from "./inspector.ts";
import { dist, livesAfter, useWorkspace, Watched } from "./workspace.ts";

const workspace = useWorkspace();
const path = "src/sumAgent.ts";
const AGENT = `interface Order {
  lines: number[];
}

export class SumAgent {
  constructor(private readonly factor: number = 2) {}

  async execute(order: Order): Promise<{ total: number }> {
    const sum = order.lines.reduce((all, line) => all + line, 0);
    return { total: sum * this.factor };
  }
}
`;
const breakpoint = { url: "sumAgent\\.ts$", line: 10 };

let service: RunService | undefined;
let inspector: Inspector | undefined;
afterEach(async () => {
  inspector?.close();
  await service?.dispose();
});

/** A run in a process of its own, which begins once a debugger is attached there. */
async function start(attach: Attach): Promise<Watched> {
  const file = await workspace.write(path, AGENT);
  service = new RunService({ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath, attach });
  const { root } = workspace;
  return new Watched(root, service.start({ root, file, name: "SumAgent", task: { lines: [3, 4] } }));
}

// Node has a WebSocket of its own from version 22 on.
describe.skipIf(typeof WebSocket === "undefined")("a run under a debugger", () => {
  async function paused() {
    const run = await start(async (address) => {
      inspector = await Inspector.attach(address, breakpoint);
    });
    const { pid } = await run.until("started");
    const pause = await inspector?.paused;
    if (pause === undefined) throw new Error("The debugger was not attached before the run started.");
    return { run, pid, pause };
  }

  test("stops at a breakpoint in TypeScript and goes on from there; the debugger is told the source of each line", async () => {
    const { run, pause } = await paused();
    expect([pause.url, pause.line]).toEqual([pathToFileURL(join(workspace.root, path)).href, 10]);
    expect(await pause.valueOf("sum")).toBe(7);
    expect(await pause.valueOf("this.factor")).toBe(2);
    expect(inspector?.sourceMapOf(path)).toMatchObject({ sourcesContent: [AGENT] });
    await pause.resume();
    expect((await run.finished).output).toEqual({ total: 14 });
    await run.record();
  });

  test("is cancelled while it stands at a breakpoint", async () => {
    const { run, pid } = await paused();
    await run.cancel();
    expect(run.end.status).toBe("cancelled");
    await service?.dispose();
    expect(await livesAfter(pid, 2_000)).toBe(false);
  });

  test("is interrupted, with its own output alone, where its process is killed at a breakpoint", async () => {
    const { run, pid } = await paused();
    process.kill(pid, "SIGKILL");
    const { status, error } = await run.finished;
    expect(status).toBe("interrupted");
    expect(error?.stack).toBeUndefined();
  });
});

test("who is not told the address of a debugged process does not find it out", async () => {
  let listed: number | undefined;
  const run = await start(async (address) => {
    const { port } = new URL(address);
    listed = (await fetch(`http://127.0.0.1:${port}/json/list`)).status;
  });
  expect((await run.finished).output).toEqual({ total: 14 });
  expect(listed).toBe(404);
});

test("without its debugger nothing runs, and no process is left", async () => {
  let inspected = "";
  const run = await start(async (address) => {
    inspected = address;
    await Promise.reject(new UserError("There is no debugger."));
  });
  expect(await run.finished).toMatchObject({
    status: "failed",
    error: { name: "UserError", message: "There is no debugger." },
  });
  expect(run.events.map(({ type }) => type)).toEqual(["queued", "finished"]);
  await expect(fetch(inspected.replace("ws:", "http:"))).rejects.toThrow();
});
