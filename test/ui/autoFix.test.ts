import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ErrorPatternLearner } from "../../src/runtime/index.ts";
import { useVSCode, type Fixture } from "./fixture.ts";
import { runRows } from "./runRows.ts";

const slow = { timeout: 30_000, interval: 200 };
const CODE = "// Of two shelves the left one is safe.\nreturn { task: { mode: 'safe' } };";
const solution = (fix: string, action: object, rate: number) => ({
  fix,
  action,
  success_rate: rate,
  successes: 3,
  failures: 1,
});
const pattern = (signature: string, text: string, solutions: object[]) => ({
  ...{ error_signature: signature, error_type: "Error", pattern: text, solutions },
  ...{ first_seen: "2026-01-02T03:04:05.000Z", last_seen: "2026-01-02T03:04:05.000Z", occurrences: 4 },
});
const agent = (name: string, message: string) =>
  `export class ${name} {\n  execute(task: { mode: string }) {\n    if (task.mode !== "safe") {\n      throw new Error("${message}");\n    }\n    return { mode: task.mode };\n  }\n}\n`;
const files = {
  "package.json": '{ "name": "shop", "private": true, "type": "module" }',
  "src/shelfAgent.ts": agent("ShelfAgent", "the shelf is not safe"),
  "src/codedAgent.ts": agent("CodedAgent", "the code is not safe"),
  "src/hiddenAgent.ts": agent("HiddenAgent", "the hidden is not safe"),
  ".proj-intel/error_patterns.json": JSON.stringify({
    version: "1.0.0",
    patterns: [
      pattern("shelf", "the shelf is not safe", [
        solution("Use the safe mode", { type: "patch", task: { mode: "safe" } }, 0.75),
      ]),
      pattern("coded", "the code is not safe", [
        solution("Compute the mode", { type: "code", code: CODE }, 0.75),
      ]),
      pattern("hidden", "the hidden is not safe", [
        solution("Look away", { type: "code", code: `// Safe.\u2028${CODE}` }, 0.75),
      ]),
    ],
  }),
};

async function start({ workbench }: Fixture, name: string): Promise<void> {
  await workbench.run("Agents: Run Task…");
  await workbench.quickInput.pick(name, name, 10_000);
  await workbench.quickInput.answer('{ "mode": "fast" }');
}

/** What happened in all runs, oldest first. */
async function events({ workspace }: Fixture): Promise<string[]> {
  const folder = join(workspace.folder, ".proj-intel/runs");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const lines = texts.flatMap((text) => text.trim().split("\n"));
  return lines.flatMap((line) => {
    const { type, status = "" } = JSON.parse(line) as { type: string; status?: string };
    return type === "fix" || type === "fixUndone" || type === "finished" ? [`${type} ${status}`.trim()] : [];
  });
}

