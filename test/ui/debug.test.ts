import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { node20 } from "../../scripts/node20.ts";
import { lineOf, useVSCode } from "./fixture.ts";

const path = "src/sumAgent.ts";
const text = `interface Order {
  lines: number[];
}

export class SumAgent {
  async execute(order: Order): Promise<{ total: number }> {
    const sum = order.lines.reduce((all, line) => all + line, 0);
    return { total: sum * 2 };
  }
}
`;
const line = lineOf(text, "return {");
// A time limit would end a run while its user thinks.
const SETTINGS = { "opsviAgents.run.timeoutSeconds": 2, "debug.toolBarLocation": "docked" };
const vscode = useVSCode("debug", {
  settings: SETTINGS,
  files: { "package.json": '{ "name": "shop", "private": true, "type": "module" }', [path]: text },
});
const slow = { timeout: 60_000, interval: 200 };

interface RunLine {
  type: string;
  pid?: number;
  node?: string;
  status?: string;
  output?: unknown;
}

/** The events of all runs, the newest run first. */
async function runs(): Promise<RunLine[][]> {
  const names = await readdir(vscode.workspace.path(".proj-intel/runs")).catch(() => []);
  const files = names
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .reverse();
  const texts = await Promise.all(files.map((name) => vscode.workspace.read(`.proj-intel/runs/${name}`)));
  return texts.map((written) =>
    written
      .split("\n")
      .filter(Boolean)
      .map((row) => JSON.parse(row) as RunLine),
  );
}

const ends = async () =>
  (await runs()).map((events) => events.find(({ type }) => type === "finished")?.status ?? "at work");

/** Whether the process of the newest run lives. */
async function lives(): Promise<boolean> {
  const [events = []] = await runs();
  const pid = events.find(({ type }) => type === "started")?.pid ?? 0;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the debugger stands at the breakpoint, with the variables of the agent in sight. */
async function standsAtBreakpoint(): Promise<void> {
  const { page } = vscode.workbench;
  await page.locator(".codicon-debug-stackframe").first().waitFor({ timeout: 60_000 });
  await expect.poll(() => vscode.workbench.editor.line(), slow).toBe(line);
  const variables = page.locator(".debug-variables .monaco-list-row");
  const scope = variables.filter({ hasText: "Local: execute" });
  await scope.waitFor({ timeout: 30_000 });
  if ((await scope.getAttribute("aria-expanded")) !== "true") await scope.click();
  await variables.filter({ hasText: /^sum\W+7$/ }).waitFor({ timeout: 30_000 });
}

describe("Agents: Debug Task…", () => {
  it("stops at a breakpoint in the agent's TypeScript, for as long as the user likes, and goes on", async () => {
    const { workbench } = vscode;
    await workbench.openFile(path, line);
    await workbench.page.keyboard.press("F9");
    await workbench.page.locator(".codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified").waitFor();
    await workbench.run("Agents: Debug Task…");
    await workbench.quickInput.pick("SumAgent");
    await expect.poll(() => workbench.quickInput.title(), slow).toBe("Debug SumAgent: task");
    await workbench.quickInput.answer('{"lines": [3, 4]}');
    await standsAtBreakpoint();
    // Longer than the time limit of runs.
    await workbench.page.waitForTimeout(2_500);
    expect(await ends()).toEqual(["at work"]);
    await workbench.screenshots("debug");
    await workbench.page.keyboard.press("F5");
    await workbench.notifications.message(/SumAgent finished in/);
    expect((await runs())[0]?.at(-1)).toMatchObject({ status: "success", output: { total: 14 } });
    await expect.poll(lives, slow).toBe(false);
    await expect
      .poll(() => workbench.page.locator(".debug-call-stack .monaco-list-row").count(), slow)
      .toBe(0);
  });

  it("is given the task of a run again, and cancels its run where the debugger is stopped", async () => {
    const { workbench } = vscode;
    const view = await workbench.runs();
    await view.chooseFromMenu("SumAgent", "Debug Again");
    await standsAtBreakpoint();
    await workbench.page.keyboard.press("Shift+F5");
    await expect.poll(ends, slow).toEqual(["cancelled", "success"]);
    await expect.poll(lives, slow).toBe(false);
    await expect
      .poll(async () => (await (await workbench.runs()).picture())[0], slow)
      .toContain("SumAgent  cancelled");
  });

  it("runs its task again where the debugger is restarted", async () => {
    const { workbench } = vscode;
    const view = await workbench.runs();
    await view.chooseFromMenu("SumAgent", "Debug Again");
    await standsAtBreakpoint();
    await workbench.page.keyboard.press("Control+Shift+F5");
    await expect.poll(ends, slow).toEqual(["at work", "cancelled", "cancelled", "success"]);
    await standsAtBreakpoint();
    expect(await workbench.page.locator(".monaco-dialog-box").count()).toBe(0);
    expect(await workbench.notifications.with(/debug|attach/i).count()).toBe(0);
    await workbench.page.keyboard.press("F5");
    await expect.poll(ends, slow).toEqual(["success", "cancelled", "cancelled", "success"]);
    await expect.poll(lives, slow).toBe(false);
  });

  it("works under Node 20, too", async () => {
    const { workbench, workspace } = vscode;
    const settings = { ...SETTINGS, "opsviAgents.nodePath": await node20() };
    await workspace.write(".vscode/settings.json", JSON.stringify(settings));
    await workbench.page.waitForTimeout(2_000);
    const view = await workbench.runs();
    await view.chooseFromMenu("SumAgent", "Debug Again");
    await standsAtBreakpoint();
    await workbench.page.keyboard.press("F5");
    await expect.poll(async () => (await ends()).slice(0, 2), slow).toEqual(["success", "success"]);
    expect((await runs())[0]?.find(({ type }) => type === "started")?.node).toMatch(/^20\./);
  });
});
