import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, rename, utimes } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";
import { runRows } from "./runRows.ts";

/** Counts to 3, each number once, with a checkpoint after each; waits at 2 until there is a file "go". */
const counter = `import { appendFileSync, existsSync } from "node:fs";
import { BaseAgent } from "../opsvi-agents/core.mjs";

export class CountingAgent extends BaseAgent {
  state = { counted: 0 };

  constructor() {
    super({ name: "counting", agentType: "CountingAgent" });
  }

  snapshot() {
    return this.state;
  }

  restore(state) {
    this.state = state;
  }

  async executeImpl(task, ctx) {
    while (this.state.counted < 3) {
      if (this.state.counted === 2) ctx.progress("waiting");
      while (this.state.counted === 2 && !existsSync("go")) await new Promise((done) => setTimeout(done, 50));
      this.state.counted += 1;
      appendFileSync("counted", this.state.counted + "\\n");
      ctx.checkpoint("counted " + this.state.counted);
    }
    return { task, counted: this.state.counted };
  }
}
`;
const vscode = useVSCode("runRecovery", {
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "src/countingAgent.mjs": counter,
    "opsvi-agents/core.mjs": readFileSync("dist/core/core.mjs", "utf8"),
  },
});
const slow = { timeout: 60_000, interval: 200 };

interface RunLine {
  type: string;
  runId: string;
  pid?: number;
  resumes?: string;
  by?: string;
  output?: unknown;
}

/** The events of all runs, the oldest run first. */
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

const hostOf = (events: RunLine[] = []) => events.find(({ type }) => type === "started")?.pid ?? 0;

const rows = () => runRows(vscode);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function startAndWait(): Promise<void> {
  const { workbench } = vscode;
  await workbench.run("Agents: Run Task…");
  await workbench.quickInput.pick("CountingAgent");
  await workbench.quickInput.answer('{"topic": "tea"}');
  await expect.poll(async () => (await rows())[0], slow).toBe("CountingAgent  waiting · TIME");
}

/** Kills the extension host, which no signal can be kept from, and starts VS Code again. */
async function crash(): Promise<void> {
  const host = hostOf((await records()).at(-1));
  const parent = Number(execFileSync("ps", ["-o", "ppid=", "-p", String(host)], { encoding: "utf8" }));
  process.kill(parent, "SIGKILL");
  await expect.poll(() => isAlive(host), { timeout: 5_000, interval: 50 }).toBe(false);
  await reload();
}

async function reload(): Promise<void> {
  await vscode.workbench.page.reload();
  await vscode.workbench.ready();
  await vscode.workbench.extended();
}

describe.skipIf(process.platform === "win32")("a run at work when VS Code is killed", () => {
  it("reads as interrupted, goes on from its last checkpoint, and does nothing twice", async () => {
    const { workspace, workbench } = vscode;
    await startAndWait();
    expect(await workspace.read("counted")).toBe("1\n2\n");
    await crash();
    await expect.poll(rows, slow).toEqual(["CountingAgent  interrupted · CLOCK"]);
    expect(await workspace.read("counted")).toBe("1\n2\n");
    await workspace.write("go", "");
    const view = await workbench.runs();
    await view.row("CountingAgent").hover();
    await workbench.screenshot("run-interrupted");
    await view.chooseFromMenu("CountingAgent", "Resume");
    await expect
      .poll(rows, slow)
      .toEqual(["CountingAgent  TIME · CLOCK", "CountingAgent  interrupted · resumed · CLOCK"]);
    expect(await workspace.read("counted")).toBe("1\n2\n3\n");
    const [old = [], resumed = []] = await records();
    expect(old.at(-1)).toMatchObject({ type: "resumed", by: resumed[0]?.runId });
    expect(resumed[0]).toMatchObject({ resumes: old[0]?.runId });
    expect(resumed.at(-1)).toMatchObject({ output: { task: { topic: "tea" }, counted: 3 } });
  });

  it("is forgotten where the user discards it", async () => {
    const { workspace, workbench } = vscode;
    await workspace.remove("go");
    await startAndWait();
    await crash();
    await expect.poll(async () => (await rows())[0], slow).toBe("CountingAgent  interrupted · CLOCK");
    const view = await workbench.runs();
    await view.chooseFromMenu("CountingAgent", "Discard");
    await expect
      .poll(rows, slow)
      .toEqual(["CountingAgent  TIME · CLOCK", "CountingAgent  interrupted · resumed · CLOCK"]);
    expect(await records()).toHaveLength(2);
  });

  it("is told at the next start where the view is not in sight, once, and goes on when the user says so", async () => {
    const { workspace, workbench } = vscode;
    const { notifications } = workbench;
    await startAndWait();
    await workbench.run("Problems: Focus on Problems View");
    await crash();
    const sentence = "1 run was interrupted when VS Code closed: CountingAgent.";
    await notifications.message(sentence);
    await workbench.screenshot("runs-left-behind");
    expect(await records()).toHaveLength(3);
    await workspace.write("go", "");
    await notifications.press(sentence, "Resume");
    await expect.poll(async () => (await records()).length, slow).toBe(4);
    await expect.poll(async () => (await rows())[0], slow).toBe("CountingAgent  TIME · CLOCK");
    const [, , old = [], resumed = []] = await records();
    expect(resumed[0]).toMatchObject({ resumes: old[0]?.runId });
    await workbench.run("Problems: Focus on Problems View");
    await reload();
    // By then it would have been told.
    await workbench.page.waitForTimeout(6_000);
    expect(await notifications.with("interrupted").count()).toBe(0);
  });
});

it("shows a record whose process ended as it began as what it is, to be discarded", async () => {
  const { workspace, workbench } = vscode;
  const [early, torn] = ["torn", "0-torn.jsonl"].map((name) => `.proj-intel/runs/${name}`) as [
    string,
    string,
  ];
  await workspace.write(early, '{"type":"queued","ru');
  const long = new Date("2026-01-02T12:00:00");
  await utimes(workspace.path(early), long, long);
  await rename(workspace.path(early), workspace.path(torn));
  await expect.poll(async () => (await rows()).at(-1), slow).toBe("Unreadable record  Jan 2, 2026");
  const view = await workbench.runs();
  await workbench.screenshot("run-unreadable");
  await view.chooseFromMenu("Unreadable record", "Discard");
  await expect.poll(async () => (await rows()).join("\n"), slow).not.toContain("Unreadable record");
  expect(await readdir(workspace.path(".proj-intel/runs"))).not.toContain("0-torn.jsonl");
});
