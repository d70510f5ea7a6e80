import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { RunService } from "../../src/runs/runService.ts";
import { dist, livesAfter, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

/** An agent that answers with what is on disk while it runs. */
const WITNESS = `
  import { readFileSync, readdirSync } from "node:fs";
  const events = () => readdirSync(".proj-intel/runs").filter((name) => name.endsWith(".jsonl")).flatMap((file) => readFileSync(".proj-intel/runs/" + file, "utf8").trim().split("\\n")).map((line) => JSON.parse(line).type);
  const atImport = events();
  export class Witness { run() {
    const folder = ".proj-intel/checkpoints/";
    const checkpoints = readdirSync(folder, { recursive: true }).filter((path) => /[\\da-f-]{36}\\.json$/.test(path)).map((path) => JSON.parse(readFileSync(folder + path, "utf8")));
    return { atImport, checkpoints: checkpoints.map(({ label, runId, task }) => ({ label, runId, task })) };
  } }`;

test("the record and the checkpoint are on disk before the agent's code runs", async () => {
  const run = await workspace.run("a.mjs", WITNESS, "Witness", { task: { topic: "tea" } });
  expect(run.output).toEqual({
    // That it has started is written at the same time.
    atImport: expect.arrayContaining(["queued"]) as string[],
    checkpoints: [{ label: "started", runId: run.id, task: { topic: "tea" } }],
  });
});

test("secrets in a task reach neither the record nor a checkpoint", async () => {
  const secret = "sk-abcdefghijklmnopqrstuvwxyz123456";
  const run = await workspace.run(
    "a.mjs",
    `export class A { run(task) { console.log(task.apiKey); return task.apiKey.length; } }`,
    "A",
    {
      task: { apiKey: secret },
    },
  );
  expect(run.output).toEqual({ output: secret.length });
  const record = await readFile(join(workspace.root, ".proj-intel", "runs", `${run.id}.jsonl`), "utf8");
  expect(record).not.toContain(secret);
  expect(record).toContain("[redacted]");
});

test("a host that is killed interrupts its runs, and the next run gets a new host", async () => {
  await workspace.write(
    "a.mjs",
    `export class Waits { async run() { console.log("waiting"); await new Promise((done) => setTimeout(done, 20000)); } }
     export class Quick { run() { return "quick"; } }`,
  );
  const runs = [workspace.start("a.mjs#Waits"), workspace.start("a.mjs#Waits")];
  for (const run of runs) await run.until("log");
  const [first] = runs;
  const { pid } = await (first ?? workspace.start("")).until("started");
  process.kill(pid, "SIGKILL");
  for (const run of runs) {
    expect(await run.finished).toMatchObject({
      status: "interrupted",
      error: {
        message: expect.stringContaining("interrupted (host crashed)") as unknown,
        signature: expect.any(String) as unknown,
      },
    });
    expect(run.end.checkpointId).toBeTypeOf("string");
    await run.record();
  }
  const next = workspace.start("a.mjs#Quick");
  expect((await next.finished).output).toEqual({ output: "quick" });
  expect((await next.until("started")).pid).not.toBe(pid);
});

test("an agent that takes the whole process down is named in one record", async () => {
  const run = await workspace.run(
    "a.mjs",
    `export class A { run() { process.kill(process.pid, "SIGSEGV"); for (;;); } }`,
    "A",
  );
  expect(run.end).toMatchObject({
    status: "interrupted",
    error: { message: expect.stringContaining("SIGSEGV") as unknown },
  });
});

test.skipIf(process.platform === "win32").each(["dispose", "crash"])(
  "no process that an agent started outlives the host: %s",
  async (how) => {
    await workspace.write(
      "a.mjs",
      `import { spawn } from "node:child_process";
       export class A { async run() { spawn("sh", ["-c", "while echo beat >> beats; do sleep 0.02; done"], { stdio: "ignore" }); console.log("spawned"); await new Promise((done) => setTimeout(done, 20000)); } }`,
    );
    const run = workspace.start("a.mjs#A");
    const { pid } = await run.until("started");
    await run.until("log");
    const beats = async () => (await readFile(join(workspace.root, "beats"), "utf8").catch(() => "")).length;
    await vi.waitUntil(async () => (await beats()) > 20);
    if (how === "crash") process.kill(pid, "SIGKILL");
    else await workspace.service.dispose();
    expect((await run.finished).status).toBe("interrupted");
    const last = await beats();
    await new Promise((done) => setTimeout(done, 300));
    expect(await beats()).toBe(last);
  },
);

test("disposing ends every run and every process", async () => {
  await workspace.write("a.mjs", `export class Loop { run() { console.log("looping"); for (;;); } }`);
  const run = workspace.start("a.mjs#Loop");
  const { pid } = await run.until("started");
  await run.until("log");
  await workspace.service.dispose();
  expect(await livesAfter(pid, 1_000)).toBe(false);
  expect(run.end).toMatchObject({ status: "interrupted" });
  await run.record();
  const late = workspace.start("a.mjs#Loop");
  expect((await late.finished).error).toMatchObject({ name: "UserError" });
});

test("a folder that is gone, or whose record cannot be written, ends in one sentence", async () => {
  const file = await workspace.write("a.mjs", `export class A { run() {} }`);
  const gone = workspace.service.start({ root: join(workspace.root, "gone"), file, name: "A", task: 1 });
  expect((await gone.finished).error?.message).toMatch(/^There is no folder .*gone\.$/);
  await writeFile(join(workspace.root, ".proj-intel"), "in the way");
  const run = workspace.start("a.mjs#A");
  expect((await run.finished).error?.message).toMatch(
    /^The run cannot be recorded in .*, so it was not started/,
  );
});

test("a Node that cannot be used ends in one sentence that names the setting", async () => {
  await workspace.write("a.mjs", `export class A { run() {} }`);
  const service = new RunService({ hostFile: join(dist, "agentHost.cjs"), nodePath: "/nowhere/node" });
  const run = service.start({
    root: workspace.root,
    file: join(workspace.root, "a.mjs"),
    name: "A",
    task: 1,
  });
  const finished = await run.finished;
  expect(finished).toMatchObject({ status: "failed", error: { name: "UserError" } });
  expect(finished.error?.message).toContain("opsviAgents.nodePath");
  await service.dispose();
});

test("an agent sees no colours and none of VS Code's variables", async () => {
  const run = await workspace.run(
    "a.mjs",
    `export class A { run() { console.log({ n: 1 }); const { FORCE_COLOR, ELECTRON_RUN_AS_NODE, NODE_CHANNEL_FD } = process.env; return { FORCE_COLOR, ELECTRON_RUN_AS_NODE, NODE_CHANNEL_FD, cwd: process.cwd() }; } }`,
    "A",
  );
  expect(run.log()).toBe("{ n: 1 }\n");
  expect(run.output).toMatchObject({ FORCE_COLOR: "0", cwd: workspace.root });
  expect(run.output).not.toHaveProperty("NODE_CHANNEL_FD");
});
