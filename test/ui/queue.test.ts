import { readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRedis, withoutPassword, type TestServer } from "../queue/servers.ts";
import { WorkerProcess } from "../queue/workerProcess.ts";
import { useVSCode } from "./fixture.ts";
import { runRows } from "./runRows.ts";
import { Rows } from "./workbench/rows.ts";
import { setUserSettings } from "./userSettings.ts";

const agent = (name: string, code: string) => `import { appendFileSync, existsSync } from "node:fs";
import { BaseAgent } from "../opsvi-agents/core.mjs";

export class ${name} extends BaseAgent {
  constructor() {
    super({ name: "${name}", agentType: "${name}" });
  }

  async executeImpl(task, ctx) {
    ${code}
  }
}
`;
/** Other editors open as they always did. */
const usual = { "workbench.editor.useModal": "off", "security.workspace.trust.enabled": false };
const vscode = useVSCode("queue", {
  userSettings: usual,
  // Of a workspace that wants tasks to go where it says.
  settings: { "opsviAgents.engine": "queue", "opsviAgents.queue.url": "redis://127.0.0.1:9" },
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "src/placeAgent.mjs": agent("PlaceAgent", "console.log('greeting'); return { pid: process.pid, task };"),
    "src/hangingAgent.mjs": agent(
      "HangingAgent",
      'ctx.progress("hanging"); for (;;) await new Promise((done) => setTimeout(done, 1000));',
    ),
    "src/carefulAgent.mjs": agent(
      "CarefulAgent",
      'return { shelf: await ctx.ask({ kind: "choose", message: "Which shelf?", options: ["left", "right"] }) };',
    ),
    "src/patientAgent.mjs": agent(
      "PatientAgent",
      'appendFileSync("begun", "x"); ctx.progress("waiting"); while (!existsSync("go")) await new Promise((done) => setTimeout(done, 50)); return { done: true };',
    ),
    "src/gateAgent.mjs": agent(
      "GateAgent",
      'while (!existsSync(task.gate)) await new Promise((done) => setTimeout(done, 50)); appendFileSync("passed", task.name); return {};',
    ),
    "src/turningAgent.mjs":
      "export class TurningAgent {\n  async execute(task) {\n    for (this.turn = 1; ; this.turn += 1) await new Promise((next) => setTimeout(next, 20));\n  }\n}\n",
    "rooms.agents.json": JSON.stringify({
      steps: [
        { id: "first", agent: "src/placeAgent.mjs#PlaceAgent", task: { room: "attic" } },
        { id: "second", agent: "src/placeAgent.mjs#PlaceAgent", task: { room: "cellar" } },
      ],
    }),
    "gates.agents.json": JSON.stringify({
      steps: ["a", "b"].map((name) => ({
        ...{ id: name, agent: "src/gateAgent.mjs#GateAgent", task: { name, gate: "open" } },
      })),
    }),
    "place.jsonl": '{"agent":"src/placeAgent.mjs#PlaceAgent","task":{}}\n'.repeat(3),
    "patient.jsonl": '{"agent":"src/patientAgent.mjs#PatientAgent","task":{}}\n'.repeat(3),
    "opsvi-agents/core.mjs": readFileSync("dist/core/core.mjs", "utf8"),
  },
});
const slow = { timeout: 60_000, interval: 200 };

let server: TestServer;
const workers: WorkerProcess[] = [];
beforeAll(async () => {
  server = await startRedis();
}, 300_000);
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await server.stop();
});

/** Answers with its name. */
async function startWorker(...args: string[]): Promise<{ worker: WorkerProcess; name: string }> {
  const worker = new WorkerProcess(server.url, vscode.workspace.folder, ...args);
  workers.push(worker);
  return { worker, name: await worker.ready() };
}

/** What users write into their settings: no password. */
const address = () => withoutPassword(server.url).address;
const password = () => withoutPassword(server.url).password;
const useQueue = (url = address()) =>
  setUserSettings(vscode.workbench, {
    ...{ ...usual, "opsviAgents.engine": "queue", "opsviAgents.queue.url": url },
    "opsviAgents.run.retries": 0,
  });

async function givePassword(): Promise<void> {
  const { workbench } = vscode;
  await workbench.run("Agents: Set Password of the Queue…");
  const { host } = new URL(address());
  await expect
    .poll(() => workbench.quickInput.title(), slow)
    .toBe(`Password of redis://${host} (opsvi-agents)`);
  expect(await workbench.quickInput.input.getAttribute("type")).toBe("password");
  await workbench.quickInput.answer(password());
  await workbench.notifications.message("is given the password from now on.");
  await workbench.notifications.clear();
}

