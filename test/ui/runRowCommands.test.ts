import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";
import { runRows } from "./runRows.ts";

const idOf = (n: number) => `01900000-0000-7000-8000-00000000000${n}`;
const pathOf = (n: number) => `.proj-intel/runs/${idOf(n)}.jsonl`;

/** The record of a run that a process left long ago. */
function record(n: number, name: string): string {
  const head = { runId: idOf(n), time: "2026-01-02T03:04:05.000Z" };
  const agent = { file_path: "src/agents.mjs", name };
  const queued = { ...head, type: "queued", agent, task: {}, retries: 0, timeoutMs: null };
  const started = { ...head, type: "started", pid: 1, node: "24.0.0" };
  return `${JSON.stringify(queued)}\n${JSON.stringify(started)}\n`;
}
const vscode = useVSCode("runRowCommands", {
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "src/agents.mjs": "export class GoneAgent { run() {} }\nexport class StayAgent { run() {} }\n",
    [pathOf(1)]: record(1, "StayAgent"),
    [pathOf(2)]: record(2, "GoneAgent"),
  },
});
const slow = { timeout: 30_000, interval: 200 };
const rows = () => runRows(vscode);
const stay = "StayAgent  interrupted · Jan 2, 2026";

it("A command of a row that is gone by then acts on no other, also not on the selected one", async () => {
  const { workbench, workspace } = vscode;
  const view = await workbench.runs();
  await expect.poll(rows, slow).toEqual(["GoneAgent  interrupted · Jan 2, 2026", stay]);
  await view.open("StayAgent");
  await expect.poll(() => workbench.editor.tab(), slow).toContain("StayAgent");
  await view.row("GoneAgent").click({ button: "right" });
  expect(await view.menuEntries()).toContain("Discard");
  await workspace.remove(pathOf(2));
  await expect.poll(rows, slow).toEqual([stay]);
  await view.choose("Discard");
  await workbench.notifications.message("The Agent Runs view changed meanwhile: choose the row once more.");
  expect(existsSync(workspace.path(pathOf(1)))).toBe(true);
});

it("A key acts on the selected row", async () => {
  const { workbench, workspace } = vscode;
  const view = await workbench.runs();
  await view.open("StayAgent");
  await view.focus();
  await workbench.page.keyboard.press("Delete");
  await expect.poll(rows, slow).toEqual([]);
  expect(existsSync(workspace.path(pathOf(1)))).toBe(false);
});
