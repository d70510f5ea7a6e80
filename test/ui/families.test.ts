import { describe, expect, it } from "vitest";
import { lineOf, useVSCode } from "./fixture.ts";

const vscode = useVSCode("families");
const settled = { timeout: 30_000, interval: 200 };

const webview = () => vscode.workbench.webview();
const canvas = () => webview().getByRole("tree", { name: "Families of agents" });
const box = (name: string) => webview().getByRole("treeitem", { name: new RegExp(`^${name},`) });
const names = async () => (await webview().locator(".box > text").allTextContents()).sort();
const widthInSight = async () => Number((await canvas().getAttribute("viewBox"))?.split(" ")[2]);
const place = async () => [await vscode.workbench.editor.tab(), await vscode.workbench.editor.line()];

describe("the picture of the families", () => {
  it("shows every agent and base class, live", async () => {
    const { workbench, workspace } = vscode;
    await workbench.run("Agents: Show Families");
    await box("InvoiceAgent").waitFor();
    const shown = await names();
    expect(shown).toHaveLength(26);
    expect(shown).toEqual(
      expect.arrayContaining(["WorkflowAgent", "default export", "EventEmitter · events"]),
    );
    expect(await box("EventEmitter").getAttribute("aria-label")).toBe(
      "EventEmitter, from outside, 1 below it, events",
    );
    await workbench.screenshots("families");
    await workspace.write(
      "src/support/parcelAgent.ts",
      "export class ParcelAgent {\n  async execute() {}\n}\n",
    );
    await expect.poll(names, settled).toContain("ParcelAgent");
    await workspace.remove("src/support/parcelAgent.ts");
    await expect.poll(names, settled).not.toContain("ParcelAgent");
  });

  it("is zoomed by wheel, buttons and keys, and fits the window again", async () => {
    const { page } = vscode.workbench;
    const all = await widthInSight();
    await webview().getByRole("button", { name: "Zoom In" }).click();
    await expect.poll(widthInSight).toBeCloseTo(all / 1.25, 3);
    await canvas().press("-");
    await expect.poll(widthInSight).toBeCloseTo(all, 3);
    const bounds = await canvas().boundingBox();
    await page.mouse.move((bounds?.x ?? 0) + 300, (bounds?.y ?? 0) + 200);
    await page.mouse.wheel(0, -400);
    await expect.poll(widthInSight).toBeLessThan(all * 0.6);
    await webview().getByRole("button", { name: "Fit" }).click();
    await expect.poll(widthInSight).toBeCloseTo(all, 3);
  });

  it("finds a class by its name and folds a family", async () => {
    await webview().getByRole("searchbox", { name: "Find a class" }).fill("invoice");
    await webview().getByText("1 of 26").waitFor();
    await webview().getByRole("searchbox", { name: "Find a class" }).fill("");
    await box("WorkflowAgent").locator(".fold").click();
    await expect.poll(names).not.toContain("InvoiceAgent");
    await canvas().press(" ");
    await expect.poll(names).toContain("InvoiceAgent");
  });

  it("leads to the source by click and by Enter", async () => {
    const { workbench, workspace } = vscode;
    await box("InvoiceAgent").click();
    const invoice = await workspace.read("src/billing/invoiceAgent.ts");
    await expect.poll(place, settled).toEqual(["invoiceAgent.ts", lineOf(invoice, "class InvoiceAgent")]);
    await workbench.run("Agents: Show Families");
    await box("InvoiceAgent").waitFor();
    await webview().getByRole("searchbox", { name: "Find a class" }).fill("invoice");
    await webview().getByRole("searchbox", { name: "Find a class" }).press("Enter");
    await canvas().press("ArrowLeft");
    await workbench.screenshots("families-search");
    await canvas().press("Enter");
    const workflow = await workspace.read("src/core/workflowAgent.ts");
    await expect.poll(place, settled).toEqual(["workflowAgent.ts", lineOf(workflow, "class WorkflowAgent")]);
  });

  it("is exported as a drawing that needs nothing else", async () => {
    const { workbench, workspace } = vscode;
    await workbench.run("Agents: Show Families");
    await webview().getByRole("button", { name: "Export as SVG" }).click();
    await workbench.quickInput.saveAs(workspace.path("picture.svg"), "agent-families.svg");
    await workbench.notifications.message("picture.svg is written.");
    const svg = await workspace.read("picture.svg");
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(svg).toContain(">InvoiceAgent</text>");
    expect(svg).toContain(">orchestrates</text>");
    expect(svg).not.toContain("var(");
    expect(svg).not.toMatch(/ (?:class|style|href)=/);
    const drawing = await workbench.page.context().browser()?.newPage();
    await drawing?.setViewportSize({ width: 900, height: 640 });
    await drawing?.setContent(svg);
    expect(await drawing?.locator("text").filter({ hasText: "InvoiceAgent" }).isVisible()).toBe(true);
    await drawing?.screenshot({ path: "test-output/screenshots/families-exported.png" });
    await drawing?.close();
  });
});
