import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunSummary } from "../../src/model/runSummary.ts";
import { listRuns } from "../../src/runs/history/listRuns.ts";
import { sharedContext } from "../../src/runs/pipeline/sharedContext.ts";
import { commandLine, jsonLines } from "./commandLine.ts";
import { dist, useWorkspace, Watched } from "./workspace.ts";

const workspace = useWorkspace();
const { start, cli } = commandLine(workspace);

const AGENTS = `
  import { appendFileSync, existsSync } from "node:fs";
  import { BaseAgent } from ${JSON.stringify(join(dist, "core/core.mjs"))};
  const told = (text) => appendFileSync("calls.txt", text + "\\n");
  export class Echo { constructor(mark = "") { this.mark = mark; } run(task) { told("Echo " + task.say); return { heard: task.say, mark: this.mark }; } }
  export class Fails { run() { told("Fails"); throw new TypeError("no luck"); } }
  export class Gate { run(task) { told("Gate"); if (!existsSync(task.file)) throw new Error("closed"); return { open: true }; } }
  export class Meets { async run({ me, other }) {
    appendFileSync(me, "");
    for (let tries = 0; tries < 1000; tries += 1) {
      if (existsSync(other)) return { met: other };
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error("nobody came");
  } }
  export class Stuck { async run() { told("Stuck"); console.log("begun"); await new Promise((resolve) => setTimeout(resolve, 60_000)); } }
  export class Asks extends BaseAgent {
    constructor() { super({ name: "Asks", agentType: "asks" }); }
    executeImpl(_task, context) { return context.ask({ kind: "approve", message: "Sure?" }); }
  }
  export class Reader extends BaseAgent {
    constructor() { super({ name: "Reader", agentType: "reader" }); }
    executeImpl(task, { shared }) {
      return { keys: shared.keys().map(({ key }) => key), first: shared.has("first") ? shared.get("first") : null };
    }
  }`;

interface Given {
  input?: unknown;
  steps: unknown[];
}

const step = (id: string, name: string, task: unknown = {}, further: object = {}) => ({
  ...{ id, agent: `a.mjs#${name}`, task },
  ...further,
});

async function write(pipeline: Given): Promise<void> {
  await workspace.write("package.json", "{}");
  await workspace.write("a.mjs", AGENTS);
  await workspace.write("p.agents.json", JSON.stringify(pipeline, null, 2));
}

const run = (task?: unknown) =>
  new Watched(
    workspace.root,
    workspace.service.start({
      ...{ root: workspace.root, file: join(workspace.root, "p.agents.json"), name: "p", task },
    }),
  );

async function calls(): Promise<string[]> {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(join(workspace.root, "calls.txt"), "utf8").catch(() => "");
  return text.split("\n").filter(Boolean);
}

/** The steps that were run, oldest first. */
async function steps(): Promise<[step: string | null, state: RunSummary["state"]][]> {
  const runs = await listRuns(workspace.root);
  return runs
    .filter(({ step }) => step !== null)
    .reverse()
    .map(({ step, state }) => [step, state]);
}

test("steps run one after the other, and get results of earlier ones in their task, arguments and shared context", async () => {
  await write({
    input: { say: "coffee" },
    steps: [
      step("first", "Echo", { $from: "/input" }),
      step("second", "Echo", { say: [{ $from: "/first/heard" }] }, { args: [{ $from: "/first/heard" }] }),
      step("reader", "Reader"),
    ],
  });
  const pipeline = run({ say: "tea" });
  expect(await pipeline.finished).toMatchObject({
    status: "success",
    attempts: 1,
    output: {
      first: { heard: "tea", mark: "" },
      second: { heard: ["tea"], mark: "tea" },
      reader: { keys: ["input", "first", "second"], first: { heard: "tea", mark: "" } },
    },
  });
  const runs = await listRuns(workspace.root);
  expect(runs.map(({ agent, step, batch, state }) => [agent.file_path, step, batch, state])).toEqual([
    ["a.mjs", "reader", pipeline.id, "success"],
    ["a.mjs", "second", pipeline.id, "success"],
    ["a.mjs", "first", pipeline.id, "success"],
    ["p.agents.json", null, null, "success"],
  ]);
  await pipeline.record();
  const [reader, second] = runs;
  expect(await sharedContext(workspace.root, reader?.runId ?? "")).toEqual({
    input: { say: "tea" },
    first: { heard: "tea", mark: "" },
    second: { heard: ["tea"], mark: "tea" },
  });
  expect(Object.keys(await sharedContext(workspace.root, second?.runId ?? ""))).toEqual(["input", "first"]);
  await expect(sharedContext(workspace.root, pipeline.id)).rejects.toThrow(
    "The record of the pipeline is no longer there, which tells what this step was given.",
  );
});

test("what is parallel runs at the same time, and a group ends when all of it has", async () => {
  await write({
    steps: [
      {
        parallel: [
          step("left", "Meets", { me: "left", other: "right" }),
          {
            sequence: [
              step("quick", "Echo", { say: 1 }),
              step("right", "Meets", { me: "right", other: "left" }),
            ],
          },
        ],
      },
      step("last", "Echo", { say: [{ $from: "/left/met" }, { $from: "/right/met" }] }),
    ],
  });
  expect((await run().finished).output).toMatchObject({ last: { heard: ["right", "left"] } });
});

