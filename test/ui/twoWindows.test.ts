import { expect, it } from "vitest";
import { useVSCode } from "./fixture.ts";
import { runRows } from "./runRows.ts";
import { Workbench } from "./workbench/workbench.ts";

/** Notes that it was called, and waits for ever. */
const waits = `import { appendFileSync } from "node:fs";

export class WaitingAgent {
  execute(task) {
    appendFileSync("calls", task.name + "\\n");
    return new Promise((resolve) => setTimeout(resolve, 3_600_000));
  }
}
`;
const vscode = useVSCode("twoWindows", {
  files: { "package.json": '{ "name": "shop", "type": "module" }', "src/waitingAgent.mjs": waits },
});
const slow = { timeout: 60_000, interval: 200 };

async function secondWindow(): Promise<Workbench> {
  const { page } = vscode.workbench;
  const other = await page.context().browser()?.newPage({ viewport: page.viewportSize() });
  if (other === undefined) throw new Error("The browser has gone.");
  await other.goto(page.url());
  const workbench = new Workbench(other);
  await workbench.ready();
  await workbench.extended();
  return workbench;
}

async function start(workbench: Workbench, name: string): Promise<void> {
  await workbench.run("Agents: Run Task…");
  await workbench.quickInput.pick("WaitingAgent");
  await workbench.quickInput.answer(JSON.stringify({ name }));
}

it("two windows on one workspace show the runs of both, and each stops what the other has at work", async () => {
  const first = vscode.workbench;
  const second = await secondWindow();
  const seen = async (workbench: Workbench) => (await runRows({ workbench })).join("\n");
  const [own, others] = ["WaitingAgent  TIME", "WaitingAgent  TIME · in another window"];
  await start(first, "one");
  await expect.poll(() => seen(first), slow).toBe(own);
  await expect.poll(() => seen(second), slow).toBe(others);
  await start(second, "two");
  await expect.poll(() => seen(second), slow).toBe(`${own}\n${others}`);
  await expect.poll(() => seen(first), slow).toBe(`${others}\n${own}`);
  await expect.poll(() => vscode.workspace.read("calls"), slow).toBe("one\ntwo\n");

  // The newest stands first: here that of the other window.
  await (await first.runs()).chooseFromMenu("WaitingAgent", "Stop");
  const cancelled = "WaitingAgent  cancelled · CLOCK";
  await expect.poll(() => seen(second), slow).toBe(`${others}\n${cancelled}`);
  await expect.poll(() => seen(first), slow).toBe(`${own}\n${cancelled}`);

  // And the other way round.
  await (await second.runs()).chooseFromMenu("WaitingAgent", "Stop");
  await expect.poll(() => seen(first), slow).toBe(`${cancelled}\n${cancelled}`);
  expect(await vscode.workspace.read("calls")).toBe("one\ntwo\n");
});