describe("A failed run, where only the workspace switches auto-fix on", () => {
  const vscode = useVSCode("autoFixOff", {
    settings: { "opsviAgents.autoFix.enabled": true, "opsviAgents.run.retries": 0 },
    files,
  });
  const problems = () => vscode.workbench.page.locator(".monaco-editor .squiggly-warning");

  it("is not run again, and offers the known solution in its notification and on the line that threw", async () => {
    const { workbench } = vscode;
    await start(vscode, "ShelfAgent");
    expect(await workbench.notifications.message("ShelfAgent failed")).toBe(
      "ShelfAgent failed: the shelf is not safe Known solution: Use the safe mode (passed 3 of 4).",
    );
    expect(await events(vscode)).toEqual(["finished failed"]);
    await workbench.openFile("src/shelfAgent.ts", 4);
    await problems().first().waitFor(slow);
    await workbench.screenshots("auto-fix-offer");
    expect(await workbench.notifications.buttons("ShelfAgent failed")).toEqual(
      expect.arrayContaining(["Run Again with It", "Show Log"]),
    );
  });

  it("offers it by the lightbulb; once it helped, the line is fine and the solution counted", async () => {
    const { workbench, workspace } = vscode;
    await workbench.notifications.clear();
    const actions = await workbench.editor.lightbulb("throw new Error");
    const offered = actions.filter({ hasText: 'Run Again with "Use the safe mode"' });
    await offered.waitFor(slow);
    await actions.filter({ hasText: "Show Error Patterns" }).first().waitFor(slow);
    await workbench.screenshot("auto-fix-lightbulb");
    await offered.click();
    await expect.poll(() => events(vscode), slow).toEqual(["finished failed", "fix", "finished success"]);
    await expect.poll(() => problems().count(), slow).toBe(0);
    const learner = new ErrorPatternLearner(join(workspace.folder, ".proj-intel"));
    const counted = () =>
      learner.patterns().find(({ error_signature }) => error_signature === "shelf")?.solutions[0]?.successes;
    await expect.poll(counted, slow).toBe(4);
  });

  it("runs code only when the user has read that text and approved it", async () => {
    const { workbench } = vscode;
    await workbench.notifications.clear();
    await workbench.run("View: Close All Editors");
    await start(vscode, "CodedAgent");
    await workbench.notifications.press("CodedAgent failed", "Run Again with It");
    expect(await workbench.dialog.text()).toContain('Run the code of the solution "Compute the mode"?');
    await workbench.screenshot("auto-fix-approval");
    expect((await workbench.editor.lines()).join("\n")).toContain("return { task: { mode: 'safe' } };");
    await workbench.dialog.press("Cancel");
    expect(await events(vscode)).toEqual(["finished failed", "fix", "finished success", "finished failed"]);
    await workbench.run("View: Close All Editors");
    await start(vscode, "CodedAgent");
    await workbench.notifications.press("CodedAgent failed", "Run Again with It");
    await workbench.dialog.press("Approve");
    await expect
      .poll(async () => (await events(vscode)).slice(-2), slow)
      .toEqual(["fix", "finished success"]);
  });

  it("refuses code that an editor would not show as it runs", async () => {
    const { workbench } = vscode;
    await workbench.notifications.clear();
    await start(vscode, "HiddenAgent");
    await workbench.notifications.press("HiddenAgent failed", "Run Again with It");
    expect(await workbench.notifications.message("cannot be approved")).toBe(
      'The code of the solution "Look away" cannot be approved: its line 1 holds U+2028, which is not shown as what it is.',
    );
  });

  it("leaves the line alone once it is edited", async () => {
    const { workbench } = vscode;
    await workbench.notifications.clear();
    await workbench.run("View: Close All Editors");
    await start(vscode, "ShelfAgent");
    await workbench.notifications.message("ShelfAgent failed");
    await workbench.openFile("src/shelfAgent.ts", 4);
    await problems().first().waitFor(slow);
    await workbench.openFile("src/shelfAgent.ts", 4);
    await workbench.editor.type(" ");
    await expect.poll(() => problems().count(), slow).toBe(0);
    await workbench.editor.undo();
  });
});

describe("A failed run, where the user switched auto-fix on", () => {
  const vscode = useVSCode("autoFixOn", {
    userSettings: { "opsviAgents.autoFix.enabled": true },
    settings: { "opsviAgents.autoFix.enabled": false, "opsviAgents.run.retries": 0 },
    files,
  });

  it("is run again by itself, which its log tells; code that nobody approved is not run", async () => {
    const { workbench } = vscode;
    const view = await workbench.runs();
    await start(vscode, "ShelfAgent");
    await expect.poll(() => events(vscode), slow).toEqual(["fix", "finished success"]);
    await expect.poll(async () => (await runRows(vscode))[0], slow).toContain("2 attempts");
    await view.open("ShelfAgent");
    await expect
      .poll(async () => (await workbench.editor.lines()).join("\n"), slow)
      .toContain('solution "Use the safe mode" applied: run again with another task');
    await workbench.screenshot("auto-fix-log");
    await start(vscode, "CodedAgent");
    await expect.poll(() => events(vscode), slow).toEqual(["fix", "finished success", "finished failed"]);
  });
});
