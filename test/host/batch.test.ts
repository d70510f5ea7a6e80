import { join } from "node:path";
import { expect, test } from "vitest";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { commandLine, jsonLines } from "./commandLine.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { start, cli } = commandLine(workspace);

const AGENTS = `
  import { existsSync } from "node:fs";
  import { BaseAgent } from ${JSON.stringify(join(dist, "core/core.mjs"))};
  export class Asks extends BaseAgent {
    constructor() { super({ name: "Asks", agentType: "asks" }); }
    executeImpl(_task, context) { return context.ask({ kind: "choose", message: "Go?", options: ["on", "back"] }); }
  }
  export class Echo { constructor(mark = "") { this.mark = mark; } run(task) { return { heard: task, mark: this.mark }; } }
  export class Fails { run() { throw new TypeError("no luck"); } }
  export class Waits { async run() { while (!existsSync("ready")) await new Promise((resolve) => setTimeout(resolve, 20)); return true; } }
  export class Stuck { async run() { console.log("begun"); await new Promise((resolve) => setTimeout(resolve, 60_000)); } }`;

const line = (name: string, task: unknown, args?: unknown[]): string =>
  JSON.stringify({ agent: `a.mjs#${name}`, task, args });

async function tasks(...lines: string[]): Promise<void> {
  await workspace.write("package.json", "{}");
  await workspace.write("a.mjs", AGENTS);
  await workspace.write("tasks.jsonl", `${lines.join("\n")}\n`);
}

