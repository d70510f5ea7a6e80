import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FileCheckpointStore } from "../../src/runtime/index.ts";
import { useVSCode } from "./fixture.ts";
import { Rows } from "./workbench/rows.ts";

const ledger = (version: string) => `import { BaseAgent } from "opsvi-agents";
export class LedgerAgent extends BaseAgent {${version}
  executeImpl(task) { return task; }
}
`;
const vscode = useVSCode("checkpoints", {
  files: {
    "src/ledger.js": ledger(""),
    "src/agents.js": `export class CounterAgent {
  constructor() { this.count = 0; this.apiKey = "sk-ant-REDACTED"; }
  execute(task) {
    this.count += task.by;
    this.last = task;
    return { count: this.count };
  }
}
export class IdleAgent { execute() {} }
export class WaitingAgent {
  async execute(task) {
    for (this.turn = 1; this.turn < 3000; this.turn += 1) await new Promise((next) => setTimeout(next, 20));
  }
}
`,
  },
});
const slow = { timeout: 30_000, interval: 200 };
const page = () => vscode.workbench.webview();
const rows = () => new Rows(page(), "Checkpoints");
const detail = () => page().getByRole("region", { name: /^Checkpoint/ });
const tool = (name: string) => detail().getByRole("button", { name, exact: true });
const count = () => page().locator("header [role=status]").first().innerText();

async function runAgent(task: string): Promise<void> {
  const tree = await vscode.workbench.agents();
  await tree.chooseFromMenu("CounterAgent", "Run Task…");
  await vscode.workbench.quickInput.answer(task);
  await vscode.workbench.notifications.message(/CounterAgent finished/);
  await vscode.workbench.notifications.clear();
}

/** Serious faults for those who do not see the screen or use no mouse. */
async function accessible(): Promise<void> {
  expect(await vscode.workbench.violations()).toEqual([]);
}

