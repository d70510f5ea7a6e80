import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";

const vscode = useVSCode("run", { settings: { "opsviAgents.run.retries": 3 } });
const slow = { timeout: 30_000, interval: 200 };

interface RunLine {
  type: string;
  agent?: { name: string };
  [key: string]: unknown;
}

/** The events of the newest run of an agent, as they stand on disk. */
async function runOf(name: string): Promise<RunLine[]> {
  const folder = vscode.workspace.path(".proj-intel/runs");
  const files = (await readdir(folder).catch(() => []))
    .filter((file) => file.endsWith(".jsonl"))
    .sort()
    .reverse();
  for (const file of files) {
    const lines = (await vscode.workspace.read(`.proj-intel/runs/${file}`))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as RunLine);
    if (lines[0]?.agent?.name === name) return lines;
  }
  return [];
}

const finished = async (name: string) => (await runOf(name)).find((line) => line.type === "finished");

async function pickAgent(name: string): Promise<void> {
  await vscode.workbench.run("Agents: Run Task…");
  await vscode.workbench.quickInput.pick(name);
}

describe("Agents: Run Task…", () => {
  it("runs a legacy agent and shows the result", async () => {
    const { workbench } = vscode;
    await pickAgent("TicketTriageAgent");
    expect(await workbench.quickInput.title()).toBe("Run TicketTriageAgent: task");
    await workbench.quickInput.answer('{"subject": "Refund for order 1043", "body": "urgent"}');
    await workbench.notifications.message(/TicketTriageAgent finished in/);
    expect(await finished("TicketTriageAgent")).toMatchObject({
      status: "success",
      output: { queue: "billing", priority: 1 },
    });
    await workbench.notifications.press(/TicketTriageAgent finished in/, "Show Result");
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain('"queue": "billing"');
    await workbench.screenshots("run-result");
  });

  it("says what is wrong with a task that is not JSON, and remembers the last task of each agent", async () => {
    const { workbench } = vscode;
    await pickAgent("TicketTriageAgent");
    await workbench.quickInput.shown();
    expect(await workbench.quickInput.input.inputValue()).toBe(
      '{"subject": "Refund for order 1043", "body": "urgent"}',
    );
    await workbench.quickInput.type('{"subject": }');
    await expect
      .poll(() => workbench.quickInput.message())
      .toContain('Not JSON: unexpected "}" at column 13');
    await workbench.screenshot("task-not-json");
    await workbench.quickInput.cancel();
    await pickAgent("FaqAgent");
    await workbench.quickInput.shown();
    expect(await workbench.quickInput.title()).toBe("Run FaqAgent: text");
    await workbench.quickInput.cancel();
  });

  it("asks for one field after the other where the types tell what a task is, with JSON as a way out", async () => {
    const { workbench } = vscode;
    const { quickInput } = workbench;
    await pickAgent("ReplicaSyncAgent");
    expect(await quickInput.title()).toBe("Run ReplicaSyncAgent: table (1/2)");
    await quickInput.answer("orders");
    await expect.poll(() => quickInput.title()).toBe("Run ReplicaSyncAgent: rows (2/2)");
    await quickInput.answer("many");
    await expect.poll(() => quickInput.message()).toContain('"rows" must be a number, not "many".');
    await workbench.screenshot("task-form");
    await quickInput.widget.getByRole("button", { name: "Back" }).click();
    await expect.poll(() => quickInput.title()).toBe("Run ReplicaSyncAgent: table (1/2)");
    expect(await quickInput.input.inputValue()).toBe("orders");
    await quickInput.widget.getByRole("button", { name: "Edit as JSON" }).click();
    await expect.poll(() => quickInput.title()).toBe("Run ReplicaSyncAgent: task");
    expect(await quickInput.input.inputValue()).toBe('{"table":"orders"}');
    await quickInput.type('{"table": "orders", "rows": "all"}');
    await expect.poll(() => quickInput.message()).toContain('"rows" must be a number, not "all".');
    await quickInput.cancel();
  });

  it("asks for constructor arguments as JSON, with the parameter list shown", async () => {
    const { workbench } = vscode;
    await pickAgent("InvoiceAgent");
    expect(await workbench.quickInput.title()).toBe("Run InvoiceAgent (1/2): constructor arguments");
    await expect.poll(() => workbench.quickInput.message()).toContain("taxRate: number");
    await workbench.quickInput.accept();
    await expect.poll(() => workbench.quickInput.message()).toContain('"taxRate" is missing');
    await workbench.screenshot("constructor-arguments");
    await workbench.quickInput.answer("[0.19]");
    await expect.poll(() => workbench.quickInput.title()).toBe("Run InvoiceAgent (2/2): task");
    await workbench.quickInput.answer(
      '{"order": "1043", "lines": [{"article": "lamp", "quantity": 2, "unitPrice": 20}]}',
    );
    await workbench.notifications.message(/InvoiceAgent finished in/);
    expect(await finished("InvoiceAgent")).toMatchObject({ status: "success", output: { gross: 47.6 } });
  });

  it("names the setting where there is no such Node, and leads to it", async () => {
    const { workbench, workspace } = vscode;
    const settings = await workspace.read(".vscode/settings.json");
    await workspace.write(".vscode/settings.json", '{"opsviAgents.nodePath": "/nowhere/node"}');
    await pickAgent("TicketTriageAgent");
    // The editor reads the settings anew a moment after they are written.
    await workbench.page.waitForTimeout(1000);
    await workbench.quickInput.answer("{}");
    const sentence = await workbench.notifications.message(/TicketTriageAgent failed/);
    expect(sentence).toContain("correct the setting opsviAgents.nodePath");
    await workbench.notifications.press(/TicketTriageAgent failed/, "Open Settings");
    await workbench.page.locator(".settings-editor").getByText("Node Path").first().waitFor();
    await workbench.screenshot("node-setting");
    await workbench.page.keyboard.press("Escape");
    await workspace.write(".vscode/settings.json", settings);
    await workbench.notifications.clear();
    await workbench.run("View: Close All Editors");
  });

  it("keeps the editor responsive while a synchronous agent burns CPU, and cancels it", async () => {
    const { workbench, workspace } = vscode;
    await workbench.openFile("README.md");
    await pickAgent("ForecastAgent");
    await workbench.quickInput.answer('{"sales": [12, 15, 9, 20], "seconds": 60}');
    await workbench.notifications.with("Running ForecastAgent").waitFor();
    await expect
      .poll(async () => (await runOf("ForecastAgent")).map(({ type }) => type), slow)
      .toContain("started");

    // The extension host answers: a new class reaches the tree while the agent computes.
    const start = Date.now();
    await workbench.editor.at("Harbor").click();
    await workbench.editor.type("busy ");
    await expect.poll(() => workbench.editor.tab()).toBe("README.md*");
    await workspace.write(
      "src/support/lateAgent.ts",
      "export class LateAgent {\n  execute(task: string) {\n    return task;\n  }\n}\n",
    );
    const tree = await workbench.agents();
    await tree.row("LateAgent").waitFor();
    expect(Date.now() - start).toBeLessThan(15_000);
    await workbench.screenshots("running");
    expect(await finished("ForecastAgent")).toBeUndefined();

    await workbench.notifications.press("Running ForecastAgent", "Cancel");
    await workbench.notifications.message("ForecastAgent was cancelled.");
    expect(await finished("ForecastAgent")).toMatchObject({ status: "cancelled" });
  });

  it("writes what runs print to an output channel, and tells why an agent failed", async () => {
    const { workbench } = vscode;
    await pickAgent("CertificateAgent");
    await workbench.quickInput.answer("shop.example");
    const sentence = await workbench.notifications.message(/CertificateAgent failed/);
    expect(sentence).toMatch(
      /^CertificateAgent failed( after \d attempts)?: Cannot renew the certificate of shop\.example/,
    );
    await workbench.notifications.press(/CertificateAgent failed/, "Show Log");
    await expect
      .poll(async () => (await workbench.output()).join("\n"), slow)
      .toMatch(
        /CertificateAgent \w+ failed.* in .*AgentError: Cannot renew the certificate of\s+shop\.example/,
      );
    await workbench.screenshots("run-log");
    const types = (await runOf("CertificateAgent")).map(({ type }) => type);
    expect(types.slice(0, 2)).toEqual(["queued", "started"]);
    expect(types).toContain("checkpoint");
  });

  it("retries a failing agent with the number of attempts the settings name", async () => {
    const { workbench } = vscode;
    const tree = await workbench.agents();
    await tree.chooseFromMenu("ReplicaSyncAgent", "Run Task…");
    await workbench.quickInput.answer("orders");
    await expect.poll(() => workbench.quickInput.title()).toContain("(2/2)");
    await workbench.quickInput.answer("1200");
    await workbench.notifications.message(/ReplicaSyncAgent finished in .* after 3 attempts/);
    const retries = (await runOf("ReplicaSyncAgent")).filter(({ type }) => type === "retry");
    expect(retries).toMatchObject([
      { attempt: 1, of: 4 },
      { attempt: 2, of: 4 },
    ]);
    expect(await finished("ReplicaSyncAgent")).toMatchObject({ status: "success", attempts: 3 });
  });
});
