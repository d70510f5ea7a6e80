import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { lineOf, useVSCode } from "./fixture.ts";

const vscode = useVSCode("census");
const settled = { timeout: 30_000, interval: 200 };

const webview = () => vscode.workbench.webview();

async function figure(id: string): Promise<string> {
  const texts = await webview().locator(`[data-figure="${id}"] dd`).allInnerTexts();
  return texts.join(" · ");
}

const families = async () =>
  (await webview().locator(".family").allInnerTexts()).map((text) => text.split("\n").slice(1).join(" "));

describe("the census", () => {
  it("counts the agents of the workspace, live", async () => {
    const { workbench, workspace } = vscode;
    await workbench.run("Agents: Show Census");
    await expect.poll(() => figure("agents"), settled).toBe("24 · 24 classes");
    expect(await figure("tests")).toBe("1 · not counted here");
    expect(await figure("abstract")).toBe("4 · 17 %");
    expect(await families()).toEqual([
      "ConversationAgent src/core/conversationAgent.ts 3",
      "ScheduledAgent src/core/scheduledAgent.ts 3",
      "WorkflowAgent src/core/workflowAgent.ts 3",
      "ToolAgent src/core/toolAgent.ts 2",
      "BaseAgent opsvi-agents 1",
      "EventEmitter events 1",
      "Standing alone no base class and no heirs 11",
    ]);
    await workbench.screenshots("census");

    await workspace.write(
      "src/support/parcelAgent.ts",
      "export class ParcelAgent {\n  async execute() {}\n}\n",
    );
    await expect.poll(() => figure("agents"), settled).toBe("25 · 25 classes");
    await workspace.remove("src/support/parcelAgent.ts");
    await expect.poll(() => figure("agents"), settled).toBe("24 · 24 classes");
  });

  it("counts test files where the user wants it", async () => {
    const box = webview().getByRole("checkbox", { name: "Count test files" });
    await box.check();
    await expect.poll(() => figure("agents"), settled).toBe("25 · 25 classes");
    expect(await figure("tests")).toBe("1 · counted here");
    await box.uncheck();
  });

  it("is exported as a document and as JSON", async () => {
    const { workbench, workspace } = vscode;
    await webview().getByRole("button", { name: "Export as Markdown" }).click();
    await workbench.quickInput.saveAs(workspace.path("numbers.md"), "agent-census.md");
    await workbench.notifications.message("numbers.md is written.");
    expect(await workspace.read("numbers.md")).toContain("\n| Agents | 24 | 24 classes |\n");
    await workbench.notifications.clear();

    await webview().getByRole("button", { name: "Export as JSON" }).click();
    await workbench.quickInput.saveAs(workspace.path("numbers.json"), "agent-census.json");
    await workbench.notifications.message("numbers.json is written.");
    const census: unknown = JSON.parse(await readFile(workspace.path("numbers.json"), "utf8"));
    expect(census).toMatchObject({ agents: 24, bases: { all: 6 } });
    await workbench.notifications.clear();
  });

  it("unfolds a family by the keyboard and leads to the class", async () => {
    const { workbench, workspace } = vscode;
    const family = webview().getByRole("button", { name: /^.?\s*WorkflowAgent/ });
    await family.press("Enter");
    const member = webview().getByRole("button", { name: /^InvoiceAgent/ });
    await member.waitFor();
    await workbench.screenshots("census-family");
    await member.press("Enter");
    const invoice = await workspace.read("src/billing/invoiceAgent.ts");
    const place = async () => [await workbench.editor.tab(), await workbench.editor.line()];
    await expect.poll(place, settled).toEqual(["invoiceAgent.ts", lineOf(invoice, "class InvoiceAgent")]);
  });
});