test("after a failure nothing further begins, unless the step allows it", async () => {
  await write({ steps: [step("bad", "Fails"), step("next", "Echo", { say: 1 })] });
  expect(await run().finished).toMatchObject({
    status: "failed",
    error: { name: "StepError", message: 'The step "bad": TypeError: no luck' },
  });
  expect(await steps()).toEqual([["bad", "failed"]]);

  await write({
    steps: [
      step("bad", "Fails", {}, { continueOnFailure: true, retries: 1 }),
      step("next", "Echo", { say: { $from: "/bad/x", default: "nothing" } }),
      step("lost", "Echo", { say: { $from: "/bad/x" } }),
      step("never", "Echo", { say: 2 }),
    ],
  });
  expect(await run().finished).toMatchObject({
    status: "failed",
    error: {
      message: expect.stringMatching(
        /^2 steps failed\. "bad": TypeError: no luck\n"lost": "bad" gave no result; a "default"/,
      ) as unknown,
    },
  });
  expect((await steps()).slice(1)).toEqual([
    ["bad", "failed"],
    ["next", "success"],
  ]);
  expect(await calls()).toEqual(["Fails", "Fails", "Fails", "Echo nothing"]);
});

test("a cancel stops what is at work, and nothing further begins", async () => {
  await write({
    steps: [{ parallel: [step("a", "Stuck"), step("b", "Stuck")] }, step("next", "Echo", { say: 1 })],
  });
  const pipeline = run();
  await expect.poll(calls, { timeout: 20_000 }).toEqual(["Stuck", "Stuck"]);
  await pipeline.cancel();
  expect(pipeline.end.status).toBe("cancelled");
  expect(await steps()).toEqual([
    ["a", "cancelled"],
    ["b", "cancelled"],
  ]);
});

test("where the process that runs it closes, it is interrupted and can be resumed", async () => {
  await write({ steps: [step("first", "Echo", { say: 1 }), step("slow", "Stuck")] });
  const pipeline = run();
  await expect.poll(calls, { timeout: 20_000 }).toEqual(["Echo 1", "Stuck"]);
  await workspace.service.dispose();
  expect((await pipeline.finished).status).toBe("interrupted");
});

test("after kill -9 a resume runs what did not succeed, and nothing twice", async () => {
  await write({
    steps: [
      step("first", "Echo", { say: "once" }),
      { parallel: [step("quick", "Echo", { say: "too" }), step("gate", "Stuck")] },
      step("last", "Echo", { say: { $from: "/first/heard" } }),
    ],
  });
  const { child, ended } = start("pipeline", "p.agents.json");
  await expect.poll(async () => (await calls()).length, { timeout: 20_000 }).toBe(3);
  await expect.poll(async () => (await steps()).filter(([, state]) => state === "success").length).toBe(2);
  child.kill("SIGKILL");
  await ended;
  const interrupted = async () => (await listRuns(workspace.root)).find(({ step }) => step === null);
  await expect.poll(async () => (await interrupted())?.state, { timeout: 20_000 }).toBe("interrupted");
  const { runId = "" } = (await interrupted()) ?? {};
  const [alone] = (await listRuns(workspace.root)).filter(({ step }) => step === "gate");
  const refused = await cli("runs", "resume", alone?.runId ?? "");
  expect(refused.err).toContain(
    `is the step "gate" of a pipeline, which goes on as a whole: resume run ${runId}.`,
  );

  // What was wrong is mended in the file.
  const before = await calls();
  await write({
    steps: [
      step("first", "Echo", { say: "once" }),
      { parallel: [step("quick", "Echo", { say: "too" }), step("gate", "Gate", { file: "a.mjs" })] },
      step("last", "Echo", { say: { $from: "/first/heard" } }),
    ],
  });
  const { code, out } = await cli("pipeline", "p.agents.json", "--resume", runId);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    first: { heard: "once", mark: "" },
    quick: { heard: "too", mark: "" },
    gate: { open: true },
    last: { heard: "once", mark: "" },
  });
  expect((await calls()).slice(before.length)).toEqual(["Gate", "Echo once"]);
  const again = await cli("pipeline", "p.agents.json", "--resume", runId);
  expect(again).toMatchObject({ code: 2, out: "" });
  expect(again.err).toContain("was resumed already");
}, 60_000);

