import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { MemoryStore } from "../../src/runtime/index.ts";
import { ROOT } from "../vscode/paths.ts";
import { buildProbe } from "../vscode/probe.ts";
import { useVSCode } from "./fixture.ts";
import { choose } from "./workbench/contextMenu.ts";

/** Whoever loads an agent leaves a file behind. */
const AGENTS = `import { appendFileSync } from "node:fs";

appendFileSync("loaded", "x");

export class CountAgent {
  execute(task: { upTo: number }) {
    return { sum: (task.upTo * (task.upTo + 1)) / 2 };
  }
}

export class DeskAgent {
  private readonly tools = new Map<string, (n: number) => number>([["double", (n) => n * 2]]);
  constructor(readonly room: string) {}
  callTool(name: string, n: number) { return this.tools.get(name)?.(n); }
  execute(task: string) { return task; }
}
`;
const CAREFUL = `import { BaseAgent } from "../opsvi-agents/core.mjs";

export class CarefulAgent extends BaseAgent {
  constructor() {
    super({ name: "careful", agentType: "CarefulAgent" });
  }

  async executeImpl(task, ctx) {
    return { shelf: await ctx.ask({ kind: "choose", message: "Which shelf?", options: ["left", "right"] }) };
  }
}
`;
const agent = "src/agents.ts#CountAgent";
const task = { upTo: 4 };
const time = "2026-01-02T03:04:05.000Z";

/** The record of a run of another day. */
function record(number: number, events: object[], batch?: string): Record<string, string> {
  const common = { runId: `01900000-0000-7000-8000-00000000000${number}`, time };
  const named = { file_path: "src/agents.ts", name: "CountAgent" };
  const queued = { type: "queued", agent: named, task, retries: 0, timeoutMs: null, batch };
  const lines = [queued, ...events].map((event) => `${JSON.stringify({ ...event, ...common })}\n`);
  return { [`.proj-intel/runs/${common.runId}.jsonl`]: lines.join("") };
}
const failed = {
  ...{ type: "finished", status: "failed", error: { name: "Error", message: "no shelf" } },
  ...{ checkpointId: null, attempts: 1, durationMs: 20, warnings: [] },
};
const BATCH = "01900000-0000-7000-8000-0000000000ff";

const vscode = useVSCode("restrictedRuns", {
  trust: true,
  beside: buildProbe,
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "src/agents.ts": AGENTS,
    "src/carefulAgent.mjs": CAREFUL,
    "opsvi-agents/core.mjs": readFileSync("dist/core/core.mjs", "utf8"),
    "tasks.jsonl": `${JSON.stringify({ agent, task })}\n`,
    "sum.agents.json": `${JSON.stringify({ steps: [{ id: "count", agent, task }] }, null, 2)}\n`,
    ".vscode/tasks.json": JSON.stringify({ tasks: [{ type: "agent", label: "count", agent, task }] }),
    ".proj-intel/tasks.json": JSON.stringify({ tasks: [{ name: "Usual", agent, task }] }),
    ".proj-intel/mcp.json": JSON.stringify({ agents: [agent] }),
    ...record(1, []),
    ...record(2, [failed], BATCH),
    ...record(3, [], BATCH),
  },
  prepare: (workspace) => {
    const guide = new MemoryStore({ folder: workspace.path(".proj-intel/memory") }).of("guide");
    guide.set("city", { name: "Bern" });
    guide.grant({ to: "planner" });
    return Promise.resolve(workspace.folder);
  },
});
const slow = { timeout: 30_000, interval: 200 };

/** All that stands in the folder. */
async function everything(): Promise<Record<string, string>> {
  const { folder } = vscode.workspace;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const texts = files.map(
    async (file) => [file.slice(folder.length + 1), await readFile(file, "utf8")] as const,
  );
  return Object.fromEntries(await Promise.all(texts));
}

/** Says with which sentence and button an entry was answered, and that nothing was asked, run or written. */
async function refuses(doing: string, act: () => Promise<void>): Promise<void> {
  const { workbench } = vscode;
  const before = await everything();
  await act();
  expect(await workbench.notifications.message(doing)).toBe(
    `${doing} needs a trusted workspace: agents can be browsed here, but nothing is run or changed.`,
  );
  expect(await workbench.notifications.buttons(doing)).toEqual(["Manage Trust"]);
  expect(await workbench.quickInput.input.isVisible()).toBe(false);
  expect(await everything()).toEqual(before);
  await workbench.notifications.clear();
}

