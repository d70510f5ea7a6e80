import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { FileCheckpointStore } from "../../src/runtime/index.ts";
import { useVSCode } from "./fixture.ts";
import { Rows } from "./workbench/rows.ts";

const vscode = useVSCode("restrictedCheckpoints", { trust: true, files: { "package.json": "{}" } });
const slow = { timeout: 30_000, interval: 200 };
const page = () => vscode.workbench.webview();
const rows = () => new Rows(page(), "Checkpoints");
const tool = (name: string) => page().getByRole("button", { name, exact: true });
const folder = ".proj-intel/checkpoints";

async function refused(doing: string): Promise<void> {
  const { notifications, quickInput } = vscode.workbench;
  const told = `${doing} needs a trusted workspace`;
  expect(await notifications.message(told)).toBe(
    `${doing} needs a trusted workspace: agents can be browsed here, but nothing is run or changed.`,
  );
  expect(await notifications.buttons(told)).toEqual(["Manage Trust"]);
  expect(await quickInput.input.isVisible()).toBe(false);
  await notifications.clear();
}

describe("the checkpoints of an untrusted workspace", () => {
  it("can be read, searched and compared", async () => {
    const { workbench, workspace } = vscode;
    await workbench.distrust();
    const store = new FileCheckpointStore(workspace.path(folder));
    const draft = { agent: "A", agentType: "custom", state: "ready", task: null, runId: null } as const;
    store.save({ ...draft, label: "older", context: { fruit: "plums" }, parentId: null });
    const first = store.save({ ...draft, label: "first", context: { fruit: "apples" }, parentId: null });
    store.save({ ...draft, label: "second", context: { fruit: "pears" }, parentId: first.id });
    await workbench.run("Agents: Show Checkpoints");
    await expect.poll(() => rows().texts(), slow).toHaveLength(4);
    await rows().row("second").click();
    await page().getByText("verified", { exact: false }).waitFor();
    const content = page().getByRole("searchbox", { name: "Search states and tasks" });
    await content.fill("apples");
    await content.press("Enter");
    await expect.poll(() => rows().texts(), slow).toHaveLength(2);
    await tool("End the Search").click();
    await expect.poll(() => rows().texts(), slow).toHaveLength(4);
    await tool("Compare…").click();
    await workbench.quickInput.pick("The checkpoint that it follows", "follows");
    const table = page().getByRole("table", { name: "Differences" });
    await expect.poll(() => table.innerText(), slow).toMatch(/fruit/);
    await workbench.screenshots("checkpoints-restricted");
    await tool("Close").click();
  });

  it.each([
    ["Restore", "Restoring a checkpoint"],
    ["Resume from Here", "Running an agent"],
    ["Fork with Edits…", "Running an agent"],
    ["Pin", "Pinning a checkpoint"],
    ["Delete…", "Deleting a checkpoint"],
    ["Import…", "Importing checkpoints"],
  ])("answer %s with one sentence, and stay as they are", async (name, doing) => {
    const before = (await readdir(vscode.workspace.path(folder), { recursive: true })).sort();
    await rows().row("first").click();
    await page().getByRole("heading", { name: "first" }).waitFor();
    await tool(name).click();
    await refused(doing);
    expect((await readdir(vscode.workspace.path(folder), { recursive: true })).sort()).toEqual(before);
  });

  it("show what pruning would remove, and are not pruned", async () => {
    const before = (await readdir(vscode.workspace.path(folder), { recursive: true })).sort();
    await tool("Prune…").click();
    await page().getByLabel("At most").first().fill("1");
    await tool("Show What Would Go").click();
    await page()
      .getByRole("button", { name: /^Remove 1 Checkpoint/ })
      .click();
    await refused("Pruning checkpoints");
    expect((await readdir(vscode.workspace.path(folder), { recursive: true })).sort()).toEqual(before);
  });
});
