import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { lineOf, useVSCode } from "./fixture.ts";

const vscode = useVSCode("restricted", { trust: true });
const slow = { timeout: 20_000, interval: 200 };

describe("an untrusted workspace", () => {
  it("can be browsed", async () => {
    const { workbench, workspace } = vscode;
    await workbench.distrust();
    const tree = await workbench.agents();
    await expect.poll(() => tree.picture(), slow).toContain("▸ ResearchAgent  src/research/researchAgent.ts");
    await tree.open("ResearchAgent");
    const text = await workspace.read("src/research/researchAgent.ts");
    await expect.poll(() => workbench.editor.line()).toBe(lineOf(text, "class ResearchAgent"));
    await workbench.screenshots("restricted");
  });

  it("answers run and migrate with one sentence and Manage Trust, and changes nothing", async () => {
    const { workbench, workspace } = vscode;
    const file = "src/research/researchAgent.ts";
    const before = await workspace.read(file);
    const tree = await workbench.agents();

    await tree.chooseFromMenu("ResearchAgent", "Run Task…");
    const run = /Running an agent needs a trusted workspace/;
    expect(await workbench.notifications.message(run)).toMatch(/^[^.]+\.$/);
    expect(await workbench.notifications.buttons(run)).toEqual(["Manage Trust"]);
    await expect.poll(() => workbench.quickInput.input.isVisible()).toBe(false);
    await workbench.screenshot("restricted-run");

    await tree.chooseFromMenu("ResearchAgent", "Migrate to BaseAgent");
    const migrate = /Migrating an agent needs a trusted workspace/;
    expect(await workbench.notifications.message(migrate)).toMatch(/^[^.]+\.$/);
    await workbench.notifications.press(migrate, "Manage Trust");
    await workbench.page.locator(".workspace-trust-editor").waitFor();
    expect(await workspace.read(file)).toBe(before);
    await expect(workspace.read(".proj-intel/migrations.jsonl")).rejects.toThrow();
    await workbench.screenshot("manage-trust");
  });

  it.each([
    ["Migrate Workspace…", "Migrating agents"],
    ["Undo Migration…", "Undoing a migration"],
    ["Update Adapter", "Updating an adapter"],
    ["Rewrite as BaseAgent Subclass", "Rewriting an agent"],
    ["Compare with Adapter…", "Comparing an agent with its adapter"],
    ["Update Vendored Runtime", "Updating the vendored runtime"],
    ["Debug Task…", "Debugging an agent"],
    ["Set Secret…", "Giving secrets to agents"],
  ])("answers %s with one sentence, and changes nothing", async (command, doing) => {
    const { workbench, workspace } = vscode;
    const before = await workspace.texts();
    await workbench.run(`Agents: ${command}`);
    expect(await workbench.notifications.message(doing)).toBe(
      `${doing} needs a trusted workspace: agents can be browsed here, but nothing is run or changed.`,
    );
    expect(await workbench.quickInput.input.isVisible()).toBe(false);
    expect(await workbench.isPreparing()).toBe(false);
    expect(await workspace.texts()).toEqual(before);
    await expect(readdir(workspace.path(".proj-intel"))).rejects.toThrow("ENOENT");
  });

  it.each([
    ["Run Again", "Running an agent"],
    ["Debug Again", "Debugging an agent"],
    ["Resume", "Running an agent"],
  ])("answers %s of an earlier run with one sentence, and runs nothing", async (entry, doing) => {
    const { workbench, workspace } = vscode;
    const id = "01900000-0000-7000-8000-000000000000";
    const time = "2026-01-02T03:04:05.000Z";
    const agent = { file_path: "src/support/ticketTriageAgent.ts", name: "TicketTriageAgent" };
    const queued = { type: "queued", runId: id, time, agent, task: {}, retries: 0, timeoutMs: null };
    const started = { type: "started", runId: id, time, pid: 1, node: "24.0.0" };
    await workspace.write(
      `.proj-intel/runs/${id}.jsonl`,
      `${[queued, started].map((event) => JSON.stringify(event)).join("\n")}\n`,
    );
    await workbench.dismiss();
    const view = await workbench.runs();
    await expect.poll(() => view.picture(), slow).toEqual(["TicketTriageAgent  interrupted · Jan 2, 2026"]);
    await view.chooseFromMenu("TicketTriageAgent", entry);
    expect(await workbench.notifications.message(doing)).toBe(
      `${doing} needs a trusted workspace: agents can be browsed here, but nothing is run or changed.`,
    );
    expect(await workbench.notifications.buttons(doing)).toEqual(["Manage Trust"]);
    expect(await readdir(workspace.path(".proj-intel/runs"))).toEqual([`${id}.jsonl`]);
  });
});
