import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { RunService } from "../../src/runs/runService.ts";
import { commandLine } from "./commandLine.ts";
import { dist, livesAfter, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { start } = commandLine(workspace);

/** An agent that says that it waits, and goes on once there is a file "go". */
const WAITS = `
  import { existsSync } from "node:fs";
  export class Waits { async run() {
    console.log("waiting");
    while (!existsSync("go")) await new Promise((done) => setTimeout(done, 20));
    return "first";
  } }`;

test("100 MB of console.log cost a record of 8 MiB, and the run succeeds", async () => {
  const run = await workspace.run(
    "a.mjs",
    `export class A { run() { for (let i = 0; i < 100; i++) console.log("x".repeat(1e6)); return 1; } }`,
    "A",
  );
  expect(run.end).toMatchObject({ status: "success", output: { output: 1 } });
  expect(run.log()).toHaveLength(8 * 1024 * 1024);
});

test("a source that changes during a run changes the next run only", async () => {
  await workspace.write("a.mjs", WAITS);
  const first = workspace.start("a.mjs#Waits");
  await first.until("log");
  await workspace.write("a.mjs", WAITS.replace('"first"', '"second"'));
  await workspace.write("go", "");
  expect((await first.finished).output).toEqual({ output: "first" });
  expect((await workspace.start("a.mjs#Waits").finished).output).toEqual({ output: "second" });
});

test.skipIf(process.platform === "win32")(
  "a working folder that is deleted during a run does not keep it from being stopped, and the loss is told",
  async () => {
    await workspace.write("a.mjs", WAITS);
    const run = workspace.start("a.mjs#Waits");
    await run.until("log");
    await rm(workspace.root, { recursive: true, force: true });
    await run.cancel();
    expect(run.end.status).toBe("cancelled");
    expect(run.end.warnings).toEqual(["The record of this run was removed while the agent was at work."]);
  },
);

test("two windows run agents of one workspace at once, and each sees the other's", async () => {
  await workspace.write("a.mjs", WAITS);
  const other = new RunService({ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath });
  const here = workspace.start("a.mjs#Waits");
  const there = other.start({
    root: workspace.root,
    file: join(workspace.root, "a.mjs"),
    name: "Waits",
    task: 1,
  });
  await here.until("log");
  await expect
    .poll(async () => (await listRuns(workspace.root)).map(({ state }) => state), { timeout: 10_000 })
    .toEqual(["running", "running"]);
  await writeFile(join(workspace.root, "go"), "");
  expect([(await here.finished).status, (await there.finished).status]).toEqual(["success", "success"]);
  await other.dispose();
});

test("a parent that is killed leaves no process, and a run that reads as interrupted and can be resumed", async () => {
  await workspace.write("a.mjs", WAITS);
  const { child, ended } = start("run", "a.mjs#Waits", "--task", "1", "--json");
  let out = "";
  child.stdout?.on("data", (chunk: Buffer) => void (out += String(chunk)));
  await expect.poll(() => out, { timeout: 10_000 }).toContain("waiting");
  const pid = Number(/"pid":(\d+)/.exec(out)?.[1]);
  child.kill("SIGKILL");
  await ended;
  expect(await livesAfter(pid, 5_000)).toBe(false);
  const state = async () => (await listRuns(workspace.root))[0]?.state;
  await expect.poll(state, { timeout: 15_000 }).toBe("interrupted");
  await writeFile(join(workspace.root, "go"), "");
  const [{ runId } = { runId: "" }] = await listRuns(workspace.root);
  const run = await workspace.service.resume(workspace.root, runId);
  expect((await run.finished).output).toEqual({ output: "first" });
}, 30_000);