const rows = () => runRows(vscode);
const first = async () => (await rows())[0];
const workerRows = async () =>
  (await (await vscode.workbench.workers()).picture()).map((row) => row.replace(/\d+ s ago/, "TIME ago"));

async function start(name: string): Promise<void> {
  const { workbench } = vscode;
  await workbench.run("Agents: Run Task…");
  await workbench.quickInput.pick(name);
  await workbench.quickInput.answer('{ "room": "attic" }');
}

const logLines = async () => (await vscode.workbench.editor.lines()).join("\n").replaceAll("\u00a0", " ");

interface RunLine {
  type: string;
  worker?: string;
  status?: string;
}

/** The records of all runs, the oldest first. */
async function records(): Promise<RunLine[][]> {
  const names = (await readdir(vscode.workspace.path(".proj-intel/runs"))).filter((name) =>
    name.endsWith(".jsonl"),
  );
  const texts = await Promise.all(
    names.sort().map((name) => vscode.workspace.read(`.proj-intel/runs/${name}`)),
  );
  return texts.map((text) =>
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as RunLine),
  );
}

describe("Runs in a queue", () => {
  it("go nowhere because a workspace says so", async () => {
    const { workbench } = vscode;
    await start("PlaceAgent");
    await expect.poll(first, slow).toBe("PlaceAgent  TIME · CLOCK");
    expect((await records())[0]?.find(({ type }) => type === "started")?.worker).toBeUndefined();
    await workbench.run("Agents: Show Workers of the Queue");
    expect(await workbench.notifications.message("Agents run on this machine.")).toContain(
      "once the setting opsviAgents.engine is “queue”.",
    );
    await workbench.notifications.clear();
  });

  it("fail in one sentence where the queue does not let them in, and the next run tries again", async () => {
    const { workbench } = vscode;
    await useQueue();
    const workersView = await workbench.workers();
    await expect
      .poll(() => workersView.message(), slow)
      .toMatch(/^The queue redis:\S+ \(opsvi-agents\) cannot be used: /);
    await start("PlaceAgent");
    await expect
      .poll(first, slow)
      .toMatch(/^PlaceAgent {2}The queue redis:\S+ \(opsvi-agents\) cannot be used: .+ · CLOCK$/);
    expect(await workersView.message()).toContain("“Agents: Set Password of the Queue…” takes its password.");
    await workbench.screenshots("queue-refused");
    await useQueue(server.url);
    await expect
      .poll(() => workersView.message(), slow)
      .toContain("has a password in it, which others can see");
    await start("PlaceAgent");
    await expect.poll(first, slow).toContain("has a password in it, which others can see");
    await useQueue();
  });

  it("wait for a worker, and the view says how one is started", async () => {
    const { workbench } = vscode;
    await givePassword();
    const view = await workbench.workers();
    const another = new URL(address());
    another.username = "default";
    await useQueue(another.href);
    // The password is not for this address.
    await expect.poll(() => view.message(), slow).toContain("takes its password.");
    await useQueue();
    await view.welcome().getByText("No worker takes runs of this queue").waitFor();
    await workbench.screenshots("queue-no-worker");
    await view.welcome().getByRole("button", { name: "Copy Command" }).click();
    await workbench.notifications.message(
      "Copied the command that starts a worker. It reads the password from",
    );
    await workbench.notifications.clear();
    await start("PlaceAgent");
    await expect.poll(first, slow).toBe("PlaceAgent  queued");
    const { name } = await startWorker("--concurrency", "2");
    await expect.poll(first, slow).toBe("PlaceAgent  TIME · CLOCK");
    expect((await records()).at(-1)).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: "started", worker: name })]),
    );
    const runs = await workbench.runs();
    const opened = async () => {
      const log = await logLines();
      // A click while the tree is being drawn anew is lost.
      if (log === "") await runs.open("PlaceAgent");
      return log;
    };
    await expect.poll(opened, slow).toContain(`started: worker ${name}, process`);
    await expect.poll(logLines, slow).toContain("greeting");
    await workbench.run("View: Close All Editors");
  });

  it("are shown with their worker, which is shown with its load; one that hangs is stopped", async () => {
    const { workbench } = vscode;
    const name = (await workers[0]?.ready()) ?? "";
    await start("HangingAgent");
    await expect.poll(first, slow).toBe(`HangingAgent  hanging · TIME · on ${name}`);
    await expect
      .poll(workerRows, slow)
      .toEqual([expect.stringContaining(`${name}  1 of 2 busy · heard of TIME ago`)]);
    await workbench.screenshots("queue-workers");
    await (await workbench.runs()).chooseFromMenu("HangingAgent", "Stop");
    await expect.poll(first, slow).toBe("HangingAgent  cancelled · CLOCK");
    await expect.poll(workerRows, slow).toEqual([expect.stringContaining(`${name}  0 of 2 busy`)]);
  });

  it("take answers from their row", async () => {
    const { workbench } = vscode;
    await start("CarefulAgent");
    await expect.poll(first, slow).toMatch(/^CarefulAgent {2}asks: Which shelf\?/);
    await (await workbench.runs()).chooseFromMenu("CarefulAgent", "Answer…");
    await workbench.quickInput.pick("right");
    await expect.poll(first, slow).toBe("CarefulAgent  TIME · CLOCK");
    await (await workbench.runs()).chooseFromMenu("CarefulAgent", "Open Result");
    await expect.poll(logLines, slow).toContain('"right"');
    await workbench.run("View: Close All Editors");
  });

  it("are those of the steps of a pipeline", async () => {
    const { workbench } = vscode;
    await workbench.openFile("rooms.agents.json");
    await workbench.run("Agents: Run Pipeline…");
    await expect.poll(first, slow).toMatch(/^[▾▸] rooms {2}TIME · CLOCK$/);
    await workbench.run("View: Close All Editors");
    const name = (await workers[0]?.ready()) ?? "";
    const [, ...steps] = (await records()).slice(-3);
    expect(steps.map((step) => step.find(({ type }) => type === "started")?.worker)).toEqual([name, name]);
  });

  it("are those of a batch, which is stopped as a whole and resumed", async () => {
    const { workbench } = vscode;
    const allAtATime = async () => {
      await expect.poll(() => workbench.quickInput.title(), slow).toBe("Run 3 tasks: how many at a time");
      await workbench.quickInput.answer("3");
    };
    const batch = async (file: string) => {
      await workbench.run("Agents: Run File of Tasks…");
      await workbench.quickInput.pick(file);
      await allAtATime();
    };
    await batch("place.jsonl");
    await expect.poll(first, slow).toBe("▸ 3 tasks for PlaceAgent  3 succeeded · TIME · CLOCK");
    const name = (await workers[0]?.ready()) ?? "";
    const started = (await records()).slice(-3).map((run) => run.find(({ type }) => type === "started"));
    expect(started.map((event) => event?.worker)).toEqual([name, name, name]);
    await batch("patient.jsonl");
    const label = "3 tasks for PatientAgent";
    await expect.poll(workerRows, slow).toEqual([expect.stringContaining(`${name}  2 of 2 busy`)]);
    const view = await workbench.runs();
    await workbench.screenshots("queue-batch");
    await view.chooseFromMenu(label, "Stop");
    await expect.poll(first, slow).toMatch(/^[▾▸] 3 tasks for PatientAgent {2}3 cancelled/);
    await expect.poll(workerRows, slow).toEqual([expect.stringContaining(`${name}  0 of 2 busy`)]);
    await vscode.workspace.write("go", "");
    await view.chooseFromMenu(label, "Resume");
    await allAtATime();
    await expect.poll(first, slow).toMatch(/^[▾▸] 3 tasks for PatientAgent {2}3 succeeded/);
    await rm(vscode.workspace.path("go"));
    await rm(vscode.workspace.path("begun"));
    await workbench.run("View: Close All Editors");
    await workbench.notifications.clear();
  });

  it("tell the state that their agent has now", async () => {
    const { workbench } = vscode;
    await start("TurningAgent");
    await expect.poll(first, slow).toMatch(/^TurningAgent {2}TIME · on /);
    await workbench.run("Agents: Show Checkpoints");
    const page = workbench.webview();
    const list = new Rows(page, "Checkpoints");
    await list.shown();
    await page.getByLabel("Agent").selectOption("TurningAgent");
    await list.row("started").click();
    const detail = page.getByRole("region", { name: /^Checkpoint/ });
    await detail.getByRole("button", { name: "Compare…", exact: true }).click();
    await workbench.quickInput.pick("What TurningAgent has now", "now");
    const table = page.getByRole("table", { name: "Differences" });
    await expect.poll(() => table.innerText(), slow).toContain("turn");
    await workbench.run("Agents: Stop All Runs");
    await expect.poll(first, slow).toBe("TurningAgent  cancelled · CLOCK");
    await workbench.run("View: Close All Editors");
    await workbench.notifications.clear();
  });

  it("go on with another worker where theirs dies, as their log tells", async () => {
    const { workbench } = vscode;
    await start("PatientAgent");
    await expect.poll(first, slow).toMatch(/^PatientAgent {2}waiting · TIME · on /);
    const { name } = await startWorker("--concurrency", "2");
    await workers[0]?.kill();
    await expect.poll(first, { ...slow, timeout: 90_000 }).toBe(`PatientAgent  waiting · TIME · on ${name}`);
    await (await workbench.runs()).open("PatientAgent");
    await expect.poll(logLines, slow).toContain(`goes on with worker ${name} from checkpoint`);
    await workbench.run("View: Close All Editors");
    await expect.poll(workerRows, slow).toEqual([expect.stringContaining(`${name}  1 of 2 busy`)]);
  });

  it("that a closed window left in the queue are followed again by Resume", async () => {
    const { workbench, workspace } = vscode;
    await workbench.page.reload();
    await workbench.ready();
    await workbench.extended();
    await expect.poll(first, slow).toMatch(/^PatientAgent {2}interrupted/);
    // This server's keychain forgets with the page.
    await givePassword();
    await (await workbench.runs()).chooseFromMenu("PatientAgent", "Resume");
    await workbench.notifications.clear();
    await expect.poll(first, slow).toMatch(/^PatientAgent {2}waiting · TIME · on /);
    // Once by each of the two workers that had it.
    expect(await workspace.read("begun")).toBe("xx");
    await workspace.write("go", "");
    await expect.poll(first, slow).toBe("PatientAgent  TIME · CLOCK");
    expect(await workspace.read("begun")).toBe("xx");
  });

  it("of a pipeline go on while its window is closed, and Resume shows what they did", async () => {
    const { workbench, workspace } = vscode;
    await workbench.openFile("gates.agents.json");
    await workbench.run("Agents: Run Pipeline…");
    await expect.poll(rows, slow).toContainEqual(expect.stringMatching(/^ *GateAgent .*on /));
    await workbench.page.reload();
    await workbench.ready();
    await workbench.extended();
    await workspace.write("open", "");
    await expect.poll(() => workspace.read("passed"), slow).toBe("ab");
    await expect.poll(first, slow).toMatch(/^[▾▸] gates {2}interrupted/);
    await givePassword();
    await (await workbench.runs()).chooseFromMenu("gates", "Resume");
    await workbench.notifications.clear();
    await expect.poll(first, slow).toMatch(/^[▾▸] gates {2}TIME · CLOCK$/);
    await expect
      .poll(rows, slow)
      .toContainEqual(expect.stringMatching(/^[▾▸] gates {2}interrupted · resumed/));
    await workbench.screenshots("queue-pipeline");
    expect(await workspace.read("passed")).toBe("ab");
    await workbench.run("View: Close All Editors");
  });

  it("have checkpoints that are fetched into a folder which lacks them", async () => {
    const { workbench, workspace } = vscode;
    await rm(workspace.path(".proj-intel/checkpoints"), { recursive: true });
    await workbench.run("Agents: Fetch Checkpoints of the Queue");
    const told = /(\d{2}) checkpoints fetched into shop; \1 in the queue\./;
    await workbench.notifications.message(told);
    await workbench.screenshots("queue-fetched");
    await workbench.notifications.press(told, "Show Checkpoints");
    const list = new Rows(workbench.webview(), "Checkpoints");
    await list.shown();
    await expect.poll(() => list.texts(), slow).toContainEqual(expect.stringContaining("PatientAgent"));
    await workbench.run("View: Close All Editors");
  });

  it("outlive that the server is away for a while, which the view of its workers tells", async () => {
    const { workbench } = vscode;
    await start("TurningAgent");
    await expect.poll(first, slow).toMatch(/^TurningAgent {2}TIME · on /);
    const before = await workerRows();
    await server.kill9();
    const view = await workbench.workers();
    await expect.poll(() => view.message(), slow).toMatch(/does not answer|cannot be reached/);
    await workbench.screenshots("queue-away");
    await server.restart();
    await expect.poll(() => view.message(), slow).toBe("");
    await expect.poll(async () => (await workerRows()).length, slow).toBe(before.length);
    await (await workbench.runs()).chooseFromMenu("TurningAgent", "Stop");
    await expect.poll(first, slow).toBe("TurningAgent  cancelled · CLOCK");
  });

  it("end where they are when the settings change; the next ones are on this machine", async () => {
    const { workbench } = vscode;
    await start("HangingAgent");
    await expect.poll(first, slow).toMatch(/^HangingAgent {2}hanging · TIME · on /);
    await setUserSettings(workbench, usual);
    await start("PlaceAgent");
    await expect.poll(async () => (await rows())[1], slow).toBe("PlaceAgent  TIME · CLOCK");
    expect((await records()).at(-1)?.find(({ type }) => type === "started")?.worker).toBeUndefined();
    await (await workbench.runs()).chooseFromMenu("HangingAgent", "Stop");
    await expect.poll(async () => (await rows())[1], slow).toBe("HangingAgent  cancelled · CLOCK");
  });
});
