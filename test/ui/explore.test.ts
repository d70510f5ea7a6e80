import { describe, expect, it } from "vitest";
import { lineOf, useVSCode } from "./fixture.ts";

const vscode = useVSCode("explore", { settings: { "opsviAgents.migration.runtime": "vendored" } });
const slow = { timeout: 20_000, interval: 200 };

/** The rows in sight without those below agents: groups, and agents in them. */
async function labels(): Promise<string[]> {
  const tree = await vscode.workbench.agents();
  return (await tree.picture()).map((line) => line.replace(/[▾▸] /, ""));
}

async function group(by: string): Promise<void> {
  await vscode.workbench.run("Agents: Group Agents By…");
  await vscode.workbench.quickInput.pick(by);
}

describe("the Agents view in groups", () => {
  it("is grouped by folder, base class, capability and migration state, with counts", async () => {
    const { workbench } = vscode;
    const tree = await workbench.agents();
    await expect.poll(labels, slow).toContain("ResearchAgent  src/research/researchAgent.ts");

    await group("Folder");
    await expect.poll(labels, slow).toContain("src/analytics  2 agents");
    const rows = await labels();
    const start = rows.indexOf("src/analytics  2 agents");
    expect(rows.slice(start + 1, start + 3)).toEqual([
      "  BasketAgent  basketAgent.js",
      "  ForecastAgent  forecastAgent.ts",
    ]);
    await tree.action("Grouped by Folder: Change…").waitFor();
    await workbench.screenshots("grouped-by-folder");

    await group("Capability");
    await expect.poll(async () => (await labels())[0], slow).toMatch(/^task_execution {2}\d+ agents$/);
    await workbench.screenshots("grouped-by-capability");
    await group("Base class");
    await expect.poll(labels, slow).toContain("ConversationAgent  2 agents");
    await group("Migration state");
    await expect.poll(async () => (await labels())[0], slow).toMatch(/^Not migrated {2}\d+ agents$/);
    await group("No grouping");
    await expect.poll(labels, slow).toContain("ResearchAgent  src/research/researchAgent.ts");
  });
});

describe("the filter of the Agents view", () => {
  it("filters while it is typed, tells how many are left, and Escape takes it back", async () => {
    const { workbench } = vscode;
    const tree = await workbench.agents();
    await tree.open("BackupAgent");
    await tree.focus();
    await workbench.page.keyboard.press("Control+f");
    await workbench.quickInput.type("research");
    await expect.poll(() => tree.message(), slow).toMatch(/^Filtered by “research” \(\d of \d+\)\.$/);
    await expect.poll(labels, slow).not.toContain("BackupAgent  src/operations/backupAgent.ts");
    expect(await labels()).toContain("ResearchAgent  src/research/researchAgent.ts");
    expect((await labels()).filter((line) => !/research/i.test(line))).toEqual([]);
    await workbench.screenshot("filter-typing");
    await workbench.quickInput.type("is:nothing");
    await expect.poll(() => workbench.quickInput.message()).toContain("is:nothing is not known.");
    await workbench.quickInput.cancel();
    await expect.poll(() => tree.message(), slow).toMatch(/^\d+ agents\.$/);
    await expect.poll(labels, slow).toContain("BackupAgent  src/operations/backupAgent.ts");
  });

  it("stays when it is accepted, until Escape in the view clears it", async () => {
    const { workbench } = vscode;
    const tree = await workbench.agents();
    await workbench.run("Agents: Filter Agents…");
    await workbench.quickInput.answer("is:abstract");
    await workbench.quickInput.hidden();
    await expect.poll(() => tree.message(), slow).toMatch(/^Filtered by “is:abstract”/);
    await expect.poll(labels, slow).not.toContain("BackupAgent  src/operations/backupAgent.ts");
    expect(await labels()).toContain("ToolAgent  src/core/toolAgent.ts");
    await workbench.screenshots("filtered");
    await tree.focus();
    await workbench.page.keyboard.press("Escape");
    await expect.poll(() => tree.message(), slow).toMatch(/^\d+ agents\.$/);
    await expect.poll(labels, slow).toContain("BackupAgent  src/operations/backupAgent.ts");
  });

  it("says what to do where nothing matches", async () => {
    const { workbench } = vscode;
    const tree = await workbench.agents();
    await workbench.run("Agents: Filter Agents…");
    await workbench.quickInput.answer("no agent is called this");
    await tree.welcome().getByText("No agent matches the filter.").waitFor();
    await workbench.screenshots("filtered-to-nothing");
    await tree.welcome().getByRole("button", { name: "Clear Filter" }).click();
    await expect.poll(labels, slow).toContain("BackupAgent  src/operations/backupAgent.ts");
  });
});

