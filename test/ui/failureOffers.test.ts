import { readdir, rm } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";

const slow = { timeout: 30_000, interval: 200 };
const agent = (name: string, message: string) =>
  `export class ${name} {\n  execute(task: { mode: string }) {\n    if (task.mode !== "safe") {\n      throw new Error("${message}");\n    }\n    return { mode: task.mode };\n  }\n}\n`;
const pattern = (signature: string, message: string, more: object = {}) => ({
  ...{ error_signature: signature, error_type: "Error", pattern: message, normalised: message },
  ...{ first_seen: "2026-01-02T03:04:05.000Z", last_seen: "2026-01-02T03:04:05.000Z", occurrences: 4 },
  ...more,
});
const vscode = useVSCode("failureOffers", {
  settings: { "opsviAgents.run.retries": 0 },
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "src/shelfAgent.ts": agent("ShelfAgent", "the shelf is not safe"),
    "src/doorAgent.ts": agent("DoorAgent", "the door is not safe"),
    ".proj-intel/error_patterns.json": JSON.stringify({
      version: "1.0.0",
      patterns: [
        // Later than what fails today: that stands far below them in the list.
        ...Array.from({ length: 300 }, (_, at) =>
          pattern(`later${at}`, `something else ${at}`, { last_seen: "2099-01-01T00:00:00.000Z" }),
        ),
        pattern("group", "doors that are not safe"),
        pattern("door", "the door is not safe", {
          merged_into: "group",
          solutions: [{ fix: "Ask the caretaker", success_rate: 0.75, successes: 3, failures: 1 }],
        }),
      ],
    }),
  },
});

const view = () => vscode.workbench.webview();
const problems = () => vscode.workbench.page.locator(".monaco-editor .squiggly-warning");
const active = async () => (await view().locator(".row.active").innerText()).replace(/\s+/g, " ");

async function run(name: string, mode: string): Promise<void> {
  const { workbench } = vscode;
  await workbench.notifications.clear();
  await workbench.run("Agents: Run Task…");
  await workbench.quickInput.pick(name, name, 10_000);
  await expect.poll(() => workbench.quickInput.title(), slow).toBe(`Run ${name}: mode`);
  await workbench.quickInput.answer(mode);
  await workbench.notifications.message(new RegExp(`${name} (finished|failed)`));
}

/** In sight as a whole, and not only somewhere in the list. */
async function isInSight(): Promise<boolean> {
  const [row, list] = await Promise.all([
    view().locator(".row.active").boundingBox(),
    view().getByRole("listbox", { name: "Error patterns" }).boundingBox(),
  ]);
  return row !== null && list !== null && row.y >= list.y && row.y + row.height <= list.y + list.height + 1;
}

describe("What a failed run offers", () => {
  it("shows the very pattern of the line that threw", async () => {
    const { workbench } = vscode;
    await run("ShelfAgent", "fast");
    await workbench.notifications.clear();
    await workbench.openFile("src/shelfAgent.ts", 4);
    await problems().first().waitFor(slow);
    const actions = await workbench.editor.lightbulb("throw new Error");
    await actions.filter({ hasText: "Show Error Patterns" }).first().click();
    await expect.poll(active, slow).toContain("the shelf is not safe");
    await expect.poll(isInSight, slow).toBe(true);
    await view().locator(".pattern-detail").getByText("They were thrown in ShelfAgent.execute").waitFor();
    await workbench.screenshot("failure-offer-pattern");
  });

  it("shows the group of what is known to help, also in the panel that is open and filtered", async () => {
    const { workbench } = vscode;
    await view().getByRole("searchbox").fill("something else 7");
    await expect.poll(() => view().locator(".row").count(), slow).toBe(11);
    await run("DoorAgent", "fast");
    await workbench.notifications.press("DoorAgent failed", "Show Error Patterns");
    await expect.poll(active, slow).toContain("doors that are not safe");
    await expect.poll(isInSight, slow).toBe(true);
    await view().locator(".pattern-detail").getByText("Ask the caretaker").waitFor();
  });

  it("leaves the line alone once its agent succeeds", async () => {
    const { workbench } = vscode;
    await workbench.openFile("src/shelfAgent.ts", 4);
    await problems().first().waitFor(slow);
    await run("ShelfAgent", "safe");
    await expect.poll(() => problems().count(), slow).toBe(0);
  });

  it("leaves the line alone once the run is discarded, and once its record is gone", async () => {
    const { workbench, workspace } = vscode;
    await workbench.openFile("src/doorAgent.ts", 4);
    await problems().first().waitFor(slow);
    await (await workbench.runs()).chooseFromMenu("DoorAgent", "Discard");
    await expect.poll(() => problems().count(), slow).toBe(0);
    await workbench.run("View: Hide Panel");
    await run("DoorAgent", "fast");
    await problems().first().waitFor(slow);
    const runs = workspace.path(".proj-intel/runs");
    const newest = (await readdir(runs))
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .at(-1);
    await rm(`${runs}/${newest}`);
    await expect.poll(() => problems().count(), slow).toBe(0);
  });
});
