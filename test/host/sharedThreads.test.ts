import { expect, test } from "vitest";
import { Batch } from "../../src/runs/batch/batch.ts";
import { readRun } from "../../src/runs/readRun.ts";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

/** What each task of a batch gave, one at a time. */
async function outputs(text: string, name: string, tasks: readonly unknown[], sharesThreads: boolean) {
  const file = await workspace.write("src/agents.ts", text);
  // What was written just now might be changed once more within the clock of the file system.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return run(file, name, tasks, sharesThreads);
}

async function run(file: string, name: string, tasks: readonly unknown[], sharesThreads: boolean) {
  const requests = tasks.map((task) => ({ root: workspace.root, file, name, task }));
  const batch = new Batch(workspace.service, requests, { concurrency: 1, sharesThreads });
  const outputs: unknown[] = [];
  batch.onEvent((event) => {
    if (event.type !== "finished") return;
    const { output, error } = event;
    // What is no object comes in one.
    outputs.push(output === undefined ? error?.message : "output" in output ? output.output : output);
  });
  await batch.finished;
  return { outputs, batch };
}

const COUNTS = `
  let runs = 0;
  export class Counts {
    run(task: unknown) { runs += 1; console.log("run " + runs); return { runs, task }; }
    fail() {}
  }
  export class Fails { run(task: { n: number }) { runs += 1; if (task.n === 1) throw new Error("no " + runs); return { runs }; } }`;

test("each run of a batch has a thread of its own, unless threads are shared", async () => {
  expect((await outputs(COUNTS, "Counts", [1, 2, 3], false)).outputs).toEqual([
    { runs: 1, task: 1 },
    { runs: 1, task: 2 },
    { runs: 1, task: 3 },
  ]);
  const { outputs: shared, batch } = await outputs(COUNTS, "Counts", [1, 2, 3], true);
  expect(shared).toEqual([
    { runs: 1, task: 1 },
    { runs: 2, task: 2 },
    { runs: 3, task: 3 },
  ]);
  // Each log is that of its run.
  const logs = batch.rows.map(async ({ runId }) =>
    (await readRun(workspace.root, runId ?? "")).flatMap((event) => (event.type === "log" ? event.text : [])),
  );
  expect(await Promise.all(logs)).toEqual([["run 1\n"], ["run 2\n"], ["run 3\n"]]);
});

test("a failed run leaves its thread to the next", async () => {
  const { outputs: shared } = await outputs(COUNTS, "Fails", [{ n: 0 }, { n: 1 }, { n: 2 }], true);
  expect(shared).toEqual([{ runs: 1 }, "no 2", { runs: 3 }]);
});

test("another batch, or a run outside of one, begins in a thread of its own", async () => {
  await outputs(COUNTS, "Counts", [1, 2], true);
  expect((await outputs(COUNTS, "Counts", [3], true)).outputs).toEqual([{ runs: 1, task: 3 }]);
  const alone = workspace.start("src/agents.ts#Counts", 4);
  expect(await alone.finished).toMatchObject({ output: { runs: 1, task: 4 } });
});

test.each([
  ["a timer", "setInterval(() => {}, 1_000);"],
  ["a variable of the environment", 'process.env["LEFT"] = "behind";'],
  ["a listener", 'process.on("beforeExit", () => {});'],
  ["a watcher", 'import("node:fs").then((fs) => fs.watch("."));'],
])("a run that leaves %s behind ends its thread", async (_what, code) => {
  const text = `
    let runs = 0;
    export class Leaves { async run() { runs += 1; ${code} await new Promise((done) => setTimeout(done, 20)); return runs; } }`;
  expect((await outputs(text, "Leaves", [1, 2], true)).outputs).toEqual([1, 1]);
});

test("a change of any file of the agent's is loaded by the next run", async () => {
  await workspace.write("src/words.ts", 'export const word = "before";');
  const text = `
    import { writeFileSync } from "node:fs";
    import { word } from "./words.ts";
    export class Says { run(task: string) { if (task !== "") writeFileSync(new URL("words.ts", import.meta.url), task); return word; } }`;
  const changed = 'export const word = "after";';
  expect((await outputs(text, "Says", ["", changed, ""], true)).outputs).toEqual([
    "before",
    "before",
    "after",
  ]);
});

test("a run that hangs or exits takes its thread along, and the next begins anew", async () => {
  const text = `
    let runs = 0;
    export class Ends {
      async run(task: string) {
        runs += 1;
        if (task === "exit") process.exit(3);
        if (task === "never") await new Promise(() => {});
        return runs;
      }
    }`;
  const { outputs: shared } = await outputs(text, "Ends", ["", "exit", "", "", "never", ""], true);
  expect(shared).toEqual([
    1,
    "The agent called process.exit(3).",
    1,
    2,
    "The agent never finished: it waits for a promise that nothing can settle any more.",
    1,
  ]);
});

test("an agent that its module made already is never shared, and one that a factory gives twice is refused", async () => {
  const text = `
    let runs = 0;
    class Made { run() { runs += 1; return runs; } }
    export const made = new Made();
    export const factory = () => made;`;
  expect((await outputs(text, "made", [1, 2], true)).outputs).toEqual([1, 1]);
  expect((await outputs(text, "factory", [1, 2], true)).outputs).toEqual([
    1,
    "factory is the very object that another run of the batch had: let its class or factory make a new one, or run the batch without shared threads.",
  ]);
});
