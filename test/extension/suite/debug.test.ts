import assert from "node:assert/strict";
import * as vscode from "vscode";
import { runnable } from "../../../src/vscode/run/runner.ts";
import { agent, api, closeEditors, eventually, file, remove } from "./support.ts";

const path = "src/billing/invoiceAgent.ts";
const task = { order: "1043", lines: [{ article: "lamp", quantity: 2, unitPrice: 20 }] };

interface Stopped {
  session: vscode.DebugSession;
  threadId: number;
  reason: string;
}
interface Frame {
  id: number;
  name: string;
  line: number;
  source?: { path?: string };
  presentationHint?: string;
}
interface Variable {
  name: string;
  value: string;
  variablesReference: number;
}

/** Where the debugger stopped, in order. */
const stops: Stopped[] = [];
let tracking: vscode.Disposable;

const breakAt = (line: number) =>
  vscode.debug.addBreakpoints([
    new vscode.SourceBreakpoint(new vscode.Location(file(path), new vscode.Position(line - 1, 0))),
  ]);

const stopped = (count: number) => eventually(`the debugger stopped ${count} times`, () => stops[count - 1]);

async function frames({ session, threadId }: Stopped): Promise<Frame[]> {
  const answer = (await session.customRequest("stackTrace", { threadId })) as { stackFrames: Frame[] };
  return answer.stackFrames;
}

/** Where it stopped, as FILE:LINE; in a remote window the path is an address. */
async function top(stop: Stopped): Promise<string> {
  const [frame] = await frames(stop);
  const own = frame?.source?.path?.endsWith(file(path).path) === true;
  return `${own ? path : String(frame?.source?.path)}:${String(frame?.line)}`;
}

async function variables({ session }: Stopped, frameId: number): Promise<Record<string, string>> {
  const { scopes } = (await session.customRequest("scopes", { frameId })) as { scopes: Variable[] };
  const answer = (await session.customRequest("variables", {
    variablesReference: scopes[0]?.variablesReference,
  })) as { variables: Variable[] };
  return Object.fromEntries(answer.variables.map(({ name, value }) => [name, value]));
}

const request = ({ session, threadId }: Stopped, command: string) =>
  session.customRequest(command, { threadId });

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

async function start() {
  const { debugRunner } = await api();
  const run = debugRunner.start(runnable(await agent("InvoiceAgent")), { task, args: [0.19] });
  let pid = 0;
  run.onEvent((event) => {
    if (event.type === "started") pid = event.pid;
  });
  return { run, pid: () => pid };
}

describe("Debug Task", function () {
  // The debugger starts a process of its own, and the first test waits for the index, too.
  this.timeout(180_000);
  before(() => {
    tracking = vscode.debug.registerDebugAdapterTrackerFactory("pwa-node", {
      createDebugAdapterTracker: (session) => ({
        onDidSendMessage(message: { event?: string; body: Omit<Stopped, "session"> }) {
          if (message.event === "stopped") stops.push({ session, ...message.body });
        },
      }),
    });
  });
  afterEach(() => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    stops.length = 0;
  });
  after(async () => {
    tracking.dispose();
    await closeEditors();
    await remove(".proj-intel");
  });

  it("stops at breakpoints in the thread's TypeScript, with their variables, and steps over none of our code", async () => {
    breakAt(22);
    breakAt(44);
    const { run, pid } = await start();
    assert.equal(await top(await stopped(1)), `${path}:22`);
    await request(await stopped(1), "continue");
    const second = await stopped(2);
    const [frame, ...callers] = await frames(second);
    assert.equal(await top(second), `${path}:44`);
    const seen = await variables(second, frame?.id ?? 0);
    assert.equal(seen["net"], "40");
    const [own, ...others] = callers.filter(({ presentationHint }) => presentationHint !== "label");
    assert.deepEqual([own?.name, own?.presentationHint], ["InvoiceAgent.execute", "normal"]);
    assert.deepEqual(
      new Set(others.map(({ presentationHint }) => presentationHint)),
      new Set(["deemphasize"]),
    );
    await request(second, "next");
    assert.equal(await top(await stopped(3)), `${path}:45`);
    await request(await stopped(3), "stepOut");
    assert.match(await top(await stopped(4)), /src\/core\/workflowAgent\.ts:\d+$/);
    await request(await stopped(4), "continue");
    const finished = await run.finished;
    assert.equal(finished.status, "success");
    assert.equal(finished.output?.["gross"], 47.6);
    assert.equal(stops.length, 4);
    await eventually("the process is gone", () => isGone(pid()));
    await eventually("the debugger has ended", () => vscode.debug.activeDebugSession === undefined);
  });

  it("cancels the run where the debugger is stopped, and leaves no process", async () => {
    breakAt(44);
    const { run, pid } = await start();
    const { session } = await stopped(1);
    let root = session;
    while (root.parentSession) root = root.parentSession;
    await vscode.debug.stopDebugging(root);
    assert.equal((await run.finished).status, "cancelled");
    await eventually("the process is gone", () => isGone(pid()));
  });
});