describe("why a class is an agent", () => {
  it("is told for a row of the tree, and leads to the line", async () => {
    const { workbench, workspace } = vscode;
    const tree = await workbench.agents();
    await tree.chooseFromMenu("ResearchAgent", "Why Is This (Not) an Agent?");
    await expect.poll(() => workbench.quickInput.title()).toBe("Why is ResearchAgent an agent?");
    const picks = await workbench.quickInput.picks();
    expect(picks[0]).toContain("extends ToolAgent (src/core/toolAgent.ts)");
    await workbench.screenshot("why");
    await workbench.quickInput.type("method executeTask");
    await workbench.quickInput.accept();
    const text = await workspace.read("src/research/researchAgent.ts");
    await expect.poll(() => workbench.editor.line(), slow).toBe(lineOf(text, "executeTask("));
  });

  it("is told for a class at the cursor that is none, and for one that was never considered", async () => {
    const { workbench, workspace } = vscode;
    const registry = await workspace.read("src/core/agentRegistry.ts");
    await workbench.openFile("src/core/agentRegistry.ts", lineOf(registry, "class AgentRegistry") + 1);
    await workbench.run("Agents: Why Is This (Not) an Agent?");
    await expect.poll(() => workbench.quickInput.title()).toBe("Why is AgentRegistry not an agent?");
    expect((await workbench.quickInput.picks()).join("\n")).toContain("opsviAgents.index.agentNames");
    await workbench.quickInput.cancel();

    await workspace.write("src/shop/basket.ts", "export class Basket {\n  add(article: string) {}\n}\n");
    await workbench.openFile("src/shop/basket.ts", 2);
    await workbench.editor.chooseFromMenu("add", "Why Is This (Not) an Agent?");
    await expect.poll(() => workbench.quickInput.title(), slow).toBe("Why is Basket not an agent?");
    expect((await workbench.quickInput.picks())[0]).toContain("neither its name nor its heritage");
    await workbench.screenshot("why-not-considered");
    await workbench.quickInput.cancel();
  });
});

