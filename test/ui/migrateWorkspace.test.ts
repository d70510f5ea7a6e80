import { describe, expect, it } from "vitest";
import { desk } from "./desk.ts";
import { useVSCode } from "./fixture.ts";
import { reportedIn } from "./migrationReport.ts";
import type { Tree } from "./workbench/tree.ts";

const vscode = useVSCode("migrateWorkspace", { files: desk });
// The type checker loads a project twice.
const slow = { timeout: 120_000, interval: 200 };

const webview = () => vscode.workbench.webview();

const boxes = async (tree: Tree, ...labels: string[]) =>
  Promise.all(labels.map((label) => tree.box(label).getAttribute("aria-checked")));

describe("Migrate Workspace…", () => {
  it("asks once where the runtime comes from, and shows what is ready and what cannot be migrated", async () => {
    const { workbench, workspace } = vscode;
    await workbench.agents();
    await workbench.run("Agents: Migrate Workspace…");
    expect(await workbench.quickInput.title()).toBe(
      "Migrating shop: where do migrated classes get BaseAgent from?",
    );
    expect((await workbench.quickInput.picks()).map((pick) => pick.split(" The ")[0])).toEqual([
      "Copy the runtime into this workspace (recommended)",
      expect.stringContaining("Add opsvi-agents to package.json"),
    ]);
    await workbench.quickInput.accept();
    const tree = await workbench.checklist();
    await expect
      .poll(() => workspace.read(".vscode/settings.json"), slow)
      .toContain('"opsviAgents.migration.runtime": "vendored"');
    await tree.expand("Cannot (1)");
    await expect
      .poll(() => tree.picture(), slow)
      .toEqual([
        "▾ Ready (4)",
        "  ClashAgent  src/clashAgent.ts",
        "  GreetAgent  src/greetAgent.ts",
        "  CountAgent  src/wordAgents.ts",
        "  UpperAgent  src/wordAgents.ts",
        "▾ Cannot (1)",
        expect.stringMatching(/^ {2}VaultAgent {2}.*private.*\.$/),
      ]);
    expect(await tree.message()).toBe("4 classes in 3 files · vendored runtime · types verified");
    await workbench.screenshots("migration-checklist");
  });

  it("by mouse: leaves out what is unchecked, rolls back what breaks types, reports, and Undo Migration… takes back all", async () => {
    const { workbench } = vscode;
    const before = await vscode.workspace.texts();
    const tree = await workbench.checklist();
    await tree.box("UpperAgent").click();
    await expect.poll(() => tree.message()).toBe("3 classes in 3 files · vendored runtime · types verified");
    await expect
      .poll(() => boxes(tree, "CountAgent", "UpperAgent", "Ready (4)"))
      .toEqual(["true", "false", "false"]);
    await tree.open("CountAgent");
    await workbench.diff.shown();
    const after = (await workbench.diff.after()).join("\n");
    expect(after).toContain("class CountAgentAdapter");
    expect(after).not.toContain("UpperAgentAdapter");
    await workbench.run("Agents: Open All Changes of the Migration");
    await workbench.page.locator(".multiDiffEntry").first().waitFor();
    await workbench.screenshot("migration-changes");

    await tree.view.locator(".pane-header").hover();
    await tree.view.getByRole("button", { name: "Apply Migration of Checked Classes" }).click();
    expect(await reportedIn(vscode.workbench)).toEqual([
      expect.stringMatching(/^Failed 1 ClashAgent src\/clashAgent\.ts .*new type error.*ClashAgentAdapter/),
      "Migrated 2 GreetAgent src/greetAgent.ts GreetAgentAdapter CountAgent src/wordAgents.ts CountAgentAdapter",
      "Left as they are 2 VaultAgent src/vaultAgent.ts VaultAgent has a private constructor, so an adapter cannot construct it. UpperAgent src/wordAgents.ts It was left unchecked.",
    ]);
    const errors = await webview().locator("table tbody tr").allInnerTexts();
    expect(errors).toEqual([
      expect.stringMatching(/^tsconfig\.json\s+TypeScript [\d.]+ of OPSVI Agents.*\s0\s+0$/),
    ]);
    await workbench.screenshots("migration-report");
    const migrated = await vscode.workspace.texts();
    expect(migrated["src/clashAgent.ts"]).toBe(before["src/clashAgent.ts"]);
    expect(migrated["src/wordAgents.ts"]).toContain("class CountAgentAdapter");
    expect(migrated["src/wordAgents.ts"]).not.toContain("UpperAgentAdapter");

    await workbench.run("Agents: Undo Migration…");
    const picks = async () => (await workbench.quickInput.picks()).join("\n");
    await expect.poll(picks, slow).toContain("All 2 migrations");
    await workbench.quickInput.type("All 2 migrations");
    await expect.poll(picks, slow).not.toContain("GreetAgent");
    await workbench.page.keyboard.press("ArrowDown");
    await workbench.page.keyboard.press("Space");
    await workbench.page.keyboard.press("Enter");
    await workbench.notifications.message("2 migrations are undone.");
    await webview().getByRole("heading", { name: "Undone" }).waitFor();
    expect(await vscode.workspace.texts()).toEqual(before);
  });

  it("by keyboard alone, from the palette to the report, which undoes all of them", async () => {
    const { workbench } = vscode;
    const { keyboard } = workbench.page;
    const before = await vscode.workspace.texts();
    await workbench.run("View: Close All Editors");
    await workbench.run("Agents: Migrate Workspace…");
    const tree = await workbench.checklist();
    await tree.view.locator(".monaco-list-row.focused").filter({ hasText: "ClashAgent" }).waitFor();
    await keyboard.press("Space");
    await expect.poll(() => boxes(tree, "ClashAgent")).toEqual(["false"]);
    await keyboard.press("ArrowDown");
    await keyboard.press("Space");
    await expect.poll(() => boxes(tree, "GreetAgent")).toEqual(["false"]);
    await keyboard.press("Space");
    await expect.poll(() => boxes(tree, "GreetAgent")).toEqual(["true"]);
    await keyboard.press("Enter");
    await workbench.diff.shown();
    expect((await workbench.diff.after()).join("\n")).toContain("class GreetAgentAdapter");
    await workbench.run("Agents: Apply Migration of Checked Classes");
    expect((await reportedIn(vscode.workbench))[0]).toMatch(
      /^Migrated 3 GreetAgent .* CountAgent .* UpperAgent /,
    );

    // The report has the keyboard; its buttons are reached with Tab.
    const focused = webview().locator("button:focus", { hasText: "Undo All" });
    const reached = async () => {
      if ((await focused.count()) === 0) await keyboard.press("Tab");
      return focused.count();
    };
    await expect.poll(reached, slow).toBe(1);
    await keyboard.press("Enter");
    await workbench.notifications.message("3 migrations are undone.");
    await webview().getByRole("heading", { name: "Undone" }).waitFor();
    expect(await vscode.workspace.texts()).toEqual(before);
  });
});
