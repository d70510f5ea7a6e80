import { describe, expect, it } from "vitest";
import { lineOf, useVSCode } from "./fixture.ts";

const vscode = useVSCode("migrate", { settings: { "opsviAgents.migration.runtime": "vendored" } });
const slow = { timeout: 20_000, interval: 200 };

async function exists(path: string): Promise<boolean> {
  return vscode.workspace.read(path).then(
    () => true,
    () => false,
  );
}

/** The row of an agent, its arrow aside. */
async function row(name: string): Promise<string> {
  const tree = await vscode.workbench.agents();
  return (await tree.pictureOf(name))[0]?.replace(/^[▾▸] /, "") ?? "";
}

async function tabs(): Promise<number> {
  return vscode.workbench.page.locator(".editor-group-container .tab").count();
}

const faq = "src/support/faqAgent.ts";

/** Shows the migration of FaqAgent. Answers with the text of its file. */
async function previewed(): Promise<string> {
  const { workbench, workspace } = vscode;
  const before = await workspace.read(faq);
  const tree = await workbench.agents();
  await workbench.run("View: Close All Editors");
  await tree.chooseFromMenu("FaqAgent", "Migrate to BaseAgent");
  // VS Code forgets a row that is drawn anew while its menu is open: then the command asks which agent is meant.
  const asked = workbench.quickInput.entry("FaqAgent");
  const answered = asked.click({ timeout: 5_000 }).catch(() => undefined);
  await workbench.diff.shown();
  await answered;
  return before;
}

