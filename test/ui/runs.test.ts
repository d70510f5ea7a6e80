import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { errors } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";
import { runRows } from "./runRows.ts";

const until = `await new Promise((done) => {\n      const timer = setTimeout(done, 60_000);\n      ctx.signal.addEventListener("abort", () => done(clearTimeout(timer)));\n    });`;
const vscode = useVSCode("runs", {
  settings: { "opsviAgents.run.retries": 1 },
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "src/quickAgent.ts":
      "export class QuickAgent {\n  execute(task: { greet: string }) {\n    console.log(`greeting ${task.greet}`);\n    return { greeting: `Hello ${task.greet}` };\n  }\n}\n",
    "src/slowAgent.mjs": `import { BaseAgent } from "../opsvi-agents/core.mjs";\n\nexport class SlowAgent extends BaseAgent {\n  constructor() {\n    super({ name: "slow", agentType: "SlowAgent" });\n  }\n\n  async executeImpl(task, ctx) {\n    ctx.progress("reading the shelves", 0.4);\n    ${until}\n  }\n}\n`,
    "src/carefulAgent.mjs": `import { BaseAgent } from "../opsvi-agents/core.mjs";\n\nexport class CarefulAgent extends BaseAgent {\n  constructor() {\n    super({ name: "careful", agentType: "CarefulAgent" });\n  }\n\n  async executeImpl(task, ctx) {\n    return { shelf: await ctx.ask({ kind: "choose", message: "Which shelf?", options: ["left", "right"] }) };\n  }\n}\n`,
    "opsvi-agents/core.mjs": readFileSync("dist/core/core.mjs", "utf8"),
    "src/stubbornAgent.ts":
      "export class StubbornAgent {\n  execute(task: string) {\n    while (task !== '') { /* never ends */ }\n  }\n}\n",
    "src/brokenAgent.ts":
      "export class BrokenAgent {\n  execute(task: string) {\n    throw new Error(`no shelf ${task}`);\n  }\n}\n",
  },
});
const slow = { timeout: 30_000, interval: 200 };

async function start(name: string, task: string): Promise<void> {
  const { workbench } = vscode;
  // A row that is drawn anew after its menu may take the focus from the list.
  for (let attempt = 1; ; attempt += 1) {
    await workbench.run("Agents: Run Task…");
    try {
      await workbench.quickInput.pick(name, name, 5_000);
      break;
    } catch (error) {
      if (attempt === 3 || !(error instanceof errors.TimeoutError)) throw error;
      await workbench.page.keyboard.press("Escape");
    }
  }
  await workbench.quickInput.answer(task);
}

const rows = () => runRows(vscode);
const stop = () =>
  vscode.workbench.page
    .locator(".statusbar-item:visible")
    .filter({ has: vscode.workbench.page.locator(".codicon-debug-stop") });