describe("the Agents view by keyboard", () => {
  it("is focused by its command, Enter opens the class, the menu key its commands", async () => {
    const { workbench } = vscode;
    const { keyboard } = workbench.page;
    await workbench.run("View: Close All Editors");
    await workbench.run("Agents: Focus on Agents View");
    const tree = await workbench.agents();
    await tree.focus();
    await keyboard.press("Home");
    await keyboard.press("Enter");
    const first = (await labels())[0]?.split("  ")[1] ?? "";
    await expect.poll(() => workbench.editor.tab(), slow).toBe(first.slice(first.lastIndexOf("/") + 1));

    await tree.focus();
    await keyboard.press("Shift+F10");
    expect(await tree.menuEntries()).toEqual(
      expect.arrayContaining([
        "Run Task…",
        "Debug Task…",
        "Migrate to BaseAgent",
        "Show Checkpoints of Agent",
        "Copy Name",
        "Copy Path",
      ]),
    );
    await workbench.screenshot("row-menu");
    await workbench.closeMenu();

    // Two rows: what takes one only says so.
    await tree.focus();
    await keyboard.press("Shift+ArrowDown");
    await expect.poll(() => tree.view.locator(".monaco-list-row.selected").count(), slow).toBe(2);
    await keyboard.press("Shift+F10");
    await tree.choose("Why Is This (Not) an Agent?");
    expect(await workbench.notifications.message(/agents are selected/)).toBe(
      "2 agents are selected: ask about one at a time.",
    );
  });

  it("does everything without a mouse: filter, open, run, migrate, undo, panels", async () => {
    const { workbench, workspace } = vscode;
    const { keyboard } = workbench.page;
    const file = "src/support/faqAgent.ts";
    const before = await workspace.read(file);
    await workbench.dismiss();
    await workbench.run("View: Close All Editors");
    await workbench.run("Agents: Focus on Agents View");
    const tree = await workbench.agents();
    await keyboard.press("Control+f");
    await workbench.quickInput.shown();
    await keyboard.type("faq");
    await keyboard.press("Enter");
    await workbench.quickInput.hidden();
    await expect.poll(labels, slow).toEqual([`FaqAgent  ${file}`]);
    await keyboard.press("Home");
    await keyboard.press("ArrowRight");
    await expect.poll(labels, slow).toContain("  ConversationAgent  extends · src/core/conversationAgent.ts");
    await keyboard.press("Enter");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("faqAgent.ts");

    await workbench.run("Agents: Focus on Agents View");
    await tree.chooseByKeys("Run Task…");
    await workbench.quickInput.shown();
    await keyboard.press("Control+a");
    await keyboard.type('{"text": "When is my parcel here?"}');
    await keyboard.press("Enter");
    await workbench.notifications.message(/FaqAgent finished in/);

    await workbench.run("Agents: Focus on Agents View");
    await tree.chooseByKeys("Migrate to BaseAgent");
    await workbench.diff.shown();
    await workbench.run("Agents: Apply Migration");
    await expect.poll(labels, slow).toContain(`FaqAgent  ${file} · migrated`);
    await workbench.run("Agents: Undo Migration…");
    await workbench.quickInput.entry("FaqAgent").waitFor();
    await keyboard.type("FaqAgent");
    await keyboard.press("Enter");
    await workbench.notifications.message("The migration of FaqAgent is undone.");
    await expect.poll(labels, slow).toContain(`FaqAgent  ${file}`);
    expect(await workspace.read(file)).toBe(before);

    await workbench.run("Agents: Focus on Agents View");
    await keyboard.press("Escape");
    await expect.poll(() => tree.message(), slow).toMatch(/^\d+ agents\.$/);

    await workbench.run("Agents: Show Census");
    const census = workbench.webview();
    await census.locator(".family").first().waitFor();
    const focused = () => census.locator(":focus");
    await keyboard.press("Tab");
    await expect.poll(() => focused().getAttribute("type"), slow).toBe("checkbox");
    await keyboard.press("Space");
    await expect.poll(() => focused().isChecked(), slow).toBe(true);
    await keyboard.press("Space");

    await workbench.run("Agents: Show Families");
    const families = workbench.webview();
    await families.locator(".box").first().waitFor();
    await keyboard.press("Tab");
    await expect.poll(() => families.locator(":focus").getAttribute("type"), slow).toBe("search");
    await keyboard.type("invoice");
    await keyboard.press("Enter");
    await families.getByText("1 of 26").waitFor();
    for (let step = 0; step < 7; step += 1) await keyboard.press("Tab");
    await expect.poll(() => families.locator(":focus").getAttribute("role"), slow).toBe("tree");
    await keyboard.press("Enter");
    await expect.poll(() => workbench.editor.tab(), slow).toBe("invoiceAgent.ts");
    await workbench.dismiss();
  });

  it("is shown by the item in the status bar, which counts the agents", async () => {
    const { workbench } = vscode;
    const item = workbench.page.locator(".statusbar-item").filter({ hasText: /^\s*\d+ agents$/ });
    await item.waitFor();
    expect(await item.getByRole("button").getAttribute("aria-label")).toMatch(
      /^\d+ agents in this workspace/,
    );
    await workbench.run("View: Show Explorer");
    await item.click();
    const tree = await workbench.agents();
    await tree.view.waitFor();
  });
});
