import { readFileSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { RunEvent } from "../../src/model/runRecord.ts";
import { CodeRunner } from "../../src/runs/fixes/codeRunner.ts";
import { codeHash, fixBook, knownFixes } from "../../src/runs/fixes/knownFixes.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { Batch } from "../../src/runs/batch/batch.ts";
import { readRun } from "../../src/runs/readRun.ts";
import { RunService, type StartRequest } from "../../src/runs/runService.ts";
import { Slots } from "../../src/runs/slots.ts";
import { ErrorPatternLearner, FileCheckpointStore } from "../../src/runtime/index.ts";
import { commandLine, jsonLines } from "./commandLine.ts";
import { dist, useWorkspace, Watched } from "./workspace.ts";

const workspace = useWorkspace();
const { start, cli } = commandLine(workspace);
const core = JSON.stringify(join(dist, "core/core.mjs"));
const approved = new Set<string>();
let on = true;

/** What a user approved is kept in a folder that ends with the test. */
function ownHome(): void {
  const home = join(workspace.root, "home");
  vi.stubEnv("XDG_CONFIG_HOME", home);
  vi.stubEnv("HOME", home);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** A service that runs failed runs again; it takes the place of the workspace's own. */
async function fixing(): Promise<void> {
  await workspace.service.dispose();
  approved.clear();
  on = true;
  const runner = new CodeRunner(join(dist, "sandbox.cjs"));
  workspace.service = new RunService({
    hostFile: join(dist, "agentHost.cjs"),
    nodePath: process.execPath,
    fixes: {
      isOn: () => on,
      isApproved: (hash) => approved.has(hash),
      runCode: (...given) => runner.run(...given),
      book: fixBook,
    },
  });
}

const learner = () => new ErrorPatternLearner(join(workspace.root, ".proj-intel"));

/** Lets an agent fail once, so that its error has a pattern, and gives that solutions. Answers with the signature. */
async function learn(
  ref: string,
  task: unknown,
  solutions: Record<string, unknown>[],
  options: Partial<StartRequest> = {},
): Promise<string> {
  on = false;
  const run = workspace.start(ref, task, options);
  const { error } = await run.finished;
  on = true;
  const signature = error?.signature ?? "";
  expect(signature).toMatch(/^[0-9a-f]{12}$/);
  addSolutions(signature, solutions);
  return signature;
}

function addSolutions(signature: string, solutions: Record<string, unknown>[]): void {
  const book = learner();
  book.flush();
  const file = join(workspace.root, ".proj-intel/error_patterns.json");
  const text = JSON.parse(readFileSync(file, "utf8")) as {
    patterns: { error_signature: string; solutions: unknown[] }[];
  };
  const pattern = text.patterns.find(({ error_signature }) => error_signature === signature);
  pattern?.solutions.push(...solutions);
  writeFileSync(file, JSON.stringify(text));
}

const solutionOf = (signature: string, fix: string) =>
  learner()
    .patterns()
    .find(({ error_signature }) => error_signature === signature)
    ?.solutions.find((solution) => solution.fix === fix);
const fixesOf = (events: readonly RunEvent[]) =>
  events.filter((event) => event.type === "fix" || event.type === "fixUndone");
const kinds = (events: readonly RunEvent[]) =>
  events.flatMap((event) =>
    event.type === "fix"
      ? [`fix ${event.solution.fix}`]
      : event.type === "fixUndone"
        ? [`undone ${event.solution.fix}: ${event.reason}`]
        : event.type === "started" || event.type === "finished"
          ? [event.type]
          : [],
  );

const NEEDS_MODE = `export class Agent { run(task) { if (task.mode !== "safe") throw new Error("mode is not safe"); return task; } }`;

test("a patch of the task is applied, recorded and counted", async () => {
  await fixing();
  await workspace.write("a.mjs", NEEDS_MODE);
  const action = { type: "patch", task: { mode: "safe", old: null } };
  const signature = await learn("a.mjs#Agent", { mode: "fast", old: 1 }, [
    { fix: "be safe", success_rate: 0.5, action },
  ]);
  const run = workspace.start("a.mjs#Agent", { mode: "fast", old: 1 }, { retries: 1 });
  expect(await run.finished).toMatchObject({ status: "success", output: { mode: "safe" }, attempts: 3 });
  expect(run.end.output).toEqual({ mode: "safe" });
  const record = await run.record();
  expect(kinds(record)).toEqual(["started", "fix be safe", "started", "finished"]);
  const started = record.find((event) => event.type === "checkpoint");
  expect(fixesOf(record)[0]).toMatchObject({
    solution: { signature, fix: "be safe" },
    by: "auto",
    signature,
    action,
    error: { message: "mode is not safe" },
    checkpointId: started?.id,
    attempts: 2,
    changes: [
      { of: "task", path: ["mode"], before: "fast", after: "safe" },
      { of: "task", path: ["old"], before: 1 },
    ],
  });
  expect(record[0]).toMatchObject({ task: { mode: "fast", old: 1 } });
  expect(solutionOf(signature, "be safe")).toMatchObject({ successes: 1 });
});

test("where the same error comes again, what was changed is taken back and the next solution tried", async () => {
  await fixing();
  await workspace.write("a.mjs", NEEDS_MODE);
  const signature = await learn("a.mjs#Agent", { mode: "fast" }, [
    { fix: "wait", success_rate: 0.9, action: { type: "retryLater", delayMs: 5 } },
    { fix: "hurry", success_rate: 0.8, action: { type: "patch", task: { mode: "faster", extra: 1 } } },
    { fix: "be safe", success_rate: 0.1, action: { type: "patch", task: { mode: "safe" } } },
    { fix: "pray", success_rate: 0.85 },
  ]);
  const run = workspace.start("a.mjs#Agent", { mode: "fast" });
  expect(await run.finished).toMatchObject({ status: "success", attempts: 4 });
  // What the second one added is gone.
  expect(run.end.output).toEqual({ mode: "safe" });
  expect(kinds(await run.record())).toEqual([
    ...["started", "fix wait", "started", "undone wait: returned"],
    ...["fix hurry", "started", "undone hurry: returned", "fix be safe", "started", "finished"],
  ]);
  expect(solutionOf(signature, "wait")).toMatchObject({ failures: 1 });
  expect(solutionOf(signature, "hurry")).toMatchObject({ failures: 1 });
  expect(solutionOf(signature, "be safe")).toMatchObject({ successes: 1 });
  expect(solutionOf(signature, "pray")).not.toHaveProperty("failures");
});

test("where none helps, the run ends failed, each was tried once, and no more than five", async () => {
  await fixing();
  await workspace.write("a.mjs", NEEDS_MODE);
  const many = Array.from({ length: 8 }, (_, i) => ({
    fix: `mode ${i}`,
    action: { type: "patch", task: { mode: `m${i}` } },
  }));
  await learn("a.mjs#Agent", { mode: "fast" }, many);
  const run = workspace.start("a.mjs#Agent", { mode: "fast" });
  expect(await run.finished).toMatchObject({
    status: "failed",
    attempts: 6,
    error: { message: "mode is not safe" },
  });
  const events = fixesOf(await run.record());
  expect(events.filter(({ type }) => type === "fix")).toHaveLength(5);
  expect(new Set(events.map(({ solution }) => solution.fix)).size).toBe(5);
  expect(events.at(-1)).toMatchObject({ type: "fixUndone", reason: "returned" });
});

test("nothing is applied where it is off, unconfirmed, disproved or no action; why is said", async () => {
  await fixing();
  await workspace.write("a.mjs", NEEDS_MODE);
  const patch = { type: "patch", task: { mode: "safe" } };
  await learn("a.mjs#Agent", {}, [
    { fix: "guessed", unconfirmed: true, action: patch },
    { fix: "worn out", successes: 1, failures: 3, action: patch },
    { fix: "broken", action: { type: "shell", run: "rm -rf /" } },
    { fix: "snippet", code_snippet: "require('fs').writeFileSync('ran', '')" },
    { fix: "timeless", action: { type: "longerTimeout", factor: 2 } },
    { fix: "coded", action: { type: "code", code: "return { task: { mode: 'safe' } };" } },
  ]);
  const run = workspace.start("a.mjs#Agent", {});
  expect(await run.finished).toMatchObject({ status: "failed", attempts: 1 });
  expect(fixesOf(await run.record())).toEqual([]);
  expect(run.end.warnings.join("\n")).toMatch(/"guessed" was not applied: nobody has confirmed it/);
  expect(run.end.warnings.join("\n")).toMatch(
    /"worn out" was not applied: it failed more often than it helped/,
  );
  expect(run.end.warnings.join("\n")).toMatch(/"broken" was not applied: its action cannot be used/);
  expect(run.end.warnings.join("\n")).toMatch(/"timeless" was not applied: the run has no time limit/);
  expect(run.end.warnings.join("\n")).toMatch(/"coded" was not applied: its code was not approved/);
  on = false;
  const off = workspace.start("a.mjs#Agent", {});
  expect(await off.finished).toMatchObject({ status: "failed", warnings: [] });
});

test("code runs in the sandbox once its very text was approved", async () => {
  await fixing();
  await workspace.write("a.mjs", NEEDS_MODE);
  const code = "return { task: { mode: task.mode === 'fast' ? 'safe' : task.mode } };";
  const signature = await learn("a.mjs#Agent", { mode: "fast" }, [
    { fix: "coded", action: { type: "code", code } },
  ]);
  approved.add(codeHash({ signature, fix: "coded" }, `${code} `));
  expect((await workspace.start("a.mjs#Agent", { mode: "fast" }).finished).status).toBe("failed");
  approved.add(codeHash({ signature, fix: "coded" }, code));
  const run = workspace.start("a.mjs#Agent", { mode: "fast" });
  expect(await run.finished).toMatchObject({ status: "success", output: { mode: "safe" } });
  expect(fixesOf(await run.record())[0]).toMatchObject({
    changes: [{ of: "task", path: ["mode"], before: "fast", after: "safe" }],
  });
});

test("a run that takes too long gets more time", async () => {
  await fixing();
  await workspace.write(
    "a.mjs",
    `export class Agent { async run(task) { await new Promise((done) => setTimeout(done, 900)); return task; } }`,
  );
  const signature = await learn(
    "a.mjs#Agent",
    {},
    [{ fix: "more time", action: { type: "longerTimeout", factor: 20 } }],
    { timeoutMs: 250 },
  );
  const run = workspace.start("a.mjs#Agent", {}, { timeoutMs: 250 });
  expect((await run.finished).status).toBe("success");
  expect(fixesOf(await run.record())[0]).toMatchObject({
    signature,
    changes: [{ of: "timeoutMs", path: [], before: 250, after: 5000 }],
  });
});

test("an agent's state is patched in a checkpoint of its own; the one before stays", async () => {
  await fixing();
  await workspace.write(
    "a.mjs",
    `import { BaseAgent } from ${core};
     export class Agent extends BaseAgent {
       state = { limit: 1, seen: new Map([["a", 1]]) };
       constructor() { super({ name: "stateful", agentType: "test" }); }
       snapshot() { return this.state; }
       restore(state) { this.state = state; }
       executeImpl() { if (this.state.limit < 5) throw new Error("limit reached"); return { limit: this.state.limit, seen: [...this.state.seen] }; }
     }`,
  );
  await learn("a.mjs#Agent", {}, [{ fix: "higher limit", action: { type: "patch", context: { limit: 9 } } }]);
  const run = workspace.start("a.mjs#Agent", {});
  expect(await run.finished).toMatchObject({ status: "success", output: { limit: 9, seen: [["a", 1]] } });
  const [fix] = fixesOf(await run.record());
  expect(fix).toMatchObject({
    changes: [{ of: "context", path: ["limit"], before: 1, after: 9 }, { of: "checkpoint" }],
  });
  const store = new FileCheckpointStore(join(workspace.root, ".proj-intel/checkpoints"));
  const before = store.load(fix?.type === "fix" ? (fix.checkpointId ?? "") : "");
  expect(before).toMatchObject({ label: "started", context: { limit: 1 } });
  expect(store.list("stateful").find(({ label }) => label === "fix")).toMatchObject({
    parentId: before?.id,
    runId: run.id,
  });
});

test("a run goes on from the last checkpoint that it saved on its way, or from a named one", async () => {
  await fixing();
  await workspace.write(
    "a.mjs",
    `import { existsSync, writeFileSync } from "node:fs";
     import { BaseAgent } from ${core};
     export class Agent extends BaseAgent {
       state = { at: 0 };
       constructor() { super({ name: "walker", agentType: "test" }); }
       snapshot() { return this.state; }
       restore(state) { this.state = state; }
       executeImpl(task, ctx) {
         const from = this.state.at;
         while (this.state.at < 3) { this.state.at += 1; ctx.checkpoint("at " + this.state.at); }
         if (from === 0 || !existsSync("ready")) throw new Error("not ready");
         return { from };
       }
     }`,
  );
  await workspace.write("ready", "");
  const signature = await learn("a.mjs#Agent", {}, [{ fix: "go on", action: { type: "restoreCheckpoint" } }]);
  const run = workspace.start("a.mjs#Agent", {});
  expect(await run.finished).toMatchObject({ status: "success", output: { from: 3 } });
  addSolutions(signature, [
    {
      fix: "go on from 2",
      success_rate: 1,
      successes: 50,
      action: { type: "restoreCheckpoint", label: "at 2" },
    },
  ]);
  expect(await workspace.start("a.mjs#Agent", {}).finished).toMatchObject({ output: { from: 2 } });
});

test("another tool is called, also by agents that register it themselves", async () => {
  await fixing();
  await workspace.write(
    "a.mjs",
    `import { BaseAgent } from ${core};
     export class Agent extends BaseAgent {
       constructor() {
         super({ name: "searcher", agentType: "test" });
         this.registerTool("web", () => { throw new Error("no network"); });
         this.registerTool("cache", (query) => "cached " + query);
       }
       async executeImpl(task, ctx) { return { found: await ctx.toolAsync("web", task.query), again: this.executeTool("web", "x") }; }
     }`,
  );
  await learn("a.mjs#Agent", { query: "tea" }, [
    { fix: "nothing there", success_rate: 0.9, action: { type: "switchTool", from: "web", to: "gone" } },
    { fix: "use the cache", success_rate: 0.2, action: { type: "switchTool", from: "web", to: "cache" } },
  ]);
  const run = workspace.start("a.mjs#Agent", { query: "tea" });
  await run.finished;
  const record = await run.record();
  // That there is no such tool is another error, which nothing is known of.
  expect(run.end.status).toBe("failed");
  expect(kinds(record).slice(-2)).toEqual(["undone nothing there: failed", "finished"]);
  await learn("a.mjs#Agent", { query: "tea" }, []);
  const file = join(workspace.root, ".proj-intel/error_patterns.json");
  await workspace.write(
    ".proj-intel/error_patterns.json",
    (await readFile(file, "utf8")).replace('"gone"', '"web"'),
  );
  const second = workspace.start("a.mjs#Agent", { query: "tea" });
  expect(await second.finished).toMatchObject({
    status: "success",
    output: { found: "cached tea", again: "cached x" },
  });
  expect(second.events.filter((event) => event.type === "tool").map(({ name }) => name)).toContain("cache");
});

test("a new instance begins without the checkpoint that the run was to go on from", async () => {
  await fixing();
  await workspace.write(
    "a.mjs",
    `import { BaseAgent } from ${core};
     export class Agent extends BaseAgent {
       state = { bad: false };
       constructor() { super({ name: "spoilt", agentType: "test" }); }
       snapshot() { return this.state; }
       restore(state) { this.state = state; }
       executeImpl(task, ctx) {
         if (task.spoil) { this.state.bad = true; ctx.checkpoint("spoilt"); return {}; }
         if (this.state.bad) throw new Error("spoilt state");
         return { fine: true };
       }
     }`,
  );
  const spoiling = workspace.start("a.mjs#Agent", { spoil: true });
  await spoiling.finished;
  const { id } = await spoiling.until("checkpoint", ({ label }) => label === "spoilt");
  await learn("a.mjs#Agent", {}, [{ fix: "anew", action: { type: "reinitialise" } }], { checkpoint: id });
  const run = workspace.start("a.mjs#Agent", {}, { checkpoint: id });
  expect(await run.finished).toMatchObject({ status: "success", output: { fine: true } });
  expect(fixesOf(await run.record())[0]).toMatchObject({
    changes: [{ of: "checkpoint", path: [], before: id }],
  });
});

test("a batch goes on with fewer runs at a time", async () => {
  await fixing();
  await workspace.write(
    "a.mjs",
    `import { readdirSync, writeFileSync, rmSync } from "node:fs";
     export class Agent { async run({ n }) {
       writeFileSync("busy-" + n, "");
       let busy = 0;
       for (let looks = 0; looks < 20 && busy < 3; looks += 1) {
         await new Promise((done) => setTimeout(done, 50));
         busy = readdirSync(".").filter((name) => name.startsWith("busy-")).length;
       }
       rmSync("busy-" + n);
       if (busy > 2 || n === -1) throw new Error("too many at once");
       return { busy };
     } }`,
  );
  await learn("a.mjs#Agent", { n: -1 }, [
    { fix: "fewer", action: { type: "lowerConcurrency", concurrency: 1 } },
  ]);
  const file = join(workspace.root, "a.mjs");
  const requests = Array.from({ length: 6 }, (_, n) => ({
    root: workspace.root,
    file,
    name: "Agent",
    task: { n },
  }));
  const batch = new Batch(workspace.service, requests, { concurrency: 4 });
  const seen: RunEvent[] = [];
  batch.onEvent((event) => seen.push(event));
  expect(await batch.finished).toMatchObject({ succeeded: 6, failed: 0 });
  const fix = seen.find((event) => event.type === "fix");
  expect(fix).toMatchObject({ changes: [{ of: "concurrency", before: 4, after: 1 }] });
});

test("fewer at a time are as many as before where that did not help", async () => {
  await fixing();
  await workspace.write("a.mjs", NEEDS_MODE);
  await learn("a.mjs#Agent", {}, [{ fix: "fewer", action: { type: "lowerConcurrency", concurrency: 1 } }]);
  const turns = new Slots(3);
  const run = workspace.start("a.mjs#Agent", {}, { turns });
  await run.until("fix");
  expect(turns.concurrency).toBe(1);
  expect((await run.finished).status).toBe("failed");
  expect(turns.concurrency).toBe(3);
});

test("a run is cancelled while it waits to be run again", async () => {
  await fixing();
  await workspace.write("a.mjs", NEEDS_MODE);
  await learn("a.mjs#Agent", {}, [{ fix: "wait", action: { type: "retryLater", delayMs: 60_000 } }]);
  const run = workspace.start("a.mjs#Agent", {});
  await run.until("fix");
  const [summary] = await listRuns(workspace.root);
  expect(summary).toMatchObject({ state: "retrying", error: { message: "mode is not safe" } });
  expect(Date.parse(summary?.nextAttemptAt ?? "") - Date.now()).toBeGreaterThan(30_000);
  await run.cancel();
  expect(run.end).toMatchObject({ status: "cancelled" });
  expect(kinds(await run.record())).toEqual(["started", "fix wait", "undone wait: stopped", "finished"]);
});

test("a run is cancelled while its code runs, and while it runs again", async () => {
  await fixing();
  await workspace.write(
    "a.mjs",
    `export class Agent { async run(task) { if (task.long) { console.log("long"); await new Promise((done) => setTimeout(done, 20000)); } throw new Error("short"); } }`,
  );
  const endless = "for (;;) {}";
  const signature = await learn("a.mjs#Agent", {}, [
    { fix: "endless", success_rate: 1, action: { type: "code", code: endless } },
    { fix: "long", success_rate: 0, action: { type: "patch", task: { long: true } } },
  ]);
  approved.add(codeHash({ signature, fix: "endless" }, endless));
  const run = workspace.start("a.mjs#Agent", {});
  await run.until("log");
  await run.cancel();
  expect(run.end).toMatchObject({ status: "cancelled" });
  expect(run.end.warnings.join()).toContain("its code took too long");
  expect(kinds(await run.record()).slice(1, 3)).toEqual(["fix long", "started"]);
  const early = workspace.start("a.mjs#Agent", {});
  await early.until("checkpoint", ({ label }) => label === "rollback");
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = Date.now();
  await early.cancel();
  expect(Date.now() - before).toBeLessThan(1_500);
  expect(early.end.status).toBe("cancelled");
});

test("a host that is killed while a run runs again leaves it interrupted, and it goes on as changed", async () => {
  await fixing();
  await workspace.write("wait", "");
  await workspace.write(
    "a.mjs",
    `import { existsSync } from "node:fs";
     export class Agent { async run(task) {
       if (task.mode !== "safe") throw new Error("mode is not safe");
       if (existsSync("wait")) { console.log("waiting"); await new Promise((done) => setTimeout(done, 20000)); }
       return task;
     } }`,
  );
  await learn("a.mjs#Agent", {}, [{ fix: "be safe", action: { type: "patch", task: { mode: "safe" } } }]);
  const run = workspace.start("a.mjs#Agent", {});
  await run.until("log");
  const { pid } = run.events.findLast((event) => event.type === "started") ?? { pid: 0 };
  process.kill(pid, "SIGKILL");
  expect((await run.finished).status).toBe("interrupted");
  await rm(join(workspace.root, "wait"));
  const resumed = new Watched(workspace.root, await workspace.service.resume(workspace.root, run.id));
  expect(await resumed.finished).toMatchObject({ status: "success", output: { mode: "safe" } });
});

test("a process that is killed in between leaves a record that tells of it, and can be resumed", async () => {
  await fixing();
  await workspace.write("a.mjs", NEEDS_MODE);
  await learn("a.mjs#Agent", {}, [{ fix: "wait", action: { type: "retryLater", delayMs: 60_000 } }]);
  const { child, ended } = start("run", "a.mjs#Agent", "--task", "{}", "--auto-fix", "--json");
  await vi.waitFor(async () => {
    const [newest] = await listRuns(workspace.root);
    expect(kinds(await readRun(workspace.root, newest?.runId ?? ""))).toEqual(["started", "fix wait"]);
  }, 10_000);
  child.kill("SIGKILL");
  await ended;
  const runId = (await listRuns(workspace.root))[0]?.runId ?? "";
  const [summary] = (await listRuns(workspace.root)).filter((each) => each.runId === runId);
  expect(summary).toMatchObject({ state: "interrupted", resumedBy: null });
  const record = await readRun(workspace.root, runId);
  expect(kinds(record)).toEqual(["started", "fix wait"]);
  await workspace.write("a.mjs", NEEDS_MODE.replace("!==", "==="));
  const resumed = await workspace.service.resume(workspace.root, runId);
  expect((await resumed.finished).status).toBe("success");
});

test("what a person chose is run once with it, also where auto-fix is off", async () => {
  await fixing();
  on = false;
  await workspace.write("a.mjs", NEEDS_MODE);
  const failed = workspace.start("a.mjs#Agent", {});
  const { error } = await failed.finished;
  const signature = error?.signature ?? "";
  addSolutions(signature, [
    { fix: "be safe", action: { type: "patch", task: { mode: "safe" } } },
    { fix: "be slow", action: { type: "patch", task: { mode: "slow" } } },
  ]);
  const known = knownFixes(workspace.root, error ?? { name: "", message: "" });
  const chosen = (fix: string) => {
    const { action } = known.find((each) => each.fix === fix) ?? {};
    if (!action) throw new Error("It has no action.");
    return { signature, fix, action, of: { runId: failed.id, signature } };
  };
  const run = workspace.start("a.mjs#Agent", {}, { fix: chosen("be safe") });
  expect(await run.finished).toMatchObject({ status: "success", output: { mode: "safe" }, attempts: 1 });
  expect(kinds(await run.record())).toEqual(["fix be safe", "started", "finished"]);
  const other = workspace.start("a.mjs#Agent", {}, { fix: chosen("be slow") });
  expect((await other.finished).status).toBe("failed");
  expect(kinds(await other.record())).toEqual([
    "fix be slow",
    "started",
    "undone be slow: returned",
    "finished",
  ]);
  expect(solutionOf(signature, "be safe")).toMatchObject({ successes: 1 });
  expect(solutionOf(signature, "be slow")).toMatchObject({ failures: 1 });
});

test("where what a person chose cannot be applied, the agent is not run, and why is said", async () => {
  await fixing();
  on = false;
  await workspace.write("a.mjs", NEEDS_MODE);
  const of = { runId: "0199aaaa-0000-7000-8000-000000000000", signature: "s" };
  const fix = {
    ...{ signature: "s", fix: "more state", of },
    action: { type: "patch" as const, context: { limit: 9 } },
  };
  const run = workspace.start("a.mjs#Agent", {}, { fix });
  const message =
    'The solution "more state" cannot be applied: the run has no checkpoint with the agent\'s state.';
  expect(await run.finished).toMatchObject({
    ...{ status: "failed", attempts: 0, error: { name: "UserError", message } },
  });
  expect(kinds(await run.record())).toEqual(["finished"]);
});

test("a step of a pipeline is run again within it", async () => {
  await fixing();
  await workspace.write("a.mjs", NEEDS_MODE);
  await learn("a.mjs#Agent", { mode: "fast" }, [
    { fix: "be safe", action: { type: "patch", task: { mode: "safe" } } },
  ]);
  await workspace.write(
    "p.agents.json",
    JSON.stringify({ steps: [{ id: "one", agent: "a.mjs#Agent", task: { mode: "fast" } }] }),
  );
  const run = workspace.start("p.agents.json#p", null);
  expect(await run.finished).toMatchObject({ status: "success", output: { one: { mode: "safe" } } });
});

test("on the command line a run that is resumed is helped where that is asked for", async () => {
  await fixing();
  await workspace.write("a.mjs", NEEDS_MODE);
  await learn("a.mjs#Agent", {}, [{ fix: "be safe", action: { type: "patch", task: { mode: "safe" } } }]);
  on = false;
  const failed = await workspace.start("a.mjs#Agent", {}).finished;
  const again = await cli("runs", "resume", failed.runId, "--json");
  expect(again.code).toBe(1);
  const { runId = "" } = (jsonLines(again.out) as RunEvent[])[0] ?? {};
  const helped = await cli("runs", "resume", runId, "--auto-fix", "--json");
  expect(helped.code).toBe(0);
  expect(kinds(jsonLines(helped.out) as RunEvent[])).toContain("fix be safe");
});

test("on the command line it is off, and code waits for an approval that no workspace can give", async () => {
  await fixing();
  ownHome();
  await workspace.write("a.mjs", NEEDS_MODE);
  const code = "return { task: { mode: 'safe' } };";
  const signature = await learn("a.mjs#Agent", {}, [{ fix: "coded", action: { type: "code", code } }]);
  const hash = codeHash({ signature, fix: "coded" }, code);
  for (const path of [".proj-intel", ".vscode", ".config/opsvi-agents"])
    await workspace.write(`${path}/approved-fixes.json`, JSON.stringify({ hashes: [hash] }));
  const run = (...options: string[]) => cli("run", "a.mjs#Agent", "--task", "{}", "--json", ...options);
  expect(fixesOf(jsonLines((await run()).out) as RunEvent[])).toEqual([]);
  const unapproved = await run("--auto-fix");
  expect(unapproved.code).toBe(1);
  expect(unapproved.out).toContain(`its code was not approved (SHA-256 ${hash})`);
  const asked = await cli("patterns", "approve", signature, "coded");
  expect(asked).toMatchObject({ code: 2, out: `${code}\n` });
  expect(asked.err).toContain(hash);
  expect(await cli("patterns", "approve", signature, "coded", "--yes-hash", "0".repeat(64))).toMatchObject({
    code: 2,
  });
  expect((await run("--auto-fix")).code).toBe(1);
  expect(await cli("patterns", "approve", signature, "coded", "--yes-hash", hash)).toMatchObject({
    code: 0,
  });
  const fixed = await run("--auto-fix");
  expect(fixed.code).toBe(0);
  const shown = await cli("runs", "show", (jsonLines(fixed.out) as RunEvent[])[0]?.runId ?? "");
  expect(shown.out).toMatch(
    /fix +failed \(mode is not safe\); solution "coded" applied: run again with what its code changes/,
  );
});

test("code that a terminal would not show as it runs is neither approved nor run", async () => {
  await fixing();
  ownHome();
  await workspace.write("a.mjs", NEEDS_MODE);
  const code = "/* Wait.\u001b]8;;*/ return { task: { mode: 'safe' } }; /*\u0007 */ return {};";
  const signature = await learn("a.mjs#Agent", {}, [{ fix: "wait", action: { type: "code", code } }]);
  const hash = codeHash({ signature, fix: "wait" }, code);
  const asked = await cli("patterns", "approve", signature, "wait", "--yes-hash", hash);
  expect(asked).toMatchObject({ code: 2, out: "" });
  expect(asked.err).toContain(
    'The code of the solution "wait" cannot be approved: its line 1 holds U+001B, which is not shown as what it is.',
  );
  approved.add(hash);
  const run = workspace.start("a.mjs#Agent", {});
  expect(await run.finished).toMatchObject({ status: "failed", attempts: 1 });
  expect(run.end.warnings.join("\n")).toContain("its code is not run: its line 1 holds U+001B");
});
