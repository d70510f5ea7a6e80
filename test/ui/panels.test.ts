import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";

const vscode = useVSCode("panels");
const slow = { timeout: 30_000, interval: 200 };

async function rows(): Promise<string[]> {
  const texts = await vscode.workbench.webview().locator("tbody tr").allInnerTexts();
  return texts.map((text) => text.replace(/\s+/g, " ").trim());
}

async function runAgent(name: string, task: string): Promise<void> {
  const tree = await vscode.workbench.agents();
  await tree.chooseFromMenu(name, "Run Task…");
  await vscode.workbench.quickInput.answer(task);
  await vscode.workbench.notifications.message(new RegExp(`${name} (finished|failed)`));
  await vscode.workbench.notifications.clear();
}

describe("the panels", () => {
  it("say that there is nothing yet, and what would bring something", async () => {
    const { workbench } = vscode;
    await workbench.run("Agents: Show Checkpoints");
    await workbench.webview().getByText("No checkpoints yet").waitFor();
    await workbench.screenshots("checkpoints-empty");
  });

  it("list the checkpoints on disk and refresh by themselves", async () => {
    const { workbench, workspace } = vscode;
    await runAgent("TicketTriageAgent", '{"subject": "Refund"}');
    await expect.poll(async () => (await rows()).join("\n"), slow).toContain("TicketTriageAgent");
    const first = await rows();
    const onDisk = await readdir(workspace.path(".proj-intel/checkpoints/TicketTriageAgent"));
    expect(first).toHaveLength(onDisk.filter((file) => /^[0-9a-f-]{36}\.json$/.test(file)).length);
    await runAgent(
      "EscalationAgent",
      '{"customer": "Ada", "text": "My lawyer will call", "openForHours": 3}',
    );
    await expect.poll(async () => (await rows()).join("\n"), slow).toContain("EscalationAgent");
    expect((await rows()).length).toBeGreaterThan(first.length);
    await workbench.screenshots("checkpoints");
  });

  it("are not stopped by a truncated checkpoint", async () => {
    const { workspace } = vscode;
    const before = await rows();
    await workspace.write(
      ".proj-intel/checkpoints/TicketTriageAgent/0199aaaa-0000-7000-8000-000000000000.json",
      '{"schemaVersion": 1, "id"',
    );
    await runAgent("CurrencyAgent", '{"amount": 100, "from": "USD", "to": "EUR"}');
    await expect.poll(async () => (await rows()).join("\n"), slow).toContain("CurrencyAgent");
    expect((await rows()).filter((row) => row.includes("TicketTriageAgent"))).toEqual(
      before.filter((row) => row.includes("TicketTriageAgent")),
    );
  });

  it("show the checkpoints of one agent, from its row, and say so where it has none", async () => {
    const { workbench } = vscode;
    const all = await rows();
    const tree = await workbench.agents();
    await tree.chooseFromMenu("CurrencyAgent", "Show Checkpoints of Agent");
    await expect
      .poll(async () => (await rows()).every((row) => row.includes("CurrencyAgent")), slow)
      .toBe(true);
    expect(await rows()).not.toEqual([]);
    await tree.chooseFromMenu("FaqAgent", "Show Checkpoints of Agent");
    await workbench.webview().getByText("No checkpoints of FaqAgent yet").waitFor();
    await workbench.screenshots("checkpoints-of-one");
    await workbench.webview().getByRole("button", { name: "Show All Agents" }).click();
    await expect.poll(rows, slow).toHaveLength(all.length);
  });
});