test("a step that failed is resumed with its pipeline, and what it gives to others is new to them", async () => {
  await write({
    steps: [
      step("gate", "Gate", { file: "key" }, { continueOnFailure: true }),
      step("next", "Echo", { say: { $from: "/gate/open", default: false } }),
      step("other", "Echo", { say: "same" }),
    ],
  });
  const first = await cli("pipeline", "p.agents.json");
  expect(first.code).toBe(1);
  expect(first.err).toContain("failed    gate  ");
  const [, , , pipeline] = await listRuns(workspace.root);
  await workspace.write("key", "");
  const second = await cli("pipeline", "p.agents.json", "--resume", pipeline?.runId ?? "", "--json");
  expect(second.code).toBe(0);
  const events = jsonLines(second.out) as {
    type: string;
    step?: string;
    status?: string;
    output?: unknown;
  }[];
  expect(events.at(-1)).toMatchObject({
    type: "finished",
    output: { gate: { open: true }, next: { heard: true }, other: { heard: "same" } },
  });
  expect(await calls()).toEqual(["Gate", "Echo false", "Echo same", "Gate", "Echo true"]);
  const gates = (await listRuns(workspace.root)).filter(({ step: id }) => id === "gate");
  expect(gates[0]?.resumes).toBe(gates[1]?.runId);
});

test("the command line refuses a wrong pipeline with line and place, and starts nothing", async () => {
  await write({ steps: [step("a", "Echo", { $from: "/b" }), { ...step("b", "Echo"), agent: "none.mjs#A" }] });
  const { code, out, err } = await cli("pipeline", "p.agents.json");
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err.split("\n")).toEqual([
    'p.agents.json:6 steps[0].task: the step "b" has not ended when this one begins: only steps before it give results.',
    `p.agents.json:12 steps[1].agent: it names the file none.mjs, which is not there in ${workspace.root}.`,
    "",
  ]);
  expect((await cli("pipeline", "a.mjs")).err).toContain(
    "is no pipeline: its name has to end with .agents.json.",
  );
  expect(await listRuns(workspace.root)).toEqual([]);
});

test("Ctrl+C cancels a pipeline on the command line, which then ends with 130", async () => {
  await write({ steps: [step("slow", "Stuck")] });
  const { child, ended } = start("pipeline", "p.agents.json");
  await expect.poll(calls, { timeout: 20_000 }).toEqual(["Stuck"]);
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 130, out: "" });
  expect(await steps()).toEqual([["slow", "cancelled"]]);
});

test("a pipeline waits for what its step asks, in the list and for an answer", async () => {
  await write({ steps: [step("first", "Echo", { say: 1 }), step("sure", "Asks")] });
  const pipeline = run();
  const listed = async () => (await cli("runs", "list")).out.split("\n").filter(Boolean);
  await expect
    .poll(listed, { timeout: 20_000 })
    .toEqual([
      expect.stringMatching(new RegExp(`^${pipeline.id.slice(-8)}  waiting  .*  p\\.agents\\.json#p$`)),
      expect.stringMatching(/ success {2}.* {4}first a\.mjs#Echo$/),
      expect.stringMatching(/ waiting {2}.* {4}sure a\.mjs#Asks$/),
    ]);
  const waiting = jsonLines((await cli("runs", "list", "--state", "waiting", "--json")).out) as RunSummary[];
  expect(waiting.map(({ step, question }) => [step, question?.question.message])).toEqual([
    ["sure", "Sure?"],
    [null, "Sure?"],
  ]);
  const shown = await cli("runs", "show", pipeline.id);
  expect(shown.out).toMatch(/^state +waiting\nasks +Sure\?\n/m);
  expect(shown.out).toContain(`opsvi-agents runs answer ${pipeline.id} VALUE (yes or no)\n`);
  const answered = await cli("runs", "answer", pipeline.id, "yes");
  expect(answered).toEqual({ code: 0, out: "", err: "answered  Sure?\n" });
  expect((await pipeline.finished).output).toMatchObject({ sure: { output: true } });
  expect((await cli("runs", "answer", pipeline.id, "yes")).err).toBe(
    `Run ${pipeline.id} has ended already.\n`,
  );
});

test("steps of a pipeline keep to the limits of their agents, and wait as queued", async () => {
  await write({
    steps: [{ parallel: [step("one", "Asks"), step("two", "Asks"), step("echo", "Echo", { say: 1 })] }],
  });
  const { ended } = start("pipeline", "p.agents.json", "--concurrency", "3", "--agent-limit", "Asks=1");
  const states = async () => (await steps()).map(([, state]) => state).sort();
  await expect.poll(states, { timeout: 20_000 }).toEqual(["queued", "success", "waiting"]);
  const pipeline = (await listRuns(workspace.root)).find((each) => each.step === null);
  expect(await cli("runs", "cancel", pipeline?.runId ?? "")).toMatchObject({ code: 0 });
  expect((await ended).code).toBe(130);
  expect(await states()).toEqual(["cancelled", "cancelled", "success"]);
});

test("the command line says how the question of a step is answered", async () => {
  await write({ steps: [step("sure", "Asks")] });
  const { child, ended } = start("pipeline", "p.agents.json");
  let noted = "";
  child.stderr?.on("data", (chunk: Buffer) => void (noted += String(chunk)));
  await expect.poll(() => noted, { timeout: 10_000 }).toContain("The step waits");
  const [, asker = ""] = /runs answer (\S+) VALUE \(yes or no\)/.exec(noted) ?? [];
  expect((await cli("runs", "answer", asker, "yes")).code).toBe(0);
  expect((await ended).code).toBe(0);
});
