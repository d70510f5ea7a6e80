import { describe, expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";

const vscode = useVSCode("parity", { settings: { "opsviAgents.migration.runtime": "vendored" } });
const slow = { timeout: 30_000, interval: 200 };

const text = async (side: "before" | "after") => (await vscode.workbench.diff[side]()).join("\n");
const exists = (path: string) =>
  vscode.workspace.read(path).then(
    () => true,
    () => false,
  );

describe("Agents: Compare with Adapter…", () => {
  it("compares from the difference of a migration, before anything is written", async () => {
    const { workbench, workspace } = vscode;
    const triage = "src/support/ticketTriageAgent.ts";
    const before = await workspace.read(triage);
    const tree = await workbench.agents();
    await tree.chooseFromMenu("TicketTriageAgent", "Migrate to BaseAgent");
    await workbench.diff.shown();
    const title = workbench.page.locator(".editor-group-container.active .editor-actions");
    await title.getByRole("button", { name: "Compare with Adapter…" }).click();
    expect(await workbench.quickInput.title()).toBe("Compare TicketTriageAgent: task");
    await workbench.quickInput.answer('{"subject": "Refund for order 1043", "body": "urgent"}');
    expect(await workbench.dialog.text()).toMatch(
      /^Compare TicketTriageAgent with TicketTriageAgentAdapter\?\s+TicketTriageAgent runs for real.* up to 3 times\./s,
    );
    await workbench.screenshot("parity-question");
    await workbench.dialog.press("Compare");
    expect(await workbench.notifications.message(/do the same/)).toBe(
      "TicketTriageAgent and TicketTriageAgentAdapter do the same for the task.",
    );
    await expect.poll(() => workbench.editor.tab(), slow).toBe("TicketTriageAgent: legacy ↔ adapter · same");
    await expect.poll(() => text("after"), slow).toContain('"queue": "billing"');
    expect(await text("before")).toBe(await text("after"));
    await workbench.screenshots("parity-same");
    expect(await workspace.read(triage)).toBe(before);
    expect(await exists("opsvi-agents/core.mjs")).toBe(false);
    expect(await exists(".proj-intel/runs")).toBe(false);
    // The migration still waits for its answer.
    await workbench.page.locator(".tab").filter({ hasText: "migrate to BaseAgent" }).click();
    await title.getByRole("button", { name: "Apply Migration" }).click();
    await expect.poll(() => workspace.read(triage), slow).toContain("class TicketTriageAgentAdapter");
  });

  it("gives the recorded tasks to both from the tree, and shows where they differ", async () => {
    const { workbench, workspace } = vscode;
    await workspace.write(
      "src/desk/deskAgent.mjs",
      `export class DeskAgent {
  answered = [];
  execute(task) {
    this.answered.push(task);
    const by = new Error().stack.includes("DeskAgentAdapter") ? "adapter" : "class";
    return { by, at: process.hrtime.bigint(), task };
  }
}
`,
    );
    for (const [id, task] of [
      ["01", "tea"],
      ["02", "coffee"],
    ] as const) {
      const agent = { file_path: "src/desk/deskAgent.mjs", name: "DeskAgent" };
      const queued = { type: "queued", runId: id, time: "2026-01-02T03:04:05.000Z", agent, task };
      const line = JSON.stringify({ ...queued, retries: 0, timeoutMs: null });
      await workspace.write(`.proj-intel/runs/${id}.jsonl`, `${line}\n`);
    }
    const tree = await workbench.agents();
    await expect.poll(async () => (await tree.pictureOf("DeskAgent")).length, slow).toBeGreaterThan(0);
    await tree.chooseFromMenu("DeskAgent", "Compare with Adapter…");
    await workbench.quickInput.shown();
    await expect
      .poll(async () => (await workbench.quickInput.picks()).map((pick) => pick.split(" ")[0]), slow)
      .toEqual(['"coffee"', '"tea"', "All", "Other"]);
    await workbench.screenshot("parity-tasks");
    await workbench.quickInput.pick("All 2 recorded tasks");
    expect(await workbench.dialog.text()).toContain("up to 6 times for 2 tasks");
    await workbench.dialog.press("Compare");
    expect(await workbench.notifications.message(/DeskAgent.* differ/)).toBe(
      "DeskAgent and DeskAgentAdapter differ: 2 differences in 2 of 2 tasks. What the class itself does differently each time does not count.",
    );
    await expect.poll(() => workbench.editor.tab(), slow).toBe("DeskAgent: legacy ↔ adapter · 2 differences");
    await expect.poll(() => text("before"), slow).toContain('"by": "class"');
    await expect.poll(() => text("after"), slow).toContain('"by": "adapter"');
    expect(await text("after")).toContain('"value": "(varies by itself)"');
    await workbench.screenshots("parity-differences");
  });
});
