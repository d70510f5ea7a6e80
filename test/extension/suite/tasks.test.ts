import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as vscode from "vscode";
import type { RunEvent } from "../../../src/model/runRecord.ts";
import { closeEditors, eventually, file, remove, root, write } from "./support.ts";

/** Runs a task to its end; answers with its exit code. */
async function run(task: vscode.Task, during?: (execution: vscode.TaskExecution) => unknown) {
  const listening: vscode.Disposable[] = [];
  const ended = new Promise<number | undefined>((resolve) =>
    listening.push(
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name === task.name) resolve(exitCode);
      }),
      vscode.tasks.onDidEndTask(({ execution }) => {
        // Comes after the exit code, where there is one.
        if (execution.task.name === task.name) setTimeout(() => resolve(undefined), 500);
      }),
    ),
  );
  const execution = await vscode.tasks.executeTask(task);
  await during?.(execution);
  const code = await ended;
  for (const listener of listening) listener.dispose();
  return code;
}

async function configured(label: string): Promise<vscode.Task> {
  return eventually(`tasks.json has ${label}`, async () =>
    (await vscode.tasks.fetchTasks()).find(({ name, source }) => name === label && source === "Workspace"),
  );
}

/** The events of the newest run. */
function newestRun(): RunEvent[] {
  const folder = file(".proj-intel/runs").fsPath;
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .at(-1);
  assert.ok(newest);
  const lines = readFileSync(`${folder}/${newest}`, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

describe("Tasks of the type agent", () => {
  before(async () => {
    const forecast = "src/analytics/forecastAgent.ts#ForecastAgent";
    const certificate = "src/operations/certificateAgent.ts#CertificateAgent";
    const tasks = [
      { label: "forecast", agent: forecast, task: { sales: [1, 2, 3], seconds: 0.1 } },
      { label: "endless", agent: forecast, task: { sales: [1], seconds: 600 } },
      { label: "renew", agent: certificate, task: { host: "${workspaceFolderBasename}" }, retries: 0 },
      { label: "nowhere", agent: "src/nowhere.ts#A", task: {} },
      { label: "wrong", agent: forecast, task: {}, retries: "many" },
    ].map((task) => ({ type: "agent", ...task }));
    await write(".vscode/tasks.json", JSON.stringify({ version: "2.0.0", tasks }));
  });
  after(async () => {
    await closeEditors();
    await remove(".vscode/tasks.json");
    await remove(".proj-intel");
  });

  it("are provided for every agent that can be run", async () => {
    const provided = await vscode.tasks.fetchTasks({ type: "agent" });
    const research = provided.find(({ name }) => name === "ResearchAgent");
    assert.deepEqual(
      { ...research?.definition },
      { type: "agent", agent: "src/research/researchAgent.ts#ResearchAgent" },
    );
    assert.equal(research?.detail, "src/research/researchAgent.ts");
    const names = provided.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length, "two tasks have one name");
    assert.ok(!names.includes("ToolAgent"), "an abstract class cannot be run");
  });

  it("run an agent as tasks.json says, recorded like any run", async () => {
    assert.equal(await run(await configured("forecast")), 0);
    const [queued, ...further] = newestRun();
    assert.ok(queued?.type === "queued");
    assert.deepEqual(queued.agent, { file_path: "src/analytics/forecastAgent.ts", name: "ForecastAgent" });
    const end = further.at(-1);
    assert.ok(end?.type === "finished" && end.status === "success");
  });

  it("end with 1 where the agent fails, and the problem stands at the line that threw", async () => {
    assert.equal(await run(await configured("renew")), 1);
    const [queued] = newestRun();
    assert.ok(queued?.type === "queued");
    const name = vscode.workspace.getWorkspaceFolder(root())?.name ?? "";
    assert.deepEqual(queued.task, { host: name });
    assert.equal(queued.retries, 0);
    const uri = file("src/operations/certificateAgent.ts");
    const problems = () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "agent");
    await eventually("the failure is among the problems", () => problems().length > 0);
    const [problem] = problems();
    assert.equal(problem?.range.start.line, 6);
    assert.equal(
      problem.message,
      `AgentError: Cannot renew the certificate of ${name}: account harbor-ops may not order for ${name}`,
    );
  });

  it("end with 2 where the task itself is wrong", async () => {
    assert.equal(await run(await configured("nowhere")), 2);
    assert.equal(await run(await configured("wrong")), 2);
  });

  it("are cancelled with their run when they are terminated", async () => {
    const task = await configured("endless");
    await run(task, async (execution) => {
      await eventually("the run is under way", () => {
        const [queued, ...further] = newestRun();
        const own = queued?.type === "queued" && JSON.stringify(queued.task).includes("600");
        return own && further.some(({ type }) => type === "checkpoint");
      });
      execution.terminate();
    });
    const end = await eventually("the run ended", () =>
      newestRun().find((event) => event.type === "finished"),
    );
    assert.equal(end.status, "cancelled");
  });
});
