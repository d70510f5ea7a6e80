import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UserError } from "../../src/model/userError.ts";
import { answerRun, cancelRun } from "../../src/runs/control/otherProcess.ts";
import { socketOf } from "../../src/runs/control/controlSocket.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { commandLine } from "./commandLine.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { start, cli } = commandLine(workspace);
const core = JSON.stringify(join(dist, "core/core.mjs"));

/** An agent whose code is the body of executeImpl(task, ctx). */
const agent = (body: string) => `
  import { BaseAgent } from ${core};
  export class Asks extends BaseAgent {
    constructor() { super({ name: "asks", agentType: "test" }); }
    async executeImpl(task, ctx) { ${body} }
  }`;
const ask = (body: string, options = {}) => {
  const started = workspace.write("a.mjs", agent(body));
  return started.then(() => workspace.start("a.mjs#Asks", 1, options));
};
const SURE = `{ kind: "approve", message: "Sure?" }`;
const only = async () => {
  const [summary] = await listRuns(workspace.root);
  if (summary === undefined) throw new Error("There is no run.");
  return summary;
};

test("waits for a person, refuses what does not fit, and goes on with the answers", async () => {
  const run = await ask(`
    const sure = await ctx.ask(${SURE});
    const colour = await ctx.ask({ kind: "choose", message: "Which?", options: ["red", "blue"] });
    return { sure, colour, name: await ctx.ask({ kind: "text", message: "Name?" }) };`);
  const { time } = await run.until("question");
  const question = { question: { kind: "approve", message: "Sure?" }, askedAt: time };
  expect(await only()).toMatchObject({ state: "waiting", question });
  await expect(run.answer("yes")).rejects.toThrow(new UserError('The answer to "Sure?" is true or false.'));
  await run.answer(true, time);
  await run.until("question", (event) => event.question.message === "Which?");
  await expect(run.answer("red", time)).rejects.toThrow(
    `The question of run ${run.id} was answered already.`,
  );
  await expect(run.answer("green")).rejects.toThrow('The answer to "Which?" is one of "red", "blue".');
  await run.answer("blue");
  await run.until("question", (event) => event.question.message === "Name?");
  await workspace.service.answer(workspace.root, run.id, "Ada");
  expect((await run.finished).output).toEqual({ sure: true, colour: "blue", name: "Ada" });
  const told = (await run.record()).flatMap((event) => (event.type === "answer" ? [event.answer] : []));
  expect(told).toEqual([true, "blue", "Ada"]);
  expect(await only()).toMatchObject({ state: "success", question: null });
  await expect(run.answer(true)).rejects.toThrow(`Run ${run.id} asks nothing at the moment.`);
});

test("the time in which a person thinks does not count", async () => {
  const run = await ask(`return ctx.ask(${SURE});`, { timeoutMs: 2_000 });
  await run.until("question");
  await new Promise((done) => setTimeout(done, 2_500));
  await run.answer(false);
  expect(await run.finished).toMatchObject({ status: "success", output: { output: false } });
  const slow = await ask(`await ctx.ask(${SURE}); for (;;);`, { timeoutMs: 1_000 });
  await slow.until("question");
  await slow.answer(true);
  expect((await slow.finished).error?.name).toBe("TimeoutError");
});

test("a cancel ends the waiting at once", async () => {
  const run = await ask(`return ctx.ask(${SURE});`);
  await run.until("question");
  const started = Date.now();
  await run.cancel();
  expect(Date.now() - started).toBeLessThan(900);
  expect(run.end.status).toBe("cancelled");
  await expect(run.answer(true)).rejects.toThrow("asks nothing at the moment");
});

test("what an agent asks without waiting fails in a sentence, and holds nothing up", async () => {
  const run = await ask(`ctx.askSync(${SURE});`);
  expect((await run.finished).error?.message).toMatch(/ctx\.askSync\(\) cannot wait: use ctx\.ask\(\)/);
  const caught = await ask(`try { ctx.askSync(${SURE}); } catch {} for (;;);`, { timeoutMs: 500 });
  expect((await caught.finished).error?.name).toBe("TimeoutError");
});

test("a secret answer reaches the agent and nothing that is written", async () => {
  const run = await ask(`
    const code = await ctx.ask({ kind: "text", message: "Code?", secret: true });
    ctx.checkpoint("after");
    return { letters: code.length };`);
  await run.until("question");
  await answerRun(workspace.root, run.id, "swordfish9");
  expect((await run.finished).output).toEqual({ letters: 10 });
  const folder = join(workspace.root, ".proj-intel");
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  );
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")));
  expect(texts.length).toBeGreaterThan(2);
  expect(texts.filter((text) => text.includes("swordfish9"))).toEqual([]);
  expect(JSON.stringify(run.events)).not.toContain("swordfish9");
});

test("an answer is given again where the run is resumed, and the open question is asked anew", async () => {
  const run = await ask(`
    const first = await ctx.ask(${SURE});
    return { first, second: await ctx.ask({ kind: "text", message: "Name?" }) };`);
  const { pid } = await run.until("started");
  await run.until("question");
  await run.answer(true);
  await run.until("question", (event) => event.question.message === "Name?");
  process.kill(pid, "SIGKILL");
  expect((await run.finished).status).toBe("interrupted");
  const asked: string[] = [];
  const replayed: unknown[] = [];
  const next = await workspace.service.resume(workspace.root, run.id, (event) => {
    if (event.type === "question") asked.push(event.question.message);
    if (event.type === "question") void next.answer("Ada");
    if (event.type === "answer") replayed.push([event.answer, event.replayed]);
  });
  expect((await next.finished).output).toEqual({ first: true, second: "Ada" });
  expect([asked, replayed]).toEqual([
    ["Name?"],
    [
      [true, true],
      ["Ada", false],
    ],
  ]);
});

