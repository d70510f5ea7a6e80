import { readFile, readdir, rename, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { FileCheckpointStore } from "../../src/runtime/index.ts";
import { useVSCode } from "./fixture.ts";
import { Rows } from "./workbench/rows.ts";

const agents = `export class CounterAgent {
  constructor() { this.count = 0; }
  execute(task) { this.count += task.by; return { count: this.count }; }
}
`;
const vscode = useVSCode("checkpointsFolders", {
  files: { "package.json": "{}", "src/agents.js": agents },
  prepare: async (workspace) => {
    await workspace.write("../stock/package.json", "{}");
    await workspace.write("../stock/src/agents.js", agents);
    const folders = [{ path: "shop" }, { path: "stock" }];
    await workspace.write("../all.code-workspace", JSON.stringify({ folders }));
    return workspace.path("../all.code-workspace");
  },
});
const slow = { timeout: 30_000, interval: 200 };
const page = () => vscode.workbench.webview();
const rows = () => new Rows(page(), "Checkpoints");
const state = () => new Rows(page(), "State");
const detail = () => page().getByRole("region", { name: /^Checkpoint/ });
const tool = (name: string) => page().getByRole("button", { name, exact: true });
const all = async () => (await rows().texts()).join("\n");
const kept = (folder: string) => vscode.workspace.path(`${folder}/.proj-intel/checkpoints`);
const files = async () => (await readdir(`${kept(".")}/CounterAgent`)).filter((name) => name.length === 41);

function save(folder: string, agent: string, label: string, count: number, more: object = {}): string {
  const store = new FileCheckpointStore(kept(folder));
  return store.save({
    ...{ agent, agentType: "custom", label, state: "ready", runId: null, parentId: null },
    ...{ context: { count, ...more }, task: { by: 1 } },
  }).id;
}

async function choose(label: string): Promise<void> {
  await rows().row(label).click();
  await page().getByRole("heading", { name: label }).waitFor();
  await detail().locator("dl").waitFor();
}

describe("The checkpoints of several folders", () => {
  it("name their folder, and can be those of one", async () => {
    const { workbench } = vscode;
    save("../stock", "CounterAgent", "stocked", 7);
    save(".", "OtherAgent", "other", 5);
    save(".", "CounterAgent", "first", 1, { note: "n1", deep: { note: "n2" } });
    save(".", "CounterAgent", "second", 2, { note: "n1", deep: { note: "n2" } });
    await workbench.run("Agents: Show Checkpoints");
    await expect.poll(all, slow).toMatch(/CounterAgent shop 2 checkpoints/);
    expect(await all()).toMatch(/CounterAgent stock 1 checkpoint /);
    await workbench.screenshots("checkpoints-folders");
    expect(await workbench.violations()).toEqual([]);
    await page().getByLabel("Folder").selectOption("stock");
    await expect.poll(() => rows().texts(), slow).toHaveLength(2);
    await choose("stocked");
    expect(await detail().locator("dl").innerText()).toMatch(/Folder\s*stock/);
    await page().getByLabel("Folder").selectOption("");
    await expect.poll(() => rows().texts(), slow).toHaveLength(7);
    await page().getByRole("switch", { name: "Branches" }).click();
    await expect.poll(all, slow).toMatch(/stocked CounterAgent · stock/);
    await page().getByRole("switch", { name: "Branches" }).click();
    await expect.poll(all, slow).toMatch(/^CounterAgent shop 2 checkpoints.*\nsecond /);
  });

  it("are each compared with any other, and the difference is shown again", async () => {
    const { workbench } = vscode;
    await choose("second");
    await tool("Compare…").click();
    await workbench.quickInput.pick("One of another agent…");
    await workbench.quickInput.entry("OtherAgent").waitFor();
    expect(await workbench.quickInput.picks()).toEqual([
      "OtherAgentshop · 1 checkpoint",
      "CounterAgentstock · 1 checkpoint",
    ]);
    await workbench.quickInput.pick("CounterAgent");
    await workbench.quickInput.pick("stocked");
    const table = page().getByRole("table", { name: "Differences" });
    await expect.poll(() => table.innerText(), slow).toMatch(/\/context\/count\s*7\s*2/);
    const difference = workbench.page.locator(".monaco-diff-editor .editor.modified .view-line").first();
    const close = async () => {
      await difference.waitFor();
      await workbench.page.locator(".tab", { hasText: "↔" }).first().click();
      await workbench.run("View: Close Editor");
      await difference.waitFor({ state: "hidden" });
    };
    await close();
    await tool("Show in Diff Editor").click();
    await close();
    await tool("Close").click();
  });

  it("are pinned and deleted by keys, whatever the keyboard, and exported before they go", async () => {
    const { workbench, workspace } = vscode;
    await choose("first");
    await rows().press("P");
    await tool("Unpin").waitFor();
    await rows().press("p");
    await tool("Pin").waitFor();
    await rows().press("Backspace");
    expect(await workbench.dialog.text()).toContain("Delete 1 checkpoint?");
    await workbench.dialog.press("Export First…");
    await workbench.quickInput.saveAs(workspace.path("kept.json"), ".json");
    await workbench.notifications.message("kept.json is written.");
    await workbench.notifications.clear();
    expect(await files()).toHaveLength(2);
    await rows().press("Delete");
    expect(await workbench.dialog.text()).toContain("Delete 1 checkpoint?");
    await workbench.dialog.press("Delete");
    await expect.poll(files, slow).toHaveLength(1);
    await expect.poll(() => rows().texts(), slow).toHaveLength(6);
  });

  it("are imported into the folder that is picked", async () => {
    const { workbench, workspace } = vscode;
    // Where its dialog begins: on the way to another folder it takes no answer.
    await rename(workspace.path("kept.json"), workspace.path("../stock/kept.json"));
    await tool("Import…").click();
    await expect.poll(() => workbench.quickInput.title(), slow).toBe("Import checkpoints into");
    await workbench.quickInput.entry("shop").waitFor();
    await workbench.quickInput.pick("stock");
    await workbench.quickInput.openFile(workspace.path("../stock/kept.json"));
    await workbench.notifications.message("1 checkpoint imported.");
    await workbench.notifications.clear();
    await expect.poll(all, slow).toMatch(/CounterAgent stock 2 checkpoints/);
  });

  it("show their state and task as tabs for keys, and stay where they are while others are saved", async () => {
    await choose("second");
    const tab = (name: string) => detail().getByRole("tab", { name });
    await tab("State").press("ArrowRight");
    await expect.poll(() => tab("Task").getAttribute("aria-selected"), slow).toBe("true");
    expect(await tab("State").getAttribute("tabindex")).toBe("-1");
    await detail().getByRole("tabpanel", { name: "Task" }).waitFor();
    await tab("Task").press("Home");
    await detail().getByRole("tabpanel", { name: "State" }).waitFor();
    const box = detail().getByRole("searchbox", { name: "Search state" });
    await box.fill("note");
    await expect.poll(() => state().active.innerText(), slow).toContain("n1");
    await box.press("Enter");
    await expect.poll(() => state().active.innerText(), slow).toContain("n2");
    expect(await state().active.getAttribute("aria-setsize")).toBe("1");
    save(".", "OtherAgent", "later", 6);
    await expect.poll(all, slow).toContain("later");
    // The detail is read anew a moment later.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await state().active.innerText()).toContain("n2");
    expect(await vscode.workbench.violations()).toEqual([]);
  });

  it("are opened as JSON, or as their file has them where that is not what was written", async () => {
    const { workbench } = vscode;
    await choose("second");
    await tool("Open as JSON").click();
    await expect.poll(() => workbench.editor.tab(), slow).toMatch(/^checkpoint [0-9a-f]{8}\.json$/);
    await expect.poll(async () => (await workbench.editor.lines()).join("\n"), slow).toMatch(/"count": 2/);
    await workbench.run("View: Close Editor");
    const [name = ""] = await files();
    const path = `${kept(".")}/CounterAgent/${name}`;
    const whole = await readFile(path, "utf8");
    await writeFile(path, whole.replace('"count":2', '"count":3'));
    await choose("stocked");
    await choose("second");
    await detail().getByText("does not match its hash").waitFor();
    await tool("Open as JSON").click();
    await expect.poll(() => workbench.editor.tab(), slow).toBe(name);
    await expect.poll(async () => (await workbench.editor.lines()).join("\n"), slow).toMatch(/"count":3/);
    await workbench.run("View: Close Editor");
    await writeFile(path, whole);
  });

  it("are gone on from only where the agent can be given the task", async () => {
    const { workbench } = vscode;
    const before = await files();
    await choose("second");
    await tool("Fork with Edits…").click();
    await expect.poll(() => workbench.editor.tab(), slow).toBe("CounterAgent.fork.json");
    await workbench.editor.replace('{"state": {"count": 100}, "task": {"by": 1, "key": "[redacted]"}}');
    await workbench.run("Agents: Run from Here");
    await workbench.notifications.message(/^Nothing is run yet: the task has "\[redacted\]"/);
    await workbench.notifications.clear();
    expect(await files()).toEqual(before);
    await workbench.editor.replace('{"state": {"count": 100}, "task": {"by": 1}}');
    await workbench.editor.save();
    await expect.poll(() => workbench.editor.tab(), slow).toBe("CounterAgent.fork.json");
    await workbench.run("View: Close Editor");
  });

  it("are resumed as they are", async () => {
    const { workbench } = vscode;
    await choose("second");
    await tool("Resume from Here").click();
    await workbench.notifications.message(/CounterAgent finished/);
    await workbench.notifications.clear();
    await expect.poll(all, slow).toContain("completed");
    await choose("completed");
    await expect.poll(async () => (await state().texts()).join("\n"), slow).toMatch(/count 3/);
  });

  it("are pruned in the folder for which it was shown, and by themselves where a setting says so", async () => {
    const { workbench } = vscode;
    await tool("Prune…").click();
    await page().getByLabel("At most").first().fill("1");
    const within = page().locator(".retention select");
    await within.selectOption("stock");
    await tool("Show What Would Go").click();
    const remove = page().getByRole("button", { name: /^Remove 1 Checkpoint/ });
    await remove.waitFor();
    await within.selectOption("shop");
    await expect.poll(() => remove.count(), slow).toBe(0);
    await within.selectOption("stock");
    await remove.waitFor();
    await tool("Prune Automatically…").click();
    await workbench.page.locator(".settings-editor").getByText("Retention").first().waitFor();
    await workbench.run("View: Close Editor");
  });
});