test("batch runs every line of a file and tells each end with its line, then what came of all", async () => {
  await tasks(line("Echo", 1), "", line("Fails", 2));
  const { code, out, err } = await cli("batch", "tasks.jsonl", "--concurrency", "1");
  expect({ code, out }).toEqual({ code: 1, out: "" });
  const lines = err.replace(/\d+ ms|\d+\.\d s/g, "TIME").split("\n");
  const [failed] = await listRuns(workspace.root, 1);
  const id = failed?.runId.slice(-8) ?? "";
  expect(lines[0]).toBe(`2 tasks, 1 at a time, as batch ${failed?.batch}`);
  expect(lines[1]).toMatch(/^success {6}1\/2 {2}line 1 {2}a\.mjs#Echo {3}[0-9a-f]{8} +TIME$/);
  expect(lines[2]).toMatch(
    new RegExp(`^failed {7}2/2 {2}line 3 {2}a\\.mjs#Fails {2}${id} +TIME {2}TypeError: no luck$`),
  );
  expect(lines.slice(3)).toEqual([
    "2 tasks in TIME: 1 succeeded, 1 failed.",
    `opsvi-agents runs show ${id} --log tells more of the first that failed.`,
    "",
  ]);
});

test("batch --json prints the events of all runs with their lines, the summary last; records carry the batch", async () => {
  await tasks(line("Echo", 1, ["!"]), "", line("Echo", 2));
  const { code, out, err } = await cli("batch", "tasks.jsonl", "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const events = jsonLines(out) as { type: string; line: number; batch: string; output: unknown }[];
  const finished = events.filter(({ type }) => type === "finished").toSorted((a, b) => a.line - b.line);
  expect(finished.map((event) => [event.line, event.output])).toEqual([
    [1, { heard: 1, mark: "!" }],
    [3, { heard: 2, mark: "" }],
  ]);
  const summary = events.at(-1);
  expect(summary).toMatchObject({ type: "summary", total: 2, succeeded: 2, usage: { tokens: 0, cost: 0 } });
  expect((await listRuns(workspace.root)).map(({ batch }) => batch)).toEqual([
    summary?.batch,
    summary?.batch,
  ]);
});

test("batch reads standard input, and gives every line to one agent where one is named", async () => {
  await tasks();
  const { child, ended } = start("batch", "-", "--agent", "a.mjs#Echo", "--args", '["?"]', "--json");
  child.stdin?.end('"tea"\n');
  const { code, out } = await ended;
  expect(code).toBe(0);
  expect(jsonLines(out).at(-2)).toMatchObject({ type: "finished", output: { heard: "tea", mark: "?" } });
});

test("batch says what a run asks, and how it is answered", async () => {
  await tasks(line("Asks", 1));
  const { child, ended } = start("batch", "tasks.jsonl");
  let noted = "";
  child.stderr?.on("data", (chunk: Buffer) => void (noted += String(chunk)));
  await expect.poll(() => noted, { timeout: 10_000 }).toContain("The run waits");
  const runId = (await listRuns(workspace.root))[0]?.runId ?? "";
  expect(noted).toContain(
    `asks: Go?\nThe run waits: answer with opsvi-agents runs answer ${runId} VALUE (1 on, 2 back)\n`,
  );
  const shown = await cli("runs", "show", runId);
  expect(shown.out).toContain(
    `\nasks         Go?\nanswer with  opsvi-agents runs answer ${runId} VALUE (1 on, 2 back)\n`,
  );
  expect((await cli("runs", "answer", runId, "2")).code).toBe(0);
  expect((await ended).code).toBe(0);
});

test("batch begins by the priority of the lines, and after their delay", async () => {
  await tasks(
    line("Echo", 1),
    JSON.stringify({ agent: "a.mjs#Echo", task: 2, priority: 5 }),
    JSON.stringify({ agent: "a.mjs#Echo", task: 3, delayMs: 0 }),
  );
  const options = ["--concurrency", "1", "--priority", "-3", "--delay", "600", "--json"];
  const { code, out } = await cli("batch", "tasks.jsonl", ...options);
  expect(code).toBe(0);
  type Told = { type: string; line: number; priority?: number; delayMs?: number; time: string };
  const events = jsonLines(out) as Told[];
  const queued = events.filter(({ type }) => type === "queued").toSorted((a, b) => a.line - b.line);
  expect(queued.map(({ priority, delayMs }) => [priority, delayMs])).toEqual([
    [-3, 600],
    [5, 600],
    [-3, undefined],
  ]);
  const started = events.filter(({ type }) => type === "started");
  expect(started[0]?.line).toBe(3);
  const begun = (of: number) => Date.parse(started.find((event) => event.line === of)?.time ?? "");
  expect(begun(2) - Date.parse(queued[1]?.time ?? "")).toBeGreaterThan(550);
  const alone = await cli("run", "a.mjs#Echo", "--task", "1", "--priority", "7", "--delay", "20", "--json");
  expect(jsonLines(alone.out)[0]).toMatchObject({ type: "queued", priority: 7, delayMs: 20 });
  const shown = await cli("runs", "show", (await listRuns(workspace.root))[0]?.runId ?? "");
  expect(shown.out).toMatch(/^queued .*\ndelayed +by 20 ms\npriority +7\nduration /m);
});

test("batch keeps to limits of agents, and takes no wrong ones", async () => {
  await tasks(line("Asks", 1), line("Asks", 2), line("Echo", 3));
  const limit = ["--agent-limit", "a.mjs#A*=1", "--agent-limit", "Echo=2"];
  const { child, ended } = start("batch", "tasks.jsonl", "--concurrency", "3", ...limit);
  let noted = "";
  child.stderr?.on("data", (chunk: Buffer) => void (noted += String(chunk)));
  const states = async () => (await listRuns(workspace.root)).map(({ state }) => state).sort();
  await expect.poll(states, { timeout: 10_000 }).toEqual(["queued", "success", "waiting"]);
  const answered = new Set<string>();
  while (answered.size < 2) {
    const next = async () => {
      const runs = await listRuns(workspace.root);
      return runs.find(({ state, runId }) => state === "waiting" && !answered.has(runId))?.runId;
    };
    await expect.poll(next, { timeout: 10_000 }).toBeDefined();
    const runId = (await next()) ?? "";
    expect((await cli("runs", "answer", runId, "2")).code).toBe(0);
    answered.add(runId);
  }
  expect((await ended).code).toBe(0);
  const refused = async (...options: string[]) => {
    const { code, err } = await cli("batch", "tasks.jsonl", ...options);
    expect(code).toBe(2);
    return err.split("\n")[0];
  };
  expect(await refused("--agent-limit", "Echo")).toMatch(
    /It takes an agent and a number, such as Crawler=2\.$/,
  );
  expect(await refused("--agent-limit", "Echo=0")).toMatch(
    /How many runs of "Echo" may be at work at a time is a whole number from 1, not 0\.$/,
  );
  expect(await refused("--priority", "1001")).toMatch(/It takes a whole number from -1000 to 1000\.$/);
  expect(await refused("--delay", "-1")).toMatch(/It takes a whole number from 0\.$/);
});

test("batch starts nothing where a line is wrong", async () => {
  await tasks(line("Echo", 1), "{}", '{"agent":"none.mjs#A","task":1}');
  const { code, out, err } = await cli("batch", "tasks.jsonl");
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err.split("\n").map((text) => text.split(" ", 1)[0])).toEqual([
    "tasks.jsonl:2",
    "tasks.jsonl:3",
    "Nothing",
    "",
  ]);
  expect(await listRuns(workspace.root)).toEqual([]);
  expect((await cli("batch", "nowhere.jsonl")).err).toBe("There is no file nowhere.jsonl.\n");
  expect((await cli("batch", ".")).err).toBe(". is a folder, where a file is wanted.\n");
  expect((await cli("batch", "tasks.jsonl", "--args", "[]")).err).toMatch(/^--args goes with --agent/);
  await tasks(line("Echo", 1));
  expect(await cli("batch", "tasks.jsonl", "--env", "nowhere.env")).toEqual({
    ...{ code: 2, out: "", err: "There is no file nowhere.env.\n" },
  });
  expect((await cli("batch", "tasks.jsonl", "--concurrency", "0")).code).toBe(2);
});

test.skipIf(process.platform === "win32")(
  "an interrupt stops all runs and says how far the batch came",
  async () => {
    await tasks(line("Echo", 1), line("Stuck", 2), line("Stuck", 3), line("Echo", 4));
    const { child, ended } = start("batch", "tasks.jsonl", "--concurrency", "1", "--json");
    await new Promise<void>((resolve) => {
      child.stdout?.on("data", (chunk: Buffer) => chunk.includes("begun") && resolve());
    });
    child.kill("SIGINT");
    const { code, out, err } = await ended;
    expect({ code, err }).toEqual({ code: 130, err: "Stopping all runs. Once more to leave at once.\n" });
    expect(jsonLines(out).at(-1)).toMatchObject({ total: 4, succeeded: 1, cancelled: 3, unbegun: 2 });
    expect((await listRuns(workspace.root)).map(({ state, attempts }) => `${state} ${attempts}`)).toEqual([
      ...["cancelled 0", "cancelled 0", "cancelled 1", "success 1"],
    ]);
  },
);

test("after kill -9 the runs of a batch are resumed by its id, and it is discarded by it", async () => {
  await tasks(line("Echo", 1), line("Waits", 2), line("Waits", 3), line("Fails", 4));
  const { child, ended } = start("batch", "tasks.jsonl", "--concurrency", "1");
  const states = async () => (await listRuns(workspace.root)).map(({ state }) => state);
  await expect.poll(states, { timeout: 10_000 }).toEqual(["queued", "queued", "running", "success"]);
  const id = (await listRuns(workspace.root))[0]?.batch ?? "";
  const early = await cli("runs", "discard", id);
  expect(early).toEqual({
    ...{ code: 2, out: "", err: `Batch ${id} has not ended: cancel it before it is discarded.\n` },
  });
  child.kill("SIGKILL");
  await ended;
  const shown = (await cli("runs", "show", id)).out.split("\n");
  expect(shown.slice(0, 3)).toEqual([
    `batch        ${id}`,
    "ended        1 succeeded, 3 interrupted",
    `resume with  opsvi-agents runs resume ${id}`,
  ]);
  expect(shown.slice(3).map((row) => row.slice(10).split(" ", 1)[0])).toEqual([
    ...["success", "interrupted", "interrupted", "interrupted", ""],
  ]);
  await workspace.write("ready", "");
  const { code, out, err } = await cli("runs", "resume", id.slice(-8), "--concurrency", "2");
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toContain(`3 tasks, 2 at a time, as batch ${id}\n`);
  expect(err).toMatch(/^success {6}\d\/3 {2}run 2 {2}a\.mjs#Waits {2}[0-9a-f]{8} +[\d.]+ m?s$/m);
  expect(err).toMatch(/^failed {7}\d\/3 {2}run 4 .* TypeError: no luck$/m);
  expect(err).toContain(": 2 succeeded, 1 failed.\n");
  const again = await cli("runs", "resume", id);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining("nothing to resume")]);
  const discarded = await cli("runs", "discard", id);
  expect(discarded).toMatchObject({ code: 0, err: "7 runs discarded; checkpoints stay.\n" });
  expect(await listRuns(workspace.root)).toEqual([]);
});

