import { describe, expect, it } from "vitest";
import { lineOf, useVSCode } from "./fixture.ts";

const vscode = useVSCode("updateAdapter", { settings: { "opsviAgents.migration.runtime": "vendored" } });
const slow = { timeout: 20_000, interval: 200 };
const faq = "src/support/faqAgent.ts";
const invoice = "src/billing/invoiceAgent.ts";

/** The row of an agent, its arrow aside. */
async function row(name: string): Promise<string> {
  const tree = await vscode.workbench.agents();
  return (await tree.pictureOf(name))[0]?.replace(/^[▾▸] /, "") ?? "";
}

/** Migrates with the palette, the cursor in the class. */
async function migrate(file: string, name: string): Promise<void> {
  const { workbench, workspace } = vscode;
  await workbench.openFile(file, lineOf(await workspace.read(file), `class ${name}`));
  await workbench.run("Agents: Migrate to BaseAgent");
  await workbench.notifications.press(`Migrate ${name}?`, "Apply");
  await expect.poll(() => workspace.read(file), slow).toContain(`class ${name}Adapter`);
  await expect.poll(() => row(name), slow).toBe(`${name}  ${file} · migrated`);
}

describe("Update Adapter", () => {
  it("says in one sentence that there is nothing to do", async () => {
    const { workbench, workspace } = vscode;
    await migrate(faq, "FaqAgent");
    const migrated = await workspace.read(faq);
    const tree = await workbench.agents();
    await tree.chooseFromMenu("FaqAgent", "Update Adapter");
    expect(await workbench.notifications.message("FaqAgentAdapter is up to date")).toBe(
      "FaqAgentAdapter is up to date: what it was made from in FaqAgent has not changed.",
    );
    expect(await workspace.read(faq)).toBe(migrated);
  });

  it("is offered by the lightbulb once the class has changed, shows the difference, and is undone with the migration", async () => {
    const { workbench, workspace } = vscode;
    const migrated = await workspace.read(faq);
    const changed = migrated.replace(/(class FaqAgent)\b/, "$1<T = string>");
    expect(changed).not.toBe(migrated);
    await workspace.write(faq, changed);
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain("class FaqAgent<T = string>");

    const actions = await workbench.editor.lightbulb("class FaqAgent<T");
    await actions.filter({ hasText: "Update Adapter" }).waitFor();
    await workbench.screenshot("lightbulb-update-adapter");
    // As with the keyboard: the entries before it are passed by.
    const focused = workbench.page.locator(".action-widget .monaco-list-row.focused");
    await expect
      .poll(async () => {
        const text = await focused.innerText();
        if (!text.includes("Update Adapter")) await workbench.page.keyboard.press("ArrowDown");
        return text;
      }, slow)
      .toContain("Update Adapter");
    await workbench.page.keyboard.press("Enter");
    await workbench.diff.shown();
    expect(await workbench.notifications.message("Update FaqAgentAdapter?")).toBe(
      "Update FaqAgentAdapter? It follows FaqAgent, which stays as it is.",
    );
    await expect
      .poll(async () => (await workbench.diff.after()).join("\n"), slow)
      .toContain("class FaqAgentAdapter<T = string>");
    await workbench.screenshots("update-adapter-diff");

    await workbench.notifications.press("Update FaqAgentAdapter?", "Discard");
    await expect.poll(() => workspace.read(faq), slow).toBe(changed);
    await workbench.openFile(faq, lineOf(changed, "class FaqAgentAdapter"));
    await workbench.run("Agents: Update Adapter");
    await workbench.notifications.press("Update FaqAgentAdapter?", "Apply");
    await expect.poll(() => workspace.read(faq), slow).toContain("class FaqAgentAdapter<T = string>");
    await workbench.notifications.press("Updated FaqAgentAdapter (1 file)", "Undo Migration");
    await workbench.notifications.message("The migration of FaqAgent is undone.");
    const text = await workspace.read(faq);
    expect(text).toContain("class FaqAgent<T = string>");
    expect(text).not.toContain("Adapter");
  });

  it("leaves an adapter that was edited by hand, and says how to go on", async () => {
    const { workbench, workspace } = vscode;
    await migrate(invoice, "InvoiceAgent");
    const migrated = await workspace.read(invoice);
    await workspace.write(
      invoice,
      migrated
        .replace(/(super\(new InvoiceAgent[\s\S]*?)agentType:/, '$1version: "2.0.0",\n      agentType:')
        .replace(/class InvoiceAgent\b/, "class InvoiceAgent<T = string>"),
    );
    await workbench.openFile(invoice, lineOf(await workspace.read(invoice), "class InvoiceAgent"));
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain("class InvoiceAgent<T = string>");
    await workbench.editor.chooseFromMenu("class InvoiceAgent<T", "Update Adapter");
    expect(await workbench.notifications.message("InvoiceAgentAdapter was written or edited by hand")).toBe(
      "InvoiceAgentAdapter was written or edited by hand, and an update would undo that: make it follow InvoiceAgent by hand, or delete it and migrate InvoiceAgent again.",
    );
  });
});