describe("Migrate to BaseAgent", () => {
  const invoice = "src/billing/invoiceAgent.ts";

  it("shows from the tree what will change, and changes nothing when it is discarded", async () => {
    const { workbench, workspace } = vscode;
    const before = await workspace.read(invoice);
    const tree = await workbench.agents();
    await tree.chooseFromMenu("InvoiceAgent", "Migrate to BaseAgent");
    await workbench.diff.shown();
    const question = await workbench.notifications.message("Migrate InvoiceAgent?");
    expect(question).toMatch(/InvoiceAgentAdapter.* stays as it is/);
    expect(await workbench.notifications.buttons("Migrate InvoiceAgent?")).toEqual(["Apply", "Discard"]);
    expect(
      (await workbench.diff.after()).filter((line) => line.includes("UniversalAgentAdapter")),
    ).not.toEqual([]);
    await workbench.screenshots("migration-diff");

    await workbench.notifications.press("Migrate InvoiceAgent?", "Discard");
    await expect.poll(tabs).toBe(0);
    expect(await workspace.read(invoice)).toBe(before);
    expect(await exists("opsvi-agents")).toBe(false);
  });

  it("keeps the class byte for byte, and Undo Migration in the notification takes back every file", async () => {
    const { workbench, workspace } = vscode;
    const before = await workspace.read(invoice);
    const tree = await workbench.agents();
    await tree.chooseFromMenu("InvoiceAgent", "Migrate to BaseAgent");
    await workbench.notifications.press("Migrate InvoiceAgent?", "Apply");
    await expect.poll(() => row("InvoiceAgent"), slow).toBe(`InvoiceAgent  ${invoice} · migrated`);
    await expect.poll(() => workbench.editor.tab()).toBe("invoiceAgent.ts");
    const after = await workspace.read(invoice);
    expect(after).toContain(before.slice(before.indexOf("export class InvoiceAgent")));
    expect(after).toContain("class InvoiceAgentAdapter");
    expect(await exists("opsvi-agents/core.mjs")).toBe(true);
    await tree.expand("InvoiceAgent");
    const adapter = `  InvoiceAgentAdapter  adapter · line ${lineOf(after, "class InvoiceAgentAdapter")}`;
    await expect.poll(() => tree.pictureOf("InvoiceAgent")).toContain(adapter);
    await workbench.screenshot("migrated");

    await workbench.notifications.press("Migrated InvoiceAgent", "Undo Migration");
    await workbench.notifications.message("The migration of InvoiceAgent is undone.");
    expect(await workspace.read(invoice)).toBe(before);
    expect(await exists("opsvi-agents/core.mjs")).toBe(false);
    await expect.poll(() => row("InvoiceAgent"), slow).toBe(`InvoiceAgent  ${invoice}`);
  });

  it("is taken back by one editor undo where only that file changes, from the editor's context menu", async () => {
    const { workbench, workspace } = vscode;
    const manifest = JSON.parse(await workspace.read("package.json")) as object;
    await workspace.write(
      "package.json",
      JSON.stringify({ ...manifest, dependencies: { "opsvi-agents": "^0.1.0" } }),
    );
    const triage = "src/support/ticketTriageAgent.ts";
    const before = await workspace.read(triage);
    await workbench.openFile(triage, lineOf(before, "class TicketTriageAgent"));
    await workbench.editor.chooseFromMenu("TicketTriageAgent", "Migrate to BaseAgent");
    await workbench.diff.shown();
    await workbench.notifications.press("Migrate TicketTriageAgent?", "Apply");
    await workbench.notifications.message("Migrated TicketTriageAgent (1 file)");
    await expect.poll(() => workspace.read(triage)).toContain("class TicketTriageAgentAdapter");
    await expect.poll(() => workbench.editor.tab()).toBe("ticketTriageAgent.ts");

    await workbench.editor.at("class TicketTriageAgent").click();
    await workbench.editor.undo();
    await expect.poll(async () => (await workbench.editor.lines()).join("\n")).not.toContain("Adapter");
    await workbench.editor.save();
    await expect.poll(() => workspace.read(triage)).toBe(before);
    await expect.poll(() => row("TicketTriageAgent"), slow).toBe(`TicketTriageAgent  ${triage}`);
    await workspace.write("package.json", JSON.stringify(manifest));
  });

  it("is offered by the lightbulb on the class, and by Agents: Undo Migration… afterwards", async () => {
    const { workbench, workspace } = vscode;
    const before = await workspace.read(faq);
    await workbench.openFile(faq, lineOf(before, "class FaqAgent"));
    await expect.poll(() => workbench.editor.tab()).toBe("faqAgent.ts");
    const actions = await workbench.editor.lightbulb("FaqAgent");
    await workbench.screenshot("lightbulb");
    await actions.filter({ hasText: "Migrate to BaseAgent" }).click();
    await workbench.diff.shown();
    await workbench.notifications.press("Migrate FaqAgent?", "Apply");
    await expect.poll(() => workspace.read(faq), slow).toContain("class FaqAgentAdapter");
    await expect.poll(() => row("FaqAgent"), slow).toBe(`FaqAgent  ${faq} · migrated`);

    await workbench.run("Agents: Undo Migration…");
    await workbench.quickInput.entry("FaqAgent").waitFor();
    await workbench.quickInput.accept();
    await workbench.notifications.message("The migration of FaqAgent is undone.");
    expect(await workspace.read(faq)).toBe(before);
    await expect.poll(() => row("FaqAgent"), slow).toBe(`FaqAgent  ${faq}`);
  });

  it("is not applied where the file has changed since the difference was made", async () => {
    const { workbench, workspace } = vscode;
    const before = await previewed();
    await workspace.write(faq, `// changed\n${before}`);
    // The editor notices a moment after the file is written; the new line may stand above what is in sight.
    await workbench.page.waitForTimeout(2000);
    const left = await workspace.texts();
    await workbench.notifications.press("Migrate FaqAgent?", "Apply");
    expect(await workbench.notifications.message("was not applied")).toBe(
      `The migration of FaqAgent was not applied: ${faq} has changed since. Start it again to see the new difference.`,
    );
    expect(await workspace.texts()).toEqual(left);
    await workspace.write(faq, before);
    await workbench.dismiss();
  });

  it("is not applied where the file was removed since the difference was made", async () => {
    const { workbench, workspace } = vscode;
    const before = await previewed();
    await workspace.remove(faq);
    const left = await workspace.texts();
    await workbench.notifications.press("Migrate FaqAgent?", "Apply");
    expect(await workbench.notifications.message("was not applied")).toBe(
      `The migration of FaqAgent was not applied: ${faq} is no longer there.`,
    );
    expect(await workspace.texts()).toEqual(left);
    await workspace.write(faq, before);
    await workbench.dismiss();
  });

  it("stands in the context menu of files that hold agents only", async () => {
    const { workbench, workspace } = vscode;
    const config = await workspace.read("src/core/agentConfig.ts");
    await workbench.openFile("src/core/agentConfig.ts", lineOf(config, "AgentConfig"));
    await expect.poll(() => workbench.editor.tab()).toBe("agentConfig.ts");
    expect(await workbench.editor.menu("AgentConfig")).not.toContain("Migrate to BaseAgent");
    await workbench.closeMenu();
    await workbench.openFile("src/support/escalationAgent.js");
    await expect.poll(() => workbench.editor.tab()).toBe("escalationAgent.js");
    expect(await workbench.editor.menu("EscalationAgent")).toContain("Migrate to BaseAgent");
    await workbench.closeMenu();
  });
});