describe("the Checkpoints panel", () => {
  it("says that there is nothing yet, and what would bring something", async () => {
    const { workbench } = vscode;
    await workbench.run("Agents: Show Checkpoints");
    await page().getByText("No checkpoints yet").waitFor();
    await workbench.screenshots("checkpoints-empty");
    await accessible();
  });

  it("shows agents, their runs and what each saved, and follows what is written", async () => {
    const { workbench, workspace } = vscode;
    await runAgent('{"by": 2, "note": "apples and pears"}');
    await expect.poll(() => rows().texts(), slow).toHaveLength(4);
    await runAgent('{"by": 5}');
    await expect.poll(() => rows().texts(), slow).toHaveLength(7);
    const [agent, run, completed, started] = await rows().texts();
    expect(agent).toMatch(/^CounterAgent 4 checkpoints · [\d.]+ KB$/);
    expect(run).toMatch(/^Run \w{6} 2 checkpoints/);
    expect(completed).toMatch(/^completed ready/);
    expect(started).toMatch(/^started busy/);
    const files = await readdir(workspace.path(".proj-intel/checkpoints/CounterAgent"));
    expect(await count()).toContain(`${files.filter((file) => /^[0-9a-f-]{36}\.json$/.test(file)).length} `);
    await workbench.screenshots("checkpoints");
    await accessible();
  });

  it("shows one with its state, where it comes from and what was left out, by keys alone", async () => {
    const { workbench } = vscode;
    await rows().row("completed").click();
    await detail().getByText("verified", { exact: false }).waitFor();
    const facts = await detail().locator("dl").innerText();
    expect(facts).toMatch(/Follows\s*started/);
    expect(facts).toMatch(/1 secret left out/);
    const state = new Rows(page(), "State");
    await expect.poll(async () => (await state.texts()).join("\n"), slow).toMatch(/count 5/);
    expect((await state.texts()).join("\n")).toMatch(/apiKey redacted/);
    await rows().press("ArrowDown");
    await page().getByRole("heading", { name: "started" }).waitFor();
    await workbench.screenshots("checkpoint");
    await accessible();
    await rows().press("Home");
    await rows().press("ArrowLeft");
    await expect.poll(() => rows().texts(), slow).toHaveLength(1);
    await rows().press("ArrowRight");
    await expect.poll(() => rows().texts(), slow).toHaveLength(7);
  });

  it("finds text in the state, and in the states and tasks of all", async () => {
    await rows().row("completed").click();
    const state = new Rows(page(), "State");
    await detail().getByRole("searchbox", { name: "Search state" }).fill("redacted");
    await expect.poll(() => detail().locator(".json-line.hit").count(), slow).toBe(1);
    await expect.poll(() => state.active.innerText(), slow).toContain("apiKey");
    await detail().getByRole("searchbox", { name: "Search state" }).fill("");

    const content = page().getByRole("searchbox", { name: "Search states and tasks" });
    await content.fill("apples and");
    await content.press("Enter");
    await expect.poll(count, slow).toMatch(/2 matches/);
    await expect.poll(() => rows().texts(), slow).toHaveLength(4);
    await page().getByRole("button", { name: "End the Search" }).click();
    await expect.poll(() => rows().texts(), slow).toHaveLength(7);
  });

  it("compares two in VS Code's diff editor, with a summary of what differs", async () => {
    const { workbench } = vscode;
    await rows().row("completed").click();
    await tool("Compare…").click();
    await workbench.quickInput.pick("The checkpoint that it follows", "follows");
    await page().getByRole("heading", { name: "Comparison" }).waitFor();
    const table = page().getByRole("table", { name: "Differences" });
    await expect.poll(() => table.innerText(), slow).toMatch(/count/);
    await workbench.page.locator(".monaco-diff-editor .editor.modified .view-line").first().waitFor();
    await workbench.screenshots("checkpoints-compared");
    await accessible();
    await workbench.page.locator(".tab", { hasText: "↔" }).first().click();
    await workbench.run("View: Close Editor");
    await page().getByRole("button", { name: "Close" }).click();
  });

  it("restores one by adding it again, and takes that back", async () => {
    const { workbench } = vscode;
    await rows().row("started").click();
    await tool("Restore").click();
    await workbench.notifications.message(/Restored/);
    await expect
      .poll(async () => (await rows().texts()).filter((text) => /^restored/.test(text)), slow)
      .toHaveLength(1);
    await workbench.screenshots("checkpoints-restored");
    await workbench.notifications.press(/Restored/, "Undo");
    await expect.poll(() => rows().texts(), slow).toHaveLength(7);
    await workbench.notifications.clear();
  });

  it("goes on from one with its state and task edited", async () => {
    const { workbench } = vscode;
    const first = rows().row("completed");
    await first.click();
    await tool("Fork with Edits…").click();
    await expect.poll(() => workbench.editor.tab(), slow).toBe("CounterAgent.fork.json");
    await workbench.editor.replace('{"state": {"count": 100}, "task": {"by": 1}}');
    await workbench.screenshots("checkpoint-fork");
    await workbench.run("Agents: Run from Here");
    await workbench.notifications.message(/CounterAgent finished/);
    await workbench.notifications.clear();
    await workbench.run("View: Close Editor");
    await expect.poll(async () => (await rows().texts()).join("\n"), slow).toMatch(/went on from/);
    await rows().row("fork").click();
    await rows().press("ArrowDown");
    await rows().press("ArrowDown");
    await rows().active.getByText("completed").waitFor();
    const state = new Rows(page(), "State");
    await expect.poll(async () => (await state.texts()).join("\n"), slow).toMatch(/count 101/);
    await workbench.screenshots("checkpoints-forked");
  });

  it("keeps pinned ones, shows what pruning would remove, and removes no more than that", async () => {
    const { workbench } = vscode;
    await rows().row("started").click();
    await tool("Pin").click();
    await tool("Unpin").waitFor();
    await page().getByRole("switch", { name: "Pinned only" }).click();
    await expect.poll(count, slow).toMatch(/^1 checkpoint of/);
    await page().getByRole("switch", { name: "Pinned only" }).click();
    await page().getByRole("combobox", { name: "Agent" }).selectOption("CounterAgent");
    await page().getByRole("button", { name: "Prune…" }).click();
    await page().getByLabel("At most").first().fill("1");
    const look = page().getByRole("button", { name: "Show What Would Go" });
    const button = page().getByRole("button", { name: /^Remove \d+ Checkpoint/ });
    await look.click();
    await button.waitFor();
    // What was shown is of one agent: nothing of it is offered for all.
    await page().getByRole("combobox", { name: "Agent" }).selectOption("");
    await page().getByRole("heading", { name: "Prune the checkpoints of all agents" }).waitFor();
    expect(await button.count()).toBe(0);
    await look.click();
    await page().getByText("match their hash and restore").waitFor();
    await workbench.screenshots("checkpoints-prune");
    await accessible();
    const before = Number(/^\d+/.exec(await count())?.[0]);
    const gone = Number(/\d+/.exec(await button.innerText())?.[0]);
    await button.click();
    await page().getByText(`${gone} checkpoint`).last().waitFor();
    await expect.poll(async () => Number(/^\d+/.exec(await count())?.[0]), slow).toBe(before - gone);
    await page().getByRole("button", { name: "Close" }).click();
  });

  it("exports one, deletes it after a question, and imports it again", async () => {
    const { workbench, workspace } = vscode;
    await rows().row("completed").click();
    await tool("Export…").click();
    const file = workspace.path("kept.json");
    await workbench.quickInput.saveAs(file, ".json");
    await workbench.notifications.message("kept.json is written.");
    await workbench.notifications.clear();
    const before = await count();
    await tool("Delete…").click();
    expect(await workbench.dialog.text()).toContain("Delete 1 checkpoint?");
    await workbench.dialog.press("Delete");
    await expect.poll(count, slow).not.toBe(before);
    await page().getByRole("button", { name: "Import…" }).click();
    await workbench.quickInput.openFile(file);
    await workbench.notifications.message("1 checkpoint imported.");
    await expect.poll(count, slow).toBe(before);
    await workbench.notifications.clear();
  });

  it("compares with the state that an agent at work has now", async () => {
    const { workbench } = vscode;
    const tree = await workbench.agents();
    await tree.chooseFromMenu("WaitingAgent", "Run Task…");
    await workbench.quickInput.answer("{}");
    await expect.poll(async () => (await rows().texts()).join("\n"), slow).toContain("WaitingAgent");
    await page().getByLabel("Agent").selectOption("WaitingAgent");
    await expect.poll(async () => (await rows().texts()).join("\n"), slow).not.toContain("CounterAgent");
    await rows().row("started").click();
    await tool("Compare…").click();
    await workbench.quickInput.pick("What WaitingAgent has now", "now");
    const table = page().getByRole("table", { name: "Differences" });
    await expect.poll(() => table.innerText(), slow).toMatch(/turn/);
    await workbench.run("Agents: Stop All Runs");
    await workbench.notifications.clear();
    await page().getByLabel("Agent").selectOption("");
  });

  it("shows those of one agent, from its row, and says so where it has none", async () => {
    const { workbench } = vscode;
    const tree = await workbench.agents();
    await tree.chooseFromMenu("CounterAgent", "Show Checkpoints of Agent");
    await expect.poll(async () => (await rows().texts()).join("\n"), slow).not.toContain("WaitingAgent");
    await tree.chooseFromMenu("IdleAgent", "Show Checkpoints of Agent");
    await page().getByText("No checkpoints of IdleAgent yet").waitFor();
    await workbench.screenshots("checkpoints-of-one");
    await page().getByRole("button", { name: "Show All Agents" }).click();
    await expect.poll(async () => (await rows().texts()).join("\n"), slow).toContain("WaitingAgent");
  });

  it("tells damaged and foreign files apart from all others, and shows what they hold as text", async () => {
    const { workbench, workspace } = vscode;
    const folder = workspace.path(".proj-intel/checkpoints/CounterAgent");
    const files = (await readdir(folder)).filter((file) => /^[0-9a-f-]{36}\.json$/.test(file));
    const whole = await readFile(join(folder, files[0] ?? ""), "utf8");
    const id = "0199aaaa-0000-7000-8000-000000000000";
    const forged = whole
      .replace(files[0]?.slice(0, 36) ?? "", id)
      .replace('"label":"', '"label":"<img src=x onerror=alert(1)>');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${id}.json`), forged);
    await writeFile(join(folder, "0199aaaa-0000-7000-8000-000000000001.json"), '{"schemaVersion": 1, "id"');
    await expect
      .poll(async () => (await rows().texts()).filter((text) => text.includes("unreadable")), slow)
      .not.toEqual([]);
    await rows().row("unreadable").click();
    await detail().waitFor();
    await workbench.screenshots("checkpoints-damaged");
    expect(await page().locator("img").count()).toBe(0);
  });

  it("tells what has to be migrated as soon as the class of its agent has a newer state version", async () => {
    const { workbench, workspace } = vscode;
    const store = new FileCheckpointStore(workspace.path(".proj-intel/checkpoints"));
    const draft = { agentType: "LedgerAgent", state: "ready", context: {}, task: null, runId: null } as const;
    store.save({ ...draft, agent: "LedgerAgent", label: "balanced", parentId: null });
    await rows().row("balanced").click();
    await page().getByRole("heading", { name: "balanced" }).waitFor();
    expect(await rows().row("balanced").innerText()).not.toContain("needs migration");
    await workspace.write("src/ledger.js", ledger(" get stateVersion() { return 2; }"));
    await expect.poll(() => rows().row("balanced").innerText(), slow).toContain("needs migration");
    await detail().getByText("needs migration").waitFor();
    await workbench.screenshots("checkpoints-outdated");
    await workspace.write("src/ledger.js", ledger(""));
    await expect.poll(() => rows().row("balanced").innerText(), slow).not.toContain("needs migration");
  });

  it("is usable in a narrow column, and is as it was left after a reload", async () => {
    const { workbench } = vscode;
    await rows().row("completed").click();
    await page().getByRole("searchbox", { name: "Filter by label, run, state" }).fill("CounterAgent");
    await workbench.page.setViewportSize({ width: 760, height: 900 });
    await workbench.screenshots("checkpoints-narrow");
    await accessible();
    await workbench.page.setViewportSize({ width: 1400, height: 1000 });
    // Other than the browser's, it lets VS Code save how panels were left.
    const reloaded = workbench.page.waitForEvent("load");
    await workbench.run("Developer: Reload Window");
    await reloaded;
    await rows().shown();
    await expect
      .poll(() => page().getByRole("searchbox", { name: "Filter by label, run, state" }).inputValue(), slow)
      .toBe("CounterAgent");
    await page().getByRole("heading", { name: "completed" }).waitFor();
  });
});