describe("The Runs view", () => {
  it("says how to start where nothing has run", async () => {
    const view = await vscode.workbench.runs();
    await view.welcome().getByText("No agent has run here yet").waitFor();
    await view.welcome().getByRole("button", { name: "Run Task…" }).click();
    await vscode.workbench.quickInput.entry("QuickAgent").waitFor();
    await vscode.workbench.quickInput.cancel();
  });

  it("shows a run and its result, and no notification while it is in sight", async () => {
    const { workbench } = vscode;
    await start("QuickAgent", "Ada");
    await expect.poll(rows, slow).toEqual(["QuickAgent  TIME · CLOCK"]);
    expect(await workbench.notifications.with("QuickAgent").count()).toBe(0);
    const view = await workbench.runs();
    await view.chooseFromMenu("QuickAgent", "Open Result");
    await expect.poll(async () => (await workbench.editor.lines()).join("\n"), slow).toContain('"Hello Ada"');
    await view.chooseFromMenu("QuickAgent", "Go to Source");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("quickAgent.ts");
    await view.open("QuickAgent");
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain("greeting Ada");
    await workbench.run("View: Close All Editors");
  });

  it("counts what is at work in the status bar, and stops even what never gives way", async () => {
    const { workbench } = vscode;
    await start("SlowAgent", "1");
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe("SlowAgent  40 % · reading the shelves · TIME");
    await start("StubbornAgent", "x");
    await expect.poll(async () => (await rows())[0], slow).toBe("StubbornAgent  TIME");
    await expect
      .poll(async () => (await workbench.statusBar()).map((text) => text.trim()), slow)
      .toContain("2");
    await workbench.screenshots("runs");
    await stop().click();
    await expect
      .poll(rows, slow)
      .toEqual([
        "StubbornAgent  cancelled · CLOCK",
        "SlowAgent  cancelled · CLOCK",
        "QuickAgent  TIME · CLOCK",
      ]);
    await stop().waitFor({ state: "detached" });
  });

  it("runs a task again, from its row and by one command", async () => {
    const { workbench, workspace } = vscode;
    const view = await workbench.runs();
    await view.chooseFromMenu("QuickAgent", "Run Again");
    await expect
      .poll(async () => (await rows()).filter((row) => row.startsWith("QuickAgent")).length, slow)
      .toBe(2);
    const tasks = async () => {
      const files = (await readdir(workspace.path(".proj-intel/runs"))).filter((name) =>
        name.endsWith(".jsonl"),
      );
      const records = await Promise.all(files.map((file) => workspace.read(`.proj-intel/runs/${file}`)));
      return records
        .filter((text) => text.includes("QuickAgent"))
        .map((text) => (JSON.parse(text.split("\n", 1)[0] ?? "") as { task: unknown }).task);
    };
    expect(await tasks()).toEqual([{ greet: "Ada" }, { greet: "Ada" }]);
    await workbench.run("Agents: Run Last Task Again");
    await expect.poll(tasks, slow).toEqual([{ greet: "Ada" }, { greet: "Ada" }, { greet: "Ada" }]);
  });

  it("tells of retries and why a run failed", async () => {
    await start("BrokenAgent", "9");
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe("BrokenAgent  no shelf 9 · 2 attempts · CLOCK");
  });

  it("stops one run from its row", async () => {
    const { workbench } = vscode;
    await start("SlowAgent", "2");
    await expect
      .poll(async () => (await rows())[0], slow)
      .toBe("SlowAgent  40 % · reading the shelves · TIME");
    const view = await workbench.runs();
    await view.chooseFromMenu("SlowAgent", "Stop");
    await expect.poll(async () => (await rows())[0], slow).toBe("SlowAgent  cancelled · CLOCK");
  });

  it("says what an agent asks, and takes the answer from its row", async () => {
    const { workbench } = vscode;
    await start("CarefulAgent", "1");
    await expect.poll(async () => (await rows())[0], slow).toBe("CarefulAgent  asks: Which shelf?");
    const view = await workbench.runs();
    await workbench.screenshots("runs-question");
    await view.chooseFromMenu("CarefulAgent", "Answer…");
    await workbench.quickInput.pick("right");
    await expect.poll(async () => (await rows())[0], slow).toBe("CarefulAgent  TIME · CLOCK");
    await view.chooseFromMenu("CarefulAgent", "Open Result");
    await expect.poll(async () => (await workbench.editor.lines()).join("\n"), slow).toContain('"right"');
  });

  it("opens a task for editing before it runs again", async () => {
    const { workbench } = vscode;
    const view = await workbench.runs();
    await view.chooseFromMenu("QuickAgent", "Edit Task and Run Again…");
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain('"greet": "Ada"');
    await workbench.run("Agents: Run Edited Task");
    await expect.poll(async () => (await rows())[0], slow).toBe("QuickAgent  TIME · CLOCK");
    await workbench.run("View: Close All Editors");
  });

  it("asks in a notification where it is not in sight, and says how the run ended", async () => {
    const { workbench } = vscode;
    await workbench.run("View: Toggle Panel Visibility");
    await start("CarefulAgent", "2");
    await workbench.notifications.press("CarefulAgent asks: Which shelf?", "Answer…");
    await workbench.quickInput.pick("left");
    await workbench.notifications.message(/CarefulAgent finished in/);
    await workbench.notifications.clear();
  });

  it("shows the runs of other processes, resumes one that was interrupted, and discards its record", async () => {
    const { workspace } = vscode;
    const id = "ffffffff-0000-7000-8000-000000000000";
    const time = "2026-01-02T03:04:05.000Z";
    const agent = { file_path: "src/quickAgent.ts", name: "QuickAgent" };
    const queued = {
      type: "queued",
      runId: id,
      time,
      agent,
      task: { greet: "Bo" },
      retries: 0,
      timeoutMs: null,
    };
    const started = { type: "started", runId: id, time, pid: 1, node: "24.0.0" };
    await workspace.write(
      `.proj-intel/runs/${id}.jsonl`,
      `${JSON.stringify(queued)}\n${JSON.stringify(started)}\n`,
    );
    await expect.poll(async () => (await rows())[0], slow).toBe("QuickAgent  interrupted · Jan 2, 2026");
    const view = await vscode.workbench.runs();
    await view.chooseFromMenu("QuickAgent", "Resume");
    await expect
      .poll(async () => (await rows()).slice(0, 2), slow)
      .toEqual(["QuickAgent  interrupted · resumed · Jan 2, 2026", "QuickAgent  TIME · CLOCK"]);
    await view.chooseFromMenu("QuickAgent", "Discard");
    await expect.poll(async () => (await rows())[0], slow).toBe("QuickAgent  TIME · CLOCK");
    await expect(workspace.read(`.proj-intel/runs/${id}.jsonl`)).rejects.toThrow();
  });
});