test.skipIf(process.platform === "win32")("a batch that was interrupted says how it goes on", async () => {
  await tasks(line("Waits", 1), line("Waits", 2));
  const { child, ended } = start("batch", "tasks.jsonl", "--concurrency", "1");
  const states = async () => (await listRuns(workspace.root)).map(({ state }) => state);
  await expect.poll(states, { timeout: 10_000 }).toEqual(["queued", "running"]);
  child.kill("SIGINT");
  const { code, err } = await ended;
  const [, id = ""] = /^opsvi-agents runs resume (\S+) goes on with/m.exec(err) ?? [];
  expect(code).toBe(130);
  await workspace.write("ready", "");
  const resumed = await cli("runs", "resume", id, "--json");
  expect(resumed).toMatchObject({ code: 0, err: "" });
  expect(jsonLines(resumed.out).at(-1)).toMatchObject({ type: "summary", batch: id, total: 2, succeeded: 2 });
});

test("a batch is cancelled by its id, from another process", async () => {
  await tasks(line("Waits", 1), line("Waits", 2), line("Waits", 3));
  const { ended } = start("batch", "tasks.jsonl", "--concurrency", "1");
  const states = async () => (await listRuns(workspace.root)).map(({ state }) => state);
  await expect.poll(states, { timeout: 10_000 }).toEqual(["queued", "queued", "running"]);
  const id = (await listRuns(workspace.root))[0]?.batch ?? "";
  const { code, out } = await cli("runs", "cancel", id);
  expect([code, out.split("\n").length]).toEqual([0, 4]);
  const { code: exitCode, err } = await ended;
  expect(exitCode).toBe(1);
  expect(err).toContain("3 cancelled (2 had not begun)");
  expect(await cli("runs", "cancel", id)).toMatchObject({
    ...{ code: 2, err: `Batch ${id} has ended already.\n` },
  });
});