describe("In an untrusted workspace", () => {
  afterEach(() => vscode.workbench.dismiss());

  it.each([
    ["Run on Selected…", "Running agents"],
    ["Run File of Tasks…", "Running agents"],
    ["Run Pipeline…", "Running a pipeline"],
    ["Run Tool…", "Running a tool"],
    ["Run Last Task Again", "Running agents"],
  ])("%s of the palette is refused", async (command, doing) => {
    await vscode.workbench.distrust();
    await refuses(doing, () => vscode.workbench.run(`Agents: ${command}`));
  });

  it("Run on Selected… of several rows is refused", async () => {
    const tree = await vscode.workbench.agents();
    await tree.row("CountAgent").locator(".label-name").click();
    await tree
      .row("DeskAgent")
      .locator(".label-name")
      .click({ modifiers: ["Control"] });
    await refuses("Running agents", () => tree.chooseFromMenu("DeskAgent", "Run on Selected…"));
  });

  it("a file of tasks can be read, and its menu refuses to run it", async () => {
    const { workbench } = vscode;
    await workbench.openFile("tasks.jsonl");
    await refuses("Running agents", () => workbench.editor.chooseFromMenu("agent", "Run File of Tasks…"));
  });

  it("a pipeline can be read, and neither its first line nor the explorer runs it", async () => {
    const { workbench } = vscode;
    await workbench.openFile("sum.agents.json");
    const lens = workbench.page.locator(".codelens-decoration").getByText("Run Pipeline");
    await refuses("Running a pipeline", () => lens.first().click(slow));
    await workbench.run("View: Show Explorer");
    const row = workbench.page.locator(".explorer-folders-view .monaco-list-row", {
      hasText: "sum.agents.json",
    });
    await row.click({ button: "right" });
    await refuses("Running a pipeline", () => choose(workbench.page, "Run Pipeline…"));
    await workbench.run("View: Close All Editors");
  });

  it("the runs there were can be browsed, and are neither run again, resumed, saved nor discarded", async () => {
    const { workbench } = vscode;
    const view = await workbench.runs();
    const batch = "2 tasks for CountAgent";
    await expect
      .poll(() => view.picture(), slow)
      .toEqual([
        `▸ ${batch}  1 failed, 1 interrupted · 0 ms · Jan 2, 2026`,
        "CountAgent  interrupted · Jan 2, 2026",
      ]);
    for (const [entry, doing] of [
      ["Resume", "Running an agent"],
      ["Edit Task and Run Again…", "Running an agent"],
      ["Save Task As…", "Saving a task"],
      ["Discard", "Discarding a run"],
    ] as const)
      await refuses(doing, () => view.chooseFromMenu("CountAgent", entry));
    for (const [entry, doing] of [
      ["Run Again", "Running agents"],
      ["Run Again What Did Not Succeed…", "Running agents"],
      ["Resume", "Running agents"],
      ["Discard", "Discarding runs"],
    ] as const)
      await refuses(doing, () => view.chooseFromMenu(batch, entry));
    await view.chooseFromMenu(batch, "Show Table");
    const button = workbench.webview().getByRole("button", { name: "Run Again What Did Not Succeed…" });
    await refuses("Running agents", () => button.click());
    await workbench.run("View: Close All Editors");
  });

  it("agents that have tools can be browsed, and are not made to read these", async () => {
    const { workbench } = vscode;
    const view = await workbench.tools();
    await expect
      .poll(() => view.picture(), slow)
      .toEqual(["▸ CarefulAgent  src/carefulAgent.mjs", "▸ DeskAgent  src/agents.ts"]);
    await view.expand("DeskAgent");
    await expect
      .poll(() => view.pictureOf("DeskAgent"), slow)
      .toEqual([
        "▾ DeskAgent  src/agents.ts",
        "  Tools are read in a trusted workspace: the agent is made for that.",
      ]);
    await refuses("Reading tools", () => view.chooseFromMenu("DeskAgent", "Give Constructor Arguments…"));
  });

  it("what agents remember can be read, and is neither changed nor forgotten", async () => {
    const { workbench } = vscode;
    const view = await workbench.memory();
    await view.expand("default");
    await expect
      .poll(() => view.picture(), slow)
      .toEqual([
        "▾ guide",
        "  ▾ default  1 value, 1 grant",
        "    planner  may read all keys",
        '    city  {"name":"Bern"}',
      ]);
    await refuses("Changing memory", () => view.chooseFromMenu("city", "Forget"));
    await refuses("Changing memory", () => view.chooseFromMenu("default", "Forget All Values…"));
    await refuses("Changing who may use memory", () => view.chooseFromMenu("planner", "Revoke"));
    await view.open("city");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("city.json");
    await workbench.editor.focus();
    await workbench.editor.type("x");
    const message = workbench.page.locator(".monaco-editor-overlaymessage");
    await expect
      .poll(() => message.innerText(), slow)
      .toContain(
        "Changing memory needs a trusted workspace: agents can be browsed here, but nothing is run or changed.",
      );
    await message.getByRole("link", { name: "Manage Trust" }).waitFor();
    await workbench.screenshot("restricted-memory");
    expect(await workbench.editor.tab()).toBe("city.json");
    await workbench.run("View: Close All Editors");
  });

  it("a task of tasks.json is refused by VS Code, and nothing is run", async () => {
    const { workbench } = vscode;
    const before = await everything();
    await workbench.run("Tasks: Run Task");
    expect(await workbench.dialog.text()).toContain("Do you trust the authors of the files in this folder?");
    await workbench.dialog.press("Cancel");
    expect(await workbench.quickInput.input.isVisible()).toBe(false);
    expect(await everything()).toEqual(before);
  });

  it("language models can list agents, and neither run one nor start a server of them", async () => {
    const { workbench } = vscode;
    const before = await everything();
    await workbench.run("Probe: Ask as a Language Model");
    const text = async () => (await workbench.editor.lines()).join("\n");
    await expect.poll(text, slow).toContain("started");
    expect(JSON.parse(await text())).toEqual({
      listed:
        '{"agent":"src/agents.ts#CountAgent","capabilities":["task_execution"],"task":"execute(task: { upTo: number })"}',
      run: "Error: Agents run in trusted workspaces only, and this one is not: a person has to trust it.",
      servers: 0,
      started: false,
    });
    expect(await workbench.notifications.buttons("Serving agents to language models needs")).toEqual([
      "Manage Trust",
    ]);
    expect(await everything()).toEqual(before);
    await workbench.run("View: Close All Editors");
  });

  it("a run of another process is not answered, and can be stopped", async () => {
    const { workbench, workspace } = vscode;
    const args = ["run", "src/carefulAgent.mjs#CarefulAgent", "--task", "1", "--json", "--workspace", "."];
    const child = spawn(process.execPath, [join(ROOT, "dist/cli.cjs"), ...args], { cwd: workspace.folder });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    try {
      const view = await workbench.runs();
      const first = async () => (await view.picture())[0];
      await expect.poll(first, slow).toBe("CarefulAgent  asks: Which shelf? · in another window");
      await view.chooseFromMenu("CarefulAgent", "Answer…");
      expect(await workbench.notifications.buttons("Answering an agent needs")).toEqual(["Manage Trust"]);
      expect(await workbench.quickInput.input.isVisible()).toBe(false);
      await view.chooseFromMenu("CarefulAgent", "Stop");
      await expect.poll(first, slow).toMatch(/^CarefulAgent {2}cancelled · /);
      expect(await ended).toBe(130);
    } finally {
      child.kill();
    }
  });

  it("what was refused is done as soon as the workspace is trusted", async () => {
    const { workbench, workspace } = vscode;
    const memory = await workbench.memory();
    await memory.expand("default");
    await memory.open("city");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("city.json");
    await workbench.run("Tasks: Run Task");
    await workbench.dialog.press("Trust Folder & Continue");
    await workbench.quickInput.pick("count");
    await expect.poll(() => workspace.read("loaded").catch(() => ""), slow).toBe("x");
    const first = async () => (await (await workbench.runs()).picture())[0];
    await expect.poll(first, slow).toMatch(/^CountAgent {2}\d+ m?s · /);
    await workbench.editor.focus();
    await workbench.page.keyboard.press("Control+a");
    await workbench.editor.type("7");
    await workbench.editor.save();
    const store = new MemoryStore({ folder: workspace.path(".proj-intel/memory") });
    await expect.poll(() => store.of("guide").get("city"), slow).toBe(7);
  });
});