test("a run of the command line is answered by another process, and one of this process by the command line", async () => {
  await workspace.write("a.mjs", agent(`return { sure: await ctx.ask(${SURE}) };`));
  const { ended, child } = start("run", "a.mjs#Asks", "--task", "1");
  let noted = "";
  child.stderr?.on("data", (chunk: Buffer) => void (noted += String(chunk)));
  await expect.poll(() => noted, { timeout: 10_000 }).toContain("The run waits: answer with");
  const { runId } = await only();
  expect(noted).toContain(`answer with opsvi-agents runs answer ${runId} VALUE (yes or no)`);
  await expect(answerRun(workspace.root, runId, "red")).rejects.toThrow('"Sure?" is true or false.');
  await workspace.service.answer(workspace.root, runId, true);
  expect(await ended).toMatchObject({ code: 0, out: `${JSON.stringify({ sure: true }, null, 2)}\n` });

  const run = workspace.start("a.mjs#Asks");
  await run.until("question");
  expect(await cli("runs", "answer", run.id, "perhaps")).toMatchObject({
    ...{ code: 2, err: 'The answer to "Sure?" is yes or no.\n' },
  });
  expect(await cli("runs", "answer", run.id, "no")).toMatchObject({ code: 0, err: "answered  Sure?\n" });
  expect((await run.finished).output).toEqual({ sure: false });
  expect((await cli("runs", "answer", run.id, "no")).err).toBe(`Run ${run.id} has ended already.\n`);
});

test("a secret is given to the command line's standard input only", async () => {
  const run = await ask(
    `return { letters: (await ctx.ask({ kind: "text", message: "Code?", secret: true })).length };`,
  );
  await run.until("question");
  const refused = await cli("runs", "answer", run.id, "swordfish9");
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("leave VALUE out")]);
  const { child, ended } = start("runs", "answer", run.id);
  child.stdin?.end("swordfish9\n");
  expect((await ended).code).toBe(0);
  expect((await run.finished).output).toEqual({ letters: 10 });
});

test("an option that holds a secret is chosen by its number, and the secret stands nowhere", async () => {
  const keys = ["sk-live-" + "a1".repeat(12), "sk-live-" + "b2".repeat(12)];
  await workspace.write("keys.json", JSON.stringify(keys));
  const run = await ask(`
    const keys = JSON.parse((await import("node:fs")).readFileSync("keys.json", "utf8"));
    const key = await ctx.ask({ kind: "choose", message: "Which?", options: keys });
    return { ends: key.slice(-2) };`);
  await run.until("question");
  const shown = await cli("runs", "show", run.id);
  expect(shown.out).toMatch(/VALUE \(1 \[redacted\], 2 \[redacted\]\)$/m);
  await expect(answerRun(workspace.root, run.id, { option: 2 })).rejects.toThrow(
    'The answer to "Which?" is one of "[redacted]", "[redacted]".',
  );
  expect(await cli("runs", "answer", run.id, "2")).toMatchObject({ code: 0, err: "answered  Which?\n" });
  expect((await run.finished).output).toEqual({ ends: "b2" });
  const record = await readFile(join(workspace.root, `.proj-intel/runs/${run.id}.jsonl`), "utf8");
  expect(keys.filter((key) => record.includes(key))).toEqual([]);
});

test("another process cancels a run, and learns that one is over or that its process is gone", async () => {
  await workspace.write("a.mjs", agent(`for (;;);`));
  const { ended } = start("run", "a.mjs#Asks", "--task", "1");
  await expect
    .poll(async () => (await listRuns(workspace.root))[0]?.state, { timeout: 10_000 })
    .toBe("running");
  const { runId } = await only();
  await cancelRun(workspace.root, runId);
  expect(await only()).toMatchObject({ state: "cancelled" });
  expect((await ended).code).toBe(130);
  await expect(cancelRun(workspace.root, runId)).rejects.toThrow(`Run ${runId} has ended already.`);
  const gone = {
    type: "queued",
    runId: "gone",
    time: "",
    agent: { file_path: "a.mjs", name: "Asks" },
    task: 1,
  };
  const line = JSON.stringify({ ...gone, retries: 0, timeoutMs: null, owner: "nobody" });
  await workspace.write(".proj-intel/runs/gone.jsonl", `${line}\n`);
  await expect(cancelRun(workspace.root, "gone")).rejects.toThrow(
    "Run gone was interrupted, and nothing of it goes on",
  );
});

test.skipIf(process.platform === "win32")(
  "the way to a process is the user's alone, and ends with it",
  async () => {
    const run = await ask(`return ctx.ask(${SURE});`);
    await run.until("question");
    const [queued] = run.events;
    const path = socketOf(queued?.type === "queued" ? (queued.owner ?? "") : "");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await workspace.service.dispose();
    await expect(stat(path)).rejects.toThrow("ENOENT");
  },
);
